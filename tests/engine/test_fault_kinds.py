"""Each kind of fault at each door that can suffer it: what the client sees and what the org holds, as data.

A line of `cases/faults/kinds.jsonl` has `fault`, `options`, `ask` (see `fault_asks`) and what is seen: `status` (null where no reply
reaches the client), `text`, `starts`, `pattern` or `gunzips`, `headers` (null for one that is not there), `delay`, `reset`, `travel`.
The org is as before but for what `writes`, `ends_session` or `leaves` say; `unmet`: the request cannot suffer the fault. `quoted`,
`names` and `like` name the quoted replies whose body, message or form a line has.
"""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from calling import Answer, Caller
from fault_asks import DOORS, Asker
from sfmock.discovery import fault_kinds
from sfmock.org.org import Org
from sfmock.wire import USUAL

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases/faults/kinds.jsonl").read_text("utf-8").splitlines()
]


def _name(case: dict[str, Any]) -> str:
    options = ",".join(f"{key}={value}" for key, value in case.get("options", {}).items())
    return f"{case['fault']}({options[:30]})-{case['ask']}".replace(" ", "_")


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_a_fault_is_seen_as_salesforce_shows_it(
    org: Org, call: Caller, case: dict[str, Any]
) -> None:
    asker = Asker(call)
    asker.prepare(case["ask"])
    before, used = org.digest(), org.limits["DailyApiRequests"].used
    fault = org.faults.add(case["fault"], **case.get("options", {}))

    answer = asker(case["ask"])

    assert fault.fired == (0 if case.get("unmet") else 1)
    if case["status"] is not None:
        assert answer.status == case["status"]
        _check_body(answer, case, {"{acme}": asker.acme.id})
    for name, value in case.get("headers", {}).items():
        wanted = value and value.replace("{my}", org.my_domain)
        assert answer.headers.get(name) == wanted, name
    _check_way(answer, case)
    assert (org.digest() != before) == case.get("writes", False)
    alive = org.sessions.get(asker.token) is not None
    assert alive != case.get("ends_session", False)
    if case["status"] not in (200, 201, 204) and not case.get("writes"):
        assert org.limits["DailyApiRequests"].used - used in (0, 1)
    refused = [each.refused for each in org.journal.problems]
    assert refused == []


def _check_body(answer: Answer, case: dict[str, Any], values: dict[str, str]) -> None:
    if "text" in case:
        wanted = case["text"]
        for name, value in values.items():
            wanted = wanted.replace(name, value)
        assert answer.text == wanted
    if "starts" in case:
        assert answer.text.startswith(case["starts"])
    if "pattern" in case:
        assert re.fullmatch(case["pattern"], answer.text, re.DOTALL), answer.text
    if "gunzips" in case:
        assert case["gunzips"] in gzip.decompress(answer.rendered.body).decode()


def _check_way(answer: Answer, case: dict[str, Any]) -> None:
    rendered = answer.rendered
    assert (rendered.delay, rendered.reset) == (case.get("delay", 0), case.get("reset", False))
    assert asdict(rendered.travel) == asdict(USUAL) | case.get("travel", {})


def test_every_kind_has_a_case_at_each_of_its_doors() -> None:
    kinds = fault_kinds()
    tried = {
        (kinds[case["fault"]].name, DOORS.get(case["ask"].partition(" ")[0], "rest"))
        for case in CASES
        if not case.get("unmet")
    }
    needed = {(kind.name, door) for kind in kinds.values() for door in kind.answers}

    everywhere = {
        name for name, _ in needed if len(kinds[name].answers) == len({*DOORS.values()}) + 1
    }
    assert {each for each in needed - tried if each[0] not in everywhere} == set()
    without = {kind.name for kind in kinds.values()} - {name for name, _ in tried}
    assert without == {"locator_cached"}, "it needs two requests, and has a test of its own"


def test_the_names_of_kinds_are_those_of_their_files() -> None:
    kinds = fault_kinds()
    assert [kind.name for kind in kinds.values()] == list(kinds)
    others = [other for kind in kinds.values() for other in kind.also]
    assert len(others) == len(set(others))
    assert not set(others) & set(kinds)
    for kind in kinds.values():
        for text in (kind.happens, kind.state, kind.reaction, kind.source):
            assert text, kind.name
        assert kind.answers or kind.wire, kind.name


def test_two_equal_orgs_get_equal_error_ids() -> None:
    texts = []
    for seed in (1, 1, 2):
        with Org.new(seed=seed) as org:
            call = Caller(org)
            org.faults.add("internal_error")
            texts.append(call("GET", "/limits").text)
    assert texts[0] == texts[1] != texts[2]
