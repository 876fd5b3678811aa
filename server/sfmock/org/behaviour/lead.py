"""Leads: conversion is a call of its own, never a field that is written (metadata.md 4.2)."""

from __future__ import annotations

from sfmock import errors
from sfmock.org.behaviour import days, statuses
from sfmock.org.behaviour.draft import Draft


def derive(draft: Draft) -> None:
    """Refuse conversion by hand; a lead is unread until its owner works on it (recorded at v42.0: rest-0100, rest-0102)."""
    if draft.before("IsConverted"):
        raise errors.CONVERTED_LEAD()
    if draft.values.get("IsConverted"):
        raise errors.refuse("creating leads as converted")
    status = statuses.find(draft.store, "LeadStatus", draft["Status"])
    if draft.changes("Status") and status is not None and status["IsConverted"]:
        raise errors.refuse("giving a lead a converted status without converting it")
    if "IsUnreadByOwner" not in draft.supplied:
        if draft.creating:
            draft.truth("IsUnreadByOwner", True)
        elif draft["OwnerId"] == draft.user_id:
            draft.truth("IsUnreadByOwner", False)
    if not draft.creating and draft.changes("OwnerId"):
        draft.values["LastTransferDate"] = days.today(draft.store, draft.now)
