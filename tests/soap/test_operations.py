"""Operations of the partner API: one case a rule, envelope in, envelope and state out (tests/soap/*.jsonl).

A case has `ask` (the operation without namespaces), `header`, `version`, and what is answered: `reply` with the namespaces that
it `declares`, `fault` (code, message, kind, place), `client` (the words of a fault that is the client's) or `refused`. `given`
rows come first, by name; ids that the reply made are `{new1}`, `{new2}`; `many` stands for `{many}`, so many times. Each case is asked in a spelling of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from calling import Answer, Caller
from envelopes import STYLES, Style, ask, client_fault, fault, reply
from sfmock.control.baseline import Baseline
from sfmock.org.org import Org
from sfmock.org.record import Record

_CASES = [
    json.loads(line)
    for file in sorted(Path(__file__).parent.glob("*.jsonl"))
    for line in file.read_text("utf-8").splitlines()
]
NOW = datetime(2024, 5, 31, 12, 0, 30, tzinfo=UTC)
_ID = re.compile(r"<(?:\w+I|i)d>(\w{18})</")


@pytest.fixture(scope="module")
def opened() -> Iterator[tuple[Org, Baseline]]:
    with Org.new() as org:
        org.schema.add_object("Thing__c", label="Thing")
        for name, kind, properties in (
            ("Key__c", "string", {"unique": True, "external_id": True, "length": 20}),
            ("Group__c", "string", {"external_id": True}),
            ("Number__c", "double", {"external_id": True, "precision": 18, "scale": 0}),
            ("Size__c", "double", {"precision": 18, "scale": 2}),
            ("Ready__c", "boolean", {"default": False}),
            ("Day__c", "date", {}),
            ("At__c", "datetime", {}),
            ("Daily__c", "time", {}),
            ("Spot__c", "location", {}),
            ("Secret__c", "encryptedstring", {"length": 20}),
        ):
            org.schema.add_field("Thing__c", name, kind, **properties)
        org.schema.add_field("Account", "Ext__c", "string", unique=True, external_id=True)
        org.digest()  # makes the tables that hold first rows
        yield org, Baseline(org)


@pytest.fixture
def org(opened: tuple[Org, Baseline]) -> Iterator[Org]:
    org, baseline = opened
    org.clock.freeze(NOW)
    yield org
    baseline.restore()


def _given(org: Org, case: dict[str, Any]) -> dict[str, str]:
    names = {"admin": org.admin_id, "org": org.id}
    if "many" in case:
        text, times = case["many"]
        names["many"] = text * times
    for name, action, argument in case.get("given", ()):
        value = json.loads(_filled(json.dumps(argument), names))
        if action == "delete":
            org.delete(value)
        elif action == "lock":
            org.lock(value)
        else:
            names[name] = org.insert(action, value).id
    return names


def _filled(text: str, names: dict[str, str]) -> str:
    for name, value in names.items():
        text = text.replace(f"{{{name}}}", value).replace(f"{{{name}15}}", value[:15])
    return text


def _expected(case: dict[str, Any], names: dict[str, str], used: int) -> tuple[int, str]:
    if "fault" in case:
        return 500, fault(*(_filled(each, names) for each in case["fault"]))
    if "client" in case:
        return 500, client_fault(_filled(case["client"], names))
    return 200, reply(_filled(case["reply"], names), used, case.get("declares", ""))


def _name_new(answer: Answer, names: dict[str, str]) -> None:
    """The ids of new rows, in the order of the reply."""
    made = [each for each in _ID.findall(answer.text) if each not in names.values()]
    names |= {f"new{number}": each for number, each in enumerate(dict.fromkeys(made), 1)}


@pytest.mark.parametrize(
    ("case", "style"),
    [
        pytest.param(case, STYLES[number % len(STYLES)], id=case["name"].replace(" ", "_"))
        for number, case in enumerate(_CASES)
    ],
)
def test_an_operation(case: dict[str, Any], style: Style, org: Org, call: Caller) -> None:
    names = _given(org, case)
    before, used = org.digest(), org.limits["DailyApiRequests"].used
    operation, header = (_filled(case.get(each, ""), names) for each in ("ask", "header"))

    answer = ask(call, operation, header, style=style, version=case.get("version", "59.0"))

    assert org.limits["DailyApiRequests"].used == used + 1
    if "refused" in case:
        assert answer.status == 501
        assert org.journal[-1].refused == _filled(case["refused"], names)
    else:
        _name_new(answer, names)
        status, text = _expected(case, names, used + 1)
        assert answer.text == text
        assert answer.status == status
    if "found" not in case:
        assert org.digest() == before
    for soql, rows in case.get("found", {}).items():
        found = org.query(_filled(soql, names))
        assert isinstance(found, list)
        wanted = json.loads(_filled(json.dumps(rows), names))
        assert [_plain(each) for each in found] == wanted


def _plain(value: Any) -> Any:
    if isinstance(value, Record):
        return {name: _plain(each) for name, each in value.items()}
    return value if isinstance(value, bool | int | None) else str(value)
