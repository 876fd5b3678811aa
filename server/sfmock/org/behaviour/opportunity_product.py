"""Products of opportunities: entry, names, prices (metadata.md 4.5)."""

from __future__ import annotations

from sfmock import errors
from sfmock.errors import refuse
from sfmock.org.behaviour import amounts, line
from sfmock.org.behaviour.draft import Draft
from sfmock.org.behaviour.rows import live, parent
from sfmock.org.dml.plan import Row


def derive(draft: Draft) -> None:
    """Fill in what entry, opportunity and prices say."""
    if draft.creating:
        _enter(draft)
    line.check_amounts(draft)
    _settle_price(draft)
    line.price(draft)


def _enter(draft: Draft) -> None:
    opportunity = parent(draft, "OpportunityId", "Opportunity")
    if draft["PricebookEntryId"] is None:
        draft.values["PricebookEntryId"] = _find_entry(draft, opportunity)
    entry = parent(draft, "PricebookEntryId", "PricebookEntry")
    if entry["IsArchived"]:
        raise errors.ENTRY_IS_ARCHIVED(fields=["PricebookEntryId"])
    book_id = opportunity["Pricebook2Id"] or entry["Pricebook2Id"]  # the first line sets it
    line.enter(
        draft,
        {"Pricebook2Id": book_id},
        no_book=refuse("an opportunity product without a price book"),
        other_book=errors.ENTRY_OF_OTHER_BOOK(fields=["PricebookEntryId"]),
        inactive=refuse("the error for an opportunity product whose price book entry is inactive"),
    )
    sold = parent(draft, "Product2Id", "Product2")
    draft.values["ProductCode"] = sold["ProductCode"]
    draft.values["Name"] = f"{opportunity['Name']} {sold['Name']}"


def _find_entry(draft: Draft, opportunity: Row) -> str:
    """The entry of a product in the opportunity's price book."""
    if draft["Product2Id"] is None:
        raise errors.NO_PRICE_BOOK_ENTRY(fields=["PricebookEntryId", "unknown"])
    if opportunity["Pricebook2Id"] is None:
        raise refuse(
            "an opportunity product by its product while the opportunity has no price book"
        )
    found = live(
        draft.store,
        "PricebookEntry",
        Product2Id=draft["Product2Id"],
        Pricebook2Id=opportunity["Pricebook2Id"],
    )
    if not found:
        raise refuse("the error for a product that the price book of the opportunity lacks")
    return str(found[0]["Id"])


def _settle_price(draft: Draft) -> None:
    """Unit price and total price say the same: the one that is given decides."""
    unit, total = _given(draft, "UnitPrice"), _given(draft, "TotalPrice")
    if unit and total:
        if draft.creating:
            raise errors.TWO_PRICES()
        raise errors.TWO_PRICES_CHANGED(fields=["UnitPrice"])
    if draft["UnitPrice"] is None and not total:
        raise refuse("an opportunity product with neither unit price nor total price")
    if not total:
        return
    if draft["TotalPrice"] is None:
        raise refuse("an opportunity product without a total price")
    divisor = amounts.exact(draft["Quantity"]) * amounts.left_of(draft["Discount"])
    price = amounts.quotient(draft["TotalPrice"], divisor)
    if price is None:
        raise refuse("rounding the unit price of an opportunity product from its total price")
    draft.values["UnitPrice"] = price


def _given(draft: Draft, name: str) -> bool:
    """Whether the caller gives a price that is not the stored one."""
    return draft[name] is not None if draft.creating else draft.changes(name)
