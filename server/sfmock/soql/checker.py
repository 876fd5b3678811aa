"""The checker: the first error of a query as a value, for those who have a text and no org to ask."""

from __future__ import annotations

from dataclasses import dataclass

from sfmock.errors import Refused, SalesforceError
from sfmock.schema.catalogue import Catalogue
from sfmock.soql import restrictions
from sfmock.soql.binder import bind
from sfmock.soql.errors import PlacedError
from sfmock.soql.parser import parse


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a query: code and text are Salesforce's."""

    code: str
    message: str
    """Without the excerpt and the caret."""
    at: int | None
    """The offset of what is wrong; None where Salesforce names no place."""
    row: int | None
    column: int | None
    """As Salesforce counts them: errors of syntax count columns from 0, errors of names from 1 (soql.md 13.1)."""
    refused: bool
    """This is no error of Salesforce's: the fake lacks what the query asks for, so nobody has checked the rest."""


def check(text: str, schema: Catalogue | None = None) -> tuple[Problem, ...]:
    """The errors of a query, at most one, for Salesforce stops at the first; without a schema those of syntax."""
    try:
        query = parse(text)
        if schema is not None:
            restrictions.check(bind(text, query, schema))
    except SalesforceError as error:
        return (_problem(error),)
    return ()


def _problem(error: SalesforceError) -> Problem:
    refused = isinstance(error, Refused)
    if not isinstance(error, PlacedError):
        return Problem(error.code, error.message, None, None, None, refused)
    return Problem(error.code, error.text, error.at, error.row, error.column, refused)
