"""How a query was understood: its plan, each statement that it became, the values in it."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from calling import Caller
from sfmock.control.explain import explained
from sfmock.org.org import Org


def told(call: Caller, org: Org, query: str, door: str = "query") -> list[tuple[str, str]]:
    call("GET", f"/{door}?q={quote(query)}")
    return explained(org, org.journal[-1])


def test_rows_are_one_statement_with_the_values_of_this_moment(call: Caller, org: Org) -> None:
    query = "SELECT Name FROM Account WHERE CreatedDate = TODAY AND OwnerId != null LIMIT 0"
    org.clock.travel(org.clock.now.replace(year=2026, month=7, day=1, hour=12))

    found = told(call, org, query)

    assert found[:3] == [
        ("plan", "sobject: Account"),
        ("", "where: All(items=[Within(column=t0.CreatedDate, operator='=',"
             " literal=DateLiteral(name='TODAY', at=45)), IsNull(column=t0.OwnerId, negated=True)])"),
        ("", "limit: 0"),
    ]  # fmt: skip
    assert [kind for kind, _ in found[3:]] == ["sql", "with"]
    assert found[4] == (
        "with",
        "'2026-07-01T07:00:00.000+0000', '2026-07-02T07:00:00.000+0000', 0, 0",
    )


def test_children_are_a_second_statement_and_theirs_a_third(call: Caller, org: Org) -> None:
    found = told(
        call, org, "SELECT Id, (SELECT Id, (SELECT Id FROM Cases) FROM Contacts) FROM Account"
    )

    statements = [text for kind, text in found if kind == "sql"]
    assert [text.partition(" FROM ")[2].partition(" t0")[0] for text in statements] == [
        '"Account"',
        'json_each(?) j CROSS JOIN "Contact"',
        'json_each(?) j CROSS JOIN "Case"',
    ]
    assert [text for kind, text in found if kind == "with"] == [
        "-1, 0",
        "'[ids of the rows above]'",
        "'[ids of the rows above]'",
    ]


def test_groups_and_numbers_are_statements_of_their_own(call: Caller, org: Org) -> None:
    [group] = [t for kind, t in told(call, org, "SELECT COUNT(Id) FROM Account") if kind == "sql"]
    [number] = [t for kind, t in told(call, org, "SELECT COUNT() FROM Account") if kind == "sql"]

    assert 'COUNT(t0."Id")' in group
    assert number == (
        'SELECT COUNT(*) FROM (SELECT 1 FROM "Account" t0 WHERE t0."IsDeleted" IS NOT 1 LIMIT ?)'
    )


def test_all_rows_are_those_that_were_deleted_too(call: Caller, org: Org) -> None:
    found = dict(told(call, org, "SELECT Id FROM Account", "queryAll"))

    assert found["sql"] == 'SELECT t0."Id" FROM "Account" t0 ORDER BY t0."Id" LIMIT ? OFFSET ?'


@pytest.mark.parametrize("query", ["SELECT Nmae FROM Account", "SELECT"])
def test_a_wrong_query_has_no_plan(call: Caller, org: Org, query: str) -> None:
    assert told(call, org, query) == []


def test_what_is_no_query_has_no_plan(call: Caller, org: Org) -> None:
    call("GET", "/limits")
    call("GET", "/query?q=SELECT+Id+FROM+Account", token=None)

    assert [explained(org, each) for each in org.journal] == [[], []]


def test_an_org_that_was_closed_has_no_plan(call: Caller) -> None:
    with Org.new() as org:
        other = Caller(org)
        other("GET", "/query?q=SELECT+Id+FROM+Account")
    assert explained(org, org.journal[-1]) == []
