"""The pack `sales`: about 400 linked records, made under the org's own rules and kept as readable files."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

import sfmock_orgs
from sfmock.org.org import Org

MAKER = Path(__file__).parents[2] / "fixtures" / "make_sales.py"


@pytest.fixture
def sales() -> Org:
    return Org.new("sales", seed=5)


def _maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_sales", MAKER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(not MAKER.is_file(), reason="the script that makes the pack is not here")
def test_the_files_are_what_their_maker_makes_today() -> None:
    maker = _maker()
    with Org.new("developer", seed=2026) as org:
        maker.build(org)
        written = maker.text(maker.dump(org))
    assert (sfmock_orgs.sales / "records.json").read_text("utf-8") == written, (
        "a rule has changed: run `python fixtures/make_sales.py`"
    )


@pytest.mark.parametrize(
    ("sobject", "count"),
    [("Account", 20), ("Contact", 40), ("Lead", 24), ("Opportunity", 30), ("OpportunityLineItem", 45), ("Product2", 8),
     ("PricebookEntry", 8), ("Campaign", 3), ("CampaignMember", 24), ("Case", 20), ("Task", 24), ("Event", 8)],
)  # fmt: skip
def test_there_are_rows_of_twelve_objects(sales: Org, sobject: str, count: int) -> None:
    assert sales.count(sobject) == count


def test_records_are_linked_and_their_totals_fit(sales: Org) -> None:
    opportunities = sales.query("SELECT Id, Amount, Account.Name, Campaign.Name FROM Opportunity")
    items = sales.query("SELECT OpportunityId, TotalPrice FROM OpportunityLineItem")
    assert isinstance(opportunities, list)
    assert isinstance(items, list)
    for each in opportunities:
        assert each["Account"]["Name"]
        mine = [item["TotalPrice"] for item in items if item["OpportunityId"] == each.id]
        assert each["Amount"] == sum(mine)


def test_ids_in_texts_are_those_of_this_org(sales: Org) -> None:
    account = sales.query("SELECT Id, PhotoUrl FROM Account LIMIT 1")
    assert isinstance(account, list)
    assert account[0]["PhotoUrl"] == f"/services/images/photo/{account[0].id}"


def test_numbers_go_on_behind_those_of_the_pack(sales: Org) -> None:
    assert sales.insert("Case", {"Subject": "New"})["CaseNumber"] == "00001020"
    assert sales.insert("Account", {"Name": "New"}).id[6:15] == "00000000L"


def test_equal_seeds_give_equal_orgs() -> None:
    with Org.new("sales", seed=7) as one, Org.new("sales", seed=7) as other:
        one.clock.freeze(other.clock.now)
        assert one.query("SELECT Id FROM Lead") == other.query("SELECT Id FROM Lead")


def test_whom_a_past_event_is_about_shows_it(sales: Org) -> None:
    events = sales.query("SELECT ActivityDate, WhoId, AccountId FROM Event")
    assert isinstance(events, list)
    for event in events:
        for name in ("WhoId", "AccountId"):
            assert sales.get(event[name])["LastActivityDate"] >= event["ActivityDate"]
