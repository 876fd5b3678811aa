"""Values in a query: strings with their escapes, numbers, dates, named ranges of days (soql.md 1)."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from sfmock import errors
from sfmock.errors import SalesforceError
from sfmock.soql import nodes
from sfmock.soql.cursor import Cursor
from sfmock.soql.dates import COUNTED, PLAIN
from sfmock.soql.errors import at_token, unknown_character
from sfmock.soql.lexer import Token

_LONGEST = 4000
_BEHIND: Final = frozenset(
    ["AND", "OR", ",", ")", "WITH", "GROUP", "ORDER", "LIMIT", "OFFSET", "BIND", "FOR", "UPDATE", "end"]
)  # fmt: skip
"""What may stand behind a value."""
_ESCAPE = re.compile(r"\\(?:[uU][0-9a-fA-F]{4}|.)", re.DOTALL)
_PLAIN = {
    "n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\",
}  # fmt: skip
_UNKNOWN = re.compile("[\0\ud800-\udfff]")
"""No text of a record holds these: U+0000 and half a surrogate pair. That they are unknown is our guess (soql.md 1.1)."""
_CURRENCY = re.compile(r"[A-Za-z]{3}\d+")


def parse_literal(cursor: Cursor, *, pattern: bool = False) -> nodes.Constant:
    """The value that stands here; `pattern` is true behind LIKE."""
    token = cursor.here
    match token.kind:
        case "text":
            cursor.take()
            return nodes.Text(_decode(cursor.text, token, pattern), token.at)
        case "number":
            cursor.take()
            return nodes.Number(token.text, token.at)
        case "path" | "keyword":
            return _word(cursor)
        case "mark":
            return _bind(cursor) if token.text == ":" else parse_number(cursor)
        case "date":
            cursor.take()
            return nodes.Date(token.text, token.at)
        case "datetime":
            cursor.take()
            return nodes.DateTime(token.text, token.at)
        case "time":
            cursor.take()
            return nodes.Time(token.text, token.at)
        case _:
            raise cursor.unexpected()


def parse_number(cursor: Cursor) -> nodes.Number:
    """A number with its sign; blanks between them mean nothing."""
    at = cursor.here.at
    sign = _sign(cursor)
    if cursor.here.kind != "number":
        raise cursor.no_alternative(at)
    return nodes.Number(sign + cursor.take().text, at)


def parse_text(cursor: Cursor) -> nodes.Text:
    """A string."""
    token = cursor.here
    if token.kind != "text":
        raise cursor.unexpected()
    cursor.take()
    return nodes.Text(_decode(cursor.text, token, pattern=False), token.at)


def parse_integer(cursor: Cursor) -> int | None:
    """The number behind LIMIT or OFFSET; None for a bind variable, which is an error of its own."""
    if cursor.word == ":":
        _bind(cursor)
        return None
    sign = _sign(cursor)
    return -_digits(cursor) if sign == "-" else _digits(cursor)


def _digits(cursor: Cursor, follow: Collection[str] = ()) -> int:
    """A number without sign and point; beyond 20 digits it is only sure to be too large."""
    if cursor.here.kind != "number" or not cursor.here.text.isdigit():
        raise cursor.absent((), follow)
    return int(cursor.take().text.lstrip("0")[:20] or "0")


def _word(cursor: Cursor) -> nodes.Constant:
    token, word = cursor.here, cursor.word
    if word in ("TRUE", "FALSE"):
        cursor.take()
        return nodes.Boolean(word == "TRUE", token.at)
    if word == "NULL":
        cursor.take()
        return nodes.Null(token.at)
    if token.kind != "path":
        raise cursor.unexpected()
    cursor.take()
    if word in PLAIN or word in COUNTED:
        count = _digits(cursor, _BEHIND) if cursor.accept(":") else None
        return nodes.DateLiteral(word, count, token.at)
    if _CURRENCY.fullmatch(token.text):
        fraction = ""
        if cursor.here.kind == "number" and cursor.here.at == token.end:
            end = cursor.here.end
            fraction = cursor.take().text
            if cursor.here.kind in ("path", "keyword") and cursor.here.at == end:
                raise cursor.no_alternative(token.at)
        return nodes.Currency(word[:3], token.text[3:] + fraction, token.at)
    if (
        cursor.word == "("
    ):  # `= lower('x')` is reported so, not by its parenthesis (a question on Stack Overflow)
        raise errors.BIND_VARIABLE()
    cursor.binds = True
    return nodes.Null(token.at)


def _bind(cursor: Cursor) -> nodes.Null:
    """An Apex variable: nothing comes of the query, so any value will do."""
    at = cursor.take().at
    cursor.expect_name()
    cursor.binds = True
    return nodes.Null(at)


def _sign(cursor: Cursor) -> str:
    """Take a sign if one is here."""
    return cursor.take().text if cursor.word == "+" or cursor.word == "-" else ""


def _decode(text: str, token: Token, pattern: bool) -> str:
    body = token.text[1:-1]
    if len(body) > _LONGEST:
        raise errors.refuse("SOQL string literal of more than 4,000 characters")
    unknown = _UNKNOWN.search(body)
    if unknown is not None:
        raise unknown_character(text, token.at + 1 + unknown.start())
    return _unescape(text, token, body, pattern) if "\\" in body else body


def _unescape(text: str, token: Token, body: str, pattern: bool) -> str:
    def replace(match: re.Match[str]) -> str:
        sequence = match[0]
        if len(sequence) == 6:
            char = chr(int(sequence[2:], 16))
        elif pattern and sequence[1] in "%_":
            return sequence
        else:
            char = _PLAIN.get(sequence[1].lower(), "")
        if not char:
            raise _illegal(text, token, sequence)
        return "\\" + char if pattern and char in "\\%_" else char

    decoded = _ESCAPE.sub(replace, body)
    joined = decoded.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    unknown = _UNKNOWN.search(joined)
    if unknown is not None:
        raise _illegal(text, token, f"\\u{ord(unknown[0]):04X}")
    return joined


def _illegal(text: str, token: Token, sequence: str) -> SalesforceError:
    message = f"Invalid string literal {token.text}. Illegal character sequence '{sequence}' in string literal."
    return at_token(text, token.at, errors.MALFORMED_QUERY(text=message))
