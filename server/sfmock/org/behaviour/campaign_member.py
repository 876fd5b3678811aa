"""Campaign members: one person in one campaign, what the person's fields say, and the response (metadata.md 4.9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sfmock import errors
from sfmock.org.behaviour import days
from sfmock.org.behaviour.draft import Change, Draft
from sfmock.org.behaviour.rows import exists, find, kept, live
from sfmock.org.dml.plan import Row
from sfmock.org.dml.store import Store
from sfmock.store.database import Value

_SAME = (
    "Salutation", "Name", "FirstName", "LastName", "Title", "Email", "Phone", "Fax", "MobilePhone", "Description",
    "DoNotCall", "HasOptedOutOfEmail", "HasOptedOutOfFax", "LeadSource",
)  # fmt: skip
_ADDRESS = ("Street", "City", "State", "PostalCode", "Country")
FROM_LEAD: Mapping[str, str] = {
    **{name: name for name in (*_SAME, *_ADDRESS)},
    "CompanyOrAccount": "Company",
    "LeadOrContactOwnerId": "OwnerId",
}
FROM_CONTACT: Mapping[str, str] = {
    **{name: name for name in _SAME},
    **{name: f"Mailing{name}" for name in _ADDRESS},
    "LeadOrContactOwnerId": "OwnerId",
}
"""Read-only fields of a member and the person's fields that they show."""


def derive(draft: Draft) -> None:
    """Fill in all that Salesforce derives."""
    if draft.creating:
        _check_person(draft)
    if draft.changes("LeadId", "ContactId"):
        person_id = draft["ContactId"] or draft["LeadId"]
        draft.values |= shown(draft.store, str(person_id))
    if draft.creating or "Status" in draft.supplied:
        _enter_status(draft)


def shown(store: Store, person_id: str) -> Row:
    """What a member shows of its person."""
    kind = "Contact" if person_id.startswith("003") else "Lead"
    person = find(store, kind, person_id) or {}
    mirrors = FROM_CONTACT if kind == "Contact" else FROM_LEAD
    row: Row = {mine: person.get(theirs) for mine, theirs in mirrors.items()}
    if kind == "Contact":
        account = find(store, "Account", str(person.get("AccountId")))
        row["CompanyOrAccount"] = None if account is None else account.get("Name")
    return {**row, "Type": kind, "LeadOrContactId": person_id}


def follow_lead(change: Change) -> None:
    """After a lead's change: its memberships show it; those of a converted lead show the contact."""
    if change.before and change.after and change.touches(*FROM_LEAD.values()):
        members = kept(change.store, "CampaignMember", LeadId=change.row["Id"])
        _show(change.store, [each for each in members if each["ContactId"] is None])


def follow_contact(change: Change) -> None:
    """After a contact's change: its memberships show it."""
    if change.before and change.after and change.touches("AccountId", *FROM_CONTACT.values()):
        _show(change.store, kept(change.store, "CampaignMember", ContactId=change.row["Id"]))


def follow_account(change: Change) -> None:
    """After an account got another name: the members among its contacts show it."""
    if not (change.before and change.after and change.touches("Name")):
        return
    member = change.store.catalogue.find("CampaignMember")
    if member is None or change.store.tables.is_empty(member):
        return
    for contact in kept(change.store, "Contact", AccountId=change.row["Id"]):
        _show(change.store, kept(change.store, "CampaignMember", ContactId=contact["Id"]))


def _check_person(draft: Draft) -> None:
    lead, contact = draft["LeadId"], draft["ContactId"]
    if (lead is None) == (contact is None):
        count = "both a lead and a contact" if lead else "neither a lead nor a contact"
        raise errors.refuse(f"the error for a campaign member that is {count}")
    name = "LeadId" if contact is None else "ContactId"
    same: Row = {name: draft[name], "CampaignId": draft["CampaignId"]}
    if exists(draft.store, "CampaignMember", **same):
        raise errors.ALREADY_CAMPAIGN_MEMBER()


def _enter_status(draft: Draft) -> None:
    status = _status(draft)
    draft.values["Status"] = status["Label"]
    responded = bool(status["HasResponded"])
    draft.truth("HasResponded", responded)
    if responded and draft["FirstRespondedDate"] is None:
        draft.values["FirstRespondedDate"] = days.today(draft.store, draft.now)


def _status(draft: Draft) -> Row:
    """The campaign's status of this label, in any case; its default one where none was given."""
    label = draft["Status"]
    for row in statuses_of(draft.store, draft["CampaignId"]):
        if row["IsDefault"] if label is None else str(row["Label"]).lower() == str(label).lower():
            return row
    if label is None:
        raise errors.refuse("a member of a campaign without a default status")
    raise errors.refuse(f"the error for the member status {label}, which the campaign lacks")


def statuses_of(store: Store, campaign_id: Value) -> list[Row]:
    """The member statuses of a campaign, in their order."""
    found = live(store, "CampaignMemberStatus", CampaignId=campaign_id)
    return sorted(found, key=lambda row: (int(str(row["SortOrder"] or 0)), str(row["Id"])))


def _show(store: Store, members: Iterable[Row]) -> None:
    sobject = store.catalogue.find("CampaignMember")
    for member in members:
        if sobject is not None:
            person_id = str(member.get("ContactId") or member.get("LeadId"))
            store.update(store.plan(sobject), str(member["Id"]), shown(store, person_id))
