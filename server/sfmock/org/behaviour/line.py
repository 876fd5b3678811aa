"""Lines of opportunities, quotes and orders: a price book entry, a quantity and a price each (metadata.md 4.5)."""

from __future__ import annotations

from sfmock.errors import SalesforceError, refuse
from sfmock.org.behaviour import amounts
from sfmock.org.behaviour.draft import Draft
from sfmock.org.behaviour.rows import parent
from sfmock.org.dml.plan import Row


def enter(
    draft: Draft,
    owner: Row,
    *,
    no_book: SalesforceError,
    other_book: SalesforceError,
    inactive: SalesforceError,
) -> Row:
    """Fill in what a new line takes from its price book entry; raises where the entry does not fit the owner."""
    entry = parent(draft, "PricebookEntryId", "PricebookEntry")
    book_id = owner["Pricebook2Id"]
    if book_id is None:
        raise no_book
    if entry["Pricebook2Id"] != book_id:
        raise other_book
    if not entry["IsActive"]:
        raise inactive
    if draft["Product2Id"] not in (None, entry["Product2Id"]):
        raise refuse(f"another product than that of the entry in a {draft.plan.sobject.label}")
    draft.values["Product2Id"] = entry["Product2Id"]
    draft.values["ListPrice"] = entry["UnitPrice"]
    return entry


def check_amounts(draft: Draft) -> None:
    """Refuse quantities and discounts whose errors are not known."""
    if amounts.exact(draft["Quantity"]) == 0:
        raise refuse(f"the error for a {draft.plan.sobject.label} of quantity zero")
    if not 0 <= amounts.exact(draft["Discount"]) <= amounts.HUNDRED:
        raise refuse(f"a discount below 0 or above 100 percent on a {draft.plan.sobject.label}")


def price(draft: Draft) -> None:
    """Work out the totals from unit price, quantity and discount, where one of them changes."""
    if not draft.changes("UnitPrice", "Quantity", "Discount"):
        return
    unit, quantity = draft["UnitPrice"], draft["Quantity"]
    totals: Row = {
        "Subtotal": amounts.product(unit, quantity),
        "TotalPrice": amounts.product(unit, quantity, amounts.left_of(draft["Discount"])),
    }
    draft.values.update({name: totals[name] for name in totals if name in draft.plan.names})
