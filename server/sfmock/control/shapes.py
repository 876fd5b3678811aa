"""The shape of a call, which is the call without its literals: what calls that differ in little have in common."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from sfmock.org.journal import Exchange
from sfmock.org.lines import one_line
from sfmock.org.masking import Mask
from sfmock.soql.lexer import tokenize

_HOLE = "…"
_RECORD_ID = re.compile(r"(?=.*\d)[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?")
_BY_VALUE = frozenset({"read_by_external_id", "upsert", "delete_by_external_id"})
"""Routes whose last segment is a value."""
_QUERY_LITERALS = frozenset({"text", "number", "date", "datetime"})


class Alike(NamedTuple):
    """What calls have in common that differ in the literal of one place only."""

    method: str
    soql: bool
    pieces: tuple[str, ...]
    others: tuple[str, ...]
    place: int


@dataclass(frozen=True, slots=True)
class Shape:
    """Pieces of text with a literal between each two of them."""

    method: str
    soql: bool
    pieces: tuple[str, ...]
    literals: tuple[str, ...]

    def without(self, place: int) -> Alike:
        """All of it but the literal of this place."""
        others = self.literals[:place] + self.literals[place + 1 :]
        return Alike(self.method, self.soql, self.pieces, others, place)

    def written(self, mask: Mask, *places: int) -> str:
        """The call for a reader, the literals of these places left out."""
        literals = [_HOLE if place in places else each for place, each in enumerate(self.literals)]
        mixed = [part for pair in zip(self.pieces, [*literals, ""], strict=True) for part in pair]
        return mask.text(one_line("".join(mixed)))


def shape_of(exchange: Exchange) -> Shape:
    """The shape of a call: for a query that of its SOQL, for any other that of path and query string."""
    if exchange.soql is not None:
        return Shape(exchange.method, True, *_cut_query(exchange.soql))
    pieces, literals = _cut_path(exchange)
    if exchange.query:
        pieces[-1] += f"?{exchange.query}"
    return Shape(exchange.method, False, tuple(pieces), tuple(literals))


def _cut_query(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Literals are those that a field is compared with by `=` or alone in `IN`: others say which rows, not which one."""
    pieces: list[str] = []
    literals: list[str] = []
    tokens = tokenize(text)
    end = 0
    for place, token in enumerate(tokens):
        before = [each.text.upper() for each in tokens[max(0, place - 2) : place]]
        alone = before == ["IN", "("] and tokens[place + 1].text == ")"
        if token.kind in _QUERY_LITERALS and (before[-1:] == ["="] or alone):
            pieces.append(text[end : token.at])
            literals.append(token.text)
            end = token.end
    return (*pieces, text[end:]), tuple(literals)


def _cut_path(exchange: Exchange) -> tuple[list[str], list[str]]:
    pieces, literals = [""], list[str]()
    segments = exchange.path.split("/")
    for place, segment in enumerate(segments):
        slash = "/" if place else ""
        valued = exchange.name in _BY_VALUE and place == len(segments) - 1
        if valued or _RECORD_ID.fullmatch(segment):
            pieces[-1] += slash
            pieces.append("")
            literals.append(segment)
        else:
            pieces[-1] += f"{slash}{segment}"
    return pieces, literals
