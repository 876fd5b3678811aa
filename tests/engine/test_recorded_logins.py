"""Every log-in that was recorded or quoted has its case in tests/engine/cases/oauth/recorded.jsonl, or a reason why it has none.

`recorded/logins.jsonl` lists them in a short form of our own: request, status, the keys or elements of the reply, error, stable
header fields, what the source is; why it is `not_here`, in what the case `differs`, that it is `older` than keys that came later, or
that its keys had another `order`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from proofs import lines

_HERE = Path(__file__).parent
EXCHANGES = lines(_HERE / "recorded/logins.jsonl")
CASES = lines(_HERE / "cases/oauth/recorded.jsonl")


@pytest.mark.parametrize("exchange", EXCHANGES, ids=lambda each: each["id"])
def test_a_recorded_login_has_a_case_or_a_reason(exchange: dict[str, Any]) -> None:
    cases = [each for each in CASES if exchange["id"] in each["exchanges"]]
    assert bool(cases) != bool(exchange.get("not_here")), exchange
    for case in cases:
        steps = [each for each in case["steps"] if "request" in each or "soap login" in each]
        told = [step for step in steps if _fits(exchange, step)]
        assert told, "no step answers with what was recorded"


def test_cases_name_recorded_logins_only() -> None:
    known = [each["id"] for each in EXCHANGES]
    named = {each for case in CASES for each in case["exchanges"]}
    assert len(known) == len(set(known))
    assert named <= set(known)


def test_most_of_what_was_recorded_has_a_case() -> None:
    recorded = [each for each in EXCHANGES if each["recorded"]]
    assert [each["id"] for each in recorded if "not_here" in each] == []
    assert len(recorded) > 15


def _fits(exchange: dict[str, Any], step: dict[str, Any]) -> bool:
    if "soap login" in step:
        return _fits_soap(exchange, step["soap login"])
    if exchange.get("status") not in (None, step.get("status")):
        return False
    body = step.get("body")
    if "keys" in exchange and "differs" not in exchange and body is not None:
        entry = body[0] if isinstance(body, list) else body
        if not _same_keys(exchange["keys"], entry, exchange):
            return False
    return _same_error(exchange, step) and _same_headers(exchange, step)


def _fits_soap(exchange: dict[str, Any], login: dict[str, Any]) -> bool:
    if "fault" in login:
        told = [exchange.get("code"), exchange.get("message")]
        return exchange["status"] == 500 and told in (login["fault"], [None, None])
    return bool(login.get("elements") == exchange["id"])


def _same_keys(recorded: dict[str, Any], found: dict[str, Any], exchange: dict[str, Any]) -> bool:
    """The same keys in the same order, in objects within objects, too."""
    names = list(found)
    if "order" in exchange:
        same = set(recorded) == set(found) or ("older" in exchange and set(recorded) <= set(found))
    elif "older" in exchange:
        same = [each for each in names if each in recorded] == list(recorded)
    else:
        same = names == list(recorded)
    inner = [name for name, keys in recorded.items() if keys is not None and name in found]
    return same and all(_same_keys(recorded[each], found[each], exchange) for each in inner)


def _same_error(exchange: dict[str, Any], step: dict[str, Any]) -> bool:
    if "code" not in exchange or "differs" in exchange:
        return True
    told = json.dumps(step.get("body", step.get("text")), ensure_ascii=False)
    return exchange["code"] in told and exchange["message"] in told


def _same_headers(exchange: dict[str, Any], step: dict[str, Any]) -> bool:
    sent = {name.lower(): value for name, value in step.get("reply_headers", {}).items()}
    return all(sent.get(name) == value for name, value in exchange.get("headers", {}).items())
