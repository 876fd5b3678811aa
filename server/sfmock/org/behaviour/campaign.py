"""Campaigns: their first member statuses, their place in a hierarchy, what members and opportunities add up to (metadata.md 4.9).

A write changes the totals by what it adds or takes away and no more, so those of a backup stay.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TypeAlias

from sfmock.errors import refuse
from sfmock.org.behaviour import amounts
from sfmock.org.behaviour.companions import add
from sfmock.org.behaviour.draft import Change, Draft
from sfmock.org.behaviour.rows import Writer
from sfmock.org.dml.plan import Row
from sfmock.store.database import Value

_Measure: TypeAlias = Callable[[Row], Mapping[str, Value]]
"""What one row adds to the totals of its campaign."""

_TOTALS = (
    "NumberOfLeads", "NumberOfConvertedLeads", "NumberOfContacts", "NumberOfResponses", "NumberOfOpportunities",
    "NumberOfWonOpportunities", "AmountAllOpportunities", "AmountWonOpportunities",
)  # fmt: skip
_FIRST_STATUSES: tuple[Row, ...] = (
    {"Label": "Sent", "SortOrder": 1, "IsDefault": 1, "HasResponded": 0},
    {"Label": "Responded", "SortOrder": 2, "IsDefault": 0, "HasResponded": 1},
)
"""The sort orders are unverified."""
_DEEPEST = 5


def derive(draft: Draft) -> None:
    """Start the totals of a new campaign at nothing; refuse what the API answers with errors that nobody has told."""
    if draft.creating:
        draft.values |= {name: 0.0 if name.startswith("Amount") else 0 for name in _TOTALS}
    start, end = draft["StartDate"], draft["EndDate"]
    if isinstance(start, str) and isinstance(end, str) and end < start:
        raise refuse("the error for a campaign that ends before it starts")
    if draft.changes("ParentId") and draft["ParentId"] is not None:
        _check_depth(draft)


def give_statuses(draft: Draft) -> None:
    """A new campaign has the member statuses Sent, the default, and Responded."""
    if draft.creating:
        for status in _FIRST_STATUSES:
            add(draft, "CampaignMemberStatus", {"CampaignId": draft.record_id, **status})


def follow_member(change: Change) -> None:
    """After a change of a campaign member: its campaign counts it anew."""
    _add(change, change.before, change.after, _counts)


def follow_opportunity(change: Change) -> None:
    """After a change of an opportunity: its campaign counts it anew."""
    if change.touches("CampaignId", "Amount", "IsWon"):
        count_opportunity(change, change.before, change.after)


def count_opportunity(by: Writer, before: Row | None, after: Row | None) -> None:
    """Bring the campaigns of an opportunity up to date."""
    _add(by, before, after, _amounts)


def _counts(member: Row) -> Mapping[str, Value]:
    """A converted lead stays a lead and is a contact, too (Salesforce Help 003964576)."""
    lead, contact = bool(member.get("LeadId")), bool(member.get("ContactId"))
    return {
        "NumberOfLeads": int(lead),
        "NumberOfContacts": int(contact),
        "NumberOfConvertedLeads": int(lead and contact),
        "NumberOfResponses": int(bool(member.get("HasResponded"))),
    }


def _amounts(opportunity: Row) -> Mapping[str, Value]:
    won, amount = bool(opportunity.get("IsWon")), opportunity.get("Amount") or 0.0
    return {
        "NumberOfOpportunities": 1,
        "NumberOfWonOpportunities": int(won),
        "AmountAllOpportunities": amount,
        "AmountWonOpportunities": amount if won else 0.0,
    }


def _add(by: Writer, before: Row | None, after: Row | None, measure: _Measure) -> None:
    sums: dict[str, dict[str, Decimal]] = {}
    for sign, row in ((-1, before), (1, after)):
        campaign_id = None if row is None else row.get("CampaignId")
        if row is not None and isinstance(campaign_id, str):
            mine = sums.setdefault(campaign_id, {})
            for name, value in measure(row).items():
                mine[name] = mine.get(name, Decimal(0)) + sign * amounts.exact(value)
    sobject = by.store.catalogue.find("Campaign")
    for campaign_id, parts in sorted(sums.items()):
        row = None if sobject is None else by.store.find(sobject, campaign_id)
        if row is None or sobject is None:
            continue  # a deleted one counts on: what left with it comes back with it
        changes = {name: _sum(row.get(name), part) for name, part in parts.items() if part}
        if changes:
            by.store.update(by.store.plan(sobject), campaign_id, changes)


def _sum(total: Value, part: Decimal) -> Value:
    summed = amounts.exact(total) + part
    return float(summed) if isinstance(total, float) else int(summed)


def _check_depth(draft: Draft) -> None:
    """At most five campaigns one below the other; nobody has told the error."""
    depth = 1 + _height(draft, draft.record_id)
    parent = draft["ParentId"]
    while isinstance(parent, str) and depth <= _DEEPEST:
        depth += 1
        row = draft.store.named("Campaign", parent)
        parent = None if row is None else row.get("ParentId")
    if depth > _DEEPEST:
        raise refuse("the error for a campaign hierarchy of more than five levels")


def _height(draft: Draft, campaign_id: str) -> int:
    """The levels below a campaign."""
    sobject = draft.plan.sobject
    key = sobject.find("ParentId")
    if draft.creating or key is None:
        return 0
    children = draft.store.ids(sobject, key, campaign_id)
    return max((1 + _height(draft, each) for each in children), default=0)
