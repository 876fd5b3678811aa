"""SOQL cases as text: `== id (certainty)`, the query, what is known about it after `--`, rows or message below.

    == like-012 (documented)
    SELECT Name FROM Account WHERE Phone LIKE '+%'
    -- rows
    {"Name": "Acme"}

`-- rows in order` compares the order too, `-- count 5` is what COUNT() answers, `-- error CODE` is followed by the message with
`|` before each line, `-- parses` expects no more than an answer, `-- grammar` only that the parser takes it. `-- zone UTC` gives the user another time zone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CASES = Path(__file__).parents[1] / "soql" / "cases"


@dataclass
class Case:
    """A query and what Salesforce answers."""

    id: str
    certainty: str
    soql: str = ""
    zone: str | None = None
    kind: str = "parses"
    argument: str = ""
    lines: list[str] = field(default_factory=list)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The expected rows."""
        return [json.loads(line) for line in self.lines]

    @property
    def message(self) -> str:
        """The expected message of an error."""
        return "\n".join(line[1:] for line in self.lines)


def read_cases(folder: Path = CASES) -> list[Case]:
    """All cases of a folder, file by file."""
    return [
        case
        for path in sorted(folder.glob("*.txt"))
        for case in _cases(path.read_text(encoding="utf-8"))
    ]


def _cases(text: str) -> Iterator[Case]:
    for block in f"\n{text}".split("\n== ")[1:]:
        head, *lines = block.rstrip("\n").split("\n")
        name, _, certainty = head.partition(" ")
        case = Case(name, certainty.strip("()"))
        start = next(place for place, line in enumerate(lines) if line.startswith("-- "))
        case.soql = "\n".join(lines[:start])
        for line in lines[start:]:
            _read(case, line)
        yield case


def _read(case: Case, line: str) -> None:
    if not line.startswith("-- "):
        case.lines.append(line)
        return
    word, _, argument = line[3:].partition(" ")
    if word == "zone":
        case.zone = argument
    else:
        case.kind, case.argument = word, argument
