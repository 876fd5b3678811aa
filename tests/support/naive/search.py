"""Searches, naively: every row is read for every word (sosl.md 2, 3, 4). What RETURNING says is a query over the rows found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from naive.data import Data, Row, fold
from naive.evaluate import answer
from naive.tree import In, Joined, Path, Query, Value

_SEARCHED = frozenset({"string", "textarea", "email", "phone", "url", "combobox"})
_RESERVED = "?&|!{}[]()^~*:\\\"'+-"
_NAMES = {
    "Account": ("Website", "Site"),
    "Case": ("SuppliedName", "SuppliedCompany", "Subject"),
    "Contact": ("AssistantName",),
    "Task": ("Subject",),
    "User": ("CommunityNickname",),
}


@dataclass(frozen=True)
class Word:
    """One word as it is typed; its reserved characters are text where it is `plain`, and wildcards where not."""

    text: str
    plain: bool = True

    def __str__(self) -> str:
        return _escaped(self.text) if self.plain else self.text


@dataclass(frozen=True)
class Quoted:
    """Words in quotation marks."""

    text: str

    def __str__(self) -> str:
        return f'"{_escaped(self.text)}"'


@dataclass(frozen=True)
class Chain:
    """Operands with what stands before each of them but the first: AND, AND NOT, OR or nothing; in brackets inside another."""

    first: Operand
    more: tuple[tuple[str, Operand], ...] = ()

    def __str__(self) -> str:
        return " ".join(
            (_inside(self.first), *(f"{word} {_inside(each)}".strip() for word, each in self.more))
        )


Operand: TypeAlias = Word | Quoted | Chain


@dataclass(frozen=True)
class Search:
    """A whole search; each part is a query over one sobject, or that sobject with its ids where it selects nothing."""

    term: Chain
    group: str
    parts: tuple[Query, ...]
    limit: int | None = None

    def __str__(self) -> str:
        limit = "" if self.limit is None else f" LIMIT {self.limit}"
        returning = ", ".join(map(_returned, self.parts))
        return f"FIND {{{self.term}}} IN {self.group} FIELDS RETURNING {returning}{limit}"


def found(data: Data, search: Search) -> list[dict[str, Any]]:
    """The records, part by part."""
    parts = [_part(data, search, each) for each in search.parts]
    if search.limit is None:
        return [record for part in parts for record in part]
    counts, left = [0] * len(parts), search.limit
    while left and any(count < len(part) for count, part in zip(counts, parts, strict=True)):
        for place, part in enumerate(parts):
            if left and counts[place] < len(part):
                counts[place] += 1
                left -= 1
    return [record for count, part in zip(counts, parts, strict=True) for record in part[:count]]


def _part(data: Data, search: Search, query: Query) -> list[dict[str, Any]]:
    ids = tuple(
        Value("", row["Id"])
        for row in data.rows[query.source]
        if _meets([*_texts(data, query.source, row, search.group)], search.term)
    )
    among = In(Path((), "Id"), ids)
    where = among if query.where is None else Joined("AND", (among, query.where))
    return answer(data, replace(query, where=where))[1]


def _meets(texts: list[list[str]], term: Operand) -> bool:
    """Whether a row with these texts, as tokens, is found: OR comes last, AND and AND NOT work from the right."""
    match term:
        case Quoted(text):
            return _stands(texts, tokens(text))
        case Word(text, True):
            return _stands(texts, tokens(text))
        case Word(text, _):
            pattern = fold(text).lstrip("*?")
            words = [each for text in texts for each in text if each[:1].isalnum()]
            return any(_fits(each, pattern) for each in words)
        case Chain(first, more):
            groups: list[list[tuple[str, Operand]]] = [[("", first)]]
            for word, each in more:
                if word == "OR":
                    groups.append([("", each)])
                else:
                    groups[-1].append((word, each))
            return any(_all(texts, each) for each in groups)


def _all(texts: list[list[str]], operands: list[tuple[str, Operand]]) -> bool:
    word, last = operands[-1]
    truth = _meets(texts, last)
    for before, each in reversed(operands[:-1]):
        truth = _meets(texts, each) and (not truth if word == "AND NOT" else truth)
        word = before
    return truth


def tokens(text: str) -> list[str]:
    """Runs of letters and digits, and each mark for itself."""
    found: list[str] = []
    run = ""
    for char in fold(text):
        if char.isalnum():
            run += char
            continue
        found += [run] if run else []
        found += [] if char.isspace() else [char]
        run = ""
    return [*found, run] if run else found


def _stands(texts: list[list[str]], wanted: list[str]) -> bool:
    """Whether the tokens stand side by side in any text; marks count between words alone."""
    if len(wanted) == 1:
        return any(wanted[0] in each for each in texts)
    return any(
        each[start : start + len(wanted)] == wanted for each in texts for start in range(len(each))
    )


def _fits(word: str, pattern: str) -> bool:
    """Whether a word fits a pattern with `*` and `?`."""
    if not pattern:
        return not word
    if pattern[0] == "*":
        return any(_fits(word[start:], pattern[1:]) for start in range(len(word) + 1))
    return bool(word) and pattern[0] in ("?", word[0]) and _fits(word[1:], pattern[1:])


def _texts(data: Data, sobject: str, row: Row, group: str) -> Iterator[list[str]]:
    """The texts that a group of fields holds; of a contact the name of the account is one, of a number its digits."""
    for field in data.described[sobject]["fields"]:
        name, kind, value = field["name"], field["type"], row.get(field["name"])
        if value is None or kind not in _SEARCHED or field["calculated"]:
            continue
        if group == "NAME" and not (field["nameField"] or name in _NAMES.get(sobject, ())):
            continue
        if group in ("EMAIL", "PHONE") and kind != group.lower():
            continue
        yield tokens(value)
        if kind == "phone":
            yield ["".join(char for char in value if char.isdecimal())]
    if sobject == "Contact" and group in ("ALL", "NAME"):
        accounts = [each for each in data.rows["Account"] if each["Id"] == row.get("AccountId")]
        yield from (tokens(each["Name"]) for each in accounts)


def _inside(operand: Operand) -> str:
    return f"({operand})" if isinstance(operand, Chain) else str(operand)


def _escaped(text: str) -> str:
    return "".join(f"\\{char}" if char in _RESERVED else char for char in text)


def _returned(query: Query) -> str:
    _, rest = str(query).split(f" FROM {query.source}", 1)
    return f"{query.source}({', '.join(map(str, query.select))}{rest})"
