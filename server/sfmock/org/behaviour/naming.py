"""Developer names: letters, digits and single underscores, the first a letter and the last no underscore (metadata.md 4.12)."""

from __future__ import annotations

import re

from sfmock import errors
from sfmock.org.behaviour.draft import Draft

_FORM = re.compile(r"[A-Za-z](?:_?[A-Za-z0-9])*", re.ASCII)


def derive(draft: Draft, source: str = "Name", *, within: tuple[str, ...] = ()) -> None:
    """Make the developer name of a new row out of its name; refuse one that is malformed or taken.

    A name is unique among the rows that agree in the fields `within`.
    """
    if draft.creating and draft["DeveloperName"] is None:
        draft.values["DeveloperName"] = _made_of(draft, str(draft[source]))
    check(draft, "DeveloperName", within=within)


def check(draft: Draft, name: str, *, within: tuple[str, ...] = ()) -> None:
    """Refuse a malformed or taken name: the wording of neither error is known."""
    field, value = draft.plan.sobject.find(name), draft[name]
    if field is None or not draft.changes(name, *within):
        return
    what = draft.plan.sobject.label.lower()
    if not isinstance(value, str) or not _FORM.fullmatch(value):
        raise errors.refuse(f"the error for the {field.label.lower()} {value} of a {what}")
    for each in draft.store.ids(draft.plan.sobject, field, value):
        other = draft.store.find(draft.plan.sobject, each)
        if (
            each != draft.record_id
            and other is not None
            and all(other[key] == draft[key] for key in within)
        ):
            raise errors.refuse(f"the error for a second {what} with the developer name {value}")


def _made_of(draft: Draft, name: str) -> str:
    stem = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_")
    if not stem:
        raise errors.refuse(
            f"the developer name of a {draft.plan.sobject.label.lower()} called {name}"
        )
    if not stem[0].isalpha():
        stem = f"X{stem}"
    return stem[:80].rstrip("_")
