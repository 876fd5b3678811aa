"""The locator of the next page is lost."""

from __future__ import annotations

from typing import Any

from sfmock import errors
from sfmock.fault_calls import reads_next_page
from sfmock.faultkind import FaultKind
from sfmock.routing import Call
from sfmock.wire import Effect


def _lose(call: Call, options: Any) -> Effect | None:
    """The resource then answers as it does for any lost locator."""
    if call.envelope is not None:
        call.org.queries.forget(call.envelope.argument("queryLocator").strip())
    else:
        call.org.queries.forget(call.params["locator"])
    return None


KIND = FaultKind(
    name="locator_gone",
    group="paging",
    happens=str(__doc__),
    answers={"rest": errors.INVALID_QUERY_LOCATOR, "soap": errors.INVALID_QUERY_LOCATOR},
    state="the locator is gone in the org: all later pages are, too",
    reaction="start again from a bookmark, not from the first page for ever",
    source="error-catalogue.md 9, fault 33",
    suffers=reads_next_page,
    ahead=_lose,
)
