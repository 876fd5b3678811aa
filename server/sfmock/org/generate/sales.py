"""How rows of the sales objects fit together: what `Org.create` must give a price, a line, an order so that the API takes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sfmock.org.generate.fitting import Fields, Fitting, Maker
from sfmock.store.database import Value


def _asset(maker: Maker, row: Fields) -> None:
    if row.get("AccountId") is None and row.get("ContactId") is None:
        row["AccountId"] = maker.shared("Account")


def _contract(maker: Maker, row: Fields) -> None:
    row.setdefault("ContractTerm", maker.random.choice((12, 24, 36)))


def _active(maker: Maker, row: Fields) -> None:
    row.setdefault("IsActive", True)  # the API's default is a row that nobody can sell


def _price(maker: Maker, row: Fields) -> None:
    _active(maker, row)
    product_id = row.get("Product2Id") or maker.make("Product2")
    standard_id = _standard_book(maker)
    book_id = row.setdefault("Pricebook2Id", standard_id)
    row["Product2Id"] = product_id
    price = row.setdefault("UnitPrice", float(maker.random.randint(1, 5_000)))
    if book_id == standard_id:
        return
    standard = maker.find("PricebookEntry", Pricebook2Id=standard_id, Product2Id=str(product_id))
    if standard is None:
        maker.make(
            "PricebookEntry", Pricebook2Id=standard_id, Product2Id=product_id, UnitPrice=price
        )


def _opportunity_product(maker: Maker, row: Fields) -> None:
    if "OpportunityId" not in row:
        row["OpportunityId"] = maker.shared("Opportunity")
    book_id = _read(maker, "Opportunity", row["OpportunityId"], "Pricebook2Id")
    _line(maker, row, book_id, priced="TotalPrice" in row)


def _quote_line(maker: Maker, row: Fields) -> None:
    if "QuoteId" not in row:
        row["QuoteId"] = maker.shared("Quote", Pricebook2Id=_standard_book(maker))
    _line(maker, row, _read(maker, "Quote", row["QuoteId"], "Pricebook2Id"))


def _order_product(maker: Maker, row: Fields) -> None:
    if "OrderId" not in row:
        row["OrderId"] = maker.shared("Order", Pricebook2Id=_standard_book(maker))
    _line(maker, row, _read(maker, "Order", row["OrderId"], "Pricebook2Id"))


def _order(maker: Maker, row: Fields) -> None:
    row.setdefault("Status", "Draft")
    if row.get("AccountId") is None:
        contract_id = row.get("ContractId")
        account_id = _read(maker, "Contract", contract_id, "AccountId")
        row["AccountId"] = account_id or maker.shared("Account")


def _team_member(parent: str) -> Callable[[Maker, Fields], None]:
    """Each member of a team is another user: without a parent given, each gets a team of its own."""

    def fill(maker: Maker, row: Fields) -> None:
        if f"{parent}Id" not in row:
            row[f"{parent}Id"] = maker.make(parent)
        row.setdefault(f"{parent}AccessLevel", "Edit")

    return fill


def _line(maker: Maker, row: Fields, book_id: Value, *, priced: bool = False) -> None:
    """Entry, quantity and price; products of the price book that are there already do."""
    if "PricebookEntryId" not in row:
        row["PricebookEntryId"] = _entry(maker, book_id or _standard_book(maker), row)
    row.setdefault("Quantity", float(maker.random.randint(1, 20)))
    if not priced and "UnitPrice" not in row:
        row["UnitPrice"] = _read(maker, "PricebookEntry", row["PricebookEntryId"], "UnitPrice")


def _entry(maker: Maker, book_id: Value, row: Fields) -> str:
    wished: dict[str, Value] = {"Pricebook2Id": book_id, "IsActive": 1, "IsArchived": 0}
    product_id = row.get("Product2Id")
    if isinstance(product_id, str):
        wished["Product2Id"] = product_id
    found = maker.find("PricebookEntry", **wished)
    if found is not None:
        return str(found["Id"])
    fields = {} if product_id is None else {"Product2Id": product_id}
    return maker.make("PricebookEntry", Pricebook2Id=book_id, **fields)


def _standard_book(maker: Maker) -> Value:
    found = maker.find("Pricebook2", IsStandard=1)
    if found is None:
        raise LookupError("the org has no standard price book to put prices into")
    return found["Id"]


def _read(maker: Maker, sobject: str, record_id: object, field: str) -> Value:
    row = maker.find(sobject, Id=record_id) if isinstance(record_id, str) else None
    return None if row is None else row[field]


_AMOUNTS = frozenset({"Quantity", "UnitPrice", "TotalPrice", "Discount", "SortOrder"})
_LEVELS = frozenset(
    {"AccountAccessLevel", "OpportunityAccessLevel", "CaseAccessLevel", "ContactAccessLevel"}
)
_DATES = frozenset({"ServiceDate", "EndDate", "ActivatedDate"})

FITTINGS: Mapping[str, Fitting] = {
    "AccountTeamMember": Fitting(_team_member("Account"), frozenset({"AccountId"}) | _LEVELS),
    "Asset": Fitting(_asset),
    "Contract": Fitting(_contract, frozenset({"ActivatedDate", "ContractTerm"})),
    "OpportunityLineItem": Fitting(
        _opportunity_product, frozenset({"OpportunityId", "PricebookEntryId"}) | _AMOUNTS
    ),
    "OpportunityTeamMember": Fitting(
        _team_member("Opportunity"), frozenset({"OpportunityId"}) | _LEVELS
    ),
    "Order": Fitting(_order, frozenset({"AccountId", "Status"}) | _DATES),
    "OrderItem": Fitting(
        _order_product, frozenset({"OrderId", "PricebookEntryId"}) | _AMOUNTS | _DATES
    ),
    "Pricebook2": Fitting(_active),
    "PricebookEntry": Fitting(_price, frozenset({"Product2Id", "Pricebook2Id", "UnitPrice"})),
    "Product2": Fitting(_active),
    "QuoteLineItem": Fitting(_quote_line, frozenset({"QuoteId", "PricebookEntryId"}) | _AMOUNTS),
}
"""The sobjects whose rows must fit others."""
