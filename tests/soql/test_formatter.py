"""Canonical text: it is parsed to the same query, and it is the same however the query was written."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from effort import effort
from sfmock import soql
from sfmock.soql import nodes
from soql_cases import Case, read_cases
from soql_queries import queries


@given(queries())
@settings(max_examples=effort(150), deadline=None)
def test_text_of_any_query_is_parsed_to_that_query(query: nodes.Query) -> None:
    text = soql.format(query)
    assert soql.parse(text) == query
    assert soql.format(soql.parse(text)) == text


@pytest.mark.parametrize(
    "case", [each for each in read_cases() if each.kind != "error"], ids=lambda c: c.id
)
def test_every_known_query_comes_back(case: Case) -> None:
    query = soql.parse(case.soql)
    assert soql.parse(soql.format(query)) == query


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        (" select  Id,Name\nfrom Account ", "SELECT Id, Name FROM Account"),
        ("SELECT count( ) FROM A", "SELECT COUNT() FROM A"),
        (
            "SELECT tolabel(a) x, calendar_year(CONVERTTIMEZONE(b)) FROM A",
            "SELECT toLabel(a) x, CALENDAR_YEAR(convertTimezone(b)) FROM A",
        ),
        ("SELECT Id FROM A as b", "SELECT Id FROM A b"),
        (
            "SELECT Id FROM A WHERE (((a<>5))AND(NOT(b=+ .5)))AND(c=1 OR(d=2))",
            "SELECT Id FROM A WHERE (a != 5 AND (NOT b = +.5)) AND (c = 1 OR d = 2)",
        ),
        (
            "SELECT Id FROM A WHERE a = '\\u0027\\\\\\t\\R' AND b LIKE '\\u005c_\\'\\_%'",
            "SELECT Id FROM A WHERE a = '\\'\\\\\\t\\r' AND b LIKE '\\\\_\\'\\_%'",
        ),
        (
            "SELECT Id FROM A WHERE a IN(TRUE,NULL,today,last_n_days : 05,usd5.5)",
            "SELECT Id FROM A WHERE a IN (true, null, TODAY, LAST_N_DAYS:5, USD5.5)",
        ),
        (
            "SELECT Id FROM A GROUP BY rollup (a) HAVING count(Id)>5 ORDER BY a asc, b DESC nulls last",
            "SELECT Id FROM A GROUP BY ROLLUP(a) HAVING COUNT(Id) > 5 ORDER BY a, b DESC NULLS LAST",
        ),
    ],
)
def test_text_is_canonical(written: str, canonical: str) -> None:
    assert soql.format(soql.parse(written)) == canonical
