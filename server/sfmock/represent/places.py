"""Where a key stands in a JSON body: errors of Salesforce's parser name the line and the column (rest.md 6.2)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]')
_UNKNOWN = (1, 2)


def places(body: bytes) -> Callable[[str], tuple[int, int]]:
    """A function from a key of the outermost object to the line and column where the key starts, from 1."""

    def locate(key: str) -> tuple[int, int]:
        text = body.decode("utf-8", "replace")
        start = _find(text, key)
        if start is None:
            return _UNKNOWN
        line_start = text.rfind("\n", 0, start) + 1
        return text.count("\n", 0, start) + 1, start - line_start + 1

    return locate


def _find(text: str, key: str) -> int | None:
    """The place of the last key of this name in the outermost object: the last one is the one that counts."""
    depth, expects_key, found = 0, False, None
    for token in _TOKEN.finditer(text):
        first = token[0][0]
        if first in "{[":
            depth += 1
        elif first in "}]":
            depth -= 1
        elif first == '"' and depth == 1 and expects_key and _plain(token[0]) == key:
            found = token.start()
        expects_key = first in "{,"
    return found


def _plain(quoted: str) -> str | None:
    try:
        return str(json.loads(quoted, strict=False))
    except ValueError:
        return None
