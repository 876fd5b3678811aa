"""A plan that is known may not outlive what it was made for: the user's zone and locale, and what the tables hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sfmock import Org
from sfmock.errors import Refused, SalesforceError
from sfmock.org.prepared import Prepared
from sfmock.versions import Version

HOUR = "SELECT HOUR_IN_DAY(convertTimezone(CreatedDate)) h FROM Account GROUP BY HOUR_IN_DAY(convertTimezone(CreatedDate))"
V60 = Version(60)


@pytest.fixture(scope="module")
def shared_org() -> Iterator[Org]:
    with Org.new() as org:
        org.clock.freeze(datetime(2026, 1, 15, 12, tzinfo=UTC))
        org.update(org.admin_id, TimeZoneSidKey="GMT")
        org.create("Account")
        org.db.begin()
        yield org


@pytest.fixture
def org(shared_org: Org) -> Iterator[Org]:
    yield shared_org
    shared_org.db.reset()


def _hour(org: Org, user_id: str | None = None) -> object:
    """The hour at which the account was made, by a user's clock; asked twice, the second time of what is known."""
    page = [
        org.queries.page(HOUR, user_id=user_id or org.admin_id, version=V60).records
        for _ in range(2)
    ]
    assert page[0] == page[1]
    return int(page[0].rpartition(":")[2].rstrip("}]"))


def _prepared(org: Org, soql: str) -> Prepared:
    return org.queries.prepared(soql, user_id=org.admin_id, version=V60)


def test_same_query_is_made_ready_once_until_a_row_is_written(org: Org) -> None:
    first = _prepared(org, HOUR)
    assert _prepared(org, HOUR) is first


def test_users_new_zone_counts_from_the_next_query_on(org: Org) -> None:
    before = _hour(org)
    org.update(org.admin_id, TimeZoneSidKey="Asia/Tokyo")
    assert (before, _hour(org)) == (12, 21)


def test_zone_written_past_all_rules_counts_as_well(org: Org) -> None:
    before = _hour(org)
    org.db.execute('UPDATE "User" SET "TimeZoneSidKey" = ?', ("Europe/Vienna",))
    assert (before, _hour(org)) == (12, 13)


def test_zone_of_a_transaction_that_fails_is_gone_with_it(org: Org) -> None:
    seen = [_hour(org)]
    with suppress(ZeroDivisionError), org.db.transaction():
        org.update(org.admin_id, TimeZoneSidKey="Asia/Tokyo")
        seen.append(_hour(org))
        raise ZeroDivisionError
    assert [*seen, _hour(org)] == [12, 21, 12]


def test_restore_brings_the_former_zone_back(org: Org) -> None:
    snapshot = org.snapshot()
    org.update(org.admin_id, TimeZoneSidKey="Asia/Tokyo")
    changed = _hour(org)
    org.restore(snapshot)
    assert (changed, _hour(org)) == (21, 12)


def test_reset_brings_the_first_zone_back(org: Org) -> None:
    org.update(org.admin_id, TimeZoneSidKey="Asia/Tokyo")
    changed = _hour(org)
    org.db.reset()
    assert (changed, _hour(org)) == (21, 12)


def test_zone_that_comes_again_after_a_rollback_is_not_taken_for_the_former_one(org: Org) -> None:
    snapshot = org.snapshot()
    seen: list[object] = []
    for zone in ("Asia/Tokyo", "Europe/Vienna", "Asia/Tokyo"):
        org.update(org.admin_id, TimeZoneSidKey=zone)
        seen.append(_hour(org))
        org.restore(snapshot)
        seen.append(_hour(org))
    assert seen == [21, 12, 13, 12, 21, 12]


def test_two_users_have_each_their_own_zone(org: Org) -> None:
    other = org.user("Ada", TimeZoneSidKey="Asia/Tokyo").id
    assert [_hour(org, each) for each in (org.admin_id, other, None, other)] == [12, 21, 12, 21]


def test_file_org_that_goes_back_to_a_snapshot_goes_back_to_its_zone(tmp_path: Path) -> None:
    path = tmp_path / "org.db"
    with Org.new() as made:
        made.clock.freeze(datetime(2026, 1, 15, 12, tzinfo=UTC))
        made.update(made.admin_id, TimeZoneSidKey="GMT")
        made.create("Account")
        made.save(path)
    with Org.open(path, durable=True) as org:
        snapshot = org.snapshot()
        org.update(org.admin_id, TimeZoneSidKey="Asia/Tokyo")
        changed = _hour(org)
        org.restore(snapshot)
        assert (changed, _hour(org)) == (21, 12)


@pytest.mark.parametrize(
    ("field", "value", "soql"),
    [
        ("LocaleSidKey", "de_DE", "SELECT Id FROM Account WHERE CreatedDate = THIS_WEEK"),
        ("LocaleSidKey", "de_DE", "SELECT Id FROM Account ORDER BY Name"),
        ("LocaleSidKey", "de_DE", "SELECT FORMAT(CreatedDate) FROM Account"),
        ("TimeZoneSidKey", "Mars/Olympus", "SELECT Id FROM Account"),
    ],
)
def test_user_whose_setting_is_not_known_is_refused_from_then_on_and_no_longer(
    org: Org, field: str, value: str, soql: str
) -> None:
    known = _prepared(org, soql)
    org.db.execute(f'UPDATE "User" SET "{field}" = ?', (value,))
    for _ in range(2):
        with pytest.raises(Refused):
            _prepared(org, soql)
    org.db.reset()
    assert _prepared(org, soql) is known


def test_rows_that_the_platform_fills_are_refused_again_once_they_are_gone(org: Org) -> None:
    soql = "SELECT Name FROM Report"
    refused = [_refused(org, soql)]
    org.load({"Report": [{"Name": "Pipeline"}]})
    refused.append(_refused(org, soql))
    org.db.reset()
    assert [*refused, _refused(org, soql)] == [True, False, True]


def test_field_that_is_gone_with_the_schema_is_not_found_any_more(org: Org) -> None:
    soql = "SELECT Level__c FROM Account"
    org.schema.add_field("Account", "Level__c", "string", length=20)
    _prepared(org, soql)
    org.db.reset()
    with pytest.raises(SalesforceError, match="No such column 'Level__c'"):
        _prepared(org, soql)


def test_rows_of_the_schema_are_there_again_after_a_query_that_found_none(org: Org) -> None:
    soql = "SELECT QualifiedApiName FROM EntityDefinition WHERE QualifiedApiName = '{}'"
    names = ("Account", "Account", "Nowhere__c", "Account")
    found = [
        org.queries.page(soql.format(each), user_id=org.admin_id, version=V60).total
        for each in names
    ]
    assert found == [1, 1, 0, 1]


def test_counting_a_call_leaves_what_is_ready_as_it_is(org: Org) -> None:
    mark = org.db.mark
    org.db.tally("INSERT INTO sf_api_call VALUES (1, 1)")
    counted = org.db.mark
    org.db.execute("INSERT INTO sf_api_call VALUES (2, 1)")
    assert (counted == mark, org.db.mark == mark) == (True, False)


def _refused(org: Org, soql: str) -> bool:
    try:
        _prepared(org, soql)
    except Refused:
        return True
    return False
