"""The table of proven clients: its page says what the tests do, and the tests do what it says."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from proven import CLIENTS, table

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "reference" / "clients.md"


def test_the_page_has_this_table() -> None:
    text = PAGE.read_text()
    lines = [line for line in text.splitlines() if line.startswith("|")]
    head = [*table()]
    assert lines[: len(head)] == head


@pytest.mark.parametrize(
    "name", ["simple-salesforce", "aiosalesforce", "httpx", "aiohttp", "urllib3"]
)
def test_the_versions_are_those_that_are_installed_for_the_tests(name: str) -> None:
    groups = tomllib.loads((HERE.parents[1] / "pyproject.toml").read_text())["dependency-groups"]
    (asked,) = (Requirement(each) for each in groups["test"] if re.match(rf"{name}\W", each))
    known = {each.operator: each.version for each in asked.specifier}
    lowest, newest = known.get(">="), known.get("<=")
    told = known["=="] if newest is None else f"{lowest} to {newest}"
    assert CLIENTS[name].version == told
    installed = importlib.metadata.version(name)
    assert installed in asked.specifier


def test_each_way_of_each_client_has_its_tests() -> None:
    proven = {(name, way, "Battery") for name, row in CLIENTS.items() for way in row.ways}
    proven |= {(name, way, "Basics") for name, row in CLIENTS.items() for way in row.also}
    assert set(ways_in_tests()) == proven


def ways_in_tests() -> Iterator[tuple[str, str, str]]:
    """Client, way, and how much of it is tested, as the classes of the test modules have it."""
    for module in sorted(HERE.rglob("test_*.py")):
        classes = [
            each for each in ast.parse(module.read_text()).body if isinstance(each, ast.ClassDef)
        ]
        clients = {each.name: name for each in classes for name in _client_of(each)}
        for each in classes:
            bases = [base.id for base in each.bases if isinstance(base, ast.Name)]
            for way in _ways_of(each):
                yield clients[bases[0]], way, bases[-1]


def _client_of(tests: ast.ClassDef) -> Iterator[str]:
    for line in tests.body:
        if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "client":
            name = ast.unparse(line.value)
            yield ast.literal_eval(name.removeprefix("CLIENTS[").removesuffix("]"))


def _ways_of(tests: ast.ClassDef) -> Iterator[str]:
    for mark in tests.decorator_list:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "by":
            yield ast.literal_eval(mark.args[0])
