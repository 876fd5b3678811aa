"""Rows of the fault tables and the sentences on limits, each with what proves it (tests/engine/checklist/faults.jsonl).

A proof is a kind of fault with its cases (`kind x`), a case of the engine (`file: name`) or a test (`test_x.py::name`). A row that
nothing answers says why in `none`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from sfmock.app import fault_kinds

_HERE = Path(__file__).parent
_ROWS = [json.loads(line) for line in (_HERE / "checklist/faults.jsonl").read_text().splitlines()]
_TRIED = {
    fault_kinds()[json.loads(line)["fault"]].name
    for line in (_HERE / "cases/faults/kinds.jsonl").read_text("utf-8").splitlines()
}
_CASES = {
    f"{file.stem}: {json.loads(line)['name']}"
    for file in (_HERE / "cases").glob("*.jsonl")
    for line in file.read_text("utf-8").splitlines()
}
_TESTS = {
    f"{file.name}::{name}"
    for file in _HERE.parent.rglob("test_*.py")
    for name in re.findall(r"^def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)
}


@pytest.mark.parametrize("row", _ROWS, ids=lambda row: f"{row['spec']}: {row['row']}"[:80])
def test_a_row_of_the_fault_tables_has_its_proof_or_a_reason(row: dict[str, Any]) -> None:
    assert row["proof"] or row["none"]
    for proof in row["proof"]:
        if proof.startswith("kind "):
            kind = fault_kinds()[proof.removeprefix("kind ")]
            assert kind.name in _TRIED or kind.name == "locator_cached"
        else:
            assert proof in _CASES | _TESTS


def test_all_rows_are_there() -> None:
    numbers = [int(row["row"].split()[0]) for row in _ROWS if row["spec"] == "error-catalogue.md 9"]
    assert numbers == list(range(1, 56))
    proven = {proof for row in _ROWS for proof in row["proof"] if proof.startswith("kind ")}
    known = {fault_kinds()[each.removeprefix("kind ")].name for each in proven}
    ours = {
        "any_error", "broken_gzip", "connection_reset", "drip", "stale_keep_alive", "wrong_length",
    }  # fmt: skip
    assert set(fault_kinds()) - known == ours, "kinds that no table names"
