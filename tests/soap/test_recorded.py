"""Recorded and captured replies of the partner API: the fake's have the same elements in the same order.

`recorded/exchanges.jsonl` lists them in a short form of our own: a call that is like the recorded one, the outline of its
reply, the prefixes that its envelope declares, or why there is `none`. `older` ones lack elements that came later.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from calling import Caller
from envelopes import XSI, ask
from sfmock.control.baseline import Baseline
from sfmock.org.org import Org

EXCHANGES = [
    json.loads(line)
    for line in (Path(__file__).parent / "recorded/exchanges.jsonl").read_text("utf-8").splitlines()
]


@pytest.fixture(scope="module")
def opened() -> Iterator[tuple[Org, Baseline]]:
    with Org.new() as org:
        org.schema.add_field("Account", "Ext__c", "string", unique=True, external_id=True)
        org.digest()  # makes the tables that hold first rows
        yield org, Baseline(org)


@pytest.fixture
def org(opened: tuple[Org, Baseline]) -> Iterator[Org]:
    org, baseline = opened
    yield org
    baseline.restore()


def outline(text: str) -> Iterator[str]:
    """The elements of a reply with their paths, `xsi:nil` and `xsi:type`."""
    body = next(each for each in ElementTree.fromstring(text) if each.tag.endswith("}Body"))
    yield body[0].tag.partition("}")[2]
    yield from _below(body[0], "")


def _below(parent: ElementTree.Element, path: str) -> Iterator[str]:
    for each in parent:
        uri, _, name = each.tag.partition("}")
        where = f"{path}{'sf:' if 'sobject' in uri else ''}{name}"
        nil = " nil" if each.get(f"{{{XSI}}}nil") else ""
        kind = each.get(f"{{{XSI}}}type")
        yield f"{where}{nil}{f' {kind}' if kind else ''}"
        yield from _below(each, f"{where}/")


@pytest.mark.parametrize(
    "exchange", [each for each in EXCHANGES if "ask" in each], ids=lambda each: each["id"]
)
def test_a_reply_has_the_elements_that_were_recorded(
    exchange: dict[str, Any], org: Org, call: Caller
) -> None:
    text = exchange["ask"]
    for name, sobject, fields in exchange["given"]:
        text = text.replace(f"{{{name}}}", org.insert(sobject, fields).id)

    answer = ask(call, text)

    found = list(outline(answer.text))
    if exchange.get("older"):
        rest = iter(found)
        assert [each for each in exchange["outline"] if each not in rest] == []
    else:
        assert found == exchange["outline"]
        envelope = answer.text.partition("<soapenv:Envelope ")[2].partition(">")[0]
        prefixes = set(re.findall(r"xmlns:(\w+)=", envelope)) - {"soapenv"}
        assert prefixes == set(exchange["declares"])


def test_what_is_left_out_says_why() -> None:
    assert [each["id"] for each in EXCHANGES if ("ask" in each) == ("none" in each)] == []
