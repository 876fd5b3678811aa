"""String literals in source text, with the place of each of their characters: of Python by its rules, of others by theirs at large."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_START = re.compile(r"([A-Za-z]{0,3})(\"\"\"|'''|\"|'|`)")
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "\n": "", "a": "\a", "v": "\v"}
_ESCAPE = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|[\s\S])")
_JOIN = re.compile(r"\s*[+.&]\s*")
_VALUE = re.compile(r"[\w.()\[\]]+")
HOLE = "{}"
"""What stands for a value that is only known when the program runs."""


@dataclass
class Text:
    """A string and, for each of its characters, the offset in the source where it comes from."""

    value: str = ""
    places: list[int] = field(default_factory=list)

    def add(self, value: str, place: int) -> None:
        """Put something that comes from one place to the end."""
        self.value += value
        self.places += [place] * len(value)

    def place(self, offset: int) -> int:
        """The offset in the source of a character; of the end, the one behind the last."""
        if offset < len(self.places):
            return self.places[offset]
        return self.places[-1] + 1 if self.places else 0


def python_strings(source: str) -> Iterator[Text]:
    """The strings of Python source, joined where they are joined by `+` or stand side by side."""
    lines = _line_starts(source)
    waiting: list[ast.AST] = [ast.parse(source)]
    while waiting:
        node = waiting.pop()
        if _is_string(node):
            text = Text()
            _add_expression(text, source, lines, node)
            yield text
        else:
            waiting.extend(reversed(list(ast.iter_child_nodes(node))))


def other_strings(source: str, wanted: re.Pattern[str]) -> Iterator[Text]:
    """The strings of any source whose text `wanted` matches from its quote on; `+` and its like join them."""
    at = 0
    while True:
        start = wanted.search(source, at)
        if start is None:
            return
        text = Text()
        at = _add_literal(text, source, start.start())
        while True:
            following = _behind_a_join(text, source, at)
            if following is None:
                break
            at = _add_literal(text, source, following)
        yield text


def _is_string(node: ast.AST) -> bool:
    match node:
        case ast.Constant(str()) | ast.JoinedStr():
            return True
        case ast.BinOp(left, ast.Add(), right):
            return _is_string(left) or _is_string(right)
    return False


def _add_expression(text: Text, source: str, lines: list[int], node: ast.AST) -> None:
    match node:
        case ast.BinOp(left, ast.Add(), right):
            _add_expression(text, source, lines, left)
            _add_expression(text, source, lines, right)
        case ast.Constant(str()) | ast.JoinedStr():
            at = _offset(source, lines, node.lineno, node.col_offset)
            end = _offset(source, lines, node.end_lineno or 0, node.end_col_offset or 0)
            while (start := _START.search(source, at, end)) is not None:
                at = _add_literal(text, source, start.start())
        case ast.expr():
            text.add(HOLE, _offset(source, lines, node.lineno, node.col_offset))


def _line_starts(source: str) -> list[int]:
    return [0, *(each.end() for each in re.finditer("\n", source))]


def _offset(source: str, lines: list[int], row: int, column: int) -> int:
    """An offset in characters; Python counts columns in bytes."""
    start = lines[row - 1]
    line = source[start : start + column]
    if line.isascii():
        return start + column
    return start + len(source[start:].encode()[:column].decode(errors="ignore"))


def _add_literal(text: Text, source: str, at: int) -> int:
    """Read the literal that starts here; answers the offset behind it."""
    start = _START.match(source, at)
    if start is None:
        return at + 1
    prefix, quote = start[1].lower(), start[2]
    at = start.end()
    while at < len(source) and not source.startswith(quote, at):
        at = _add_piece(text, source, at, prefix, quote)
    return at + len(quote)


def _add_piece(text: Text, source: str, at: int, prefix: str, quote: str) -> int:
    """Read one character, one escape or one hole of a literal."""
    char = source[at]
    if char == "\\" and "r" not in prefix:
        escape = _ESCAPE.match(source, at)
        if escape is not None:
            text.add(_unescaped(escape[0]), at)
            return escape.end()
    if char == "{" and "f" in prefix:
        if source.startswith("{{", at):
            text.add("{", at)
            return at + 2
        text.add(HOLE, at)
        return _behind_braces(source, at)
    if char == "}" and "f" in prefix and source.startswith("}}", at):
        text.add("}", at)
        return at + 2
    if quote == "`" and source.startswith("${", at):
        text.add(HOLE, at)
        return _behind_braces(source, at + 1)
    text.add(char, at)
    return at + 1


def _behind_braces(source: str, at: int) -> int:
    depth = 0
    for place in range(at, len(source)):
        depth += {"{": 1, "}": -1}.get(source[place], 0)
        if not depth:
            return place + 1
    return len(source)


def _unescaped(escape: str) -> str:
    if len(escape) == 2:
        return _PLAIN.get(escape[1], escape[1])
    if escape[1] == "N":
        return "?"
    code = int(escape[2:], 16)
    return chr(code) if code < 0x110000 else "?"


def _behind_a_join(text: Text, source: str, at: int) -> int | None:
    """The offset of the next literal of a sum of strings; values between them leave a hole."""
    join = _JOIN.match(source, at)
    if join is None:
        return None
    if _START.match(source, join.end()):
        return join.end()
    value = _VALUE.match(source, join.end())
    if value is None:
        return None
    text.add(HOLE, value.start())
    again = _JOIN.match(source, value.end())
    return again.end() if again is not None and _START.match(source, again.end()) else None
