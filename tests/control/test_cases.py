"""Each operation and each error of the control API: one case a rule, calls in, status and body out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from controlling import Remote, Story
from sfmock.control.remote.table import OPERATIONS, at_path

_CASES = Path(__file__).parent / "cases"
_SOURCES = Path(__file__).parents[1] / "sources"


def _cases() -> Iterator[Any]:
    for file in sorted(_CASES.glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            case = json.loads(line)
            yield pytest.param(case["steps"], id=f"{file.stem}-{case['name'].replace(' ', '_')}")


@pytest.mark.parametrize("steps", [*_cases()])
def test_a_call_is_answered(remote: Remote, steps: list[dict[str, Any]]) -> None:
    story = Story(remote, {"sources": str(_SOURCES)})
    for step in steps:
        story.tell(step)


def test_each_operation_has_a_case_in_which_it_succeeds() -> None:
    done = set()
    for parameters in _cases():
        for step in parameters.values[0]:
            if "call" in step and step["status"] < 300:
                method, path = step["call"].split(" ", 1)
                found, _ = at_path(path.partition("?")[0])
                done |= {each.name for each in found if each.method == method}
    assert {each.name for each in OPERATIONS} - done == set()
