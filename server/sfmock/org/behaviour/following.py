"""What happens around every change of a row, whichever way it is made: by a write, a delete, an undelete or a merge."""

from __future__ import annotations

from sfmock.org.behaviour import history, shares
from sfmock.org.behaviour.draft import Change
from sfmock.org.behaviour.table import BEFORE_DELETE, FOLLOW, SHOWN_IN
from sfmock.org.dml.store import Store
from sfmock.schema.model import SObject


def is_followed(store: Store, sobject: SObject) -> bool:
    """Whether anything follows changes of its rows, as far as there are rows."""
    shown = SHOWN_IN.get(sobject.name)
    seen = shown is not None and not store.tables.used().isdisjoint(shown)
    return seen or sobject.name in FOLLOW or bool(sobject.companions)


def may_be_kept(sobject: SObject) -> bool:
    """Whether there are rows of this kind that must stay."""
    return sobject.name in BEFORE_DELETE


def follow_create(change: Change) -> None:
    """Let the companions of a new row begin."""
    if change.sobject.companions:
        history.begin(change)
        shares.begin(change)


def follow(change: Change) -> None:
    """Let other rows follow a change that was made."""
    for rule in FOLLOW.get(change.sobject.name, ()):
        rule(change)
    for other, rule in SHOWN_IN.get(change.sobject.name, {}).items():
        if other in change.store.tables.used():
            rule(change)
    if change.sobject.companions:
        history.follow(change)
        shares.follow(change)


def check_deletable(change: Change) -> None:
    """Raise where a row of this kind must stay."""
    for rule in BEFORE_DELETE.get(change.sobject.name, ()):
        rule(change)
