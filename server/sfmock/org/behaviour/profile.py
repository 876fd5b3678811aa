"""Profiles: they can be changed, but a new one is a copy of another, which the API does not make (metadata.md 5.2)."""

from __future__ import annotations

from sfmock.errors import refuse
from sfmock.org.behaviour.draft import Change, Draft


def derive(draft: Draft) -> None:
    """Refuse new profiles."""
    if draft.creating:
        raise refuse("creating profiles")


def check_deletable(change: Change) -> None:
    """Refuse to delete profiles."""
    raise refuse("deleting profiles")
