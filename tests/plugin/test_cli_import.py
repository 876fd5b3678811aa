"""`sfmock org import`: an org pack of the user's own schema, and a further object for ours."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import sfmock_orgs
from sfmock.__main__ import main
from sfmock.errors import Refused
from sfmock.org.org import Org
from sfmock.org.packs import find_pack
from sfmock.schema.package import Package
from sfmock.versions import Version

SOURCES = Path(__file__).parents[1] / "sources"
STANDARD = sfmock_orgs.developer.parent / "standard.jsonl"


@pytest.fixture(autouse=True)
def no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SFMOCK_CACHE_DIR", "")


@pytest.fixture
def pack(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert main(["org", "import", str(SOURCES / "sfdx"), "--into", str(tmp_path / "acme")]) == 0
    capsys.readouterr()
    return tmp_path / "acme"


def vehicle(folder: Path, **changes: object) -> Path:
    """A describe of a standard object that is not shipped."""
    with Org.new("bare") as org:
        found: dict[str, Any] = json.loads(
            org.describes.one("Topic", Version(60), "https://x").text
        )
    found |= {"name": "Vehicle", "label": "Vehicle", "labelPlural": "Vehicles", "keyPrefix": "0qA"}
    (folder / "Vehicle.json").write_text(json.dumps(found | changes))
    return folder / "Vehicle.json"


def test_a_pack_lies_over_that_of_a_new_developer_org(pack: Path) -> None:
    assert sorted(each.name for each in pack.iterdir()) == [
        "left-out.txt", "pack.json", "records.json", "schema.jsonl",
    ]  # fmt: skip
    assert json.loads((pack / "pack.json").read_text()) == {
        "name": "acme",
        "base": "developer",
        "schema": "schema.jsonl",
        "records": "records.json",
    }
    for seed in (0, 7):
        with Org.new(pack, seed) as org:
            invoice = org.create("Invoice__c")
            assert invoice["Name"] == "INV-00100"
            [service] = org.schema["Invoice__c"].record_types
            row = org.get(service.id)
            assert (row["Name"], row["CreatedById"]) == ("Service Invoice", org.admin_id)
            assert org.count("Rate__mdt") == 1
            assert org.count("User", "IsActive = TRUE") >= 1
            with pytest.raises(Refused, match=r"the formula of Invoice__c\.Overdue__c"):
                org.query("SELECT Overdue__c FROM Invoice__c")
            org.schema.compute({"Invoice__c.Overdue__c": lambda each: True})
            assert org.get(invoice.id)["Overdue__c"] is True


SPECIAL = """<CustomMetadata xmlns="http://soap.sforce.com/2006/04/metadata"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
    <label>@admin {{id}}</label><protected>false</protected>
    <values><field>Note__c</field><value xsi:type="xsd:string">@@channel {now} {{domain}}</value></values>
</CustomMetadata>"""
NOTED = """<CustomObject xmlns="http://soap.sforce.com/2006/04/metadata"><label>Noted</label><pluralLabel>Noted</pluralLabel>
    <fields><fullName>Note__c</fullName><label>Note</label><type>Text</type><length>80</length></fields></CustomObject>"""
STATUSES = """<StandardValueSet xmlns="http://soap.sforce.com/2006/04/metadata"><sorted>false</sorted>
    <standardValue><fullName>Open</fullName><default>true</default><label>Open</label><converted>false</converted></standardValue>
    <standardValue><fullName>Won</fullName><default>false</default><label>Won</label><converted>true</converted></standardValue>
</StandardValueSet>"""


def test_rows_of_a_pack_are_those_of_a_load(tmp_path: Path) -> None:
    for path, text in (
        ("objects/Noted__mdt.object", NOTED),
        ("customMetadata/Noted.One.md", SPECIAL),
        ("standardValueSets/LeadStatus.standardValueSet", STATUSES),
    ):
        (tmp_path / "src" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "src" / path).write_text(text)
    assert main(["org", "import", str(tmp_path / "src"), "--into", str(tmp_path / "acme")]) == 0

    with Org.new() as loaded, Org.new(tmp_path / "acme") as packed:
        loaded.schema.load(tmp_path / "src")
        for soql in (
            "SELECT DeveloperName, MasterLabel, Note__c FROM Noted__mdt",
            "SELECT MasterLabel, IsConverted, CreatedBy.Name, LastModifiedBy.Name FROM LeadStatus",
        ):
            assert packed.query(soql) == loaded.query(soql)
        assert packed.query("SELECT Note__c FROM Noted__mdt")[0]["Note__c"] == (  # type: ignore[index]  # rows
            "@@channel {now} {{domain}}"
        )


def test_a_pack_that_was_written_anew_is_read_anew(tmp_path: Path) -> None:
    pack = tmp_path / "acme"
    for name in ("Car__c", "Boat__c"):
        source = tmp_path / name / "objects" / f"{name}.object"
        source.parent.mkdir(parents=True)
        source.write_text(
            f'<CustomObject xmlns="http://soap.sforce.com/2006/04/metadata"><label>{name}</label></CustomObject>'
        )
        assert main(["org", "import", str(tmp_path / name), "--into", str(pack)]) == 0
        with Org.new(pack) as org:
            assert [each in org.schema for each in ("Car__c", "Boat__c")] == [
                each == name for each in ("Car__c", "Boat__c")
            ]


def test_what_was_read_and_what_was_not_is_printed_and_stays_with_the_pack(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "acme"
    assert main(["org", "import", str(SOURCES / "sfdx"), "--into", str(target)]) == 0

    first, second, *_, last = capsys.readouterr().out.splitlines()
    assert first.startswith(
        "Read 8 sobjects, 40 fields, 3 record types, 2 value sets, 1 record; left out "
    )
    assert second == "Left out, and the fake differs from the org in it:"
    assert last == f"Wrote {target}."
    left_out = (target / "left-out.txt").read_text().splitlines()
    assert len(left_out) == 9
    assert left_out[1].endswith("Send.flow-meta.xml: Flow Send: it is not run")


def test_the_report_can_be_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["org", "import", str(vehicle(tmp_path)), "--into", str(tmp_path / "p"), "--json"])
        == 0
    )

    report = json.loads(capsys.readouterr().out)
    assert report["objects"] == ["Vehicle"]
    assert report["left_out"] == []
    assert sorted(report) == ["fields", "left_out", "objects", "record_types", "records", "removed", "sources", "value_sets"]  # fmt: skip


def test_a_strict_import_that_leaves_something_out_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "acme"
    assert main(["org", "import", str(SOURCES / "sfdx"), "--into", str(target), "--strict"]) == 1

    assert capsys.readouterr().out.splitlines()[-1] == "Nothing was written."
    assert not target.exists()


def test_a_second_import_takes_the_place_of_the_first(pack: Path, tmp_path: Path) -> None:
    source = vehicle(tmp_path)
    assert main(["org", "import", str(source), "--into", str(pack), "--base", "bare"]) == 0

    assert sorted(each.name for each in pack.iterdir()) == ["pack.json", "schema.jsonl"]
    assert json.loads((pack / "pack.json").read_text()) == {"name": "acme", "base": "bare", "schema": "schema.jsonl"}  # fmt: skip


def test_a_pack_may_lie_over_another_imported_one(pack: Path, tmp_path: Path) -> None:
    top = tmp_path / "top"
    assert (
        main(["org", "import", str(vehicle(tmp_path)), "--into", str(top), "--base", str(pack)])
        == 0
    )

    with Org.new(top) as org:
        assert "Vehicle" in org.schema
        assert org.create("Invoice__c")["Name"] == "INV-00100"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{tmp}/nowhere", "--into", "{tmp}/pack"], "nowhere: there is no such file or folder"),
        (["{tmp}/empty", "--into", "{tmp}/pack"], "no describe result and no metadata of objects is there"),
        (["{tmp}/Vehicle.json", "--into", "{tmp}/full"], "full holds other files and no pack.json: nothing was written"),
        (["{tmp}/Vehicle.json", "--into", "{tmp}/Vehicle.json"], "Vehicle.json is not a folder"),
        (["{tmp}/Vehicle.json", "--into", "{tmp}/pack", "--base", "nonsense"], "no org pack 'nonsense'"),
        (["{tmp}/Vehicle.json", "--schema", "{tmp}/nowhere"], "No such file or directory"),
        (["{tmp}/Vehicle.json"], "one of the arguments --into --schema is required"),
        (["--into", "{tmp}/pack"], "the following arguments are required: SOURCE"),
    ],
)  # fmt: skip
def test_what_cannot_be_imported_is_a_usage_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    vehicle(tmp_path)
    for name in ("empty", "full"):
        (tmp_path / name).mkdir()
    (tmp_path / "full" / "mine.txt").touch()

    with pytest.raises(SystemExit) as caught:
        main(["org", "import", *(each.format(tmp=tmp_path) for each in arguments)])

    assert caught.value.code == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "pack").exists()


def test_a_test_run_uses_the_pack(pack: Path, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_invoices(sfmock, sfmock_client):
            invoice = sfmock.org.create("Invoice__c", Region__c="south")
            [found] = sfmock_client.query("SELECT Name, Region__c FROM Invoice__c")
            assert (found["Name"], found["Region__c"]) == (invoice["Name"], "south")
        """
    )

    pytester.runpytest(f"--sfmock-org={pack}").assert_outcomes(passed=1)


def test_an_object_is_added_to_a_schema_file(tmp_path: Path) -> None:
    file = tmp_path / "standard.jsonl"
    shutil.copy(STANDARD, file)
    assert main(["org", "import", str(vehicle(tmp_path)), "--schema", str(file)]) == 0

    before, after = Package(STANDARD.read_bytes()), Package(file.read_bytes())
    assert {*after.names} - {*before.names} == {"Vehicle"}
    assert list(after.names) == sorted(after.names)
    assert after.needs == before.needs
    assert [each for each in after.names if each != "Vehicle" and after.find(each) != before.find(each)] == []  # fmt: skip
    found = after.find("vehicle")
    assert found is not None
    assert found.described is True
    assert main(["org", "import", str(vehicle(tmp_path)), "--schema", str(file), "--writable"]) == 0
    again = Package(file.read_bytes()).find("Vehicle")
    assert again is not None
    assert again.described is False


def test_an_absent_object_is_absent_no_longer(tmp_path: Path) -> None:
    file = tmp_path / "standard.jsonl"
    shutil.copy(STANDARD, file)
    source = vehicle(tmp_path, name="WorkOrder", keyPrefix="0WO")
    assert Package(STANDARD.read_bytes()).absent("WorkOrder") == "WorkOrder"

    assert main(["org", "import", str(source), "--schema", str(file)]) == 0

    assert Package(file.read_bytes()).absent("WorkOrder") is None
    assert Package(file.read_bytes()).with_prefix("0WO") == ("WorkOrder",)


def test_a_schema_file_takes_no_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "standard.jsonl"
    shutil.copy(STANDARD, file)

    with pytest.raises(SystemExit):
        main(["org", "import", str(SOURCES / "sfdx"), "--schema", str(file)])

    assert "rows of Rate__mdt, RecordType come with this schema" in capsys.readouterr().err
    assert file.read_bytes() == STANDARD.read_bytes()


def test_a_pack_with_an_unknown_key_or_base_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "schema.jsonl").write_text('{"objects":{},"absent":[],"needs":{}}\n')
    about = {"name": "x", "schema": "schema.jsonl", "novelty": 1}
    (tmp_path / "pack.json").write_text(json.dumps(about))
    with pytest.raises(
        ValueError, match="the keys are name, schema and, optional, records and base"
    ):
        find_pack(tmp_path)
    (tmp_path / "pack.json").write_text(
        json.dumps({"name": "x", "schema": "schema.jsonl", "base": "no"})
    )
    with pytest.raises(LookupError, match="no org pack 'no'"):
        find_pack(tmp_path)
