"""Cases: closing, the contact's account and numbers, comments (metadata.md 4.7)."""

from __future__ import annotations

from collections.abc import Mapping

from sfmock.errors import refuse
from sfmock.org.behaviour import statuses
from sfmock.org.behaviour.case_comment import check_length
from sfmock.org.behaviour.companions import add
from sfmock.org.behaviour.draft import Change, Draft
from sfmock.org.dml.plan import Row
from sfmock.org.dml.store import Store
from sfmock.store.database import Value

MIRRORS: Mapping[str, str] = {
    "ContactPhone": "Phone",
    "ContactMobile": "MobilePhone",
    "ContactEmail": "Email",
    "ContactFax": "Fax",
}
"""Read-only fields of a case and the contact's fields that they show."""


def derive(draft: Draft) -> None:
    """Fill in all that Salesforce derives."""
    if draft.creating:
        _refuse_known_email(draft)
    if draft.changes("Status"):
        _enter_status(draft)
    if draft.changes("ContactId"):
        _enter_contact(draft)
    _comment(draft)


def _comment(draft: Draft) -> None:
    """`Comments` is no value of the case: it makes a comment of its own."""
    text = draft.values.pop("Comments", None)
    if text is not None:
        check_length(text)
        add(draft, "CaseComment", {"ParentId": draft.record_id, "CommentBody": text})


def shown(store: Store, contact_id: Value) -> Row:
    """What a case shows of its contact."""
    contact = store.named("Contact", contact_id) if isinstance(contact_id, str) else None
    return {
        mine: None if contact is None else contact.get(theirs) for mine, theirs in MIRRORS.items()
    }


def follow_contact(change: Change) -> None:
    """After a contact's change: its cases show the new numbers."""
    contact = change.after
    if change.before is None or contact is None or not change.touches(*MIRRORS.values()):
        return
    case = change.store.catalogue.find("Case")
    key = None if case is None else case.find("ContactId")
    if case is None or key is None:
        return
    changes: Row = {mine: contact.get(theirs) for mine, theirs in MIRRORS.items()}
    for each in change.store.ids(case, key, contact["Id"], live=False):
        change.store.update(change.store.plan(case), each, changes)


def _refuse_known_email(draft: Draft) -> None:
    """Whether a web email finds the contact on its own is not known."""
    email = draft["SuppliedEmail"]
    contact = draft.store.catalogue.find("Contact")
    field = None if contact is None else contact.find("Email")
    if contact is None or field is None or email is None or draft["ContactId"] is not None:
        return
    if draft.store.ids(contact, field, email):
        raise refuse("a case without contact whose web email is that of a contact")


def _enter_status(draft: Draft) -> None:
    status = statuses.find(draft.store, "CaseStatus", draft["Status"])
    closed = bool(status and status["IsClosed"])
    if draft.creating or closed != bool(draft.before("IsClosed")):
        draft.truth("IsClosed", closed)
        draft.values["ClosedDate"] = draft.now if closed else None


def _enter_contact(draft: Draft) -> None:
    draft.values |= shown(draft.store, draft["ContactId"])
    if draft["AccountId"] is None:
        contact = draft.store.named("Contact", str(draft["ContactId"]))
        draft.values["AccountId"] = None if contact is None else contact.get("AccountId")
