"""The reference pages list what the code has, no more and no less."""

import ast
import json
import re
from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from pytest_sfmock import markers, options, plugin
from served import KEYS
from sfmock.cli import commands, control_pages, fault_catalogue, soql_tables, tables
from sfmock.control.remote import openapi
from sfmock.discovery import routes
from sfmock.schema import custom

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"

pytestmark = pytest.mark.skipif(not REFERENCE.is_dir(), reason="the documentation is not here")


def _rows(page: str, head: str) -> list[list[str]]:
    """The cells of the table on a page whose first header cell is `head`, without back-quotes around them."""
    lines = iter((REFERENCE / page).read_text("utf-8").splitlines())
    for line in lines:
        if line.startswith(f"| {head} |"):
            next(lines)
            return [[_plain(cell) for cell in row] for row in _cells(lines)]
    raise LookupError(f"{page} has no table {head}")


def _cells(lines: Iterator[str]) -> Iterator[list[str]]:
    for line in lines:
        if not line.startswith("|"):
            return
        yield re.split(r"(?<!\\)\|", line)[1:-1]


def _plain(cell: str) -> str:
    cell = cell.strip().replace("\\|", "|")
    return cell[1:-1] if re.fullmatch(r"`[^`]*`", cell) else cell


def test_settings_are_all_there_with_their_places_and_defaults() -> None:
    defaults = options.Settings()
    expected = [
        [
            each.name,
            each.flag if each.option else "-",
            each.key if each.ini else "-",
            each.name if each.marker else "-",
            str(getattr(defaults, each.name)) if each.option else "-",
        ]
        for each in options.SETTINGS
    ]

    assert [row[:5] for row in _rows("pytest.md", "setting")] == expected


def test_markers_are_all_there_with_their_keys() -> None:
    expected = [each.signature for each in markers.MARKERS]

    found = [row[0] for row in _rows("pytest.md", "marker")]
    assert [re.sub(r"[(].*", "", text) for text in found] == [each.name for each in markers.MARKERS]
    assert found[1:] == expected[1:]
    assert set(re.findall(r"(\w+)=", found[0])) == set(re.findall(r"(\w+)=", expected[0]))


def test_fixtures_are_all_there() -> None:
    ours = {name for name in plugin.__all__ if not name.startswith("pytest_")}

    assert {row[0] for row in _rows("pytest.md", "fixture")} == ours


def test_faults_are_all_there_as_the_command_prints_them() -> None:
    text = (REFERENCE / "faults.md").read_text("utf-8")

    for table in (fault_catalogue.fault_table(), fault_catalogue.scenario_table()):
        assert f"\n{table}\n" in text, "write it anew: `sfmock faults --markdown` prints it"
    assert text.endswith(f"{fault_catalogue.sections()}\n"), (
        "write it anew: behind the tables stands what `sfmock faults --markdown` prints there"
    )


def test_errors_are_all_there_as_the_command_prints_them() -> None:
    text = (REFERENCE / "errors.md").read_text("utf-8")

    assert text.endswith(f"{tables.markdown(tables.errors())}\n"), (
        "write it anew: the text before the table, then what `sfmock errors --markdown` prints"
    )


def test_functions_operators_and_date_literals_are_all_there_as_the_command_prints_them() -> None:
    text = (REFERENCE / "soql.md").read_text("utf-8")

    for table in soql_tables.everything().split("\n\n"):
        assert f"\n{table}\n" in text, "write it anew: `sfmock soql tables` prints it"


def test_differences_that_are_known_are_all_there() -> None:
    text = (REFERENCE / "soql.md").read_text("utf-8")
    tests = ast.parse(
        (REFERENCE.parents[1] / "tests" / "soql" / "test_cases.py").read_text("utf-8")
    )
    (known,) = (
        ast.literal_eval(each.value)
        for each in tests.body
        if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == "DIFFERS"
    )

    for name, reason in known.items():
        assert f"| `{name}` | {reason} |" in text


def test_routes_are_all_there() -> None:
    _, *expected = tables.routes()

    assert [tuple(row[:3]) for row in _rows("routes.md", "name")] == expected


def test_operations_of_soap_are_all_there() -> None:
    _, *expected = tables.operations()

    assert [tuple(row) for row in _rows("soap.md", "operation")] == expected


def test_refused_resources_are_all_there() -> None:
    text = (REFERENCE / "routes.md").read_text("utf-8").partition("## Refused")[2]

    assert re.findall(r"`([^`]+)`", text) == tables.refusals()
    served = {row[0].partition(" ")[0] for row in tables.routes()[1:]}
    assert served | set(tables.refusals()) == routes().names


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("type", custom.PROPERTIES),
        ("auto-number", {"string": custom.AUTO_NUMBER}),
        ("formula", custom.FORMULAS),
    ],
)
def test_types_of_custom_fields_are_all_there_with_their_properties(
    head: str, expected: Mapping[str, tuple[str, ...]]
) -> None:
    rows = _rows("custom-fields.md", head)

    assert {name: tuple(re.findall(r"`(\w+)`", cells)) for name, cells in rows} == expected


def test_every_property_of_custom_fields_is_explained() -> None:
    explained = [
        name
        for cell, *_ in _rows("custom-fields.md", "property")
        for name in re.findall(r"\w+", cell)
    ]
    used = {*custom.AUTO_NUMBER}.union(*custom.PROPERTIES.values(), *custom.FORMULAS.values())

    assert sorted(explained) == sorted(used)


def test_commands_and_the_options_of_the_import_are_all_there() -> None:
    parser = commands.parser()
    [actions] = [each for each in parser._actions if isinstance(each, _SubParsersAction)]
    found = [row[0].split()[1] for row in _rows("command.md", "command")]
    assert found == list(actions.choices)
    [inner] = [
        each for each in actions.choices["org"]._actions if isinstance(each, _SubParsersAction)
    ]
    assert [row[0] for row in _rows("command.md", "option")] == _options(inner.choices["import"])
    assert [row[0] for row in _rows("command.md", "serve")] == _options(actions.choices["serve"])


def _options(parser: ArgumentParser) -> list[str]:
    return [
        (each.option_strings or [str(each.metavar)])[0]
        for each in parser._actions
        if each.dest != "help"
    ]


def test_the_keys_of_the_file_for_other_programs_are_all_there() -> None:
    told = [row[0] for row in _rows("command.md", "key of the file")]
    assert sorted(re.findall(r"\w+", " ".join(told))) == sorted(KEYS)


@pytest.mark.parametrize("words", ["query", "org new", "org info", "org export"])
def test_arguments_of_a_command_are_all_there(words: str) -> None:
    parser = commands.parser()
    for word in words.split():
        [actions] = [each for each in parser._actions if isinstance(each, _SubParsersAction)]
        parser = actions.choices[word]
    section = (REFERENCE / "command.md").read_text("utf-8").partition(f"## `sfmock {words}`\n")[2]
    table = section.partition("\n## ")[0]
    expected = [
        (each.option_strings or [str(each.metavar)])[0]
        for each in parser._actions
        if each.dest != "help"
    ]

    assert re.findall(r"(?m)^\| `([^`0-9]+)` \|", table) == expected


def test_the_control_api_is_all_there_as_the_command_prints_it() -> None:
    page = (REFERENCE / "control-api.md").read_text("utf-8")
    document = json.loads((REFERENCE / "control-api.json").read_text("utf-8"))

    assert page.endswith(f"\n{control_pages.sections()}\n"), (
        "write it anew: behind its head stands what `sfmock control --markdown` prints"
    )
    assert document == openapi.document(), "`sfmock control --json` prints it"


@pytest.mark.parametrize("page", sorted(ROOT.glob("docs/**/*.md")), ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text("utf-8")):
        assert link.startswith("https://") or (page.parent / link).exists(), link


def test_links_of_the_first_page_lead_somewhere() -> None:
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        for link in re.findall(r"\]\(([^)#]+)[^)]*\)", (ROOT / name).read_text("utf-8")):
            assert (ROOT / link).exists(), link
