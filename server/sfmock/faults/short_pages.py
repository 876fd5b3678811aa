"""A page has fewer rows than were asked for."""

from __future__ import annotations

from dataclasses import dataclass

from sfmock.fault_calls import reads_next_page, reads_query
from sfmock.faultkind import FaultKind, Options, option
from sfmock.routing import Call
from sfmock.wire import Effect


@dataclass(frozen=True, slots=True)
class PageOptions(Options):
    """How short."""

    size: int = option(1, "rows on a page", at_least=1, at_most=2000)


def _pages(call: Call, options: PageOptions) -> bool:
    """Whether it asks for a page of a query."""
    return reads_query(call, options) or reads_next_page(call, options)


def _shorten(call: Call, options: PageOptions) -> Effect | None:
    """Fewer rows, whatever the client asks for."""
    return Effect(page_size=options.size)


KIND = FaultKind(
    name="short_pages",
    group="paging",
    happens=str(__doc__),
    wire="the usual page with at most `size` rows, `done` false and a `nextRecordsUrl`",
    state="carried out",
    reaction="go on until `done`; the number of rows says nothing",
    source="wire-facts.md 5",
    options=PageOptions,
    suffers=_pages,
    ahead=_shorten,
)
