"""Errors of a query as data."""

from __future__ import annotations

import pytest

from sfmock.soql import Problem, check
from soql_dataset import World


@pytest.mark.parametrize(
    ("text", "code", "message", "at", "row", "column"),
    [
        ("SELEKT Id", "MALFORMED_QUERY", "unexpected token: 'SELEKT'", 0, None, None),
        ("SELECT Id,\nFROM Account", "MALFORMED_QUERY", "unexpected token: 'FROM'", 11, 2, 0),
        (
            "SELECT Id FROM Account WHERE Name = $x",
            "MALFORMED_QUERY",
            "line 1:36 no viable alternative at character '$'",
            36,
            1,
            36,
        ),
        ("SELECT Id FROM Account OFFSET -1", "MALFORMED_QUERY", "SOQL offset must be a non-negative value", None, None, None),
    ],
)  # fmt: skip
def test_first_error_is_a_value(
    world: World,
    text: str,
    code: str,
    message: str,
    at: int | None,
    row: int | None,
    column: int | None,
) -> None:
    assert check(text, world.catalogue) == (Problem(code, message, at, row, column, False),)


def test_unknown_name_has_its_place_in_the_text(world: World) -> None:
    (problem,) = check("SELECT Id FROM Account\nWHERE Nonsense__c = 1", world.catalogue)
    assert (problem.code, problem.at, problem.row, problem.column) == ("INVALID_FIELD", 29, 2, 7)
    assert problem.message.startswith("No such column 'Nonsense__c' on entity 'Account'.")
    assert "\n" not in problem.message


def test_without_a_schema_names_may_be_anything() -> None:
    assert check("SELECT Nonsense__c FROM Whatever__c") == ()


def test_right_query_has_no_errors(world: World) -> None:
    assert check("SELECT Id, Name FROM Account WHERE Name LIKE 'a%'", world.catalogue) == ()


def test_what_the_fake_lacks_is_marked(world: World) -> None:
    (problem,) = check("SELECT Id FROM Account WITH nonsense", world.catalogue)
    assert (problem.refused, problem.code) == (True, "SFMOCK_NOT_IMPLEMENTED")
