"""Rows that get another parent because theirs was merged or converted, with all that they show of it."""

from __future__ import annotations

from sfmock.errors import refuse
from sfmock.org.behaviour import campaign_member, case
from sfmock.org.behaviour.draft import Change
from sfmock.org.behaviour.following import follow
from sfmock.org.behaviour.related import account_of
from sfmock.org.behaviour.rows import Writer, live
from sfmock.org.dml.plan import Row
from sfmock.org.dml.store import Store
from sfmock.schema.model import SObject

_PAIRS = {
    "AccountContactRole": ("AccountId", "ContactId"),
    "AccountTeamMember": ("AccountId", "UserId"),
    "ContentDocumentLink": ("ContentDocumentId", "LinkedEntityId"),
    "OpportunityContactRole": ("OpportunityId", "ContactId"),
}
"""Sobjects that join two records: which of two equal rows stays is not known."""


def move(by: Writer, sobject: SObject, row: Row, values: Row) -> None:
    """Give a row other references and let other rows follow; its stamps stay (unverified)."""
    store = by.store
    after: Row = {**row, **values}
    after |= _shown(store, sobject, after, values)
    _check_pair(store, sobject, after)
    changes = {name: value for name, value in after.items() if row.get(name) != value}
    store.update(store.plan(sobject), str(row["Id"]), changes)
    follow(Change(sobject, row, after, store, by.user_id, by.now))


def _shown(store: Store, sobject: SObject, row: Row, moved: Row) -> Row:
    """The fields of a row that show its new parent."""
    if sobject.name in ("Task", "Event") and ("WhatId" in moved or "WhoId" in moved):
        return {"AccountId": account_of(store, row["WhatId"], row["WhoId"])}
    if sobject.name == "Case" and "ContactId" in moved:
        return case.shown(store, row["ContactId"])
    if sobject.name == "CampaignMember" and ("LeadId" in moved or "ContactId" in moved):
        return campaign_member.shown(store, str(row["ContactId"] or row["LeadId"]))
    return {}


def _check_pair(store: Store, sobject: SObject, row: Row) -> None:
    pair = _PAIRS.get(sobject.name)
    if sobject.name == "CampaignMember":
        pair = ("CampaignId", "ContactId" if row["ContactId"] else "LeadId")
    if pair is None:
        return
    same = live(store, sobject.name, **{name: row[name] for name in pair})
    if any(each["Id"] != row["Id"] for each in same):
        raise refuse(f"records that share a {sobject.label} becoming one")
