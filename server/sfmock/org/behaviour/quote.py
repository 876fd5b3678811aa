"""Quotes: number, account, price book and totals (metadata.md 4.6).

`IsSyncing` is read-only; a quote is synced by `Opportunity.SyncedQuoteId`, which the fake lacks.
"""

from __future__ import annotations

from collections.abc import Mapping

from sfmock.errors import refuse
from sfmock.org.behaviour import amounts
from sfmock.org.behaviour.draft import Change, Draft
from sfmock.org.behaviour.rows import change_row, exists, parent
from sfmock.org.dml.plan import Row
from sfmock.store.database import Value

_NOTHING: Mapping[str, float] = {"Subtotal": 0.0, "TotalPrice": 0.0}


def derive(draft: Draft) -> None:
    """Fill in account, price book and totals."""
    if draft.creating:
        opportunity = parent(draft, "OpportunityId", "Opportunity")
        draft.values["AccountId"] = opportunity["AccountId"]
        if "Pricebook2Id" not in draft.supplied:
            draft.values["Pricebook2Id"] = opportunity["Pricebook2Id"]
        draft.values.update(_totals(0, _NOTHING))
    elif draft.changes("Pricebook2Id") and exists(
        draft.store, "QuoteLineItem", QuoteId=draft.record_id
    ):
        raise refuse("the error for another price book of a quote that has line items")
    if draft.changes("Tax", "ShippingHandling"):
        draft.values["GrandTotal"] = _grand_total(
            draft["TotalPrice"], draft["Tax"], draft["ShippingHandling"]
        )


def follow_line(change: Change) -> None:
    """The totals of a quote are those of its line items."""
    if not change.touches("Subtotal", "TotalPrice"):
        return
    quote = change.store.named("Quote", str(change.row["QuoteId"]))
    if quote is None:
        return
    totals = _totals(*change.store.rollups.of_lines("QuoteLineItem", str(quote["Id"])))
    totals["GrandTotal"] = _grand_total(
        totals["TotalPrice"], quote["Tax"], quote["ShippingHandling"]
    )
    change_row(change, "Quote", quote, totals)


def _totals(count: int, lines: Mapping[str, float]) -> Row:
    """What the lines of a quote add up to: subtotal and total price of each."""
    before, after = lines["Subtotal"], lines["TotalPrice"]
    return {
        "LineItemCount": count,
        "Subtotal": before,
        "TotalPrice": after,
        "Discount": amounts.discount(before, after),
    }


def _grand_total(*parts: Value) -> float:
    return amounts.total(parts)
