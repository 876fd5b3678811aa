"""A cache on the way answers for the next page what this URL answered before."""

from __future__ import annotations

from typing import Any

from sfmock.fault_calls import reads_next_page
from sfmock.faultkind import FaultKind
from sfmock.org.journal import Exchange
from sfmock.routing import Call
from sfmock.wire import Effect, Reply


def _earlier(call: Call) -> Exchange | None:
    """The latest good reply to the same request, by whomever."""
    request = call.request
    return next(
        (
            each
            for each in reversed(call.org.journal)
            if each.method == request.method and each.path == request.path and each.status == 200
        ),
        None,
    )


def _has_earlier(call: Call, options: Any) -> bool:
    """Only a page that was read before can come from a cache, and nothing that was posted."""
    cacheable = call.request.method == "GET" and reads_next_page(call, options)
    return cacheable and _earlier(call) is not None


def _repeat(call: Call, options: Any) -> Effect | None:
    """Give it again."""
    found = _earlier(call)
    return None if found is None else Effect(reply=Reply(body=found.reply))


KIND = FaultKind(
    name="locator_cached",
    group="paging",
    happens=str(__doc__),
    wire="the bytes of the earlier reply",
    state="nothing is written",
    reaction="never cache locators",
    source="error-catalogue.md 9, fault 34",
    suffers=_has_earlier,
    ahead=_repeat,
)
