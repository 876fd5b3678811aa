"""Whatever a client sends gets Salesforce's error: soon, without an overflow, and the org is as it was (issue section 4)."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from odd_queries import ODD, RIGHT, SELECT
from sfmock import Org
from sfmock.errors import SalesforceError
from sfmock.soql.parser import parse

USUAL = f"SELECT Id FROM Account WHERE Name IN ({', '.join(['null'] * 5_000)})"
"""A long query that is right; the 100 ms themselves are measured in benchmarks/soql.py."""
MUCH_LONGER = 20


@pytest.fixture(scope="module")
def org() -> Iterator[Org]:
    with Org.new() as made:
        made.create("Account", Name="Acme")
        yield made


@pytest.fixture
def frozen_heap() -> Iterator[None]:
    """What the other tests left behind is no garbage of ours to look through."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.parametrize("name", ODD)
def test_odd_text_gets_the_error_of_salesforce(org: Org, name: str) -> None:
    text, code = ODD[name]
    before = org.digest()
    with pytest.raises(SalesforceError) as caught:
        org.query(text)
    assert (caught.value.code, caught.value.status) == (code, 400)
    assert org.digest() == before


@pytest.mark.parametrize("name", ODD)
@pytest.mark.usefixtures("frozen_heap")
def test_odd_text_takes_about_as_long_as_a_right_one(name: str) -> None:
    text, _ = ODD[name]
    assert _seconds(text) < MUCH_LONGER * _seconds(USUAL)


def test_10000_parentheses_around_a_condition_are_nothing(org: Org) -> None:
    inside = RIGHT["10,000 parentheses around a condition"]
    assert org.query(inside) == org.query(f"{SELECT} WHERE Name = 'Acme'")


def test_10000_items_of_a_list_are_answered(org: Org) -> None:
    found = org.query(RIGHT["10,000 items of a list"])
    assert isinstance(found, list)
    assert [each["Name"] for each in found] == ["Acme"]


@pytest.mark.parametrize("value", ["%' OR '1' = '1", "x'; DROP TABLE Account; --", "_%", '"'])
def test_sql_in_a_string_is_a_string(org: Org, value: str) -> None:
    quoted = value.replace("'", "\\'")
    before = org.digest()
    assert org.query(f"{SELECT} WHERE Name = '{quoted}'") == []
    assert org.digest() == before


def _seconds(text: str) -> float:
    """What parsing takes of the processor's time, at the best of a few times."""
    found: list[float] = []
    for _ in range(4):
        start = time.process_time()
        with suppress(SalesforceError):  # names are another pass
            parse(text)
        found.append(time.process_time() - start)
    return min(found)
