"""Cases: closing, the account of the contact, the contact's numbers (metadata.md 4.7)."""

from __future__ import annotations

from collections.abc import Mapping

from sfmock.errors import refuse
from sfmock.org.behaviour.draft import Draft
from sfmock.org.dml.plan import Row

CLOSED_STATUSES = frozenset({"Closed"})
MIRRORS: Mapping[str, str] = {
    "ContactPhone": "Phone",
    "ContactMobile": "MobilePhone",
    "ContactEmail": "Email",
    "ContactFax": "Fax",
}
"""Read-only fields of a case and the contact's fields that they show."""


def derive(draft: Draft) -> None:
    """Fill in all that Salesforce derives."""
    if draft.values.get("Comments") is not None:
        raise refuse("Case.Comments, which makes a CaseComment")
    if draft.changes("Status"):
        _enter_status(draft)
    if draft.changes("ContactId"):
        _enter_contact(draft)


def follow_contact(draft: Draft) -> None:
    """After a contact's change: its cases show the new numbers."""
    shown = {mine: theirs for mine, theirs in MIRRORS.items() if theirs in draft.values}
    case = draft.store.catalogue.find("Case")
    if draft.creating or case is None or not draft.changes(*shown.values()):
        return
    key = case.find("ContactId")
    if key is None:
        return
    changes: Row = {mine: draft[theirs] for mine, theirs in shown.items()}
    plan = draft.store.plan(case)
    for each in draft.store.ids(case, key, draft.record_id, live=False):
        draft.store.update(plan, each, changes)


def _enter_status(draft: Draft) -> None:
    closed = draft["Status"] in CLOSED_STATUSES
    if draft.creating or closed != bool(draft.before("IsClosed")):
        draft.truth("IsClosed", closed)
        draft.values["ClosedDate"] = draft.now if closed else None


def _enter_contact(draft: Draft) -> None:
    contact_id = draft["ContactId"]
    contact = draft.store.named("Contact", contact_id) if isinstance(contact_id, str) else None
    for mine, theirs in MIRRORS.items():
        draft.values[mine] = None if contact is None else contact.get(theirs)
    if contact is not None and draft["AccountId"] is None:
        draft.values["AccountId"] = contact.get("AccountId")
