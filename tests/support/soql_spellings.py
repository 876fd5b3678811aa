"""Queries for two parsers: right ones in many spellings, and broken ones."""

from __future__ import annotations

import re
from random import Random

from sfmock import soql
from sfmock.soql.functions import FUNCTIONS
from sfmock.soql.lexer import RESERVED
from soql_trees import Trees

_PIECES = re.compile(
    r"'(?:[^'\\]|\\.)*'|[A-Za-z][A-Za-z0-9_.]*|[0-9][0-9A-Za-z:.+-]*|[!<>]=|<>|\s+|.", re.DOTALL
)
_WORDS = (
    *sorted(RESERVED), *FUNCTIONS, "GROUP", "ORDER", "OFFSET", "TYPEOF", "WHEN", "THEN", "END", "SCOPE", "DATA",
    "CATEGORY", "AT", "ABOVE_OR_BELOW", "VIEW", "REFERENCE", "TRACKING", "ALL", "ROWS", "DISTANCE", "GEOLOCATION",
    "IS", "BETWEEN", "DISTINCT", "JOIN", "TODAY", "LAST_N_DAYS", "a", "a.b", "Account", "COUNT()", "x__c", "USD5",
)  # fmt: skip
_BITS = (
    "'x'", "''", "'", "'\\q'", "'\\%'", "'\\u12'", "5", "-5", "1.5", ".5", "5.", "1e3", "2026-11-23",
    "2026-11-23T00:00:00Z", "2026-11-23T00:00:00", "12:00:00Z", "12:00", "=", "==", "!=", "<>", "=>", "<", ">=", "(",
    ")", "()", ",", ".", ":", ":x", "*", ";", "$", "-", "+", "--", "/", "é", '"', "[", "%", "_",
)  # fmt: skip


def generated(number: int, start: int) -> list[str]:
    """So many queries, half of them broken; the same ones for the same start."""
    chance = Random(start)
    trees = Trees(chance)
    right = [_respelled(soql.format(trees.query()), chance) for _ in range(number // 2)]
    broken = [_broken(chance.choice(right), chance) for _ in range(number - len(right))]
    return [*right, *broken]


def _respelled(text: str, chance: Random) -> str:
    """The same query as somebody else writes it: other blanks, other cases."""
    return "".join([_spelling(each, chance) for each in _PIECES.findall(text)])


def _spelling(piece: str, chance: Random) -> str:
    if piece.isspace():
        return chance.choice((" ", " ", " ", "  ", "\n", "\t ", "\r\n"))
    if piece[0] == "'" or not chance.randrange(4):
        return piece
    if piece[0].isalpha():
        return chance.choice((piece.lower(), piece.upper(), piece.title(), piece))
    if piece in "(),=":
        return chance.choice((piece, f" {piece}", f"{piece} ", f" {piece} "))
    return piece


def _broken(text: str, chance: Random) -> str:
    """The query with a few pieces lost, doubled, moved or put in."""
    pieces = _PIECES.findall(text)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        place = chance.randrange(len(pieces) + 1)
        match chance.randrange(6):
            case 0:
                del pieces[place : place + chance.choice((1, 1, 2, 3))]
            case 1:
                pieces[place:place] = pieces[place : place + 3]
            case 2:
                pieces[place : place + 2] = reversed(pieces[place : place + 2])
            case 3:
                pieces[place:place] = [" ", chance.choice(_WORDS), " "]
            case 4:
                pieces[place:place] = [chance.choice(_BITS)]
            case _:
                pieces[place : place + 1] = [chance.choice(_WORDS + _BITS)]
    return "".join(pieces)
