"""Long texts are cut into tokens part by part; where a part ends makes no difference."""

from __future__ import annotations

import pytest

from sfmock.errors import SalesforceError
from sfmock.soql import cursor, nodes
from sfmock.soql.parser import parse
from soql_cases import read_cases


def _parsed(soql: str) -> nodes.Query | tuple[str, str]:
    try:
        return parse(soql)
    except SalesforceError as error:
        return error.code, error.message


CASES = sorted({each.soql for each in read_cases() if len(each.soql) < 2_000})
WHOLE = [_parsed(each) for each in CASES]


@pytest.mark.parametrize("part", [1, 2, 3, 4, 7])
def test_query_says_the_same_in_parts_of_any_size(
    part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cursor, "_PART", part)
    assert [_parsed(each) for each in CASES] == WHOLE


@pytest.mark.parametrize("items", range(992, 1000))
def test_query_that_fills_its_first_part_exactly_is_read_to_its_end(items: int) -> None:
    soql = f"SELECT Id FROM A WHERE B IN ({'1,' * items}2) LIMIT 3"
    found = parse(soql)
    assert isinstance(found.where, nodes.Membership)
    assert (len(found.where.values), found.limit) == (items + 1, 3)
