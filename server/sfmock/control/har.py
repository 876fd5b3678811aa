"""Requests as an HTTP archive (HAR 1.2), which browsers and proxies can open; without their secrets."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

from sfmock.control.evidence import Evidence
from sfmock.org.journal import Exchange
from sfmock.org.masking import Mask
from sfmock.wire import JSON

_PROTOCOL = "HTTP/1.1"
_AS_SENT = "/%:@!$&'()*+,;=~"
_UNKNOWN = -1
"""What HAR writes for a size or a time that nobody has measured."""


def write_har(path: Path, title: str, fakes: Sequence[Evidence]) -> None:
    """Write the requests into a file, and make its folder; raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(archive(title, fakes), indent=1, ensure_ascii=False)
    path.write_text(text, "utf-8")


def archive(title: str, fakes: Sequence[Evidence]) -> JSON:
    """The archive: a page for each fake, an entry for each of its requests."""
    pages: list[JSON] = []
    entries: list[JSON] = []
    for number, fake in enumerate(fakes, 1):
        page, started = f"page_{number}", fake.exchanges[0].started if fake.exchanges else None
        if started is not None:
            pages.append(_page(page, f"{title} at {fake.address}", started))
            entries += (_entry(page, each, fake.mask) for each in fake.exchanges)
    creator: JSON = {"name": "pytest-sfmock", "version": _version()}
    return {"log": {"version": "1.2", "creator": creator, "pages": pages, "entries": entries}}


def _version() -> str:
    from importlib.metadata import version

    return version("pytest-sfmock")


def _page(name: str, title: str, started: datetime) -> JSON:
    return {
        "startedDateTime": started.isoformat(timespec="milliseconds"),
        "id": name,
        "title": title,
        "pageTimings": {},
    }


def _entry(page: str, each: Exchange, mask: Mask) -> JSON:
    elapsed = round(each.elapsed * 1000, 3)
    notes = {
        "_errorCode": each.error_code,
        "_fault": each.fault,
        "_apiCalls": each.api_calls,
        "_shortcut": each.shortcut if each.name is not None else None,
    }
    return {
        "pageref": page,
        "startedDateTime": each.started.isoformat(timespec="milliseconds"),
        "time": elapsed,
        "request": _request(each, mask),
        "response": _response(each, mask),
        "cache": {},
        "timings": {"send": 0, "wait": elapsed, "receive": 0},
        **{name: value for name, value in notes.items() if value is not None},
    }


def _request(each: Exchange, mask: Mask) -> JSON:
    query = mask.query(each.query)
    sent: dict[str, JSON] = {
        "method": each.method,
        "url": _url(each, query, mask),
        "httpVersion": _PROTOCOL,
        "cookies": [],  # they stand masked among the headers
        "headers": _pairs(mask.headers(each.headers)),
        "queryString": _pairs(query),
        "headersSize": _UNKNOWN,
        "bodySize": _size(each.body),
    }
    if each.body:
        sent["postData"] = {
            "mimeType": each.headers.get("Content-Type") or "",
            "text": mask.body(each.headers, each.body),
        }
    return sent


def _response(each: Exchange, mask: Mask) -> JSON:
    location = each.reply_headers.get("Location")
    return {
        "status": each.status,
        "statusText": _phrase(each.status),
        "httpVersion": _PROTOCOL,
        "cookies": [],
        "headers": _pairs(mask.headers(each.reply_headers)),
        "content": {
            "size": _size(each.reply),
            "mimeType": each.reply_headers.get("Content-Type") or "",
            "text": mask.body(each.reply_headers, each.reply),
        },
        "redirectURL": mask.text(location or ""),
        "headersSize": _UNKNOWN,
        "bodySize": _size(each.reply),
    }


def _url(each: Exchange, query: list[tuple[str, str]], mask: Mask) -> str:
    parts = urlsplit(each.url)
    path = quote(mask.path(each.path), safe=_AS_SENT)
    shown = f"{parts.scheme}://{parts.netloc}{path}"
    return f"{shown}?{urlencode(query)}" if query else shown


def _pairs(pairs: list[tuple[str, str]]) -> JSON:
    return [{"name": name, "value": value} for name, value in pairs]


def _size(body: bytes) -> int:
    """The size of a body as it was sent, of which the journal may keep the head only."""
    cut = re.search(rb"\xe2\x80\xa6 (\d+) bytes, sha256 [0-9a-f]{64}\Z", body)
    return int(cut[1]) if cut else len(body)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
