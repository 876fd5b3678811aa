"""Values in a query: strings with their escapes, numbers, dates, named ranges of days (soql.md 1)."""

from __future__ import annotations

import re

from sfmock import errors
from sfmock.errors import SalesforceError
from sfmock.soql import nodes
from sfmock.soql.cursor import Cursor
from sfmock.soql.dates import COUNTED, PLAIN
from sfmock.soql.errors import at_token
from sfmock.soql.lexer import Token

_LONGEST = 4000
_ESCAPE = re.compile(r"\\(?:[uU][0-9a-fA-F]{4}|.)", re.DOTALL)
_PLAIN = {
    "n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\",
}  # fmt: skip
_CURRENCY = re.compile(r"[A-Za-z]{3}\d+")


def parse_literal(cursor: Cursor, *, pattern: bool = False) -> nodes.Constant:
    """The value that stands here; `pattern` is true behind LIKE."""
    token = cursor.here
    if token.kind == "path":
        return _word(cursor)
    if token.kind == "mark":
        return _marked(cursor)
    if token.kind not in ("text", "number", "date", "datetime", "time"):
        raise cursor.unexpected()
    cursor.take()
    if token.kind == "text":
        return nodes.Text(_decode(cursor.text, token, pattern))
    if token.kind == "number":
        return nodes.Number(token.text)
    if token.kind == "date":
        return nodes.Date(token.text)
    return nodes.DateTime(token.text) if token.kind == "datetime" else nodes.Time(token.text)


def parse_integer(cursor: Cursor) -> int | None:
    """The number behind LIMIT or OFFSET; None for a bind variable, which is an error of its own."""
    if cursor.at_mark(":"):
        _bind(cursor)
        return None
    sign = _sign(cursor)
    number = _digits(cursor)
    return -number if sign == "-" else number


def _digits(cursor: Cursor) -> int:
    """A number without sign and point; beyond 20 digits it is only sure to be too large."""
    if cursor.here.kind != "number" or not cursor.here.text.isdigit():
        raise cursor.unexpected()
    return int(cursor.take().text.lstrip("0")[:20] or "0")


def _word(cursor: Cursor) -> nodes.Constant:
    token, word = cursor.here, cursor.word
    if word in ("TRUE", "FALSE"):
        cursor.take()
        return nodes.Boolean(word == "TRUE")
    if word == "NULL":
        cursor.take()
        return nodes.Null()
    if not token.name:
        raise cursor.unexpected()
    cursor.take()
    if word in PLAIN:
        return nodes.DateLiteral(word, 0)
    if word in COUNTED:
        return _counted(cursor, word)
    if _CURRENCY.fullmatch(token.text):
        fraction = ""
        if cursor.here.kind == "number" and cursor.here.at == token.end:
            fraction = cursor.take().text
        return nodes.Currency(token.text + fraction)
    cursor.binds = True
    return nodes.Bind()


def _counted(cursor: Cursor, name: str) -> nodes.DateLiteral:
    if not cursor.accept_mark(":"):
        raise cursor.unexpected()
    return nodes.DateLiteral(name, _digits(cursor))


def _marked(cursor: Cursor) -> nodes.Constant:
    if cursor.at_mark(":"):
        return _bind(cursor)
    sign = _sign(cursor)
    if not sign or cursor.here.kind != "number":
        raise cursor.unexpected()
    return nodes.Number(sign + cursor.take().text)


def _bind(cursor: Cursor) -> nodes.Bind:
    cursor.take()
    cursor.expect_name()
    cursor.binds = True
    return nodes.Bind()


def _sign(cursor: Cursor) -> str:
    """Take a sign that belongs to the number behind it; otherwise nothing."""
    following = cursor.peek()
    if not (cursor.at_mark("+") or cursor.at_mark("-")) or following.kind != "number":
        return ""
    if following.at != cursor.here.end:
        raise errors.refuse("SOQL number with a blank behind its sign")
    return cursor.take().text


def _decode(text: str, token: Token, pattern: bool) -> str:
    body = token.text[1:-1]
    if len(body) > _LONGEST:
        raise errors.refuse("SOQL string literal of more than 4,000 characters")
    value = _unescape(text, token, body, pattern) if "\\" in body else body
    if "\0" in value or any("\ud800" <= char <= "\udfff" for char in value):
        raise errors.refuse("SOQL string literal with U+0000 or half a surrogate pair")
    return value


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
    return decoded.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def _illegal(text: str, token: Token, sequence: str) -> SalesforceError:
    message = f"Invalid string literal {token.text}. Illegal character sequence '{sequence}' in string literal."
    return at_token(text, token.at, errors.MALFORMED_QUERY(text=message))
