"""What a new org holds before a test does anything (metadata.md 5)."""

from __future__ import annotations

import pytest

from sfmock.errors import Refused
from sfmock.org.org import Org


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


def test_status_rows_have_ids_of_their_shared_prefix_and_no_two_are_alike(org: Org) -> None:
    ids = [
        each[0]
        for table in ("OpportunityStage", "LeadStatus", "CaseStatus", "TaskStatus", "PartnerRole")
        for each in rows(org, f"SELECT Id FROM {table}")
    ]
    assert {str(each)[:3] for each in ids} == {"01J"}
    assert len(set(ids)) == len(ids) == 10 + 4 + 4 + 5 + 13


@pytest.mark.parametrize("name", ["ListView", "Report", "LoginHistory", "EntityDefinition"])
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
