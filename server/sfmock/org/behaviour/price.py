"""Price book entries: the standard price comes first, and there is one price a product and book (metadata.md 4.5)."""

from __future__ import annotations

from sfmock import errors
from sfmock.errors import refuse
from sfmock.org.behaviour import product
from sfmock.org.behaviour.draft import Change, Draft
from sfmock.org.behaviour.rows import change_row, exists, kept, live
from sfmock.org.dml.plan import Row
from sfmock.org.dml.store import Store

_LINES = ("OpportunityLineItem", "QuoteLineItem", "OrderItem")


def derive(draft: Draft) -> None:
    """Check the price against the standard one, and fill in what the entry shows of its product."""
    is_standard = _is_standard(draft.store, draft["Pricebook2Id"])
    if draft.creating:
        _check_new(draft, is_standard)
        draft.values.update(product.show("PricebookEntry", draft.store, draft["Product2Id"]))
    elif draft.changes("UnitPrice") and _is_listed(draft.store, draft.record_id):
        raise refuse("another price in a price book entry in use, whose lines show the list price")
    if draft["UseStandardPrice"] and draft.changes("UseStandardPrice", "UnitPrice"):
        _use_standard_price(draft, is_standard)
    if is_standard and draft.changes("IsActive") and not draft["IsActive"] and _custom(draft):
        raise refuse("deactivating a standard price that custom prices build on")


def follow(change: Change) -> None:
    """Entries that use the standard price follow it."""
    if change.before is None or change.after is None or not change.touches("UnitPrice"):
        return
    if not _is_standard(change.store, change.after["Pricebook2Id"]):
        return
    found = kept(
        change.store, "PricebookEntry", Product2Id=change.after["Product2Id"], UseStandardPrice=1
    )
    for entry in found:
        if _is_listed(change.store, str(entry["Id"])):
            raise refuse(
                "another price in a price book entry in use, whose lines show the list price"
            )
        change_row(change, "PricebookEntry", entry, {"UnitPrice": change.after["UnitPrice"]})


def check_deletable(change: Change) -> None:
    """A price that lines or other prices build on stays."""
    entry = change.row
    if _in_use(change.store, str(entry["Id"])):
        raise refuse("deleting a price book entry that is in use, which archives it")
    if change.store.named("Product2", str(entry["Product2Id"])) is None:
        return  # it goes along with its product, like all other prices of that
    if _is_standard(change.store, entry["Pricebook2Id"]) and len(_prices(change.store, entry)) > 1:
        raise refuse("deleting a standard price that custom prices build on")


def standard_book(store: Store) -> Row | None:
    """The standard price book; None in an org without rows."""
    found = live(store, "Pricebook2", IsStandard=1)
    return found[0] if found else None


def _check_new(draft: Draft, is_standard: bool) -> None:
    prices = _prices(draft.store, {"Product2Id": draft["Product2Id"]})
    if any(each["Pricebook2Id"] == draft["Pricebook2Id"] for each in prices):
        raise errors.PRICE_EXISTS()
    if is_standard:
        return
    standard = _standard_price(draft)
    if standard is None:
        raise errors.STANDARD_PRICE_NOT_DEFINED()
    if not standard["IsActive"]:
        raise refuse("a custom price while the standard price of the product is inactive")


def _use_standard_price(draft: Draft, is_standard: bool) -> None:
    standard = None if is_standard else _standard_price(draft)
    if standard is None:
        raise errors.NOT_THE_STANDARD_PRICE()
    if "UnitPrice" not in draft.supplied:
        draft.values["UnitPrice"] = standard["UnitPrice"]
    elif draft["UnitPrice"] != standard["UnitPrice"]:
        raise errors.NOT_THE_STANDARD_PRICE()


def _standard_price(draft: Draft) -> Row | None:
    return next(
        (
            each
            for each in _prices(draft.store, {"Product2Id": draft["Product2Id"]})
            if _is_standard(draft.store, each["Pricebook2Id"])
        ),
        None,
    )


def _custom(draft: Draft) -> bool:
    return len(_prices(draft.store, {"Product2Id": draft["Product2Id"]})) > 1


def _prices(store: Store, entry: Row) -> list[Row]:
    """All prices of the product of an entry."""
    return live(store, "PricebookEntry", Product2Id=entry["Product2Id"])


def _is_standard(store: Store, book_id: object) -> bool:
    book = store.named("Pricebook2", str(book_id))
    return book is not None and bool(book["IsStandard"])


def _is_listed(store: Store, entry_id: str) -> bool:
    """Whether a line shows the entry's price, be it in the recycle bin."""
    return any(kept(store, name, PricebookEntryId=entry_id) for name in _LINES)


def _in_use(store: Store, entry_id: str) -> bool:
    return any(exists(store, name, PricebookEntryId=entry_id) for name in _LINES)
