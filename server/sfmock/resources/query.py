"""`/query` and `/queryAll`: first pages of SOQL, and the next ones by locator (rest.md 3)."""

from __future__ import annotations

from sfmock import errors, ids
from sfmock.org.paging import DEFAULT_BATCH
from sfmock.org.query_columns import query_columns
from sfmock.org.query_plans import query_plans
from sfmock.represent.pages import asked_batch_size, page_reply
from sfmock.routing import Call, Router
from sfmock.versions import EXPLAIN, QUERY_ALL
from sfmock.wire import Parameters, Reply

router = Router()


@router.route("GET", "/services/data/<version>/query", name="query")
def query(call: Call) -> Reply:
    """The first page of a query, deleted rows hidden; with `explain` its plans."""
    args = call.args()
    text = args.get("explain")
    if text is not None:
        if "q" in args or not call.api_version.has(EXPLAIN):
            raise errors.refuse("explain beside q, or before version 30.0")
        if ids.canonical(text) is not None:
            raise errors.refuse("query plans of reports and list views")
        return Reply(
            body=query_plans(call.org.queries, text, user_id=call.user_id, version=call.api_version)
        )
    return _first_page(call, args, all_rows=False)


@router.route("GET", "/services/data/<version>/queryAll", name="query_all", since=QUERY_ALL)
def query_all(call: Call) -> Reply:
    """The first page of a query that sees deleted rows."""
    return _first_page(call, call.args(), all_rows=True)


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


def _first_page(call: Call, args: Parameters, *, all_rows: bool) -> Reply:
    if "explain" in args:
        raise errors.refuse("query plans (explain) of queryAll")
    text = args.get("q")
    if text is None:
        raise errors.MALFORMED_QUERY(text="unexpected token: '<EOF>'")
    if args.get("columns", "").lower() == "true":
        if all_rows:
            raise errors.refuse("column metadata (columns=true) of queryAll")
        return Reply(
            body=query_columns(
                call.org.queries, text, user_id=call.user_id, version=call.api_version
            )
        )
    asked = asked_batch_size(call.request.headers)
    page = call.org.queries.page(
        text,
        user_id=call.user_id,
        version=call.api_version,
        batch_size=DEFAULT_BATCH if asked is None else asked,
        all_rows=all_rows,
        exactly=call.page_size,
    )
    return page_reply(page, call.api_version)


def _next_page(call: Call) -> Reply:
    page = call.org.queries.more(
        call.params["locator"],
        user_id=call.user_id,
        version=call.api_version,
        batch_size=asked_batch_size(call.request.headers),
        exactly=call.page_size,
    )
    return page_reply(page, call.api_version)
