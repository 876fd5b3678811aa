"""Org.create: values by describe that the API accepts, equal for equal seeds."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from sfmock.errors import SalesforceError
from sfmock.org.org import Org
from sfmock.org.record import Record

_SALES = (
    "AccountContactRole", "AccountTeamMember", "Asset", "Contract", "Individual", "OpportunityContactRole",
    "OpportunityLineItem", "OpportunityTeamMember", "Order", "OrderItem", "Pricebook2", "PricebookEntry", "Product2",
    "Quote", "QuoteLineItem",
)  # fmt: skip
_SERVICE = (
    "BusinessHours", "Campaign", "CampaignMember", "CampaignMemberStatus", "CaseComment", "EmailMessage", "Event", "Holiday",
    "Solution", "Topic",
)  # fmt: skip

_FILES = (
    "Attachment", "ContentDocumentLink", "ContentVersion", "Document", "Folder", "StaticResource",
)  # fmt: skip
_SETUP = (
    "UserRole", "GroupMember", "QueueSobject", "PermissionSet", "PermissionSetAssignment", "ObjectPermissions",
    "FieldPermissions", "Note",
)  # fmt: skip


@pytest.mark.parametrize(
    "sobject",
    [
        "Account",
        "Contact",
        "Opportunity",
        "Case",
        "Lead",
        "Task",
        "User",
        "Group",
        *_SALES,
        *_SERVICE,
        *_SETUP,
        *_FILES,
    ],
)
def test_create_makes_rows_of_every_sobject(org: Org, sobject: str) -> None:
    records = org.create(sobject, 60)
    assert len({record.id for record in records}) == 60
    for field in org.schema[sobject].fields:
        if not field.nillable:
            assert all(record[field.name] not in (None, "") for record in records), field.name
        if field.is_text and field.length:
            assert all(len(str(record[field.name] or "")) <= field.length for record in records)


def test_create_without_a_number_answers_one_record(org: Org) -> None:
    record = org.create("Account", Name="Acme")
    assert record["Name"] == "Acme"
    assert record.sobject == "Account"
    assert record["Phone"] is not None


def test_create_keeps_what_is_given_and_calls_callables_with_the_index(org: Org) -> None:
    records = org.create(
        "Account", 3, Name=lambda index: f"Acme {index}", industry="Energy", Phone=None
    )
    assert [record["Name"] for record in records] == ["Acme 0", "Acme 1", "Acme 2"]
    assert {record["Industry"] for record in records} == {"Energy"}
    assert {record["Phone"] for record in records} == {None}


def test_create_is_seeded() -> None:
    with Org.new(seed=4) as first, Org.new(seed=4) as second, Org.new(seed=5) as third:
        names = [
            [record["Name"] for record in each.create("Account", 5)]
            for each in (first, second, third)
        ]
    assert names[0] == names[1]
    assert names[0] != names[2]


def test_create_respects_unique_fields(org: Org) -> None:
    org.schema.add_object(
        "Thing__c",
        fields={
            "Code__c": {"type": "string", "length": 12, "unique": True, "external_id": True},
            "Number__c": {"type": "double", "precision": 4, "scale": 2, "unique": True},
            "Mail__c": {"type": "email", "unique": True},
        },
    )
    records = org.create("Thing__c", 200)
    for name in ("Code__c", "Number__c", "Mail__c"):
        assert len({record[name] for record in records}) == 200


def test_create_says_so_when_no_unique_value_is_left(org: Org) -> None:
    org.schema.add_field("Account", "Digit__c", "double", precision=1, unique=True)
    digest = org.digest()
    with pytest.raises(ValueError, match=r"Account\.Digit__c is unique"):
        org.create("Account", 20)
    assert org.digest() == digest


def test_create_respects_types_and_picklists(org: Org) -> None:
    org.schema.add_object(
        "Thing__c",
        fields={
            "Pick__c": {"type": "picklist", "values": ["a", "b"], "restricted": True},
            "Multi__c": {"type": "multipicklist", "values": ["x", "y", "z"], "restricted": True},
            "Small__c": {"type": "double", "precision": 2, "scale": 2},
            "Share__c": {"type": "percent", "precision": 5, "scale": 2},
            "Place__c": {"type": "location"},
            "Long__c": {"type": "textarea", "length": 4000, "nillable": False},
            "Short__c": {"type": "string", "length": 2, "nillable": False},
            "Day__c": {"type": "date"},
            "At__c": {"type": "time"},
            "When__c": {"type": "datetime"},
            "Link__c": {"type": "url"},
            "Flag__c": {"type": "boolean", "default": True},
        },
    )
    for record in org.create("Thing__c", 50):
        assert record["Pick__c"] in ("a", "b")
        assert set(record["Multi__c"].split(";")) <= {"x", "y", "z"}
        assert isinstance(record["Small__c"], Decimal)
        assert 0 <= record["Small__c"] < 1
        assert record["Flag__c"] is True
        assert list(record["Place__c"]) == ["latitude", "longitude"]


def test_create_makes_required_parents(org: Org) -> None:
    org.schema.add_object("Order__c")
    org.schema.add_field(
        "Order__c", "Account__c", "reference", reference_to="Account", nillable=False
    )
    org.schema.add_object("Line__c")
    org.schema.add_field(
        "Line__c", "Order__c", "reference", reference_to="Order__c", nillable=False
    )
    lines = org.create("Line__c", 3)
    order = org.get(lines[0]["Order__c"])
    assert {line["Order__c"] for line in lines} == {order.id}
    assert org.get(order["Account__c"]).sobject == "Account"


def test_create_uses_a_given_parent(org: Org) -> None:
    org.schema.add_object("Order__c")
    org.schema.add_field(
        "Order__c", "Account__c", "reference", reference_to="Account", nillable=False
    )
    account = org.create("Account")
    order: Record = org.create("Order__c", Account__c=account)
    assert order["Account__c"] == account.id
    assert org.db.value('SELECT COUNT(*) FROM "Account"') == 1


def test_created_user_is_active_and_has_a_profile(org: Org) -> None:
    user = org.create("User")
    assert user["IsActive"] is True
    assert org.get(user["ProfileId"])["Name"] == "Standard User"
    assert org.sessions.open(user.id).user_id == user.id


def test_create_gives_products_of_an_opportunity_prices_of_its_price_book(org: Org) -> None:
    book = org.create("Pricebook2")
    deal = org.create("Opportunity", Pricebook2Id=book.id, Amount=1)
    lines = org.create("OpportunityLineItem", 3, opportunityid=deal.id)
    for line in lines:
        entry = org.get(line["PricebookEntryId"])
        assert entry["Pricebook2Id"] == book.id
        assert line["UnitPrice"] == line["ListPrice"] == entry["UnitPrice"]
        assert line["TotalPrice"] == line["UnitPrice"] * line["Quantity"]
    assert org.get(deal.id)["Amount"] == sum(line["TotalPrice"] for line in lines)


def test_create_makes_the_standard_price_first(org: Org) -> None:
    book, product = org.create("Pricebook2"), org.create("Product2")
    entry = org.create("PricebookEntry", Pricebook2Id=book.id, Product2Id=product.id, UnitPrice=7)
    assert entry["IsActive"]
    assert org.count("PricebookEntry", f"Product2Id = '{product.id}'") == 2
    assert org.count("PricebookEntry", "Pricebook2.IsStandard = TRUE") == 1


def test_create_keeps_the_prices_that_are_given(org: Org) -> None:
    line = org.create("OpportunityLineItem", Quantity=4, TotalPrice=10)
    assert (line["UnitPrice"], line["TotalPrice"]) == (Decimal("2.5"), 10)
    again = org.create("OpportunityLineItem", Product2Id=line["Product2Id"], UnitPrice=3)
    assert again["PricebookEntryId"] == line["PricebookEntryId"]
    assert again["UnitPrice"] == 3


def test_lines_of_one_create_share_their_parent(org: Org) -> None:
    for sobject, key in (
        ("OpportunityLineItem", "OpportunityId"),
        ("QuoteLineItem", "QuoteId"),
        ("OrderItem", "OrderId"),
        ("Asset", "AccountId"),
        ("Order", "AccountId"),
    ):
        assert len({record[key] for record in org.create(sobject, 3)}) == 1


def test_lines_may_be_created_below_a_parent_named_by_external_id(org: Org) -> None:
    org.schema.add_field("Opportunity", "Key__c", "string", external_id=True)
    deal = org.create("Opportunity", Key__c="k1")
    line = org.create("OpportunityLineItem", Opportunity={"Key__c": "k1"})
    assert line["OpportunityId"] == deal.id


def test_create_of_an_order_takes_the_account_of_its_contract(org: Org) -> None:
    contract = org.create("Contract")
    assert org.create("Order", ContractId=contract.id)["AccountId"] == contract["AccountId"]


def test_create_of_a_price_says_so_where_there_is_no_standard_price_book() -> None:
    with Org.new("bare") as org:
        org.user("ada")
        with pytest.raises(LookupError, match="the org has no standard price book"):
            org.create("PricebookEntry")


@pytest.mark.parametrize(
    "given",
    [
        {"StartDateTime": "2024-01-05T08:00:00Z", "EndDateTime": "2024-01-05T09:00:00Z"},
        {"EndDateTime": datetime(2024, 1, 5, 9, tzinfo=UTC)},
        {"ActivityDateTime": "2024-01-05T08:00:00.000+0000"},
        {"ActivityDate": "2024-01-05"},
        {"ActivityDate": date(2024, 1, 5), "IsAllDayEvent": True},
        {"StartDateTime": "2024-01-05T00:00:00Z", "IsAllDayEvent": True},
    ],
)
def test_create_keeps_the_time_that_is_given_of_an_event(org: Org, given: dict[str, Any]) -> None:
    event = org.create("Event", **given)

    assert str(event["StartDateTime"]) < str(event["EndDateTime"]) or event["IsAllDayEvent"]
    assert event["EndDate"] == date(2024, 1, 5)


def test_create_makes_a_whole_day_event_of_a_flag_alone(org: Org) -> None:
    assert org.create("Event", IsAllDayEvent=True)["DurationInMinutes"] == 1440


def test_create_makes_members_of_one_campaign(org: Org) -> None:
    members = org.create("CampaignMember", 3)
    assert len({each["CampaignId"] for each in members}) == 1
    assert len({each["LeadId"] for each in members}) == 3

    contact = org.create("Contact")
    member = org.create("CampaignMember", ContactId=contact, Status="Responded")
    assert (member["LeadId"], member["ContactId"]) == (None, contact.id)
    assert member["HasResponded"] is True


@pytest.mark.parametrize(
    ("parent", "fields", "child", "key"),
    [
        ("Group", {"Type": "Queue"}, "QueueSobject", "QueueId"),
        ("Group", {"Type": "Regular"}, "GroupMember", "GroupId"),
        ("PermissionSet", {}, "ObjectPermissions", "ParentId"),
        ("PermissionSet", {}, "FieldPermissions", "ParentId"),
        ("PermissionSet", {}, "PermissionSetAssignment", "PermissionSetId"),
    ],
)
def test_create_gives_rows_of_one_parent_what_only_one_of_them_may_have(
    org: Org, parent: str, fields: dict[str, str], child: str, key: str
) -> None:
    owner = org.create(parent, None, **fields)
    made = org.create(child, 3, **{key: owner})
    assert len({each.id for each in made}) == 3
    assert {each[key] for each in made} == {owner.id}


def test_create_says_so_when_a_queue_has_all_that_it_may_own(org: Org) -> None:
    queue = org.create("Group", Type="Queue")
    with pytest.raises(ValueError, match="QueueSobject: nothing is left for SobjectType"):
        org.create("QueueSobject", 5, QueueId=queue)


def test_create_makes_versions_and_links_of_one_file(org: Org) -> None:
    version = org.create("ContentVersion")
    document_id = version["ContentDocumentId"]
    later = org.create("ContentVersion", 2, ContentDocumentId=document_id)
    assert [each["VersionNumber"] for each in later] == ["2", "3"]
    links = org.create("ContentDocumentLink", 2, ContentDocumentId=document_id)
    assert len({each["LinkedEntityId"] for each in links}) == 2
    assert org.create("ContentVersion", ContentUrl="https://example.com")["FileType"] == "LINK"


def _with_places(org: Org, **town: Any) -> None:
    org.schema.add_object(
        "Place__c",
        fields={
            "Country__c": {"type": "picklist", "values": ["France", "Peru", "Nowhere"]},
            "Town__c": {
                "type": "picklist",
                "values": ["Lyon", "Lima"],
                "controller": "Country__c",
                "valid_for": {"Lyon": ["France"], "Lima": ["Peru"]},
                **town,
            },
        },
    )


def test_create_chooses_what_a_required_dependent_picklist_can_go_with(org: Org) -> None:
    _with_places(org, nillable=False)
    places = org.create("Place__c", 40)
    assert {(each["Country__c"], each["Town__c"]) for each in places} == {
        ("France", "Lyon"),
        ("Peru", "Lima"),
    }


def test_create_leaves_a_default_where_it_goes_with_the_controlling_value(org: Org) -> None:
    _with_places(org, default="Lima")
    places = org.create("Place__c", 40)
    assert {(each["Country__c"], each["Town__c"]) for each in places} == {
        ("France", "Lyon"), ("Peru", "Lima"), ("Nowhere", None),
    }  # fmt: skip


def test_create_says_so_when_nothing_goes_with_a_given_controlling_value(org: Org) -> None:
    _with_places(org, nillable=False)
    with pytest.raises(SalesforceError, match=r"Required fields are missing: \[Town__c\]"):
        org.create("Place__c", Country__c="Nowhere")


def test_create_gives_a_value_where_a_record_type_lacks_the_default(org: Org) -> None:
    org.schema.add_object(
        "Thing__c",
        fields={"Size__c": {"type": "picklist", "values": ["S", "M", "L"], "default": "M"}},
    )
    org.schema.add_record_type(
        "Thing__c", "Extreme", default=True, picklists={"Size__c": ["S", "L"]}
    )
    assert {each["Size__c"] for each in org.create("Thing__c", 30)} == {"S", "L"}


def test_create_gives_unique_fields_a_value_of_their_own_in_spite_of_a_default(org: Org) -> None:
    org.schema.add_field("Account", "Code__c", "string", unique=True, default="x", length=12)
    assert len({each["Code__c"] for each in org.create("Account", 9)}) == 9


def test_create_makes_settings_for_the_organization_and_then_for_one_user_each(org: Org) -> None:
    org.schema.add_object("Rates__c", custom_setting="Hierarchy")
    first, *others = (each["SetupOwnerId"] for each in org.create("Rates__c", 3))
    assert first == org.id
    assert [org.get(each).sobject for each in others] == ["User", "User"]
    given = org.create("User")
    assert org.create("Rates__c", SetupOwnerId=given)["SetupOwnerId"] == given.id


def test_create_makes_a_document_without_a_body_where_it_is_given_an_address(org: Org) -> None:
    document = org.create("Document", Url="https://example.com")
    assert (document["Body"], document["BodyLength"]) == (None, 0)
