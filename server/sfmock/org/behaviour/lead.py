"""Leads: conversion is a call of its own, never a field that is written (metadata.md 4.2)."""

from __future__ import annotations

from sfmock import errors
from sfmock.org.behaviour.draft import Draft

CONVERTED_STATUSES = frozenset({"Closed - Converted"})


def derive(draft: Draft) -> None:
    """Refuse conversion by hand; a lead is unread when the API makes it."""
    if draft.before("IsConverted"):
        raise errors.CONVERTED_LEAD()
    if draft.values.get("IsConverted"):
        raise errors.refuse("creating leads as converted")
    if draft.changes("Status") and draft["Status"] in CONVERTED_STATUSES:
        raise errors.refuse("giving a lead a converted status without converting it")
    if draft.creating and "IsUnreadByOwner" not in draft.supplied:
        draft.truth("IsUnreadByOwner", True)
