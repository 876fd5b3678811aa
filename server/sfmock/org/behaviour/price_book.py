"""Price books: every org has one standard price book, which stays what it is (metadata.md 4.5)."""

from __future__ import annotations

from sfmock.errors import refuse
from sfmock.org.behaviour.draft import Change, Draft
from sfmock.org.behaviour.rows import exists

_USERS = ("Opportunity", "Order", "Quote")


def derive(draft: Draft) -> None:
    """Refuse what the fake does not know."""
    if draft.before("IsStandard") and draft.changes("Name"):
        raise refuse("the error for another name of the standard price book")


def check_deletable(change: Change) -> None:
    """Neither the standard price book nor one that is in use goes."""
    if change.row["IsStandard"]:
        raise refuse("the error for deleting the standard price book")
    if any(exists(change.store, name, Pricebook2Id=change.row["Id"]) for name in _USERS):
        raise refuse("deleting a price book that is in use, which archives it")
