"""A sample of queries that Salesforce's own parser has read (`tox -e grammar` compares 20,000): the same verdict, words and place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sfmock.soql import check

SAMPLE: list[dict[str, Any]] = [
    json.loads(line)
    for line in Path(__file__).with_name("grammar.jsonl").read_text(encoding="utf-8").splitlines()
]


def test_sample_holds_right_queries_and_broken_ones() -> None:
    broken = sum("error" in each for each in SAMPLE)
    assert len(SAMPLE) > 400
    assert 0.3 < broken / len(SAMPLE) < 0.7


@pytest.mark.parametrize("known", SAMPLE, ids=range(len(SAMPLE)))
def test_verdict_is_that_of_salesforces_parser(known: dict[str, Any]) -> None:
    problems = check(known["soql"])
    found = {"error": problems[0].message, "at": problems[0].at} if problems else {}
    assert {"soql": known["soql"], **found} == known
