"""A page of query results as REST writes it (rest.md 3.1)."""

from __future__ import annotations

import re

from sfmock.org.paging import Page
from sfmock.versions import Version
from sfmock.wire import Headers, RawJson, Reply

_BATCH_SIZE = re.compile(r"(?:^|[,;])\s*batchSize\s*=\s*([0-9]{1,18})\s*(?:$|[,;])", re.IGNORECASE)


def asked_batch_size(headers: Headers) -> int | None:
    """The size that the header `Sforce-Query-Options: batchSize=500` asks for."""
    match = _BATCH_SIZE.search(headers.get("Sforce-Query-Options") or "")
    return int(match[1]) if match else None


def page_reply(page: Page[str], version: Version) -> Reply:
    """`nextRecordsUrl` says `/query/` for `/queryAll` too."""
    following = ""
    if page.next_locator is not None:
        following = f'"nextRecordsUrl":"{version.root}/query/{page.next_locator}",'
    done = "true" if page.done else "false"
    return Reply(
        body=RawJson(
            f'{{"totalSize":{page.total},"done":{done},{following}"records":{page.records}}}'
        )
    )
