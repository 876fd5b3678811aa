"""`sfmock soql check`: the queries in source files, found by pattern and checked like those that arrive."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sfmock.cli.holes import filled
from sfmock.cli.literals import Text, other_strings, python_strings
from sfmock.org.packs import find_pack
from sfmock.schema.catalogue import Catalogue
from sfmock.soql import check

SUFFIXES: Final = frozenset(
    [".cs", ".go", ".java", ".js", ".jsx", ".kt", ".mjs", ".php", ".py", ".rb", ".rs", ".scala", ".soql", ".ts", ".tsx"]
)  # fmt: skip
"""What is read in folders; a file that is named is read whatever it is called."""
_QUERY = re.compile(r"\s*SELECT\b.*?\bFROM\s+(\w+)", re.IGNORECASE | re.DOTALL)
_QUOTED = re.compile(r"(\"\"\"|'''|\"|'|`)\s*SELECT\s", re.IGNORECASE)
_SQL = re.compile(
    r"SELECT\s+(\*|DISTINCT\b|TOP\b|[0-9])|\bJOIN\b|\bUNION\b|\bINTO\b|;\s*$|[`\"]", re.IGNORECASE
)
_IGNORED = "soql: ignore"
_USUAL = "developer"
"""The pack that says which objects Salesforce has, where none is named."""
_COMMENT = re.compile(r"\s*//[^\n]*")
_UNSURE: Final = frozenset(["INVALID_QUERY_FILTER_OPERATOR"])
"""Errors that the value in a hole may decide."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to say of a query in a file; `error` is false where it could not be checked."""

    path: Path
    row: int
    column: int
    text: str
    error: bool

    def __str__(self) -> str:
        return f"{self.path}:{self.row}:{self.column}: {self.text}"


def lint(paths: Sequence[Path], pack: str | None) -> list[Finding]:
    """What is wrong with the queries of files and folders; without a pack only their syntax is checked."""
    catalogue = _catalogue(pack or _USUAL)
    schema = None if pack is None else catalogue
    return [each for path in _files(paths) for each in _findings(path, catalogue, schema)]


def _catalogue(pack: str) -> Catalogue:
    try:
        return Catalogue(find_pack(pack).package)
    except LookupError as error:
        raise ValueError(str(error)) from error


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for each in sorted(path.rglob("*")):
            parts = each.relative_to(path).parts
            hidden = any(part[0] == "." or part == "node_modules" for part in parts)
            if each.suffix in SUFFIXES and each.is_file() and not hidden:
                yield each


def _findings(path: Path, names: Catalogue, schema: Catalogue | None) -> Iterator[Finding]:
    source = path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
    rows = [0, *(each.end() for each in re.finditer("\n", source))]
    for text in _queries(path, source, names):
        start = text.place(len(text.value) - len(text.value.lstrip()))
        first = bisect_right(rows, start) - 1
        if _IGNORED in source[rows[first] :].partition("\n")[0]:
            continue
        problem = _problem(text, schema)
        if problem is not None:
            place, message, error = problem
            row = bisect_right(rows, start if place is None else place)
            column = (start if place is None else place) - rows[row - 1] + 1
            yield Finding(path, row, column, message, error)


def _queries(path: Path, source: str, names: Catalogue) -> Iterator[Text]:
    if path.suffix == ".soql":
        yield _whole(source)
        return
    for text in _strings(path, source):
        found = _QUERY.match(text.value)
        if found is not None and not _is_sql(text.value, found[1], names):
            yield text


def _strings(path: Path, source: str) -> Iterator[Text]:
    if path.suffix == ".py":
        try:
            return python_strings(source)
        except SyntaxError:
            pass  # a template, or another Python
    return other_strings(source, _QUOTED)


def _whole(source: str) -> Text:
    """A file that is a query; the lines of comments before it are blank."""
    end = 0
    while (comment := _COMMENT.match(source, end)) is not None:
        end = comment.end()
    blank = re.sub(r"[^\n]", " ", source[:end])
    return Text(blank + source[end:].rstrip(), list(range(len(source))))


def _is_sql(text: str, name: str, names: Catalogue) -> bool:
    """Whether a string is for a database, or prose: it asks for nothing that looks like an object of Salesforce's."""
    if names.find(name) is not None:
        return False
    return (name[0].islower() and "__" not in name) or _SQL.search(text) is not None


def _problem(text: Text, catalogue: Catalogue | None) -> tuple[int | None, str, bool] | None:
    """The place in the source, the words, and whether it is an error, of what is to be said of a query."""
    query = filled(text)
    if query is None:
        return None, "not checked: the program puts more than values into this query", False
    for problem in check(query.value, catalogue):
        place = None if problem.at is None else query.place(problem.at)
        if problem.refused:
            return place, f"not checked: {problem.message}", False
        if query.value == text.value or problem.code not in _UNSURE:
            return place, f"{problem.code} {problem.message}", True
    return None
