"""Records below HTTP: numbers, roll-back, loading, Python values."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from sfmock import ids
from sfmock.errors import SalesforceError
from sfmock.org.org import Org


def _insert(org: Org, sobject: str, **fields: object) -> str:
    return org.records.insert(org.schema[sobject], fields, user_id=org.admin_id)


def test_ids_count_up(org: Org) -> None:
    first, second = _insert(org, "Account", Name="A"), _insert(org, "Account", Name="B")

    assert first == ids.make("001", org.pod, 1)
    assert second == ids.make("001", org.pod, 2)


def test_a_failed_create_leaves_no_gap(org: Org) -> None:
    org.records.insert(org.schema["Case"], {}, user_id=org.admin_id)
    with pytest.raises(SalesforceError, match="invalid cross reference id"):
        _insert(org, "Case", ContactId=ids.make("003", org.pod, 99))

    again = org.records.find(org.schema["Case"], _insert(org, "Case"))

    assert again is not None
    assert again["CaseNumber"] == "00001001"
    assert again["Id"] == ids.make("500", org.pod, 2)


def test_numbers_roll_back_with_their_rows(org: Org) -> None:
    snapshot = org.db.snapshot()
    _insert(org, "Account", Name="A")
    org.db.restore(snapshot)

    assert _insert(org, "Account", Name="B") == ids.make("001", org.pod, 1)


def test_an_update_moves_the_stamps_by_the_clock_of_the_org(org: Org) -> None:
    org.clock.freeze(datetime(2024, 1, 1, tzinfo=UTC))
    record_id = _insert(org, "Account", Name="A")
    org.clock.advance(hours=1)

    org.records.update(org.schema["Account"], record_id, {}, user_id=org.admin_id)

    row = org.records.find(org.schema["Account"], record_id)
    assert row is not None
    assert row["CreatedDate"] == "2024-01-01T00:00:00.000+0000"
    assert row["LastModifiedDate"] == row["SystemModstamp"] == "2024-01-01T01:00:00.000+0000"


def test_a_deleted_row_is_found_in_the_recycle_bin_only(org: Org) -> None:
    account = org.schema["Account"]
    record_id = _insert(org, "Account", Name="A")
    org.records.delete(account, record_id, user_id=org.admin_id)

    assert org.records.find(account, record_id) is None
    row = org.records.find(account, record_id, deleted=True)
    assert row is not None
    assert row["IsDeleted"] == 1


def test_a_row_without_recycle_bin_is_gone(org: Org) -> None:
    group = org.schema["Group"]
    record_id = _insert(org, "Group", Name="G", Type="Regular")
    org.records.delete(group, record_id, user_id=org.admin_id)

    assert org.records.find(group, record_id, deleted=True) is None


def test_python_values_are_taken_as_they_are_meant(org: Org) -> None:
    org.schema.add_object("Thing__c")
    for name in ("date", "datetime", "time", "currency", "boolean"):
        org.schema.add_field("Thing__c", f"{name}__c", name)

    record_id = _insert(
        org,
        "Thing__c",
        date__c=date(2024, 2, 29),
        datetime__c=datetime(2024, 2, 29, 1, 2, 3, 4, tzinfo=UTC),
        time__c=time(1, 2, 3, 4000),
        currency__c=Decimal("1.25"),
        boolean__c=True,
    )

    row = org.records.find(org.schema["Thing__c"], record_id)
    assert row is not None
    assert [row[f"{name}__c"] for name in ("date", "datetime", "time", "currency", "boolean")] == [
        "2024-02-29",
        "2024-02-29T01:02:03.000+0000",
        "01:02:03.004Z",
        1.25,
        1,
    ]


def test_loading_keeps_what_is_given_and_runs_no_rule(org: Org) -> None:
    given = ids.make("001", org.pod, 70)
    org.records.load(
        org.schema["Account"],
        [{"Id": given[:15], "CreatedDate": "2001-01-01T00:00:00Z", "NumberOfEmployees": 5}],
    )

    row = org.records.find(org.schema["Account"], given)
    assert row is not None
    assert (row["Name"], row["CreatedDate"]) == (None, "2001-01-01T00:00:00.000+0000")
    assert _insert(org, "Account", Name="next") == ids.make("001", org.pod, 71)


def test_loaded_case_numbers_are_not_given_again(org: Org) -> None:
    org.records.load(org.schema["Case"], [{"CaseNumber": "00002000"}])

    row = org.records.find(org.schema["Case"], _insert(org, "Case"))

    assert row is not None
    assert row["CaseNumber"] == "00002001"


def test_loading_composes_the_name_of_a_person(org: Org) -> None:
    record_id = ids.make("003", org.pod, 5)
    org.records.load(
        org.schema["Contact"], [{"Id": record_id, "FirstName": "J", "LastName": "Doe"}]
    )

    row = org.records.find(org.schema["Contact"], record_id)
    assert row is not None
    assert row["Name"] == "J Doe"


def test_loading_an_unknown_field_is_a_mistake_of_the_test(org: Org) -> None:
    with pytest.raises(LookupError, match="Account has no field 'Foo'"):
        org.records.load(org.schema["Account"], [{"Foo": 1}])


def test_half_of_a_surrogate_pair_is_refused(org: Org) -> None:
    with pytest.raises(SalesforceError, match="surrogate"):
        _insert(org, "Account", Name="\ud800")


def test_a_contact_of_a_contact_forgets_it_when_it_goes(org: Org) -> None:
    boss = _insert(org, "Contact", LastName="Boss")
    worker = _insert(org, "Contact", LastName="Worker", ReportsToId=boss)

    org.records.delete(org.schema["Contact"], boss, user_id=org.admin_id)

    row = org.records.find(org.schema["Contact"], worker)
    assert row is not None
    assert row["ReportsToId"] is None


def test_a_converted_lead_cannot_be_changed(org: Org) -> None:
    lead = ids.make("00Q", org.pod, 5)
    org.records.load(
        org.schema["Lead"], [{"Id": lead, "LastName": "D", "Company": "C", "IsConverted": True}]
    )

    with pytest.raises(SalesforceError, match="cannot reference converted lead") as caught:
        org.records.update(org.schema["Lead"], lead, {"Company": "X"}, user_id=org.admin_id)

    assert caught.value.code == "CANNOT_UPDATE_CONVERTED_LEAD"


def test_loading_a_row_under_the_id_of_another_sobject_is_a_mistake_of_the_test(org: Org) -> None:
    with pytest.raises(ValueError, match="is no id of Account"):
        org.records.load(org.schema["Account"], [{"Id": ids.make("003", org.pod, 5)}])


def test_threads_write_rows_and_add_fields_side_by_side(org: Org) -> None:
    org.schema.add_object("Thing__c", fields={"Key__c": {"type": "string", "external_id": True}})
    key = org.schema["Thing__c"].find("Key__c")
    assert key is not None
    user = org.admin_id

    def work(number: int) -> None:
        org.schema.add_field("Thing__c", f"F{number}__c", "string")
        for each in range(10):
            org.records.upsert(
                org.schema["Thing__c"], key, f"k{each}", {f"F{number}__c": "x"}, user_id=user
            )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))

    everyone = " AND ".join(f"F{number}__c = 'x'" for number in range(8))
    assert org.count("Thing__c") == org.count("Thing__c", everyone) == 10
