"""Unique fields: no two live rows share a value (metadata.md 2.2)."""

from __future__ import annotations

from sfmock import errors
from sfmock.org.behaviour.draft import Draft


def check_unique(draft: Draft) -> None:
    """Raise DUPLICATE_VALUE, which names the other row, for the first value that is taken."""
    for field in draft.plan.unique:
        value = draft.values.get(field.name)
        if value is None or not draft.changes(field.name):
            continue
        taken = [
            each
            for each in draft.store.ids(draft.plan.sobject, field, value)
            if each != draft.record_id
        ]
        if not taken:
            continue
        if field.name == "Username":
            raise errors.DUPLICATE_USERNAME(fields=["Username"])
        raise errors.DUPLICATE_VALUE(name=field.name, id15=taken[0][:15])
