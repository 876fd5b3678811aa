"""Lead conversion: account, contact and opportunity of a lead, as SOAP `convertLead` makes them (metadata.md 4.2).

Which field goes where is the table "Lead Conversion Field Mapping" of Salesforce Help. Where an account or a contact is there
already, only its empty fields are filled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sfmock import errors, ids
from sfmock.errors import refuse
from sfmock.org.behaviour import days, statuses
from sfmock.org.behaviour.draft import Change
from sfmock.org.behaviour.following import follow
from sfmock.org.behaviour.history import check_untracked
from sfmock.org.behaviour.moving import move
from sfmock.org.behaviour.rows import live
from sfmock.org.dml.plan import Row
from sfmock.org.dml.store import Store
from sfmock.org.records import Records
from sfmock.schema.model import SObject
from sfmock.store.database import Value

_PLACE = ("Street", "City", "State", "PostalCode", "Country", "Latitude", "Longitude", "GeocodeAccuracy")  # fmt: skip
TO_ACCOUNT: Mapping[str, str] = {
    "Name": "Company",
    **{
        name: name
        for name in ("Phone", "Fax", "Website", "Industry", "Rating", "AnnualRevenue", "NumberOfEmployees")
    },
    **{f"Billing{name}": name for name in _PLACE},
}  # fmt: skip
TO_CONTACT: Mapping[str, str] = {
    **{
        name: name
        for name in (
            "Salutation", "FirstName", "LastName", "Email", "Phone", "MobilePhone", "Fax", "Title", "Description",
            "LeadSource",
        )
    },
    **{f"Mailing{name}": name for name in _PLACE},
}  # fmt: skip
TO_NEW_CONTACT = ("DoNotCall", "HasOptedOutOfEmail", "HasOptedOutOfFax")
"""Checkboxes, which a contact that is there keeps."""
_MOVING: Mapping[str, str] = {
    "Attachment": "ParentId",
    "CampaignMember": "LeadId",
    "Event": "WhoId",
    "Note": "ParentId",
    "Task": "WhoId",
}
"""What goes over to the contact, by its reference to the lead; a campaign member stays the lead's, too."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """What a caller asks for, in the words of `LeadConvert`."""

    lead_id: str
    converted_status: str | None = None
    account_id: str | None = None
    contact_id: str | None = None
    opportunity_id: str | None = None
    opportunity_name: str | None = None
    do_not_create_opportunity: bool = False
    overwrite_lead_source: bool = False
    owner_id: str | None = None


@dataclass(frozen=True, slots=True)
class ConvertedLead:
    """The records that a lead became; `opportunity_id` is None where none was made."""

    account_id: str
    contact_id: str
    opportunity_id: str | None
    lead_id: str


def convert_lead(records: Records, wish: Conversion, *, user_id: str) -> ConvertedLead:
    """Convert a lead, whole or not at all."""
    _check(wish)
    with records.store.db.transaction():
        return _Converter(records, wish, user_id).run()


def _check(wish: Conversion) -> None:
    """Refuse what does not go together: nobody has told the errors."""
    if wish.opportunity_id is not None:
        raise refuse("converting a lead into an opportunity that is there already")
    if wish.do_not_create_opportunity and wish.opportunity_name is not None:
        raise refuse("the error for naming an opportunity that is not to be made")
    if wish.contact_id is not None and wish.account_id is None:
        raise refuse("the error for converting a lead into a contact without naming its account")
    if wish.overwrite_lead_source and wish.contact_id is None:
        raise refuse("the error for overwriting the lead source of a contact that is not named")


class _Converter:
    """One conversion under way."""

    def __init__(self, records: Records, wish: Conversion, user_id: str) -> None:
        self._records = records
        self._wish = wish
        self.store: Store = records.store
        self.user_id = user_id
        self.now = records.moment

    def run(self) -> ConvertedLead:
        """All steps, in the order of their references."""
        lead = self._live("Lead", self._wish.lead_id)
        if lead["IsConverted"]:
            raise errors.CONVERTED_LEAD()
        check_untracked(
            self.store, "converting a lead", "Lead", "Account", "Contact", "Opportunity"
        )
        status = self._status()
        account_id = self._account(lead)
        contact_id = self._contact(lead, account_id)
        opportunity_id = None
        if not self._wish.do_not_create_opportunity:
            opportunity_id = self._opportunity(lead, account_id, contact_id)
        made: Row = {
            "ConvertedAccountId": account_id,
            "ConvertedContactId": contact_id,
            "ConvertedOpportunityId": opportunity_id,
        }
        self._close(lead, status, made)
        self._hand_over(str(lead["Id"]), contact_id)
        return ConvertedLead(account_id, contact_id, opportunity_id, str(lead["Id"]))

    def _status(self) -> Value:
        """The status that the lead gets: the one asked for, else the org's first that means converted."""
        wished = self._wish.converted_status
        if wished is not None:
            row = statuses.find(self.store, "LeadStatus", wished)
            if row is None or not row["IsConverted"]:
                raise errors.INVALID_CONVERTED_STATUS(status=wished, fields=["Status"])
            return wished
        found = live(self.store, "LeadStatus", IsConverted=1)
        if not found:
            raise refuse("converting a lead in an org without a converted status")
        return min(found, key=_place)["ApiName"]

    def _account(self, lead: Row) -> str:
        values = _mapped(lead, TO_ACCOUNT)
        if self._wish.account_id is None:
            return self._insert("Account", {**values, "OwnerId": self._owner(lead)})
        account = self._live("Account", self._wish.account_id)
        return self._fill("Account", account, values)

    def _contact(self, lead: Row, account_id: str) -> str:
        values = _mapped(lead, TO_CONTACT)
        if self._wish.contact_id is None:
            values |= {name: bool(lead[name]) for name in TO_NEW_CONTACT if name in lead}
            values |= {"AccountId": account_id, "OwnerId": self._owner(lead)}
            if lead.get("IndividualId") is not None:
                values["IndividualId"] = lead["IndividualId"]
            return self._insert("Contact", values)
        contact = self._live("Contact", self._wish.contact_id)
        if contact["AccountId"] != account_id:
            raise refuse("the error for converting a lead into a contact of another account")
        if self._wish.overwrite_lead_source:
            contact = {**contact, "LeadSource": None}
        return self._fill("Contact", contact, values)

    def _opportunity(self, lead: Row, account_id: str, contact_id: str) -> str:
        """A new one: its first stage, the end of the fiscal quarter, the campaign that the lead joined last."""
        stages = [
            row for row in live(self.store, "OpportunityStage", IsClosed=0) if row["IsActive"]
        ]
        if not stages:
            raise refuse("converting a lead in an org without an open stage")
        first = min(stages, key=_place)
        members = live(self.store, "CampaignMember", LeadId=lead["Id"])
        latest = max(members, key=lambda row: (str(row["CreatedDate"]), str(row["Id"])), default={})
        values: dict[str, object] = {
            "Name": self._wish.opportunity_name or self._opportunity_name(lead),
            "AccountId": account_id,
            "ContactId": contact_id,
            "StageName": first["ApiName"],
            "CloseDate": self._end_of_quarter(),
            "OwnerId": self._owner(lead),
            "LeadSource": lead["LeadSource"],
            "CampaignId": latest.get("CampaignId"),
        }
        return self._insert("Opportunity", values)

    def _opportunity_name(self, lead: Row) -> str:
        name, field = f"{lead['Company']}-", self._sobject("Opportunity").find("Name")
        if field is not None and len(name) > field.length:
            raise refuse("the name of the opportunity of a lead whose company's name is that long")
        return name

    def _close(self, lead: Row, status: Value, made: Row) -> None:
        sobject = self._sobject("Lead")
        plan = self.store.plan(sobject)
        changes: Row = {
            "IsConverted": 1,
            "Status": status,
            "ConvertedDate": days.today(self.store, self.now),
            **made,
            **plan.modification(self.user_id, self.now),
        }
        if lead["OwnerId"] == self.user_id:
            changes["IsUnreadByOwner"] = 0
        self.store.update(plan, str(lead["Id"]), changes)
        after: Row = {**lead, **changes}
        follow(Change(sobject, lead, after, self.store, self.user_id, self.now))

    def _hand_over(self, lead_id: str, contact_id: str) -> None:
        for name, reference in _MOVING.items():
            key = "ContactId" if name == "CampaignMember" else reference
            for row in live(self.store, name, **{reference: lead_id}):
                move(self, self._sobject(name), row, {key: contact_id})

    def _owner(self, lead: Row) -> str:
        owner = self._wish.owner_id or str(lead["OwnerId"])
        if not owner.startswith("005"):
            raise refuse("the error for converting a lead of a queue without an owner")
        return owner

    def _end_of_quarter(self) -> str:
        today = date.fromisoformat(days.today(self.store, self.now))
        first = days.first_fiscal_month(self.store)
        months = 3 - (today.month - first) % 3  # until the next quarter begins
        year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
        return (date(year, month + 1, 1) - timedelta(days=1)).isoformat()

    def _live(self, name: str, record_id: str) -> Row:
        sobject = self._sobject(name)
        canonical = ids.canonical(record_id)
        if canonical is None or canonical[:3] != sobject.id_prefix:
            raise refuse(f"the error for converting with {record_id!r} as id of a {sobject.label}")
        row = self.store.find(sobject, canonical)
        if row is None:
            raise errors.NO_SUCH_REFERENCE()
        if row.get("IsDeleted"):
            raise errors.REFERENCE_IS_DELETED()
        return row

    def _insert(self, name: str, values: Mapping[str, object]) -> str:
        sobject = self._sobject(name)
        given = {key: value for key, value in values.items() if value is not None}
        return self._records.insert(sobject, given, user_id=self.user_id)

    def _fill(self, name: str, row: Row, values: Mapping[str, object]) -> str:
        """Give a record the values of its empty fields."""
        missing = {
            key: value
            for key, value in values.items()
            if value is not None and row.get(key) is None
        }
        record_id = str(row["Id"])
        if missing:
            self._records.update(self._sobject(name), record_id, missing, user_id=self.user_id)
        return record_id

    def _sobject(self, name: str) -> SObject:
        found = self.store.catalogue.find(name)
        if found is None:
            raise refuse(f"converting leads in an org without {name}")
        return found


def _mapped(lead: Row, mapping: Mapping[str, str]) -> dict[str, object]:
    return {theirs: lead[mine] for theirs, mine in mapping.items() if mine in lead}


def _place(row: Row) -> int:
    return int(str(row["SortOrder"] or 0))
