"""Where secrets stand in texts: which names bear one, and what stands below such names in JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import TypeAlias

from sfmock.wire import JSON

MASK = "…"

IsSecret: TypeAlias = Callable[[str], bool]
"""Whether what bears this name is a secret."""

SESSION_ID = re.compile(r"\b00D[0-9A-Za-z]{12,15}(?:!|%21)[0-9A-Za-z._%]+")
"""Which is an access token, too."""
_SECRET = re.compile(
    r"pass(?:word|wd|phrase|code)|pwd|secret|token|session(?:id|key)|assertion|signature|verifier|apikey|privatekey"
    r"|credential|authorization|cookie|jwt|saml|otp$|sid$|(?:^|auth|device|user|access|verification)code$"
    r"|^(?:pw|pin|key|auth|ticket)$"
)
_HARMLESS = re.compile(
    r"(?:type|hint|endpoint|supported|format|expiresin|lifetime|length|validity|expired)$"
)
"""`token_type` and its like, which speak of a secret and hold none."""
_SUFFIX_OR_MARK = re.compile(r"__c$|[\W_]")
_PLAIN_HEADERS = frozenset(
    {
        "accept", "accept-charset", "accept-encoding", "accept-language", "age", "allow", "cache-control", "connection",
        "content-disposition", "content-encoding", "content-language", "content-length", "content-type", "date", "etag",
        "expect", "expires", "host", "if-match", "if-modified-since", "if-none-match", "if-unmodified-since",
        "last-modified", "location", "origin", "pragma", "range", "referer", "retry-after", "server", "soapaction",
        "strict-transport-security", "transfer-encoding", "user-agent", "vary", "via", "warning", "www-authenticate",
        "x-content-type-options", "x-prettyprint", "x-robots-tag", "x-xss-protection",
    }
)  # fmt: skip
_JSON_TEXT = re.compile(r'("(?:[^"\\]|\\.)*(?:"|\\?\Z))(\s*:\s*)?(-?\d[\d.eE+-]*)?', re.DOTALL)
"""A text of JSON, what follows a key, and a number that does."""


@lru_cache(maxsize=1024)
def is_secret(name: str) -> bool:
    """Whether a header, parameter, key, element or field of this name holds a secret."""
    plain = _SUFFIX_OR_MARK.sub("", name.lower())
    return _SECRET.search(plain) is not None and _HARMLESS.search(plain) is None


def is_plain_header(name: str) -> bool:
    """Whether the value of a header may be shown: a well-known one, or Salesforce's. Any other may be a key to something."""
    name = name.lower()
    return name in _PLAIN_HEADERS or name.startswith("sforce-")


def masked_json(text: str, secret: IsSecret) -> str:
    """JSON as it was sent, but for the values of secret keys; written anew where these hold more than a text."""
    places = [place for place, _ in _values(text, secret)]
    shown = _with_masks(text, places)
    try:
        value: JSON = json.loads(shown)
        if any(each != MASK for each in _leaves(value, secret)):
            return json.dumps(_masked(value, secret), ensure_ascii=False)
    except (ValueError, RecursionError):  # only its head was kept, or it never was JSON
        return shown
    return shown


def json_secrets(text: str, secret: IsSecret) -> list[str]:
    """The values of secret keys, and all that stands below them."""
    try:
        value: JSON = json.loads(text)
        return [str(each) for each in _leaves(value, secret)]
    except (ValueError, RecursionError):
        return [value for _, value in _values(text, secret)]


def _values(text: str, secret: IsSecret) -> Iterator[tuple[tuple[int, int], str]]:
    """Where the texts and numbers of secret keys stand, and what they are: read once from begin to end, whole or not."""
    after_key = -1
    for match in _JSON_TEXT.finditer(text):
        if match.start() == after_key:
            yield match.span(1), match[1].strip('"')
        after_key = -1
        if match[2] is not None and secret(match[1].strip('"')):
            after_key = match.end(2)
            if match[3] is not None:
                yield match.span(3), match[3]


def _with_masks(text: str, places: Iterable[tuple[int, int]]) -> str:
    pieces: list[str] = []
    end = 0
    for start, stop in places:
        pieces += (text[end:start], f'"{MASK}"')
        end = stop
    return "".join((*pieces, text[end:]))


def _leaves(value: JSON, secret: IsSecret, *, below: bool = False) -> Iterator[str | int | float]:
    match value:
        case dict():
            for name, item in value.items():
                yield from _leaves(item, secret, below=below or secret(name))
        case list():
            for item in value:
                yield from _leaves(item, secret, below=below)
        case bool() | None:
            return
        case _:
            if below:
                yield value


def _masked(value: JSON, secret: IsSecret, *, below: bool = False) -> JSON:
    match value:
        case dict():
            return {
                name: _masked(item, secret, below=below or secret(name))
                for name, item in value.items()
            }
        case list():
            return [_masked(item, secret, below=below) for item in value]
        case bool() | None:
            return value
        case _:
            return MASK if below else value
