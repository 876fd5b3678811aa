"""Orders: drafts until they are activated, and locked from then on (metadata.md 4.6)."""

from __future__ import annotations

from sfmock import errors
from sfmock.errors import refuse
from sfmock.org.behaviour import contract, statuses
from sfmock.org.behaviour.draft import Change, Draft
from sfmock.org.behaviour.rows import change_row, exists, live
from sfmock.org.dml.plan import Row
from sfmock.org.dml.store import Store
from sfmock.store.database import Value

_LOCKED = ("AccountId", "ContractId", "Pricebook2Id", "EffectiveDate", "EndDate")
_ACTIVATION = ("ActivatedDate", "ActivatedById")


def derive(draft: Draft) -> None:
    """Follow the status, and refuse what the fake does not know of orders."""
    if draft["IsReductionOrder"] or draft["OriginalOrderId"] is not None:
        raise refuse("reduction orders")
    if any(name in draft.supplied and draft.changes(name) for name in _ACTIVATION):
        raise refuse("writing when and by whom an order was activated")
    if draft["AccountId"] is None:
        raise errors.ORDER_WITHOUT_ACCOUNT()
    _check_contract(draft)
    _check_dates(draft)
    if draft.creating:
        draft.values["TotalAmount"] = 0.0
    else:
        _check_update(draft)
    if draft.changes("Status", "StatusCode"):
        _enter_status(draft)


def check_deletable(change: Change) -> None:
    """Only drafts go."""
    if code_of(change.store, change.row) != "Draft":
        raise errors.ORDER_IS_LOCKED()


def code_of(store: Store, order: Row) -> Value:
    """The category of an order's status, which rows that were loaded may leave out."""
    status = statuses.find(store, "OrderStatus", order.get("Status"))
    return order.get("StatusCode") or (None if status is None else status["StatusCode"])


def follow_product(change: Change) -> None:
    """The total of an order is that of its products."""
    if not change.touches("TotalPrice"):
        return
    order = change.store.named("Order", str(change.row["OrderId"]))
    if order is not None:
        _, lines = change.store.rollups.of_lines("OrderItem", str(order["Id"]))
        change_row(change, "Order", order, {"TotalAmount": lines["TotalPrice"]})


def _check_contract(draft: Draft) -> None:
    contract_id = draft["ContractId"]
    signed = None if contract_id is None else draft.store.named("Contract", str(contract_id))
    if signed is not None and signed["AccountId"] != draft["AccountId"]:
        raise refuse("the error for an order whose contract belongs to another account")


def _check_dates(draft: Draft) -> None:
    if not draft.changes("EffectiveDate", "EndDate"):
        return
    start, end = str(draft["EffectiveDate"]), draft["EndDate"]
    if end is not None and str(end) < start:
        raise refuse("the error for an order that ends before it starts")
    if draft.creating:
        return
    for product in live(draft.store, "OrderItem", OrderId=draft.record_id):
        check_product_dates({"EffectiveDate": start, "EndDate": end}, product)


def check_product_dates(order: Row, product: Row) -> None:
    """A product's dates lie between those of its order."""
    start, end = product.get("ServiceDate"), product.get("EndDate")
    if start is not None and str(start) < str(order["EffectiveDate"]):
        raise refuse("the error for an order product that starts before its order")
    if end is not None and order["EndDate"] is not None and str(end) > str(order["EndDate"]):
        raise refuse("the error for an order product that ends after its order")


def _check_update(draft: Draft) -> None:
    if code_of(draft.store, draft.old or {}) != "Draft" and draft.changes(*_LOCKED):
        raise refuse("changing account, contract, price book or dates of an activated order")
    if draft.changes("Pricebook2Id") and exists(draft.store, "OrderItem", OrderId=draft.record_id):
        raise refuse("the error for another price book of an order that has products")


def _enter_status(draft: Draft) -> None:
    status = statuses.find(draft.store, "OrderStatus", draft["Status"])
    if status is None:
        raise refuse(f"the order status {str(draft['Status'])!r}, which the org lacks")
    code = status["StatusCode"]
    if "StatusCode" in draft.supplied and draft["StatusCode"] not in (None, code):
        raise refuse("an order whose status code is not that of its status")
    draft.values["StatusCode"] = code
    if draft.creating:
        if code != "Draft":
            raise errors.NEW_ORDER_NOT_DRAFT(fields=["Status"])
    elif code != code_of(draft.store, draft.old or {}):
        if code != "Activated":
            raise refuse("deactivating an order")
        _activate(draft)


def _activate(draft: Draft) -> None:
    if not exists(draft.store, "OrderItem", OrderId=draft.record_id):
        raise errors.ORDER_WITHOUT_PRODUCTS(fields=["Status"])
    signed = draft.store.named("Contract", str(draft["ContractId"]))
    if signed is not None and contract.code_of(draft.store, signed) != "Activated":
        raise refuse("activating an order whose contract is not activated")
    draft.values["ActivatedDate"] = draft.now
    draft.values["ActivatedById"] = draft.user_id
