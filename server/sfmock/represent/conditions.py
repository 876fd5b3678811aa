"""Conditional requests on rows: ETag of accounts, Last-Modified of all (rest.md 1.7, wire-facts.md 4)."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256

from sfmock import errors
from sfmock.org.org import Org
from sfmock.schema.model import SObject
from sfmock.store.database import Value
from sfmock.wire import Headers

_ETAG_SOBJECTS = frozenset({"Account"})
_TAG = re.compile(r'(W/)?"([^"]*)"')
_TAGS = re.compile(r'\s*(?:\*|(?:W/)?"[^"]*"(?:\s*,\s*(?:W/)?"[^"]*")*)\s*')
_GZIP = "--gzip"
"""Stands in the quotes of the ETag of a compressed reply (wire-facts.md 4); it is the same row."""
_CONDITIONS = ("If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since")


def caching_headers(
    org: Org, sobject: SObject, row: Mapping[str, Value]
) -> tuple[tuple[str, str], ...]:
    """The header fields that let a client ask again later."""
    headers: tuple[tuple[str, str], ...] = ()
    if sobject.name in _ETAG_SOBJECTS:
        digest = sha256(json.dumps(row, sort_keys=True).encode()).digest()
        headers += (("ETag", f'"{base64.b64encode(digest).decode()}"'),)
    # Recorded where the two differ (rest-0118, a user): the date is SystemModstamp's, not LastModifiedDate's.
    stamp = row.get("SystemModstamp") or row.get("LastModifiedDate")
    modified = org.came_back.modified(row.get("Id"), stamp)
    if isinstance(modified, str):
        moment = datetime.fromisoformat(f"{modified[:19]}+00:00")
        headers += (("Last-Modified", format_datetime(moment, usegmt=True)),)
    return headers


def check_read(asked: Headers, caching: tuple[tuple[str, str], ...]) -> bool:
    """True if the client's copy is good (304); raises PRECONDITION_FAILED (412)."""
    if not conditional(asked):
        return False
    has = dict(caching)
    if _fails(asked, has):
        raise errors.PRECONDITION_FAILED()
    known = _none_match(asked, has)
    if known is None:
        return _changed_since(asked, "If-Modified-Since", has) is False
    return known


def check_row_write(
    asked: Headers, org: Org, sobject: SObject, row: Mapping[str, Value] | None
) -> None:
    """Raise PRECONDITION_FAILED (412) unless the row may be changed; a row that is not there is no matter of this."""
    if row is None or not conditional(asked):
        return
    if asked.get("If-Modified-Since") is not None:
        raise errors.refuse("If-Modified-Since on a PATCH")
    for name in ("If-Match", "If-None-Match"):
        if not _TAGS.fullmatch(asked.get(name) or "*"):
            raise errors.refuse(f"the error for an invalid {name} on a PATCH")
    has = dict(caching_headers(org, sobject, row))
    if _fails(asked, has) or _none_match(asked, has):
        raise errors.PRECONDITION_FAILED()


def refuse_conditions(asked: Headers) -> None:
    """Refuse conditions where no document says what they mean."""
    if conditional(asked):
        raise errors.refuse("conditional headers on a create or an upsert")


def conditional(asked: Headers) -> bool:
    """Whether a request carries a condition at all."""
    return any(asked.get(name) is not None for name in _CONDITIONS)


def _fails(asked: Headers, has: Mapping[str, str]) -> bool:
    """Whether If-Match names other ETags; If-Unmodified-Since counts without it only (RFC 9110, 13.2.2)."""
    wanted = asked.get("If-Match")
    if wanted is not None and "ETag" in has:
        return not _matches(wanted, has["ETag"], strong=True)
    return _changed_since(asked, "If-Unmodified-Since", has) is True


def _none_match(asked: Headers, has: Mapping[str, str]) -> bool | None:
    """Whether If-None-Match names the row's ETag; None where it is not sent, or the row has none."""
    wanted = asked.get("If-None-Match")
    if wanted is None or "ETag" not in has:
        return None
    return _matches(wanted, has["ETag"], strong=False)


def _matches(wanted: str, etag: str, *, strong: bool) -> bool:
    if wanted.strip() == "*":
        return True
    return any(
        f'"{tag.removesuffix(_GZIP)}"' == etag and not (weak and strong)
        for weak, tag in _TAG.findall(wanted)
    )


def _changed_since(asked: Headers, name: str, has: Mapping[str, str]) -> bool | None:
    """Whether the row changed after the date of a header field; None without field or date of the row."""
    text = asked.get(name)
    if text is None or "Last-Modified" not in has:
        return None
    try:
        moment = parsedate_to_datetime(text)  # does not check the weekday: neither does Salesforce
    except ValueError:
        raise errors.refuse(f"the error for an unreadable date in {name}") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return parsedate_to_datetime(has["Last-Modified"]) > moment
