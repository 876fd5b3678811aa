"""The Org as a test meets it: identity, packs, writing, snapshots, digest."""

from __future__ import annotations

import json
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from sfmock import ids
from sfmock.errors import Refused, SalesforceError
from sfmock.org.org import Org


def test_equal_seeds_give_equal_ids_and_different_hosts() -> None:
    with Org.new(seed=3) as first, Org.new(seed=3) as second:
        assert first.id == second.id
        assert first.admin_id == second.admin_id
        assert first.my_domain != second.my_domain
        assert first.create("Lead")["Email"] == second.create("Lead")["Email"]


def test_different_seeds_give_different_ids() -> None:
    pods = set()
    for seed in range(40):
        with Org.new("bare", seed) as org:
            pods.add(org.pod)
            assert ids.canonical(org.id) == org.id
            assert org.id.startswith(f"00D{org.pod}")
    assert len(pods) == 40


def test_my_domain_is_that_of_a_developer_edition(org: Org) -> None:
    name, _, rest = org.my_domain.partition(".")
    assert rest == "develop.my.salesforce.com"
    assert len(name) == len("sfmock-") + 12
    assert int(name.removeprefix("sfmock-"), 16) >= 0


def test_developer_pack_has_the_rows_of_a_new_developer_edition_org(org: Org) -> None:
    rows = org.db.rows('SELECT "Name", "UserType", "IsActive" FROM "User" ORDER BY "Id"')
    assert rows == [
        ("Ada Admin", "Standard", 1),
        ("Automated Process", "AutomatedProcess", 1),
        ("Integration User", "Standard", 1),
        ("Security User", "Standard", 1),
        ("Platform Integration User", "CloudIntegrationUser", 1),
        ("Chatter Expert", "CsnOnly", 1),
    ]
    assert org.db.rows('SELECT "Id", "OrganizationType" FROM "Organization"') == [
        (org.id, "Developer Edition")
    ]
    assert [name for (name,) in org.db.rows('SELECT "Name" FROM "Profile" ORDER BY "Id"')] == [
        "System Administrator",
        "Standard User",
        "Read Only",
        "Standard Platform User",
        "Minimum Access - Salesforce",
        "Salesforce API Only System Integrations",
        "Chatter Free User",
    ]


def test_admin_is_a_system_administrator(org: Org) -> None:
    admin = org.get(org.admin_id)
    assert admin["Name"] == "Ada Admin"
    assert admin["IsActive"] is True
    assert org.get(admin["ProfileId"])["Name"] == "System Administrator"


def test_usernames_are_unique_across_orgs() -> None:
    with Org.new() as first, Org.new() as second:
        names = [
            {name for (name,) in each.db.rows('SELECT "Username" FROM "User" LIMIT 1')}
            for each in (first, second)
        ]
        assert names[0].isdisjoint(names[1])


def test_bare_org_has_no_row_and_says_how_to_get_a_user() -> None:
    with Org.new("bare") as org:
        with pytest.raises(LookupError, match=r"org\.user"):
            _ = org.admin_id
        assert org.user("Ada Admin").id == org.admin_id


def test_unknown_pack_is_refused_with_the_known_names() -> None:
    with pytest.raises(LookupError, match="bare, developer"):
        Org.new("nothing")


def test_pack_in_a_folder_is_loaded(tmp_path: Path) -> None:
    import sfmock_orgs

    schema = sfmock_orgs.developer.parent / "standard.jsonl"
    (tmp_path / "pack.json").write_text(
        json.dumps({"name": "mine", "schema": str(schema), "records": "rows.json"})
    )
    rows = {
        "Account": [{"@ref": "acme", "Name": "Acme", "AnnualRevenue": 5}],
        "Contact": [{"LastName": "Ray", "Name": "Ray", "AccountId": "@acme"}],
    }
    (tmp_path / "rows.json").write_text(json.dumps(rows))
    with Org.new(tmp_path) as org:
        org.user("Ada Admin")
        accounts = org.query("SELECT Id, AnnualRevenue, IsDeleted FROM Account")
        contacts = org.query("SELECT AccountId FROM Contact")
        assert isinstance(accounts, list)
        assert isinstance(contacts, list)
        (account,), (contact,) = accounts, contacts
        assert contact["AccountId"] == account.id
        assert account["AnnualRevenue"] == 5
        assert account["IsDeleted"] is False


def test_pack_that_points_to_no_row_is_refused(tmp_path: Path) -> None:
    import sfmock_orgs

    schema = sfmock_orgs.developer.parent / "standard.jsonl"
    (tmp_path / "pack.json").write_text(
        json.dumps({"name": "mine", "schema": str(schema), "records": "rows.json"})
    )
    (tmp_path / "rows.json").write_text('{"Contact": [{"AccountId": "@acme"}]}')
    with pytest.raises(LookupError, match='"@ref": "acme"'):
        Org.new(tmp_path)


def test_second_org_of_a_process_opens_fast() -> None:
    Org.new().close()
    best = 1.0
    for seed in range(5):
        started = time.perf_counter()
        Org.new(seed=seed).close()
        best = min(best, time.perf_counter() - started)
    assert best < 0.03  # 3 ms alone on the machine; a shared one is slow


def test_insert_answers_python_values(org: Org) -> None:
    record = org.insert("Opportunity", {
        "Name": "Big", "StageName": "Prospecting", "CloseDate": date(2026, 5, 1), "Amount": Decimal("12.50"),
    })  # fmt: skip
    assert record["CloseDate"] == date(2026, 5, 1)
    assert record["amount"] == Decimal("12.5")
    assert record["IsDeleted"] is False
    assert record["CreatedDate"].tzinfo is UTC
    assert repr(record) == f"<Record Opportunity {record.id} 'Big'>"


def test_insert_obeys_the_rules_of_the_api(org: Org) -> None:
    with pytest.raises(SalesforceError) as caught:
        org.insert("Account", {"Industry": "Energy"})
    assert caught.value.code == "REQUIRED_FIELD_MISSING"
    assert caught.value.fields == ("Name",)


def test_insert_of_a_list_is_whole_or_not_at_all(org: Org) -> None:
    digest = org.digest()
    with pytest.raises(SalesforceError):
        org.insert("Account", [{"Name": "Acme"}, {"Name": "x" * 256}])
    assert org.digest() == digest
    acme, globex = org.insert("Account", [{"Name": "Acme"}, {"Name": "Globex"}])
    assert (acme["Name"], globex["Name"]) == ("Acme", "Globex")


def test_records_stand_for_their_ids(org: Org) -> None:
    account = org.insert("Account", {"Name": "Acme"})
    contact = org.insert("Contact", {"LastName": "Ray", "AccountId": account})
    assert contact["AccountId"] == account.id


def test_update_changes_a_record(org: Org) -> None:
    account = org.insert("Account", {"Name": "Acme"})
    assert org.update(account.id, Industry="Energy")["Industry"] == "Energy"
    assert org.update(account.id[:15], Industry=None)["Industry"] is None


def test_upsert_inserts_and_then_updates(org: Org) -> None:
    org.schema.add_field("Account", "Key__c", "string", length=20, unique=True, external_id=True)
    first = org.upsert("Account", "Key__c", "a1", Name="Acme")
    second = org.upsert("Account", "key__c", "A1", Name="Acme Ltd")
    assert first.id == second.id
    assert second["Name"] == "Acme Ltd"


def test_get_of_a_deleted_record_is_not_found(org: Org) -> None:
    account = org.insert("Account", {"Name": "Acme"})
    org.delete(account.id)
    for missing in (account.id, "001000000000001", "nonsense"):
        with pytest.raises(SalesforceError) as caught:
            org.get(missing)
        assert (caught.value.code, caught.value.status) == ("NOT_FOUND", 404)


def test_unknown_sobject_is_not_found_and_an_absent_one_refused(org: Org) -> None:
    with pytest.raises(SalesforceError) as caught:
        org.insert("Acount", {"Name": "Acme"})
    assert caught.value.code == "NOT_FOUND"
    assert caught.value.__notes__ == ["this org has no sobject 'Acount'"]
    with pytest.raises(Refused, match="sobject WorkOrder"):
        org.create("workorder")


def test_query_answers_records_with_their_parents(org: Org) -> None:
    account = org.insert("Account", {"Name": "Acme"})
    org.insert("Contact", {"LastName": "Ray", "AccountId": account, "Birthdate": "1990-01-02"})
    found = org.query("SELECT Id, LastName, Birthdate, Account.Name FROM Contact")
    assert isinstance(found, list)
    (contact,) = found
    assert (contact["LastName"], contact["Birthdate"]) == ("Ray", date(1990, 1, 2))
    assert contact["Account"]["Name"] == "Acme"
    assert contact.sobject == "Contact"
    assert list(contact) == ["Id", "LastName", "Birthdate", "Account"]


def test_count_counts_what_meets_a_condition(org: Org) -> None:
    org.insert("Account", [{"Name": "Acme"}, {"Name": "Globex", "Industry": "Energy"}])
    assert org.count("Account") == 2
    assert org.count("account", "Industry = 'Energy'") == 1
    assert org.query("SELECT COUNT() FROM Account") == 2


def test_load_keeps_given_ids_and_system_fields(org: Org) -> None:
    record_id = ids.make("001", org.pod, 77)
    org.load(
        {"Account": [{"Id": record_id, "Name": "Old", "CreatedDate": "2020-01-02T03:04:05.000Z"}]}
    )
    assert org.get(record_id)["CreatedDate"] == datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert org.create("Account").id == ids.make("001", org.pod, 78)


def test_restore_brings_records_and_schema_back_and_keeps_limits(org: Org) -> None:
    org.insert("Account", {"Name": "Acme"})
    digest, snapshot = org.digest(), org.snapshot()
    org.insert("Account", {"Name": "Globex"})
    org.schema.add_field("Account", "Extra__c", "string")
    org.limits["DailyApiRequests"].used = 7
    assert org.digest() != digest
    org.restore(snapshot)
    assert org.digest() == digest
    assert org.schema["Account"].find("Extra__c") is None
    assert org.limits["DailyApiRequests"].used == 7


def test_restore_of_a_discarded_snapshot_is_an_error(org: Org) -> None:
    first = org.snapshot()
    second = org.snapshot()
    org.restore(first)
    with pytest.raises(ValueError, match="gone"):
        org.restore(second)
    with Org.new() as other, pytest.raises(ValueError, match="another org"):
        other.restore(first)


def test_digest_is_not_moved_by_reads_and_refused_calls(org: Org) -> None:
    digest = org.digest()
    org.tables.ensure(org.schema["Lead"])
    org.describes.find("Lead")
    org.sessions.open(org.admin_id)
    with pytest.raises(SalesforceError):
        org.insert("Lead", {"LastName": "Ray"})
    assert org.digest() == digest
    account = org.insert("Account", {"Name": "Acme"})
    full = org.digest()
    org.delete(account.id)
    assert len({digest, full, org.digest()}) == 3


def test_repr_is_one_line_and_close_may_be_repeated() -> None:
    org = Org.new(seed=9)
    assert repr(org) == f"<Org {org.my_domain} seed 9>"
    org.close()
    org.close()
