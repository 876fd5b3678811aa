"""Rows of the fault tables and the sentences on limits, each with what proves it (tests/engine/checklist/faults.jsonl).

A proof is a kind of fault with its cases (`kind x`), a case of the engine (`file: name`) or a test (`test_x.py::name`). A row that
nothing answers says why in `none`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from proofs import TESTS, cases_of_kind, lines, named_cases, named_tests
from sfmock.discovery import fault_kinds

_HERE = Path(__file__).parent
_ROWS = lines(_HERE / "checklist/faults.jsonl")
_NAMED = {*named_cases(_HERE / "cases"), *named_tests(TESTS)}


@pytest.mark.parametrize("row", _ROWS, ids=lambda row: f"{row['spec']}: {row['row']}"[:80])
def test_a_row_of_the_fault_tables_has_its_proof_or_a_reason(row: dict[str, Any]) -> None:
    assert row["proof"] or row["none"]
    for proof in row["proof"]:
        if proof.startswith("kind "):
            assert cases_of_kind(proof) or proof == "kind locator_cached"
        else:
            assert proof in _NAMED


def test_all_rows_are_there() -> None:
    numbers = [int(row["row"].split()[0]) for row in _ROWS if row["spec"] == "error-catalogue.md 9"]
    assert numbers == list(range(1, 56))
    proven = {proof for row in _ROWS for proof in row["proof"] if proof.startswith("kind ")}
    known = {fault_kinds()[each.removeprefix("kind ")].name for each in proven}
    ours = {
        "any_error", "broken_gzip", "connection_reset", "drip", "stale_keep_alive", "wrong_length",
    }  # fmt: skip
    assert set(fault_kinds()) - known == ours, "kinds that no table names"
