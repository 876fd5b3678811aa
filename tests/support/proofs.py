"""Lists in JSON lines, and what proves a row of such a list: a case, a test, or a kind of fault with its cases."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from sfmock.discovery import fault_kinds

TESTS = Path(__file__).parents[1]
ENGINE = TESTS / "engine"
_BODIES = re.compile(r"^def (test_\w+)(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)


def lines(path: Path) -> list[Any]:
    """What each line of a file holds."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def named_cases(root: Path, *folders: str) -> dict[str, Any]:
    """The cases of a folder, and of some below it, by file and name: `rows: a name too long`."""
    return {
        f"{file.relative_to(root).with_suffix('')}: {case['name']}": case
        for folder in (".", *folders)
        for file in sorted((root / folder).glob("*.jsonl"))
        for case in lines(file)
    }


def named_tests(folder: Path) -> dict[str, str]:
    """The text of each test of a folder by file and name: `test_rows.py::test_a_row`."""
    return {
        f"{file.name}::{name}": body
        for file in folder.rglob("test_*.py")
        for name, body in _BODIES.findall(file.read_text("utf-8"))
    }


def cases_of_kind(proof: str) -> list[Any]:
    """The cases of the kind of fault that a proof (`kind x`) means."""
    kinds = fault_kinds()
    name = kinds[proof.removeprefix("kind ")].name
    return [each for each in _kind_cases() if kinds[each["fault"]].name == name]


def _kind_cases() -> list[Any]:
    return lines(ENGINE / "cases/faults/kinds.jsonl")
