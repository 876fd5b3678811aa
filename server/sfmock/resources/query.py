"""`/query` and `/queryAll`: first pages of SOQL, and the next ones by locator (rest.md 3)."""

from __future__ import annotations

import re

from sfmock import errors
from sfmock.org.queries import DEFAULT_BATCH, Page
from sfmock.routing import Call, Router
from sfmock.versions import QUERY_ALL
from sfmock.wire import RawJson, Reply

router = Router()

_BATCH_SIZE = re.compile(r"(?:^|[,;])\s*batchSize\s*=\s*([0-9]{1,18})\s*(?:$|[,;])", re.IGNORECASE)


@router.route("GET", "/services/data/<version>/query", name="query")
def query(call: Call) -> Reply:
    """The first page of a query, deleted rows hidden."""
    return _first_page(call, all_rows=False)


@router.route("GET", "/services/data/<version>/queryAll", name="query_all", since=QUERY_ALL)
def query_all(call: Call) -> Reply:
    """The first page of a query that sees deleted rows."""
    return _first_page(call, all_rows=True)


@router.route("GET", "/services/data/<version>/query/<locator>", name="query_more")
def query_more(call: Call) -> Reply:
    """The page behind a `nextRecordsUrl`."""
    return _next_page(call)


@router.route(
    "GET", "/services/data/<version>/queryAll/<locator>", name="query_more", since=QUERY_ALL
)
def query_all_more(call: Call) -> Reply:
    """The page behind a `nextRecordsUrl`; the locator knows whether deleted rows count."""
    return _next_page(call)


def _first_page(call: Call, *, all_rows: bool) -> Reply:
    args = call.args()
    if "explain" in args:
        raise errors.refuse("query plans (explain)")
    text = args.get("q")
    if text is None:
        raise errors.MALFORMED_QUERY(text="unexpected token: '<EOF>'")
    asked = _batch_size(call)
    page = call.org.queries.page(
        text,
        user_id=call.user_id,
        version=call.api_version,
        batch_size=DEFAULT_BATCH if asked is None else asked,
        all_rows=all_rows,
    )
    return _reply(call, page)


def _next_page(call: Call) -> Reply:
    page = call.org.queries.more(
        call.params["locator"],
        user_id=call.user_id,
        version=call.api_version,
        batch_size=_batch_size(call),
    )
    return _reply(call, page)


def _batch_size(call: Call) -> int | None:
    """The size that the header `Sforce-Query-Options: batchSize=500` asks for."""
    match = _BATCH_SIZE.search(call.request.headers.get("Sforce-Query-Options") or "")
    return int(match[1]) if match else None


def _reply(call: Call, page: Page) -> Reply:
    """`nextRecordsUrl` says `/query/` for `/queryAll` too."""
    following = ""
    if page.next_locator is not None:
        following = f'"nextRecordsUrl":"{call.api_version.root}/query/{page.next_locator}",'
    done = "true" if page.done else "false"
    return Reply(
        body=RawJson(
            f'{{"totalSize":{page.total},"done":{done},{following}"records":{page.records}}}'
        )
    )
