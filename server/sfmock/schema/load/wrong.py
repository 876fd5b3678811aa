"""What the schema says to a definition that it does not take."""

from __future__ import annotations

from sfmock.errors import Refused

WRONG = (ValueError, TypeError, KeyError, Refused)


def words(error: BaseException) -> str:
    """What an error says."""
    return error.feature if isinstance(error, Refused) else str(error.args[0])
