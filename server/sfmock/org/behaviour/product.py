"""Products: what shows their name and code, and what keeps them (metadata.md 4.5)."""

from __future__ import annotations

from collections.abc import Mapping

from sfmock import errors
from sfmock.errors import refuse
from sfmock.org.behaviour.draft import Change, Draft
from sfmock.org.behaviour.rows import exists, kept, live
from sfmock.org.dml.plan import Row
from sfmock.org.dml.store import Store

_SHOWN: Mapping[str, Mapping[str, str]] = {
    "PricebookEntry": {"Name": "Name", "ProductCode": "ProductCode"},
    "OpportunityLineItem": {"ProductCode": "ProductCode"},
    "Asset": {"ProductCode": "ProductCode", "StockKeepingUnit": "StockKeepingUnit"},
}
"""Read-only fields of other rows, and the product's fields that they show."""


def show(sobject: str, store: Store, product_id: object) -> Row:
    """What a row of an sobject shows of its product."""
    product = store.named("Product2", product_id) if isinstance(product_id, str) else None
    return {
        mine: None if product is None else product[theirs]
        for mine, theirs in _SHOWN[sobject].items()
    }


def derive(draft: Draft) -> None:
    """Refuse what the fake does not know."""
    if draft.creating or not draft.changes("Name"):
        return
    if kept(draft.store, "OpportunityLineItem", Product2Id=draft.record_id):
        raise refuse(
            "another name for a product that opportunities have, whose products' names hold it"
        )


def follow(change: Change) -> None:
    """Other rows show the product's new name and code."""
    product = change.after
    if change.before is None or product is None:
        return
    if not change.touches("Name", "ProductCode", "StockKeepingUnit"):
        return
    for name, shown in _SHOWN.items():
        sobject = change.store.catalogue.find(name)
        for row in kept(change.store, name, Product2Id=change.row["Id"]):
            if sobject is not None:
                changes: Row = {mine: product.get(theirs) for mine, theirs in shown.items()}
                change.store.update(change.store.plan(sobject), str(row["Id"]), changes)


def check_deletable(change: Change) -> None:
    """A product that opportunities have stays."""
    product = change.row
    lines = live(change.store, "OpportunityLineItem", Product2Id=product["Id"])
    if lines:
        found = (change.store.named("Opportunity", str(each["OpportunityId"])) for each in lines)
        names = sorted({str(each["Name"]) for each in found if each is not None})
        raise errors.PRODUCT_IN_USE(name=product["Name"], names=", ".join(names))
    for sobject in ("QuoteLineItem", "OrderItem"):
        if exists(change.store, sobject, Product2Id=product["Id"]):
            raise refuse("the error for deleting a product that quotes or orders have")
