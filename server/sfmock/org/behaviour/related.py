"""Whom and what a task or an event is about (metadata.md 4.8, Object Reference: Task, Event)."""

from __future__ import annotations

from sfmock.errors import refuse
from sfmock.org.behaviour.draft import Draft
from sfmock.org.dml.store import Store
from sfmock.schema.model import SObject
from sfmock.store.database import Value

_PASS_ON = frozenset({"Opportunity", "Contract"})
"""Related records whose account becomes that of the activity."""
_RECURRENCE = "Recurrence"


def derive(draft: Draft) -> None:
    """Check the pair of person and record, and take over the account."""
    label = draft.plan.sobject.label.lower()
    if draft["WhatId"] is not None and str(draft["WhoId"]).startswith("00Q"):
        raise refuse(f"the error for a {label} with both a lead and a related record")
    for name in draft.supplied:
        value = draft.values[name]
        if name.removeprefix("Is").startswith(_RECURRENCE) and value not in (None, 0):
            raise refuse(f"{draft.plan.sobject.label_plural.lower()} that recur")
    if draft.changes("WhatId", "WhoId"):
        draft.values["AccountId"] = account_of(draft.store, draft["WhatId"], draft["WhoId"])


def account_of(store: Store, what_id: Value, who_id: Value) -> Value:
    """The account behind the related record where the guide names its sobject, else that of the contact."""
    if isinstance(what_id, str):
        sobject = store.catalogue.by_id(what_id)
        if sobject is not None and sobject.name == "Account":
            return what_id
        key = None if sobject is None else key_to_account(sobject)
        if sobject is not None and key is not None:
            row = store.named(sobject.name, what_id)
            return None if row is None else row.get(key)
    contact = store.named("Contact", who_id) if isinstance(who_id, str) else None
    return None if contact is None else contact.get("AccountId")


def key_to_account(sobject: SObject) -> str | None:
    """The field that names the account of a related record; of custom objects, details of an account count."""
    if sobject.name in _PASS_ON:
        return "AccountId"
    if not sobject.custom:
        return None
    return next(
        (
            each.name
            for each in sobject.by_relationship.values()
            if each.reference_to == ("Account",) and each.cascade_delete and not each.nillable
        ),
        None,
    )
