"""Every known case: exact rows and messages, none refused; each also with other ids and other names of custom fields."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

import pytest

from sfmock.errors import SalesforceError
from sfmock.soql import nodes
from sfmock.soql.parser import parse
from soql_cases import Case, read_cases
from soql_dataset import World, disguised

DIFFERS = {
    "invalid-field-009": "unverified; 13.1 and case invalid-field-012 put the caret under the path's first identifier",
}
"""Unverified cases that the fake answers in another way, and why."""

CASES = read_cases()
OPEN = [each for each in CASES if each.id not in DIFFERS]


@pytest.mark.parametrize("case", [each for each in OPEN if each.kind == "rows"], ids=lambda c: c.id)
def test_query_answers_the_rows_of_the_case(case: Case, either_world: World) -> None:
    world, case = _dressed(either_world, case)
    if case.zone:
        world.in_zone(case.zone)
    found = world.rows(case.soql)
    if case.argument == "in order":
        assert found == case.rows
    else:
        assert Counter(map(_key, found)) == Counter(map(_key, case.rows))


@pytest.mark.parametrize(
    "case", [each for each in OPEN if each.kind == "count"], ids=lambda c: c.id
)
def test_count_answers_the_number_and_no_rows(case: Case, either_world: World) -> None:
    world, case = _dressed(either_world, case)
    page = world.page(case.soql)
    assert (page.total, page.done, page.records) == (int(case.argument), True, "[]")


@pytest.mark.parametrize(
    "case", [each for each in OPEN if each.kind == "error"], ids=lambda c: c.id
)
def test_query_fails_with_the_exact_message_of_the_case(case: Case, either_world: World) -> None:
    world, case = _dressed(either_world, case)
    with pytest.raises(SalesforceError) as caught:
        world.page(case.soql)
    assert (caught.value.code, caught.value.message) == (case.argument, case.message)
    assert (caught.value.status, caught.value.fields) == (400, None)


@pytest.mark.parametrize(
    "case", [each for each in OPEN if each.kind == "parses"], ids=lambda c: c.id
)
def test_query_is_answered(case: Case, either_world: World) -> None:
    world, case = _dressed(either_world, case)
    assert world.page(case.soql).done


@pytest.mark.parametrize(
    "case", [each for each in OPEN if each.kind == "grammar"], ids=lambda c: c.id
)
def test_query_on_what_the_org_lacks_is_right_by_the_grammar(case: Case) -> None:
    assert isinstance(parse(case.soql), nodes.Query)


@pytest.mark.parametrize("name", DIFFERS)
def test_case_that_differs_is_unverified_and_still_differs(name: str, world: World) -> None:
    case = next(each for each in CASES if each.id == name)
    assert case.certainty == "unverified"
    with pytest.raises(SalesforceError) as caught:
        world.page(case.soql)
    assert caught.value.code == case.argument
    assert caught.value.message != case.message


def _dressed(world: World, case: Case) -> tuple[World, Case]:
    """The case in the words of its world."""
    if not world.disguise:
        return world, case
    lines = [disguised(each) for each in case.lines]
    return world, replace(case, soql=disguised(case.soql), lines=lines)


def _key(row: object) -> str:
    return json.dumps(row, sort_keys=True)
