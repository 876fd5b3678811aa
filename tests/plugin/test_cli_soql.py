"""`sfmock soql check`: which strings of a file are queries, and where their errors are."""

from __future__ import annotations

from pathlib import Path

import pytest

from sfmock.__main__ import main

COLUMN = (
    "INVALID_FIELD No such column '{}' on entity 'Account'. If you are attempting to use a custom field, be sure to append the"
    " '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names."
)


@pytest.fixture
def check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Check:
    return Check(tmp_path, capsys)


class Check:
    """Writes a file, checks it, and gives the exit code and the lines behind the file's name."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.errors: list[str] = []
        self._capsys = capsys

    def __call__(self, name: str, source: str, *options: str) -> tuple[int, list[str]]:
        path = self.folder / name
        path.write_text(source, encoding="utf-8")
        code = main(["soql", "check", str(path), *options])
        out, err = self._capsys.readouterr()
        self.errors = [line.removeprefix(f"{path}:") for line in err.splitlines()]
        return code, [line.removeprefix(f"{path}:") for line in out.splitlines()]


PYTHON = [
    ('q = "SELECT Id, FROM Account"', "1:17: MALFORMED_QUERY unexpected token: 'FROM'"),
    ('\n\nq = """\n  SELECT Id,\n  FROM Account\n"""', "5:3: MALFORMED_QUERY unexpected token: 'FROM'"),
    ("q = ('SELECT Id '\n     'FROM Account '\n     'WHERE')", "3:12: MALFORMED_QUERY unexpected token: '<EOF>'"),
    ("ü = 'ü', 'SELECT Id FROM Account WHERE Name = $'", "1:47: MALFORMED_QUERY line 1:36 no viable alternative at character '$'"),
    ("q = 'SELECT Id FROM Account WHERE Name = \\'\\\\d\\' LIMIT 5'", "1:42: MALFORMED_QUERY Invalid string literal '\\d'. Illegal character sequence '\\d' in string literal."),
    ("q = r'SELECT Id FROM Account LIMIT \\d'", "1:36: MALFORMED_QUERY line 1:29 no viable alternative at character '\\'"),
    ("q = f'SELECT Id FROM Account WHERE Name = {x!r} AND'", "1:52: MALFORMED_QUERY unexpected token: '<EOF>'"),
    ("q = 'SELECT Id FROM Account WHERE Id = \\'' + x + '\\' OR'", "1:56: MALFORMED_QUERY unexpected token: '<EOF>'"),
    ("q = 'SELECT Id FROM Account WHERE Id IN %s LIMIT %d,' % (x, y)", "1:52: MALFORMED_QUERY unexpected token: ','"),
    ("q = 'SELECT Id FROM Account WHERE Id IN ({}) LIMIT {} 5'.format(x, y)", "1:55: MALFORMED_QUERY unexpected token: '5'"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "line"), PYTHON, ids=range(len(PYTHON)))
def test_error_in_a_python_string_has_its_place_in_the_file(
    check: Check, source: str, line: str
) -> None:
    assert check("a.py", source) == (1, [line])
    assert check.errors == []


OTHERS = [
    ("a.js", "// don't\nq = `SELECT Id FROM Account WHERE Name = '${x}' AND Id = ${y} LIMIT`", "2:68: MALFORMED_QUERY unexpected token: '<EOF>'"),
    ("A.java", 'String q = "SELECT Id " +\n    "FROM Account LIMIT " + n + " x";', "2:35: MALFORMED_QUERY unexpected token: 'x'"),
    ("a.rb", "q = 'SELECT Id FROM Account WHERE Name = \\'x\\' y'", "1:48: MALFORMED_QUERY unexpected token: 'y'"),
    ("a.cfg", 'q = """\nSELECT Id,\nFROM Account\n"""', "3:1: MALFORMED_QUERY unexpected token: 'FROM'"),
    ("a.soql", "// all of them\nSELECT Id,\nFROM Account\n", "3:1: MALFORMED_QUERY unexpected token: 'FROM'"),
    ("b.soql", "SELECT * FROM users", "1:8: MALFORMED_QUERY unexpected token: 'SELECT *'"),
    ("no.py", "this is not python ('SELECT Id, FROM Account')", "1:33: MALFORMED_QUERY unexpected token: 'FROM'"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "source", "line"), OTHERS, ids=[name for name, _, _ in OTHERS])
def test_error_in_another_file_has_its_place_in_it(
    check: Check, name: str, source: str, line: str
) -> None:
    assert check(name, source) == (1, [line])


@pytest.mark.parametrize(
    "source",
    [
        "q = 'SELECT Id FROM Account'",
        "q = 'SELECT Id, FROM Account'  # soql: ignore",
        "q = 'SELECT * FROM users u JOIN teams t ON t.id = u.id'",
        "q = 'SELECT rowid FROM sf_app WHERE used IS NULL'",
        "q = 'Select a name from the list,'",
        "q = 'the SELECT of it, FROM Account'",
        "q = f'SELECT Id FROM Account WHERE Name LIKE \\'%{x}%\\' LIMIT {n}'",
        "q = 'SELECT Id FROM Account WHERE Id = %s AND Name = :since'",
        "q = 1",
        "",
    ],
)
def test_nothing_is_said_of_what_is_right_or_no_query(check: Check, source: str) -> None:
    assert check("a.py", source, "--org", "developer") == (0, [])
    assert check.errors == []


def test_names_are_checked_against_a_pack(check: Check) -> None:
    source = "q = 'SELECT Id, Nonsense__c FROM Account'"
    assert check("a.py", source) == (0, [])
    expected = f"1:17: {COLUMN.format('Nonsense__c')}"
    assert check("a.py", source, "--org", "developer") == (1, [expected])


def test_value_that_the_program_puts_in_is_no_error(check: Check) -> None:
    source = "q = f\"SELECT Id FROM Account WHERE Id = '001{x}' AND OwnerId = '{y}' AND Naem = 1\""
    assert check("a.py", source, "--org", "developer") == (0, [])
    source = source.replace("001{x}", "{x}")
    expected = f"1:71: {COLUMN.format('Naem')}"
    assert check("a.py", source, "--org", "developer") == (1, [expected])


@pytest.mark.parametrize(
    "query", ["SELECT {} FROM Account", "SELECT Id FROM {}", "SELECT Id FROM Account WHERE {}"]
)
def test_query_that_the_program_builds_is_not_checked_and_no_error(
    check: Check, query: str
) -> None:
    assert check("a.py", f"q = '{query}'.format(x)", "--org", "developer") == (0, [])
    said = "1:6: not checked: the program puts more than values into this query"
    assert check.errors == ([] if "FROM {" in query else [said])


def test_what_the_fake_lacks_is_no_error(check: Check) -> None:
    source = "q = 'SELECT Id FROM Account BIND a = 5'"
    assert check("a.py", source, "--org", "developer") == (0, [])
    assert check.errors == [
        "1:6: not checked: pytest-sfmock does not implement this yet: SOQL BIND"
    ]


def test_folder_is_searched_but_not_what_is_hidden_in_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("b/a.py", "a.soql", "node_modules/a.js", ".git/a.py", "a.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("'SELECT Id, FROM Account'")
    assert main(["soql", "check", str(tmp_path)]) == 1
    found = [line.split(":")[0] for line in capsys.readouterr().out.splitlines()]
    assert found == [str(tmp_path / name) for name in ("a.soql", "b/a.py")]


@pytest.mark.parametrize("arguments", [[], ["nowhere.py"], [__file__, "--org", "nowhere"]])
def test_wrong_use_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["soql", "check", *arguments])
    assert caught.value.code == 2
    assert "error: " in capsys.readouterr().err
