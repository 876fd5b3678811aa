"""Every error and odd reply that somebody quoted has a case or another test that shows it, or a reason why it has none.

`recorded/quoted.jsonl` lists them in a short form of our own, without those that stand in `exchanges.jsonl` and `logins.jsonl`. A proof is a
kind of fault with its cases (`kind x`), a case of a query, search or SOAP call (`soql: x`, `sosl: x`, `soap: x`) or a test (`test_x.py::name`). The code and
message of an error are those of the cases of its kind; `like`: the message holds values, or the case has the form alone.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from calling import Caller
from proofs import TESTS, cases_of_kind, lines, named_tests
from sfmock.org.org import Org
from soql_cases import read_cases

_HERE = Path(__file__).parent
QUOTES = lines(_HERE / "recorded/quoted.jsonl")
KINDS = lines(_HERE / "cases/faults/kinds.jsonl")
_ELSEWHERE = [
    each["id"]
    for name in ("exchanges", "logins")
    for each in lines(_HERE / f"recorded/{name}.jsonl")
]
_NAMED = {
    *named_tests(TESTS),
    *(f"soql: {each.id}" for each in read_cases()),
    *(f"sosl: {each['name']}" for each in lines(TESTS / "sosl/cases.jsonl")),
    *(f"soap: {each['name']}" for file in (TESTS / "soap").glob("*.jsonl") for each in lines(file)),
}


@pytest.mark.parametrize("quote", QUOTES, ids=lambda each: each["id"])
def test_a_quoted_reply_has_a_proof_or_a_reason(quote: dict[str, Any]) -> None:
    assert bool(quote.get("proof")) != bool(quote.get("none")), quote
    for proof in quote.get("proof", ()):
        if proof.startswith("kind "):
            _check_kind(quote, proof)
        else:
            assert proof in _NAMED


def _check_kind(quote: dict[str, Any], proof: str) -> None:
    """One of the kind's cases has what was quoted: status, code and message."""
    cases = cases_of_kind(proof)
    assert cases
    if quote["status"] is not None:
        cases = [each for each in cases if each["status"] == quote["status"]]
    told = [
        "".join(each.get(key, "") for key in ("text", "starts", "pattern", "gunzips"))
        for each in cases
    ]
    if "like" not in quote and "code" in quote:
        wanted = (quote["code"], json.dumps(quote.get("message", ""), ensure_ascii=False)[1:-1])
        assert any(all(each in text for each in wanted) for text in told), (quote, told)
    assert cases, quote


def test_no_quoted_reply_is_missing_or_listed_twice() -> None:
    ids = [each["id"] for each in QUOTES]
    assert len(ids) == len(set(ids))
    assert not set(ids) & set(_ELSEWHERE)
    named = {
        name
        for case in KINDS
        for key in ("quoted", "names", "like")
        for name in ([case[key]] if isinstance(case.get(key), str) else case.get(key, ()))
    }
    assert named <= {*ids, *_ELSEWHERE}
    assert len(ids) == 217  # with those that are listed elsewhere, all 395 lines of both files


def test_groups_beyond_a_page_have_their_error(org: Org, call: Caller) -> None:
    org.insert("Account", [{"Name": f"Acme {number}"} for number in range(2001)])
    grouped = "/query?q=SELECT+Name,COUNT(Id)+FROM+Account+GROUP+BY+Name"
    answer = call("GET", grouped)
    assert (answer.status, answer.json) == (
        400,
        [
            {
                "message": "Aggregate query does not support queryMore(),"
                " use LIMIT to restrict the results to a single batch",
                "errorCode": "EXCEEDED_ID_LIMIT",
            }
        ],
    )
    assert call("GET", f"{grouped}+LIMIT+2000").status == 200
