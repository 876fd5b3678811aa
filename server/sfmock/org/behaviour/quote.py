"""Quotes: number, account, price book and totals (metadata.md 4.6).

`IsSyncing` is read-only; a quote is synced by `Opportunity.SyncedQuoteId`, which the fake lacks.
"""

from __future__ import annotations

from sfmock.errors import refuse
from sfmock.org.behaviour import amounts
from sfmock.org.behaviour.draft import Change, Draft
from sfmock.org.behaviour.rows import change_row, exists, parent, values_of
from sfmock.org.dml.plan import Row
from sfmock.store.database import Value


def derive(draft: Draft) -> None:
    """Fill in account, price book and totals."""
    if draft.creating:
        opportunity = parent(draft, "OpportunityId", "Opportunity")
        draft.values["AccountId"] = opportunity["AccountId"]
        if "Pricebook2Id" not in draft.supplied:
            draft.values["Pricebook2Id"] = opportunity["Pricebook2Id"]
        draft.values.update(_totals([]))
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
    found = values_of(
        change.store, "QuoteLineItem", ("Subtotal", "TotalPrice"), QuoteId=quote["Id"]
    )
    totals = _totals(found)
    totals["GrandTotal"] = _grand_total(
        totals["TotalPrice"], quote["Tax"], quote["ShippingHandling"]
    )
    change_row(change, "Quote", quote, totals)


def _totals(lines: list[tuple[Value, ...]]) -> Row:
    """What the lines of a quote add up to: subtotal and total price of each."""
    before = amounts.total(subtotal for subtotal, _ in lines)
    after = amounts.total(price for _, price in lines)
    return {
        "LineItemCount": len(lines),
        "Subtotal": before,
        "TotalPrice": after,
        "Discount": amounts.discount(before, after),
    }


def _grand_total(*parts: Value) -> float:
    return amounts.total(parts)
