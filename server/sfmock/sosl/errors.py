"""Errors of searches (sosl.md 6)."""

from __future__ import annotations

from sfmock.errors import Kind, Refused, SalesforceError

NO_TERM = Kind(
    "MALFORMED_SEARCH",
    "No search term found. The search term must be enclosed in braces.",
)
SHORT_TERM = Kind("INVALID_SEARCH", "search term must be longer than one character: {term}")
MALFORMED = Kind("MALFORMED_SEARCH", "{text}")
BAD_OFFSET = Kind("MALFORMED_SEARCH", "SOQL offset should be between 0 to 2000", unverified=True)
BAD_UPDATE = Kind("MALFORMED_SEARCH", "The update option is invalid.", unverified=True)
NOT_SEARCHABLE = Kind(
    "INVALID_TYPE_FOR_OPERATION", "entity type {name} does not support search", unverified=True
)


def as_search_error(error: SalesforceError) -> SalesforceError:
    """What SOQL says of a part of a search, with the code of searches."""
    if isinstance(error, Refused) or error.code != "MALFORMED_QUERY":
        return error
    return SalesforceError("MALFORMED_SEARCH", error.message, status=error.status)
