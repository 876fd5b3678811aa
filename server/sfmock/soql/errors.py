"""Salesforce's SOQL errors with a place: the excerpt, the caret, row and column (soql.md 13.1)."""

from __future__ import annotations

from sfmock.errors import RELATION_HELP, Kind, SalesforceError

INVALID_LIKE_VALUE = Kind("MALFORMED_QUERY", "invalid LIKE value: ")
INVALID_DATE = Kind("MALFORMED_QUERY", "Invalid date: {text}")
NO_FIELD_ALIAS = Kind("MALFORMED_QUERY", "only aggregate expressions use field aliasing")
NEGATIVE_OFFSET = Kind("MALFORMED_QUERY", "SOQL offset must be a non-negative value")
ALL_ROWS = Kind("MALFORMED_QUERY", "ALL ROWS not allowed in this context")
TOO_LONG = Kind("MALFORMED_QUERY", "SOQL statements can not be longer than 100000 characters")
CANNOT_QUERY = Kind("INVALID_TYPE_FOR_OPERATION", "entity type {name} does not support query")
ADDRESS_FILTER = Kind(
    "INVALID_FIELD", "Address fields can only be filtered using Distance expressions"
)
NO_CHILD_RELATIONSHIP = Kind(
    "INVALID_TYPE",
    "Didn't understand relationship '{name}' in FROM part of query call." + RELATION_HELP,
)
FIELDS_NEED_LIMIT = Kind(
    "MALFORMED_QUERY", "The SOQL FIELDS function must have a LIMIT of at most 200"
)
NO_FIELDS = Kind(
    "MALFORMED_QUERY",
    "'FIELDS(...)' expansion function must result in at least one field being selected.",
)
NO_AGGREGATE = Kind(
    "MALFORMED_QUERY", "field {name} does not support aggregate operator {function}"
)
NOT_GROUPED = Kind("MALFORMED_QUERY", "Field must be grouped or aggregated: {name}")
ORDER_NOT_GROUPED = Kind("MALFORMED_QUERY", "Ordered field must be grouped or aggregated: {name}")
GROUPED_AND_AGGREGATED = Kind("MALFORMED_QUERY", "Grouped field should not be aggregated: {name}")
CANNOT_GROUP = Kind("MALFORMED_QUERY", "field '{name}' can not be grouped in a query call")
GROUPED_TWICE = Kind("MALFORMED_QUERY", "duplicate grouping expression: {name}")
DUPLICATE_ALIAS = Kind("MALFORMED_QUERY", "duplicate alias: {name}")
ONLY_ROOT_AGGREGATES = Kind("MALFORMED_QUERY", "only root queries support aggregate expressions")
NO_CLAUSE_WITHOUT_GROUPS = Kind(
    "MALFORMED_QUERY",
    "Non-grouped query that uses overall aggregate functions cannot also use {clause}",
)
INVALID_FIELD_INSIDE = Kind("INVALID_FIELD", "Invalid field: '{name}'")
TOO_MANY_GROUPS = Kind(
    "EXCEEDED_ID_LIMIT",
    "Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch",
)
NO_MORE_ROWS = Kind(
    "EXCEEDED_ID_LIMIT",
    "{sobject} does not support queryMore(), use LIMIT to restrict the results to a single batch",
)
COUNTED_IN_ORDER = Kind(
    "MALFORMED_QUERY", "COUNT() and ORDER BY may not be used together", unverified=True
)
"""Quoted with the exception of Apex, which has no code."""
NOT_POLYMORPHIC = Kind(
    "MALFORMED_QUERY", "TYPEOF operand '{name}' is not a polymorphic relationship field"
)
NO_SUCH_RELATION = Kind(
    "INVALID_FIELD",
    "No such relation '{name}' on entity '{sobject}'." + RELATION_HELP,
)
NESTED_FUNCTION = Kind(
    "MALFORMED_QUERY",
    "nested functional syntax can only be used in the following manner:"
    " date_function(convertTimezone(columnName)): {name}",
)
SAME_OBJECT = Kind(
    "MALFORMED_QUERY", "The inner and outer selects should not be on the same object type"
)
OTHER_TYPE = Kind(
    "MALFORMED_QUERY",
    "The selected field '{inner}' in the subquery and the left operand field in the where expression in the outer query"
    " '{outer}' should point to the same object type",
)
WITH_OR = Kind("MALFORMED_QUERY", "Semi join sub-selects are not allowed with the 'OR' operator")
NOT_ON_TOP = Kind(
    "MALFORMED_QUERY", "Semi join sub-selects are only allowed at the top level WHERE expressions"
)
NESTED = Kind("MALFORMED_QUERY", "Nesting of semi join sub-selects is not supported")
TOO_MANY = Kind("MALFORMED_QUERY", "Maximum 2 semi join sub-selects are allowed")
INNER_PATH = Kind(
    "MALFORMED_QUERY",
    "The inner select field '{name}' cannot have more than one level of relationships",
    unverified=True,
)
TOO_COMPLICATED = Kind(
    "QUERY_TOO_COMPLICATED",
    "Query is either selecting too many fields or the filter conditions are too complicated.",
)

_REACH = 30


class PlacedError(SalesforceError):
    """An error that knows its place. `text` is the message without excerpt and caret, `at` the offset of what is wrong."""

    def __init__(
        self, error: SalesforceError, at: int, row: int | None, column: int | None, message: str
    ) -> None:
        super().__init__(error.code, message, status=error.status)
        self.text = error.message
        self.at = at
        self.row = row
        self.column = column


def at_name(text: str, offset: int, error: SalesforceError) -> SalesforceError:
    """The error of a name that means nothing: columns count from 1 and the caret is under the name."""
    row, column, start = _place(text, offset)
    return _placed(text, offset, row, column + 1, start, error)


def at_token(text: str, offset: int, error: SalesforceError) -> SalesforceError:
    """The error of a token: the parser's column counts from 0, so that the caret is one place to the left.

    At the very start of the text Salesforce writes no place at all.
    """
    if offset == 0:
        return PlacedError(error, 0, None, None, error.message)
    row, column, start = _place(text, offset)
    return _placed(text, offset, row, column, start, error)


def unknown_character(text: str, offset: int) -> SalesforceError:
    """The lexer's error: a character that belongs to no token, or a date-time that breaks off."""
    row, column, _ = _place(text, offset)
    char = text[offset : offset + 1] or "<EOF>"
    message = f"line {row}:{column} no viable alternative at character '{char}'"
    return at_token(text, offset, SalesforceError("MALFORMED_QUERY", message))


def _place(text: str, offset: int) -> tuple[int, int, int]:
    """Row from 1, column from 0, and where the line begins."""
    start = text.rfind("\n", 0, offset) + 1
    return text.count("\n", 0, offset) + 1, offset - start, start


def _placed(
    text: str, offset: int, row: int, column: int, start: int, error: SalesforceError
) -> SalesforceError:
    end = text.find("\n", offset)
    line = text[start:] if end < 0 else text[start:end]
    first, last = _window(line, column - 1)
    caret = " " * (column - 1 - first) + "^"
    message = f"\n{line[first:last]}\n{caret}\nERROR at Row:{row}:Column:{column}\n{error.message}"
    return PlacedError(error, offset, row, column, message)


def _window(line: str, caret: int) -> tuple[int, int]:
    """The excerpt: from behind the last blank or comma more than 30 before the caret to the first more than 30 after."""
    before = line[: max(caret - _REACH, 0)]
    first = max(before.rfind(" "), before.rfind(",")) + 1
    ends = [line.find(char, max(caret + _REACH + 1, 0)) for char in " ,"]
    return first, min((each for each in ends if each >= 0), default=len(line))
