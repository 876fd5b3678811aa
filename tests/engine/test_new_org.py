"""What a new org holds before a test does anything (metadata.md 5)."""

from __future__ import annotations

import re
import time

import pytest

from sfmock.errors import Refused, SalesforceError
from sfmock.org.org import Org
from sfmock.org.seeding import PREPARED
from sfmock.store import files


def rows(org: Org, soql: str) -> list[tuple[object, ...]]:
    found = org.query(soql)
    assert isinstance(found, list)
    return [tuple(each.values()) for each in found]


@pytest.mark.parametrize("pack", ["developer", "bare"])
def test_every_org_has_the_stages_of_a_new_one(pack: str) -> None:
    with Org.new(pack) as org:
        if pack == "bare":
            org.user("Ada Admin")
        found = rows(
            org,
            "SELECT MasterLabel, SortOrder, DefaultProbability, ForecastCategory, IsClosed, IsWon"
            " FROM OpportunityStage ORDER BY SortOrder",
        )
    assert [each[:3] for each in found] == [
        ("Prospecting", 1, 10),
        ("Qualification", 2, 10),
        ("Needs Analysis", 3, 20),
        ("Value Proposition", 4, 50),
        ("Id. Decision Makers", 5, 60),
        ("Perception Analysis", 6, 70),
        ("Proposal/Price Quote", 7, 75),
        ("Negotiation/Review", 8, 90),
        ("Closed Won", 9, 100),
        ("Closed Lost", 10, 0),
    ]
    assert found[-2][3:] == ("Closed", True, True)
    assert found[-1][3:] == ("Omitted", True, False)


@pytest.mark.parametrize(
    ("soql", "expected"),
    [
        (
            "SELECT ApiName, IsConverted FROM LeadStatus WHERE IsDefault = true",
            [("Open - Not Contacted", False)],
        ),
        ("SELECT ApiName FROM CaseStatus WHERE IsClosed = true", [("Closed",)]),
        ("SELECT ApiName FROM TaskStatus WHERE IsClosed = true", [("Completed",)]),
        ("SELECT ApiName FROM TaskPriority WHERE IsHighPriority = true", [("High",)]),
        ("SELECT ApiName, StatusCode FROM ContractStatus WHERE IsDefault = true", [("Draft", "Draft")]),
        ("SELECT ApiName FROM OrderStatus WHERE IsDefault = true", []),
        ("SELECT ApiName FROM SolutionStatus WHERE IsReviewed = true", [("Reviewed",)]),
        ("SELECT ApiName FROM PartnerRole WHERE SortOrder = 13", [("Consultant",)]),
        ("SELECT Name, IsActive FROM Pricebook2 WHERE IsStandard = true", [("Standard Price Book", False)]),
        ("SELECT Name, IsDefault, TimeZoneSidKey FROM BusinessHours", [("Default", True, "America/Los_Angeles")]),
        ("SELECT LicenseDefinitionKey FROM UserLicense WHERE Name = 'Salesforce'", [("SFDC",)]),
        ("SELECT Name, UserLicense.Name FROM Profile WHERE Name LIKE 'Salesforce API%'", [("Salesforce API Only System Integrations", {"Name": "Salesforce Integration"})]),
        ("SELECT Name FROM Profile WHERE UserLicenseId = null", []),
        # the platform's own users have no profile: clients filter them by that
        ("SELECT Name, UserType FROM User WHERE ProfileId = null ORDER BY Name", [("Automated Process", "AutomatedProcess"), ("Platform Integration User", "CloudIntegrationUser")]),
        ("SELECT Name, UsedLicenses FROM UserLicense ORDER BY Name", [("Chatter Free", 1), ("Salesforce", 1), ("Salesforce Integration", 2), ("Salesforce Platform", 0)]),
        ("SELECT Id FROM Account", []),
    ],
)  # fmt: skip
def test_a_new_developer_org_holds_its_setup_rows(
    org: Org, soql: str, expected: list[tuple[object, ...]]
) -> None:
    assert rows(org, soql) == expected


def test_the_organization_of_a_new_org_is_as_recorded(org: Org) -> None:
    found = org.get(org.id)
    assert found["Id"] == org.id
    expected = {
        "OrganizationType": "Developer Edition", "IsSandbox": False, "TrialExpirationDate": None, "NamespacePrefix": None,
        "DefaultLocaleSidKey": "en_US", "LanguageLocaleKey": "en_US", "TimeZoneSidKey": "America/Los_Angeles",
        "FiscalYearStartMonth": 1, "UsesStartDateAsFiscalYearName": False, "UiSkin": "Theme3", "DefaultAccountAccess": "Edit",
        "DefaultContactAccess": "ControlledByParent", "DefaultOpportunityAccess": "Edit",
        "DefaultLeadAccess": "ReadEditTransfer", "DefaultCaseAccess": "ReadEditTransfer",
        "DefaultCalendarAccess": "HideDetailsInsert", "DefaultPricebookAccess": "ReadSelect", "DefaultCampaignAccess": "All",
        "PrimaryContact": "Ada Admin",
    }  # fmt: skip
    assert {name: found[name] for name in expected} == expected
    assert re.fullmatch(r"(NA|USA)\d+", str(found["InstanceName"]))


@pytest.mark.parametrize(
    ("table", "flag", "expected"),
    [
        ("LeadStatus", "IsConverted", ["Open - Not Contacted *", "Working - Contacted", "Closed - Converted +", "Closed - Not Converted"]),
        ("CaseStatus", "IsClosed", ["New *", "Working", "Escalated", "Closed +"]),
        ("TaskStatus", "IsClosed", ["Not Started *", "In Progress", "Completed +", "Waiting on someone else", "Deferred"]),
        ("TaskPriority", "IsHighPriority", ["High +", "Normal *", "Low"]),
        ("SolutionStatus", "IsReviewed", ["Draft *", "Reviewed +", "Duplicate"]),
    ],
)  # fmt: skip
def test_a_status_table_of_a_new_org(org: Org, table: str, flag: str, expected: list[str]) -> None:
    """Its values in order, with a star behind the default and a plus behind what is closed, converted and so on."""
    found = rows(org, f"SELECT MasterLabel, ApiName, IsDefault, {flag} FROM {table} ORDER BY SortOrder")  # fmt: skip
    assert [
        f"{label}{' *' if default else ''}{' +' if plus else ''}"
        for label, _, default, plus in found
    ] == expected
    assert [label for label, *_ in found] == [name for _, name, *_ in found]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("ContractStatus", [("In Approval Process", "InApproval", False), ("Activated", "Activated", False), ("Draft", "Draft", True)]),
        ("OrderStatus", [("Draft", "Draft", False), ("Activated", "Activated", False)]),
    ],
)  # fmt: skip
def test_a_status_table_with_categories(
    org: Org, table: str, expected: list[tuple[object, ...]]
) -> None:
    assert rows(org, f"SELECT MasterLabel, StatusCode, IsDefault FROM {table} ORDER BY SortOrder") == expected  # fmt: skip


def test_stages_have_their_forecast_categories(org: Org) -> None:
    found = rows(org, "SELECT ForecastCategory, ForecastCategoryName, IsClosed, IsWon FROM OpportunityStage ORDER BY SortOrder")  # fmt: skip
    assert found == [("Pipeline", "Pipeline", False, False)] * 8 + [
        ("Closed", "Closed", True, True),
        ("Omitted", "Omitted", True, False),
    ]


def test_partner_roles_of_a_new_org(org: Org) -> None:
    assert [name for (name,) in rows(org, "SELECT MasterLabel FROM PartnerRole ORDER BY SortOrder")] == [
        "System Integrator", "Agency", "Advertiser", "VAR/Reseller", "Distributor", "Developer", "Broker", "Lender",
        "Supplier", "Institution", "Contractor", "Dealer", "Consultant",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sobject", "field", "values", "default"),
    [
        ("Account", "Type", "Prospect, Customer - Direct, Customer - Channel, Channel Partner / Reseller, Installation Partner, Technology Partner, Other", None),
        ("Account", "Rating", "Hot, Warm, Cold", None),
        ("Lead", "LeadSource", "Web, Phone Inquiry, Partner Referral, Purchased List, Other", None),
        ("Case", "Priority", "High, Medium, Low", "Medium"),
        ("Case", "Origin", "Phone, Email, Web", None),
        ("Event", "ShowAs", "Busy, OutOfOffice, Free", "Busy"),
        ("Contact", "Salutation", "Mr., Ms., Mrs., Dr., Prof.", None),
    ],
)  # fmt: skip
def test_a_picklist_of_a_new_org_has_the_recorded_values(
    org: Org, sobject: str, field: str, values: str, default: str | None
) -> None:
    found = org.schema[sobject].by_name[field.lower()].picklist
    assert [each.value for each in found] == values.split(", ")
    assert next((each.value for each in found if each.default), None) == default


def test_business_hours_of_a_new_org_are_round_the_clock(org: Org) -> None:
    (found,) = org.query("SELECT Id FROM BusinessHours") or []  # type: ignore[misc]  # records, for it counts nothing
    hours = org.get(found.id)
    days = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
    assert {str(hours[f"{day}{end}Time"]) for day in days for end in ("Start", "End")} == {"00:00:00"}  # fmt: skip
    assert (hours["Name"], hours["IsDefault"], hours["IsActive"]) == ("Default", True, True)


@pytest.mark.parametrize("name", ["RecordType", "UserRole", "Account", "Contact", "Opportunity", "Lead", "Case", "Product2"])  # fmt: skip
def test_a_new_org_has_no_rows_of_an_object(org: Org, name: str) -> None:
    assert org.count(name) == 0


@pytest.mark.parametrize("name", ["IsPersonAccount", "PersonEmail", "PersonContactId", "FirstName"])
def test_person_accounts_are_no_columns_of_a_new_org(org: Org, name: str) -> None:
    assert org.schema["Account"].find(name) is None
    with pytest.raises(SalesforceError, match=f"No such column '{name}' on entity 'Account'"):
        org.query(f"SELECT {name} FROM Account")


def test_the_currencies_of_a_new_org_are_no_type(org: Org) -> None:
    with pytest.raises(SalesforceError, match="sObject type 'CurrencyType' is not supported"):
        org.query("SELECT Id FROM CurrencyType")


def test_each_profile_of_a_new_org_owns_a_permission_set(org: Org) -> None:
    found = rows(org, "SELECT ProfileId, Name, IsCustom FROM PermissionSet WHERE IsOwnedByProfile = true")  # fmt: skip
    assert {profile for profile, *_ in found} == {each for (each,) in rows(org, "SELECT Id FROM Profile")}  # fmt: skip
    assert all(re.fullmatch(r"X00e\w{12}", str(name)) for _, name, _ in found)


def test_status_rows_have_ids_of_their_shared_prefix_and_no_two_are_alike(org: Org) -> None:
    ids = [
        each[0]
        for table in ("OpportunityStage", "LeadStatus", "CaseStatus", "TaskStatus", "PartnerRole")
        for each in rows(org, f"SELECT Id FROM {table}")
    ]
    assert {str(each)[:3] for each in ids} == {"01J"}
    assert len(set(ids)) == len(ids) == 10 + 4 + 4 + 5 + 13


@pytest.mark.parametrize("name", ["ListView", "Report", "LoginHistory"])
def test_rows_that_the_platform_makes_and_the_fake_does_not_are_refused(
    org: Org, name: str
) -> None:
    with pytest.raises(Refused, match=f"rows of {name}"):
        org.query(f"SELECT Id FROM {name}")


def test_rows_that_were_loaded_in_the_platforms_place_are_read(org: Org) -> None:
    org.load({"Report": [{"Name": "Pipeline", "DeveloperName": "Pipeline"}]})
    assert rows(org, "SELECT Name FROM Report") == [("Pipeline",)]


def test_first_rows_come_again_after_a_restore_that_took_their_table_away(org: Org) -> None:
    snapshot, before = org.snapshot(), org.digest()
    first = rows(org, "SELECT Id, CreatedDate FROM Pricebook2")
    org.restore(snapshot)
    org.clock.advance(days=1)
    assert rows(org, "SELECT Id, CreatedDate FROM Pricebook2") == first
    assert org.digest() == before


def test_the_administrator_of_a_new_org_made_its_statuses(org: Org) -> None:
    assert set(rows(org, "SELECT CreatedById, LastModifiedById FROM CaseStatus")) == {
        (org.admin_id, org.admin_id)
    }
    assert org.count("UserLicense", "UsedLicensesLastUpdated = NULL") == 0


@pytest.mark.parametrize("pack", ["developer", "bare", "sales"])
def test_an_org_that_begins_with_a_copy_of_its_tables_is_like_the_first_one(
    pack: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_700_000_000.0)
    monkeypatch.setattr(files, "_images", {})
    tables = "SELECT name, sql FROM sqlite_master ORDER BY name"
    first_rows = [f'SELECT * FROM "{name}" ORDER BY "Id"' for name in PREPARED]
    found = []
    for _ in range(2):
        with Org.new(pack) as org:
            held = [org.db.rows(sql) for sql in (tables, *first_rows)]
            # two orgs of a process have two domains
            found.append(str(held).lower().replace(org.domain.lower(), "domain"))

    assert found[0] == found[1]
    assert len(files._images) == 1
