"""Rows of rest.md 6.1 and 2.5-2.9 and behaviours of metadata.md 4 and 5, each with what proves it (tests/engine/checklist).

A proof is a case (`file: name`, below `cases`) or a test (`test_x.py::name`). A row that nothing answers says why in `none`;
where it has proofs beside that, they show the refusal.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from proofs import lines, named_cases, named_tests
from sfmock import errors

_HERE = Path(__file__).parent
_ROWS = lines(_HERE / "checklist" / "rows.jsonl")
_CASES = named_cases(_HERE / "cases", "reads")
_BODIES = [
    (error["errorCode"], error["message"])
    for file in (_HERE / "cases").glob("*.jsonl")
    for case in lines(file)
    for error in case.get("body", ())
    if isinstance(error, dict) and "errorCode" in error
]
_SOAP = frozenset(
    {
        "BAD_ID", "BAD_ID_TO_MERGE", "ID_IN_CREATE", "ID_MISSING", "ID_TWICE", "KEY_MISSING", "KEY_TWICE", "ROLLED_BACK",
        "SEVERAL_BY_KEY",
    }
)  # fmt: skip
_ROW_ERRORS = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, errors.Kind)
    and kind.row
    and name not in ("INVALID_CONVERTED_STATUS", *_SOAP)
}
"""The errors of rows in the catalogue, but those that have no door over REST: SOAP's have their cases in tests/soap."""
_TESTS = named_tests(_HERE)


@pytest.mark.parametrize("row", _ROWS, ids=lambda row: f"{row['spec']}: {row['row']}"[:80])
def test_a_row_of_the_spec_has_its_proof_or_a_reason(row: dict[str, Any]) -> None:
    assert row["proof"] or row["none"]
    assert [each for each in row["proof"] if each not in {*_CASES, *_TESTS}] == []


def test_every_section_is_there() -> None:
    found = {row["spec"] for row in _ROWS}
    sections = {f"metadata.md 4.{number}" for number in range(1, 17)}
    sections |= {"metadata.md 4", "metadata.md 5", "metadata.md 5.1", "metadata.md 5.2"}
    assert found == sections | {f"rest.md {each}" for each in ("2.5", "2.6", "2.7", "2.9", "6.1")}


@pytest.mark.parametrize("name", list(_ROW_ERRORS))
def test_every_error_of_rows_has_a_case(name: str) -> None:
    kind = _ROW_ERRORS[name]
    pattern = re.sub(r"\\{\w+\\}", ".*", re.escape(kind.template))
    found = [
        message
        for code, message in _BODIES
        if code == kind.code and re.fullmatch(pattern, message, re.DOTALL)
    ]
    assert found, kind.template
