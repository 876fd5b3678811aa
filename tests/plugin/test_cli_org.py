"""`sfmock org new`, `info` and `export`: saved orgs on the command line."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from sfmock.__main__ import main
from sfmock.app import App
from sfmock.control.handle import Sfmock
from sfmock.org.known_secrets import known_secrets
from sfmock.org.org import Org

USUAL_ROWS = {"Organization": 1, "Profile": 7, "User": 6, "OpportunityStage": 10}


def _json(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An org with a schema of its own, users, rows that need care, and secrets."""
    path = tmp_path_factory.mktemp("rich") / "rich.org"
    with Org.new(seed=7) as org:
        org.schema.add_object("Thing__c", fields={"Ready__c": {"type": "boolean"}})
        org.schema.add_field("Account", "Hidden__c", "encryptedstring", length=20)
        org.schema.add_record_type("Account", "Partner")
        org.user("Ina Nutzer", profile="Standard User", password="PassWort-9")
        acme = org.insert("Account", {"Name": "@at {b}", "Hidden__c": "geheim-42"})
        org.insert("Contact", {"LastName": "Kid", "AccountId": acme.id})
        org.insert("Thing__c", {"Name": "x", "Ready__c": True})
        org.insert("Attachment", {"Name": "a", "Body": "eA==", "ParentId": acme.id})
        org.delete(org.insert("Account", {"Name": "Gone"}).id)
        org.update(org.admin_id, City="Bonn")
        handle = Sfmock(App(org), instance_url="x", login_url="x", transport="http")
        assert handle.access_token.startswith("00D")
        assert handle.credentials.password
        org.clock.freeze()
        org.save(path)
    return path


def test_a_new_org_has_an_external_id_and_opens(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "my.org"

    assert main(["org", "new", str(path), "--json"]) == 0

    made = _json(capsys)
    assert made == {
        "file": str(path),
        "org_id": "00D551000000001EAA",
        "my_domain": made["my_domain"],
        "seed": 0,
    }
    with Org.open(path) as org:
        assert org.my_domain == made["my_domain"]
        field = org.schema["Account"].by_name["external_id__c"]
        assert (field.unique, field.external_id, field.length) == (True, True, 80)


def test_a_new_org_of_a_pack_and_a_seed_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "my.org"

    assert main(["org", "new", str(path), "--pack", "sales", "--seed", "5"]) == 0

    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith(f"Made {path}: sfmock-")
    assert second == f"sfmock serve --org {path} serves it, Org.open opens a copy of it."
    with Org.open(path) as org:
        assert (org.pack, org.seed) == ("sales", 5)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["there.org"], "there.org is there already: nothing was written"),
        (["new.org", "--pack", "nope"], "no org pack 'nope'"),
        (["no/new.org"], "there is no folder"),
    ],
)
def test_a_new_org_that_cannot_be_made_leaves_no_file(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.org").write_text("mine")

    with pytest.raises(SystemExit) as ended:
        main(["org", "new", *arguments])

    assert ended.value.code == 2
    assert message in capsys.readouterr().err
    assert [each.name for each in tmp_path.iterdir()] == ["there.org"]
    assert (tmp_path / "there.org").read_text() == "mine"


def test_what_an_org_is_and_holds_is_told(rich: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = rich.read_bytes()

    assert main(["org", "info", str(rich), "--json"]) == 0

    found = _json(capsys)
    with Org.open(rich) as org:
        assert found["org_id"] == org.id
    assert found["edition"] == "Developer Edition"
    assert (found["pack"], found["seed"], found["clock_stands_still"]) == ("developer", 7, True)
    assert [each["name"] for each in found["users"] if "Ina" in each["name"]] == ["Ina Nutzer"]
    assert found["records"] == {
        **found["records"],
        **USUAL_ROWS,
        "User": 7,
        "Account": 1,
        "Contact": 1,
        "Thing__c": 1,
    }
    assert found["in_recycle_bin"] == {"Account": 1}
    assert found["custom_objects"] == ["Thing__c"]
    assert found["custom_fields"] == ["Account.Hidden__c"]
    assert rich.read_bytes() == before


def test_it_is_told_to_people_in_lines_and_a_table(
    rich: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["org", "info", str(rich)]) == 0

    facts, table = capsys.readouterr().out.split("\n\n")
    told = {line[:15].strip(): line[16:] for line in facts.splitlines()}
    assert (told["edition"], told["pack"], told["seed"]) == ("Developer Edition", "developer", "7")
    assert told["time"].endswith(" (stands still)")
    assert told["users"].startswith("7, active: admin@")
    assert told["users"].endswith(" and 4 more")
    assert told["custom fields"] == "Account.Hidden__c"
    assert table.splitlines()[:2] == [
        "sobject           records  in recycle bin",
        "Account           1        1",
    ]


def test_an_export_is_a_pack_with_the_same_rows_and_schema(
    rich: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "pack"

    assert main(["org", "export", str(rich), "--into", str(folder), "--json"]) == 0

    told = _json(capsys)
    assert told["records"] == {
        "Account": 1,
        "Attachment": 1,
        "Contact": 1,
        "RecordType": 1,
        "Thing__c": 1,
        "User": 1,
    }
    assert told["left_out"] == [
        "1 row of Account in the recycle bin",
        "the encrypted text of Account.Hidden__c",
        "the files of Attachment.Body",
        "1 row of User that the pack has, with other values",
    ]
    assert (folder / "left-out.txt").read_text().splitlines() == told["left_out"]
    queries = [
        "SELECT Id, Name, OwnerId, CreatedDate, (SELECT Id, LastName FROM Contacts) FROM Account",
        "SELECT Id, Name, Ready__c FROM Thing__c",
        "SELECT Id, DeveloperName FROM RecordType",
        "SELECT Id, Profile.Name FROM User WHERE Name = 'Ina Nutzer'",
    ]
    with Org.open(rich) as org, Org.new(folder, 7) as made:
        for each in queries:
            assert made.query(each) == org.query(each)
        assert made.schema["Thing__c"] == org.schema["Thing__c"]
        assert made.insert("Account", {"Name": "next"}).id not in {
            each["Id"] for each in _records(org, "SELECT Id FROM Account")
        }
    with Org.new(folder, 8) as other:
        (account,) = _records(other, "SELECT Name, OwnerId FROM Account")
        assert (account["Name"], account["OwnerId"]) == ("@at {b}", other.admin_id)


def test_no_export_holds_a_secret(rich: Path, tmp_path: Path) -> None:
    assert main(["org", "export", str(rich), "--into", str(tmp_path / "pack")]) == 0
    assert main(["org", "export", str(rich), "--into", str(tmp_path / "csv"), "--format=csv"]) == 0

    with Org.open(rich) as org:
        secrets = [*known_secrets(org).secrets, "geheim-42", "PassWort-9"]
    assert len(secrets) > 8
    text = "".join(each.read_text("utf-8") for each in tmp_path.rglob("*") if each.is_file())
    assert [each for each in secrets if each in text] == []


def test_an_export_as_csv_has_a_file_for_each_object(
    rich: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert main(["org", "export", str(rich), "--format", "csv"]) == 0

    folder = tmp_path / "rich-export"
    assert capsys.readouterr().out.splitlines()[0].endswith(" objects to rich-export.")
    assert not (folder / "pack.json").exists()
    head, row = (folder / "Thing__c.csv").read_text().splitlines()
    cells = dict(zip(head.split(","), row.split(","), strict=True))
    assert (cells["Name"], cells["Ready__c"], cells["IsDeleted"]) == ("x", "true", "false")
    assert len((folder / "Account.csv").read_text().splitlines()) == 3


def test_an_export_replaces_an_earlier_one_and_touches_no_other_files(
    rich: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "pack"
    main(["org", "export", str(rich), "--into", str(folder)])
    (folder / "notes.json").write_text("mine")
    bare = tmp_path / "plain.org"
    main(["org", "new", str(bare), "--pack", "developer"])
    capsys.readouterr()

    assert main(["org", "export", str(bare), "--into", str(folder)]) == 0

    assert (
        capsys.readouterr().out
        == f"Wrote 0 records of 0 objects beyond those of pack developer to {folder}.\n"
    )
    assert sorted(each.name for each in folder.iterdir()) == [
        "notes.json",
        "pack.json",
        "schema.jsonl",
    ]
    with Org.new(folder) as org:
        assert org.count("Account") == 0


def test_a_folder_of_other_files_is_left_alone(
    rich: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.txt").touch()

    with pytest.raises(SystemExit) as ended:
        main(["org", "export", str(rich), "--into", str(tmp_path)])

    assert ended.value.code == 2
    assert "holds other files and no pack.json: nothing was written" in capsys.readouterr().err
    assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]


def test_a_pack_that_has_moved_is_named_by_base(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = tmp_path / "own"
    pack.mkdir()
    about = {"name": "own", "base": "developer", "schema": "schema.jsonl"}
    (pack / "pack.json").write_text(json.dumps(about))
    (pack / "schema.jsonl").write_text('{"objects":{},"absent":[],"needs":{}}\n')
    path = tmp_path / "my.org"
    assert main(["org", "new", str(path), "--pack", str(pack)]) == 0
    capsys.readouterr()

    with pytest.raises(SystemExit):
        main(["org", "export", str(path), "--into", str(tmp_path / "out")])
    told = capsys.readouterr().err
    assert "no org pack 'own'" in told
    assert "--base names the pack that this org began from" in told
    arguments = ["org", "export", str(path), "--into", str(tmp_path / "out"), "--base", str(pack)]
    assert main(arguments) == 0


@pytest.mark.parametrize(
    "command", [["org", "info"], ["org", "export"], ["query"]], ids=["info", "export", "query"]
)
def test_what_is_no_org_of_this_version_is_told(
    command: list[str],
    rich: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    newer = tmp_path / "newer.org"
    newer.write_bytes(rich.read_bytes())
    with sqlite3.connect(newer) as file:
        file.execute("PRAGMA user_version = 99")
    file.close()
    (tmp_path / "text.org").write_text("no database, " * 100)
    cut = tmp_path / "cut.org"
    cut.write_bytes(rich.read_bytes()[:5000])
    expected = {
        "absent.org": "there is no org file absent.org",
        "text.org": "text.org is no org file: `sfmock org new`",
        "newer.org": "newer.org has layout 99, and this version of pytest-sfmock reads up to",
        "cut.org": "cut.org is damaged",
        ".": "is a folder",
    }
    more = ["SELECT Id FROM Account"] if command == ["query"] else []
    for name, message in expected.items():
        with pytest.raises(SystemExit) as ended:
            main([*command, name, *more])
        assert ended.value.code == 2
        assert message in capsys.readouterr().err


def test_a_file_that_a_server_owns_can_be_read_and_not_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "my.org"
    main(["org", "new", str(path)])
    with Org.open(path, durable=True) as owner:
        owner.insert("Account", {"Name": "Acme"})
        capsys.readouterr()

        assert main(["query", str(path), "SELECT Name FROM Account", "--format", "csv"]) == 0
        assert capsys.readouterr().out == "Name\nAcme\n"
        assert main(["org", "info", str(path), "--json"]) == 0
        assert _json(capsys)["records"]["Account"] == 1
        with pytest.raises(SystemExit):
            main(["org", "new", str(path)])
        owner.insert("Account", {"Name": "Globex"})
    with Org.open(path) as org:
        assert org.count("Account") == 2


def _records(org: Org, soql: str) -> list[Any]:
    found = org.query(soql)
    assert not isinstance(found, int)
    return [*found]
