"""Rows of the tables of logging in (oauth.md 3, 6, 7, 8.1, 9), each with what proves it (tests/engine/checklist/logins.jsonl).

A proof is a case of cases/oauth (`file: name`), a kind of fault with its cases (`kind x`) or a test (`test_x.py::name`). A row that nothing
answers says why in `none`. Rows of errors are their code and text, which the case has to hold.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest

from proofs import cases_of_kind, lines, named_cases, named_tests

_HERE = Path(__file__).parent
_ROWS = lines(_HERE / "checklist/logins.jsonl")
_CASES = named_cases(_HERE / "cases/oauth")
_TESTS = named_tests(_HERE)


@pytest.mark.parametrize("row", _ROWS, ids=lambda row: f"{row['spec']}: {row['row']}"[:80])
def test_a_row_of_the_tables_of_logging_in_has_its_proof_or_a_reason(row: dict[str, Any]) -> None:
    assert bool(row.get("proof")) != bool(row.get("none")), row
    found = [_told(proof) for proof in row.get("proof", ())]
    if found and row["spec"] in ("oauth.md 6", "oauth.md 7"):
        code, _, text = row["row"].partition(": ")
        if code.isupper() or code.replace("_", "").islower():
            assert any(code in each and text in each for each in found), row


def _told(proof: str) -> str:
    """All that a proof says, as text without escapes."""
    if proof.startswith("kind "):
        cases = cases_of_kind(proof)
        assert cases
        return "".join(str(value) for each in cases for value in each.values())
    if proof.startswith("test_"):
        assert proof in _TESTS
        return _TESTS[proof]
    return unquote_plus(json.dumps(_CASES[proof], ensure_ascii=False).replace('\\"', '"'))


def test_all_rows_of_the_tables_are_there() -> None:
    counted = dict.fromkeys(sorted({row["spec"] for row in _ROWS}), 0)
    for row in _ROWS:
        counted[row["spec"]] += 1
    assert counted == {
        "oauth.md 3": 14,
        "oauth.md 6": 41,
        "oauth.md 7": 18,
        "oauth.md 8.1": 11,
        "oauth.md 9": 13,
    }
    names = [(row["spec"], row["row"]) for row in _ROWS]
    assert len(names) == len(set(names))
