"""Profiles: they can be changed, but for a name that another one has (metadata.md 5.2)."""

from __future__ import annotations

from sfmock import errors
from sfmock.org.behaviour.draft import Change, Draft


def derive(draft: Draft) -> None:
    """Refuse a name that another profile has."""
    field = draft.plan.sobject.find("Name")
    if field is not None and draft.changes("Name"):
        found = draft.store.ids(draft.plan.sobject, field, draft["Name"])
        if set(found) - {draft.record_id}:
            raise errors.PROFILE_NAME_IN_USE(fields=["Name"])


def check_deletable(change: Change) -> None:
    """Refuse deletes: what becomes of the users is not known."""
    raise errors.refuse("deleting profiles")
