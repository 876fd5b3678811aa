"""SOQL over SOAP: `query`, `queryAll`, `queryMore` (soap-apis.md 2.2)."""

from __future__ import annotations

from collections.abc import Sequence

from sfmock import errors
from sfmock.org.paging import DEFAULT_BATCH, SMALLEST_BATCH, Page, Paging
from sfmock.represent.soap_records import query_result
from sfmock.resources.soap.asking import Asked, Operations
from sfmock.soql.shape import Nested
from sfmock.wire import Reply

OPERATIONS = Operations()

_BATCH = 500


@OPERATIONS.operation("query")
def query(asked: Asked) -> Reply:
    """The first page of a query, deleted rows hidden."""
    return _answer(asked, _first_page(asked, all_rows=False))


@OPERATIONS.operation("queryAll")
def query_all(asked: Asked) -> Reply:
    """The first page of a query that sees deleted rows."""
    return _answer(asked, _first_page(asked, all_rows=True))


@OPERATIONS.operation("queryMore")
def query_more(asked: Asked) -> Reply:
    """The page that a locator stands for."""
    locator = asked.operation.argument("queryLocator").strip()
    return _answer(asked, asked.org.queries.more_records(locator, _paging(asked, None)))


def _first_page(asked: Asked, *, all_rows: bool) -> Page[Sequence[Nested]]:
    text = asked.operation.argument("queryString")
    return asked.org.queries.record_page(text, _paging(asked, _BATCH), all_rows=all_rows)


def _paging(asked: Asked, usual: int | None) -> Paging:
    """The size that QueryOptions asks for; a further page has the size of the first one otherwise."""
    text = (asked.operation.header("QueryOptions", "batchSize") or "").strip()
    size = int(text) if text.isascii() and text.isdigit() else None
    if text and (size is None or not SMALLEST_BATCH <= size <= DEFAULT_BATCH):
        raise errors.refuse("the fault for a batchSize out of 200 to 2000 (INVALID_BATCH_SIZE)")
    wanted = usual if size is None else size
    return Paging(asked.user_id, asked.version, wanted, asked.call.page_size)


def _answer(asked: Asked, page: Page[Sequence[Nested]]) -> Reply:
    return asked.answer(query_result(page, asked.org.records.blob))
