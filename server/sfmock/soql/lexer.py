"""The lexer: one alternation cuts the text of a query into tokens; blanks disappear."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final, Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal[
    "path",
    "keyword",
    "text",
    "datetime",
    "begun",
    "date",
    "time",
    "number",
    "operator",
    "mark",
    "stray",
    "other",
    "end",
]
"""`path` is an identifier or several joined by dots, `keyword` a reserved word, `begun` a date-time that breaks off,
`stray` a mark that no rule has, `other` an unknown character, both with all that follows: nothing goes past them."""

RESERVED: Final = frozenset(
    [
        "AND",
        "AS",
        "ASC",
        "BIND",
        "BY",
        "CUBE",
        "DESC",
        "ELSE",
        "EXCLUDES",
        "FALSE",
        "FIRST",
        "FOR",
        "FROM",
        "HAVING",
        "IN",
        "INCLUDES",
        "LAST",
        "LIKE",
        "LIMIT",
        "LOOKUP",
        "NOT",
        "NULL",
        "NULLS",
        "OR",
        "ROLLUP",
        "SELECT",
        "TRUE",
        "UPDATE",
        "USING",
        "WHERE",
        "WITH",
    ]
)
"""Words that are never a field, an object or an alias (soql.md 1; LOOKUP by Salesforce's own grammar)."""

USED: Final = frozenset(
    [
        "ABOVE",
        "ABOVE_OR_BELOW",
        "AT",
        "BELOW",
        "CASE",
        "CATEGORY",
        "COUNT",
        "DATA",
        "DISTANCE",
        "END",
        "FIELDS",
        "FLAT",
        "GEOLOCATION",
        "GROUP",
        "HIERARCHICAL",
        "OFFSET",
        "ORDER",
        "REFERENCE",
        "SCOPE",
        "THEN",
        "TYPEOF",
        "VIEW",
        "WHEN",
    ]
)
"""Words of the language that may be names, but not behind USING and UPDATE (by Salesforce's own grammar)."""


class Token(NamedTuple):
    """A piece of the text; `at` is its offset, `word` its text in capitals, for comparing with keywords and marks."""

    kind: Kind
    text: str
    at: int
    word: str

    @property
    def end(self) -> int:
        """The offset behind it."""
        return self.at + len(self.text)

    @property
    def shown(self) -> str:
        """The token as Salesforce's messages quote it: of a string its quote, of `>=` the first of two tokens."""
        if self.kind == "end":
            return "<EOF>"
        first = self.kind in ("text", "stray") or (self.kind == "operator" and self.text[-1] == "=")
        return self.text[0] if first and self.text != "!=" else self.text


def _begun() -> str:
    """A date-time up to wherever it breaks off, as optional parts inside one another."""
    pattern = r"(?:\.\d*)?(?:[+-]\d{0,2}(?::\d?|\d)?)?"
    for part in reversed([r"\d", r"\d", ":", r"\d", r"\d", ":", r"\d", r"\d"]):
        pattern = f"(?:{part}{pattern})?"
    return r"\d{4}-\d{2}-\d{2}T" + pattern


_TOKEN: Final = re.compile(
    rf"""
    [ \t\r\n]*
    (?: (?P<path>[A-Z][A-Z0-9_]*(?:\.[A-Z][A-Z0-9_]*)*)
    | (?P<mark>[(),:+-])
    | (?P<text>'(?:[^'\\\r\n]|\\[^\r\n])*')
    | (?P<operator>!\s*=|<>|<\s*=|>\s*=|[=<>])
    | (?P<datetime>\d{{4}}-\d{{2}}-\d{{2}}T\d{{2}}:\d{{2}}:\d{{2}}(?:\.\d+)?(?:Z|[+-]\d{{2}}:?\d{{2}}))
    | (?P<begun>{_begun()})
    | (?P<date>\d{{4}}-\d{{2}}-\d{{2}}(?!\d))
    | (?P<time>\d{{2}}:\d{{2}}:\d{{2}}(?:\.\d+)?Z)
    | (?P<number>\d+\.\d+|\d+|\.\d+)
    | (?P<stray>[.!'/*_][\s\S]*)
    | (?P<end>\Z)
    | (?P<other>[\s\S]+)
    )""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)


def tokenize(text: str, start: int = 0, most: int | None = None) -> list[Token]:
    """The tokens of a query from an offset on, at most so many of them, an end token last.

    Nothing is refused here: the parser meets what is wrong in order.
    """
    new, tokens = tuple.__new__, []
    for match in islice(_TOKEN.finditer(text, start), most):
        kind = match.lastgroup
        piece = match[kind or "end"]
        word = piece.upper()
        kind = "keyword" if word in RESERVED else kind
        tokens.append(new(Token, (kind, piece, match.end() - len(piece), word)))
    return tokens
