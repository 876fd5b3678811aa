"""Every exchange of rows that was recorded or quoted has its case, another test that shows it, or a reason why it has none.

`recorded/exchanges.jsonl` lists them in a short form of our own: request, status and error, what the source is, why it is
`not_here`, and in what the case `differs` from it. Writes have cases in cases/recorded.jsonl, where a single row stands for
a row of a list (collections, trees, composite); most reads are `shown_by` a test that has many.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from proofs import lines

_HERE = Path(__file__).parent
EXCHANGES = lines(_HERE / "recorded/exchanges.jsonl")
CASES = lines(_HERE / "cases/recorded.jsonl")
_OF_A_LIST = re.compile(r"composite")
_DONE = {"POST": (201,), "PATCH": (200, 201, 204, 300), "DELETE": (204,)}


@pytest.mark.parametrize("exchange", EXCHANGES, ids=lambda each: each["id"])
def test_a_recorded_exchange_has_a_case_or_a_reason(exchange: dict[str, Any]) -> None:
    cases = [each for each in CASES if exchange["id"] in each["exchanges"]]
    shown_by = exchange.get("shown_by")
    assert [bool(cases), bool(exchange.get("not_here")), bool(shown_by)].count(True) == 1, exchange
    if shown_by:
        file, _, name = shown_by.partition("::")
        assert f"def {name}(" in (_HERE / file).read_text()
    for case in cases:
        _check_status(exchange, case)
        _check_error(exchange, case)


def test_cases_name_recorded_exchanges_only() -> None:
    known = [each["id"] for each in EXCHANGES]
    named = {each for case in CASES for each in case["exchanges"]}
    assert len(known) == len(set(known))
    assert named <= set(known)


def test_most_of_what_was_recorded_has_a_case() -> None:
    recorded = [each for each in EXCHANGES if each["recorded"]]
    assert len([each for each in recorded if "not_here" not in each]) > 0.8 * len(recorded)


@pytest.mark.parametrize(("file", "key"), [("cases/reads/recorded.jsonl", "recorded"), ("recorded/rows.jsonl", "id")])  # fmt: skip
def test_what_was_recorded_of_reads_is_in_the_list(file: str, key: str) -> None:
    known = {each["id"] for each in EXCHANGES}
    assert {each[key] for each in lines(_HERE / file)} - known <= {"limits-0002", "limits-0004"}


def _check_status(exchange: dict[str, Any], case: dict[str, Any]) -> None:
    """The status of the row: rows of lists have that of the same write on its own."""
    status, method = exchange["status"], case["request"][0]
    if _OF_A_LIST.match(exchange["id"]) or "differs" in exchange or status in (None, 200):
        assert case["status"] >= 400 or case["status"] in _DONE[method]
    else:
        assert case["status"] == status


def _check_error(exchange: dict[str, Any], case: dict[str, Any]) -> None:
    if "message" not in exchange:
        return
    (error,) = case["body"]
    pattern = re.escape(exchange["message"]).replace(r"\{\}", ".+")
    assert error["errorCode"] == exchange["code"]
    assert re.fullmatch(pattern, error["message"], re.DOTALL), error["message"]
    if "fields" in exchange and "differs" not in exchange:
        assert error.get("fields") == exchange.get("fields")
