"""Any text gets an answer or one of Salesforce's errors; nothing a client sends crashes the fake or runs for ever."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sfmock.errors import SalesforceError
from sfmock.org.queries import Queries
from sfmock.schema.model import Field, SObject
from soql_cases import read_cases
from soql_dataset import POD, USER, VERSION, World

WORDS = (
    "SELECT", "FROM", "WHERE", "AND", "OR", "NOT", "IN", "LIKE", "INCLUDES", "ORDER", "BY", "GROUP", "HAVING", "LIMIT",
    "OFFSET", "NULLS", "FIRST", "LAST", "ASC", "DESC", "COUNT", "COUNT()", "TYPEOF", "WHEN", "THEN", "ELSE", "END",
    "FIELDS", "ALL", "ROWS", "FOR", "VIEW", "UPDATE", "TRACKING", "USING", "SCOPE", "WITH", "ROLLUP", "toLabel",
    "DISTANCE", "GEOLOCATION", "CALENDAR_YEAR", "Id", "Name", "Account", "Account.Name", "Parent.Owner.Name", "a",
    "Contact", "Contacts", "Amount", "CreatedDate", "Loc__c", "null", "true", "TODAY", "LAST_N_DAYS:3",
    "LAST_N_YEARS:99999999999", "'x'", "''", "'\\%'", "'\\q'", "'", "1", "1.5", "-", "+", "-7", "9" * 30, "USD5",
    "2026-11-23", "2026-13-01", "2026-11-23T00:00:00Z", "2026-11-23T00:", "9999-12-31T23:59:59-12:00", "12:00:00Z",
    "99:00:00Z", "=", "!=", "<>", "<", ">=", "(", ")", ",", ".", ":", ":x", "$", ";", "\n", "é", "\u00a0", "\x00",
    "\ud800", "'\ud800'", "'\\ud83d'", "'\\u0000'",
)  # fmt: skip
CASES = [each.soql for each in read_cases()]


def _answer(world: World, soql: str) -> None:
    status = 200
    try:
        world.page(soql)
    except SalesforceError as error:
        status = error.status
    assert status in (200, 400, 501)


@given(st.text(max_size=80))
@settings(max_examples=200)
def test_any_text_is_answered_or_refused(shared_world: World, text: str) -> None:
    _answer(shared_world, text)


@given(st.lists(st.sampled_from(WORDS), max_size=14), st.sampled_from((" ", "")))
@settings(max_examples=400)
def test_any_mix_of_tokens_is_answered_or_refused(
    shared_world: World, words: list[str], blank: str
) -> None:
    _answer(shared_world, "SELECT Id FROM Account " + blank.join(words))
    _answer(shared_world, blank.join(words))


@given(st.sampled_from(CASES), st.integers(0, 40), st.integers(0, 3), st.sampled_from(WORDS))
@settings(max_examples=400)
def test_a_known_query_with_words_cut_or_put_in_is_answered_or_refused(
    shared_world: World, soql: str, place: int, cut: int, word: str
) -> None:
    pieces = re.findall(r"\s+|\w+|.", soql)
    _answer(shared_world, "".join([*pieces[:place], word, *pieces[place + cut :]]))


def test_or_chain_of_1100_conditions_is_answered(world: World) -> None:
    chain = " OR ".join(f"Name = 'x{number}'" for number in range(1100))
    assert world.rows(f"SELECT Name FROM Account WHERE {chain} OR Name = 'Acme'") == [
        {"Name": "Acme"}
    ]


def test_100_redundant_parentheses_are_answered(world: World) -> None:
    soql = f"SELECT Name FROM Account WHERE {'(' * 100}Name = 'Acme'{')' * 100}"
    assert world.rows(soql) == [{"Name": "Acme"}]


def test_100_conditions_inside_one_another_are_answered(world: World) -> None:
    condition = "Name = 'Acme'"
    for depth in range(50):
        condition = f"(Name != '{depth}' AND (Name = '{depth}' OR {condition}))"
    assert world.rows(f"SELECT Name FROM Account WHERE {condition}") == [{"Name": "Acme"}]


def test_in_list_of_5000_ids_is_answered(world: World) -> None:
    ids = ",".join(f"'0015gQ00000{number:04}'" for number in range(5000))
    assert len(world.rows(f"SELECT Id FROM Account WHERE Id IN ({ids})")) == 13


def test_order_by_the_same_field_3000_times_is_answered(world: World) -> None:
    soql = f"SELECT Name FROM Account ORDER BY Name DESC{', Name' * 3000}"
    assert world.rows(soql) == world.rows("SELECT Name FROM Account ORDER BY Name DESC")


def test_in_list_of_15000_equal_date_literals_is_answered(world: World) -> None:
    soql = "SELECT Id FROM Account WHERE CreatedDate IN ({})"
    listed = ",".join(["TODAY"] * 15_000)
    assert world.rows(soql.format(listed)) == world.rows(soql.format("TODAY"))


def test_more_columns_than_sqlite_reads_is_too_complicated(world: World) -> None:
    names = [f"F{number}" for number in range(1100)]
    boss = Field("BossId", "Boss", "reference", reference_to=("Wide__c",), relationship_name="Boss")
    fields = (Field("Id", "Id", "id"), boss, *(Field(each, each, "double") for each in names))
    world.change(SObject("Wide__c", "Wide", "Wides", "a75", fields))
    paths = ", ".join([*names, *(f"Boss.{each}" for each in names)])
    with pytest.raises(SalesforceError) as caught:
        world.page(f"SELECT {paths} FROM Wide__c")
    assert caught.value.code == "QUERY_TOO_COMPLICATED"


def test_statement_of_more_than_100000_characters_is_malformed(world: World) -> None:
    with pytest.raises(SalesforceError) as caught:
        world.page("SELECT Id FROM Account" + " " * 100_000)
    assert str(caught.value) == (
        "MALFORMED_QUERY: SOQL statements can not be longer than 100000 characters"
    )


def test_query_beyond_its_budget_times_out(world: World) -> None:
    for number in range(3000):
        world.insert("Account", {"Id": f"0015gQ00001{number:04}ABA", "Name": f"n{number}"})
    queries = Queries(
        world.db,
        world.tables,
        clock=world.clock,
        catalogue=lambda: world.catalogue,
        pod=POD,
        budget=10_000,
    )
    with pytest.raises(SalesforceError) as caught:
        queries.page("SELECT Id FROM Account ORDER BY Name", user_id=USER, version=VERSION)
    assert caught.value.code == "QUERY_TIMEOUT"
    assert world.db.alive
