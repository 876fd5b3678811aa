"""Custom settings: whom a row of a hierarchy is for, and its name (metadata.md 6.3)."""

from __future__ import annotations

from sfmock.errors import refuse
from sfmock.org.behaviour.draft import Draft


def derive(draft: Draft) -> None:
    """Name a row of a hierarchy after whom it is for."""
    if draft.plan.sobject.find("SetupOwnerId") is None:
        return
    owner_id = draft["SetupOwnerId"]
    if not isinstance(owner_id, str):
        raise refuse("a row of a hierarchy custom setting without SetupOwnerId")
    owner = draft.store.catalogue.by_id(owner_id)
    if draft.creating and draft["Name"] is None and owner is not None:
        draft.values["Name"] = f"{draft.plan.sobject.label} ({owner.name})"
