"""`/search`, `/parameterizedSearch`, `/search/suggestions` and `/search/scopeOrder` (rest.md 3.2, sosl.md 1)."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl

from sfmock import errors
from sfmock.org.search_parameters import statement, suggestion
from sfmock.org.searches import Found
from sfmock.routing import Call, Router
from sfmock.sosl.errors import NO_TERM
from sfmock.versions import PARAMETERIZED_SEARCH, SEARCH_OBJECT, SUGGESTIONS
from sfmock.wire import JSON, RawJson, Reply

router = Router()

_ROOT: Final = "/services/data/<version>"


@router.route("GET", f"{_ROOT}/search", name="search")
def search(call: Call) -> Reply:
    """The records that a SOSL text finds."""
    text = call.args().get("q")
    if text is None:
        raise NO_TERM()
    return _reply(call, _page(call, text))


@router.route(
    "GET", f"{_ROOT}/parameterizedSearch", name="parameterized_search", since=PARAMETERIZED_SEARCH
)
def parameterized_search(call: Call) -> Reply:
    """The records that a term finds, by parameters."""
    given: dict[str, JSON] = {}
    sobjects: list[JSON] = []
    for name, value in parse_qsl(call.request.query, keep_blank_values=True):
        if name.lower() == "sobject":
            sobjects.append(value)
        else:
            given[name] = value
    given["sobject"] = sobjects
    return _reply(call, _page(call, statement(given)))


@router.route(
    "POST", f"{_ROOT}/parameterizedSearch", name="parameterized_search", since=PARAMETERIZED_SEARCH
)
def parameterized_search_body(call: Call) -> Reply:
    """The same by a JSON body."""
    return _reply(call, _page(call, statement(call.json_object())))


@router.route("GET", f"{_ROOT}/search/scopeOrder", name="search_scope_order")
def scope_order(call: Call) -> Reply:
    """The objects that a search without RETURNING looks into, in the order of its answer."""
    found: list[JSON] = [
        {"type": each.name, "url": f"{call.api_version.root}/sobjects/{each.name}/describe"}
        for each in call.org.searches.scope()
    ]
    return Reply(body=found)


@router.route("GET", f"{_ROOT}/search/suggestions", name="search_suggestions", since=SUGGESTIONS)
def suggestions(call: Call) -> Reply:
    """The records whose name begins with a text."""
    args = call.args()
    text, sobject = args.get("q"), args.get("sobject")
    if text is None or sobject is None or "," in sobject:
        raise errors.refuse("/search/suggestions without one q and one sobject")
    limit = args.get("limit") or "5"
    if not (limit.isascii() and limit.isdigit()) or not 3 <= len(text) <= 255:
        raise errors.refuse(
            "/search/suggestions with another limit than a number, or a q outside of 3 to 255 characters"
        )
    asked, name = suggestion(call.org.describes.find(sobject), text, int(limit) + 1)
    found = call.org.searches.answer("", asked, user_id=call.user_id, version=call.api_version)
    more = "true" if len(found.records) > int(limit) else "false"
    records = ",".join(found.records[: int(limit)])
    meta = f'{{"nameFields":[{{"entityApiName":"{name[0]}","fieldApiName":"{name[1]}"}}],"secondaryFields":[]}}'
    return Reply(
        body=RawJson(f'{{"autoSuggestResults":[{records}],"hasMoreResults":{more},"meta":{meta}}}')
    )


def _page(call: Call, text: str) -> Found:
    return call.org.searches.page(text, user_id=call.user_id, version=call.api_version)


def _reply(call: Call, found: Found) -> Reply:
    """An object since version 37.0, the bare array before."""
    records = f"[{','.join(found.records)}]"
    if not call.api_version.has(SEARCH_OBJECT):
        return Reply(body=RawJson(records))
    labels = "" if found.metadata is None else f',"metadata":{found.metadata}'
    return Reply(body=RawJson(f'{{"searchRecords":{records}{labels}}}'))
