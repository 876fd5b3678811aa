"""Products of orders: drafts may gain and lose them (metadata.md 4.5, 4.6)."""

from __future__ import annotations

from sfmock import errors
from sfmock.errors import refuse
from sfmock.org.behaviour import amounts, line, order
from sfmock.org.behaviour.draft import Change, Draft
from sfmock.org.behaviour.rows import parent


def derive(draft: Draft) -> None:
    """Fill in what entry and price say."""
    owner = parent(draft, "OrderId", "Order")
    if order.code_of(draft.store, owner) != "Draft":
        if draft.creating:
            raise errors.ORDER_IS_LOCKED()
        raise refuse("changing a product of an activated order")
    if draft["OriginalOrderItemId"] is not None:
        raise refuse("reduction orders")
    if draft.creating:
        line.enter(
            draft,
            owner,
            no_book=refuse("the error for a product of an order that has no price book"),
            other_book=errors.ENTRY_OF_OTHER_BOOK_THAN_ORDER(fields=["PricebookEntryId"]),
            inactive=refuse("the error for an order product whose price book entry is inactive"),
        )
    if draft["UnitPrice"] is None:
        raise refuse("an order product that was loaded without a unit price")
    if amounts.exact(draft["Quantity"]) < 0:
        raise refuse("reduction orders")
    line.check_amounts(draft)
    if draft.changes("ServiceDate", "EndDate"):
        dates = {"ServiceDate": draft["ServiceDate"], "EndDate": draft["EndDate"]}
        order.check_product_dates(owner, dates)
    if draft.changes("Quantity"):
        draft.values["AvailableQuantity"] = draft["Quantity"]  # nothing is reduced
    line.price(draft)


def check_deletable(change: Change) -> None:
    """Activated orders keep their products."""
    owner = change.store.named("Order", str(change.row["OrderId"]))
    if owner is not None and order.code_of(change.store, owner) != "Draft":
        raise errors.ORDER_IS_LOCKED()
