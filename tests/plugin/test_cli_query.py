"""`sfmock query`, and how commands print: tables, CSV, JSON, colour and progress."""

from __future__ import annotations

import io
import json
import threading
from pathlib import Path
from typing import Any

import pytest

from sfmock.__main__ import main
from sfmock.cli import output
from sfmock.org.org import Org

ACME = "SELECT Id, Name, Owner.Name, Parent.Name, AnnualRevenue, IsDeleted, (SELECT Id FROM Contacts) FROM Account"


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("saved") / "my.org"
    with Org.new() as org:
        acme = org.insert("Account", {"Name": "Äcme, Inc.", "AnnualRevenue": 12.5})
        org.insert("Account", {"Name": "Two\nlines", "ParentId": acme.id})
        org.insert("Contact", {"LastName": "Kid", "AccountId": acme.id})
        org.save(path)
    return path


def test_records_are_a_table(saved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = saved.read_bytes()

    assert main(["query", str(saved), f"{ACME} ORDER BY Id"]) == 0

    assert capsys.readouterr().out == (
        "Id                  Name        Owner.Name  Parent.Name  AnnualRevenue  IsDeleted  Contacts\n"
        "001551000000001AAA  Äcme, Inc.  Ada Admin                12.5           false      1 record\n"
        "001551000000002AAA  Two lines   Ada Admin   Äcme, Inc.                  false      0 records\n"
        "2 records\n"
    )
    assert saved.read_bytes() == before
    assert [each.name for each in saved.parent.iterdir()] == ["my.org"]


def test_records_are_csv(saved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", str(saved), f"{ACME} ORDER BY Id", "--format=csv"]) == 0

    assert capsys.readouterr().out == (
        "Id,Name,Owner.Name,Parent.Name,AnnualRevenue,IsDeleted,Contacts\n"
        '001551000000001AAA,"Äcme, Inc.",Ada Admin,,12.5,false,'
        '"[{""attributes"":{""type"":""Contact""},""Id"":""003551000000001AAA""}]"\n'
        '001551000000002AAA,"Two\nlines",Ada Admin,"Äcme, Inc.",,false,[]\n'
    )


@pytest.mark.parametrize("option", ["--json", "--format=json"])
def test_records_are_json(saved: Path, capsys: pytest.CaptureFixture[str], option: str) -> None:
    soql = "SELECT Name, Owner.Name FROM Account WHERE AnnualRevenue > 0"
    assert main(["query", str(saved), soql, option]) == 0

    owner = {"attributes": {"type": "User"}, "Name": "Ada Admin"}
    record = {"attributes": {"type": "Account"}, "Name": "Äcme, Inc.", "Owner": owner}
    assert json.loads(capsys.readouterr().out) == {"total": 1, "records": [record]}


@pytest.mark.parametrize(
    ("soql", "table", "csv"),
    [
        ("SELECT COUNT() FROM Account", "2 records\n", "count\n2\n"),
        (
            "SELECT COUNT(Id), MAX(Name) newest FROM Account",
            "expr0  newest\n2      Äcme, Inc.\n1 record\n",
            'expr0,newest\n2,"Äcme, Inc."\n',
        ),
        (
            "SELECT Id, Account.Owner.Name FROM Contact WHERE LastName = 'x'",
            "Id  Account.Owner.Name\n0 records\n",
            "Id,Account.Owner.Name\n",
        ),
        (
            "SELECT BillingAddress FROM Account LIMIT 1",
            "BillingAddress\n\n1 record\n",
            'BillingAddress\n""\n',
        ),
        (
            "SELECT TYPEOF What WHEN Account THEN Name END FROM Task",
            "What\n0 records\n",
            "What\n",
        ),
    ],
)
def test_each_kind_of_query_has_its_columns(
    saved: Path, capsys: pytest.CaptureFixture[str], soql: str, table: str, csv: str
) -> None:
    assert main(["query", str(saved), soql]) == 0
    assert capsys.readouterr().out == table
    assert main(["query", str(saved), soql, "--format", "csv"]) == 0
    assert capsys.readouterr().out == csv


def test_a_wrong_query_is_told_with_its_caret(
    saved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["query", str(saved), "SELECT Nope FROM Account"]) == 1

    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines()[:4] == [
        "INVALID_FIELD:",
        "SELECT Nope FROM Account",
        "       ^",
        "ERROR at Row:1:Column:8",
    ]


def test_what_the_fake_lacks_is_told(saved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", str(saved), "SELECT COUNT() FROM Account OFFSET 1"]) == 1

    told = capsys.readouterr().err
    assert told.startswith("pytest-sfmock does not implement this yet: ")


def test_an_org_without_users_cannot_be_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bare.org"
    main(["org", "new", str(path), "--pack", "bare"])

    with pytest.raises(SystemExit) as ended:
        main(["query", str(path), "SELECT Id FROM Account"])

    assert ended.value.code == 2
    assert "this org has no active System Administrator" in capsys.readouterr().err


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [({"TERM": "xterm"}, True), ({"TERM": "dumb"}, False), ({"NO_COLOR": "1"}, False)],
)
def test_colour_is_for_terminals_that_want_it(
    saved: Path,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    coloured: bool,
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    screen, errors = Terminal(), Terminal()
    monkeypatch.setattr("sys.stdout", screen)
    monkeypatch.setattr("sys.stderr", errors)

    assert main(["query", str(saved), "SELECT Id FROM Contact"]) == 0
    assert main(["query", str(saved), "SELECT Nope FROM Contact"]) == 1

    head = screen.getvalue().splitlines()[0]
    assert head == ("\x1b[1mId\x1b[0m" if coloured else "Id")
    code = errors.getvalue().splitlines()[0]
    assert code == ("\x1b[31;1mINVALID_FIELD\x1b[0m:" if coloured else "INVALID_FIELD:")


def test_nothing_is_coloured_for_files_and_pipes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["routes"]) == 0
    assert "\x1b" not in capsys.readouterr().out


def test_who_waits_on_a_terminal_is_told_what_for_and_it_is_wiped_away() -> None:
    class Screen(Terminal):
        told = threading.Event()

        def write(self, text: str) -> int:
            if "second step … " in text:
                self.told.set()
            return super().write(text)

    screen = Screen()
    with output.Progress("first step", stream=screen, patience=0.01) as progress:
        progress.at("second step")
        assert screen.told.wait(10)

    assert screen.getvalue().endswith("\r\x1b[K")
    length = len(screen.getvalue())
    assert not any(each.name == "progress" for each in threading.enumerate())
    assert len(screen.getvalue()) == length


def test_quick_work_and_pipes_have_no_progress() -> None:
    quick, pipe = Terminal(), io.StringIO()
    with output.Progress("reading", stream=quick):
        pass
    with output.Progress("reading", stream=pipe, patience=0.0):
        assert not any(each.name == "progress" for each in threading.enumerate())
    assert (quick.getvalue(), pipe.getvalue()) == ("", "")


@pytest.mark.parametrize(
    ("arguments", "keys"),
    [
        (["routes"], {"name", "methods", "path"}),
        (["errors"], {"code", "status", "message", "certainty"}),
    ],
)
def test_lists_are_json_for_programs(
    capsys: pytest.CaptureFixture[str], arguments: list[str], keys: set[str]
) -> None:
    assert main([*arguments, "--json"]) == 0
    found: Any = json.loads(capsys.readouterr().out)
    assert len(found) > 20
    assert all(each.keys() == keys for each in found)


def test_the_calls_of_the_control_api_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["control"]) == 0
    assert capsys.readouterr().out.splitlines()[2].split()[:3] == [
        "reset",
        "POST",
        "/__sfmock__/reset",
    ]
    assert main(["control", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["paths"]["/reset"]["post"]["operationId"] == "reset"
    assert main(["control", "--markdown"]) == 0
    assert "\n### reset\n\n`POST /__sfmock__/reset`\n" in capsys.readouterr().out


def test_faults_are_json_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["faults", "--json"]) == 0
    every = json.loads(capsys.readouterr().out)
    assert main(["faults", "slow", "--json"]) == 0
    slow = json.loads(capsys.readouterr().out)
    assert slow in every["faults"]
    assert slow["options"][0]["name"] == "seconds"
    assert {each["scenario"] for each in every["scenarios"]} >= {"bad_afternoon"}


def test_findings_in_sources_are_json_for_programs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "a.py"
    source.write_text('x = "SELECT Id FROM Account WHERE"\n')
    assert main(["soql", "check", str(source), "--json"]) == 1
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["path"], found["row"], found["error"]) == (str(source), 1, True)


def test_help_loads_no_engine() -> None:
    import subprocess
    import sys

    script = (
        "import sys, sfmock.cli.commands as c; c.parser();"
        "print([m for m in ('sfmock.org.org', 'sfmock.app', 'werkzeug', 'requests') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
