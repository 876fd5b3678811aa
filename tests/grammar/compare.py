"""Our grammar of SOQL against Salesforce's own: `@salesforce/soql-common` reads the same queries, right ones and broken ones.

    python tests/grammar/compare.py FOLDER [--queries 20000] [--seed 1] [--record FILE]

FOLDER holds node_modules with `@salesforce/soql-common` and `antlr4ts`. Exit code 1 if the parsers disagree about a query and
no row of `DIFFERENCES` says why. `--record` writes the sample that the suite reads.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sfmock.soql import Problem, check
from soql_spellings import generated

_SCRIPT = Path(__file__).with_name("salesforce.js")
_SHORT, _SAMPLE = 140, 600
_INPUT = re.compile(r"(?:mismatched|extraneous) input (.*) expecting ", re.DOTALL)


@dataclass(frozen=True)
class Verdict:
    """What a parser says of a query: None for the message if it takes it."""

    message: str | None
    at: int | None


@dataclass(frozen=True)
class Pair:
    """A query and what both parsers say of it."""

    soql: str
    theirs: Verdict
    ours: Verdict

    @property
    def agree(self) -> bool:
        """Whether both take it or neither."""
        return (self.theirs.message is None) == (self.ours.message is None)

    @property
    def same(self) -> bool:
        """Whether they also say the same, of the same place."""
        return self.theirs == self.ours


def _letters(pair: Pair) -> bool:
    """The published lexer takes `$` and letters beyond ASCII into names; the service refuses them (soql.md 13.1, recorded)."""
    found = re.search(r"at character '(.)'$", pair.ours.message or "", re.DOTALL)
    return pair.theirs.message is None and found is not None and (found[1] in "$" or found[1] > "~")


def _dots(pair: Pair) -> bool:
    """The published lexer takes dots into names wherever they stand: `a.`, `a..b`, `a.5`; nothing has such a name."""
    at = pair.ours.at
    return pair.theirs.message is None and at is not None and pair.soql[at : at + 1] == "."


def _arithmetic(pair: Pair) -> bool:
    """The published grammar knows `a + b = 5`; the guide has no arithmetic (soql.md 2)."""
    return pair.theirs.message is None and (pair.ours.message or "").endswith(("+'", "-'"))


def _units(pair: Pair) -> bool:
    """The published grammar does not look into the unit of DISTANCE; we read it like any other string."""
    illegal = "Illegal character sequence" in (pair.ours.message or "")
    return pair.theirs.message is None and illegal and "distance" in pair.soql.lower()


def _blanks(pair: Pair) -> bool:
    """`! =` is taken (soql.md 1); to the published lexer `!` alone is unknown."""
    return pair.ours.message is None and "at character '!'" in (pair.theirs.message or "")


def _form_feeds(pair: Pair) -> bool:
    r"""`\\f` is taken as the guide says (soql.md 1.1); the published grammar refuses it."""
    escape = (pair.theirs.message or "").startswith("Invalid string literal")
    return pair.ours.message is None and escape and "\\f" in pair.soql.lower()


DIFFERENCES: Mapping[str, Callable[[Pair], bool]] = {
    "letters": _letters,
    "dots": _dots,
    "arithmetic": _arithmetic,
    "units": _units,
    "blanks": _blanks,
    "form feeds": _form_feeds,
}
"""Why the parsers may disagree: each function says when, and its first line why."""


def compared(folder: Path, queries: list[str]) -> list[Pair]:
    """What both parsers say of each query."""
    lines = "".join(f"{json.dumps(each)}\n" for each in queries)
    node = subprocess.run(
        ["node", _SCRIPT, folder], input=lines, capture_output=True, text=True, check=True
    )
    verdicts = [json.loads(line) for line in node.stdout.splitlines()]
    return [
        Pair(soql, _theirs(soql, verdict), _ours(check(soql)))
        for soql, verdict in zip(queries, verdicts, strict=True)
    ]


def _ours(problems: tuple[Problem, ...]) -> Verdict:
    return Verdict(problems[0].message, problems[0].at) if problems else Verdict(None, None)


def _theirs(soql: str, verdict: Mapping[str, object]) -> Verdict:
    """The verdict of ANTLR in the words of the service (soql.md 13.1)."""
    if verdict["ok"]:
        return Verdict(None, None)
    message, row, column = (
        str(verdict["message"]),
        int(str(verdict["line"])),
        int(str(verdict["column"])),
    )
    at = sum(len(line) + 1 for line in soql.split("\n")[: row - 1]) + column
    return Verdict(_in_words(message, row, column), at)


def _in_words(message: str, row: int, column: int) -> str:
    plain = message.replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t")
    if plain.startswith("no viable alternative at input "):
        return f"unexpected token: {plain.removeprefix('no viable alternative at input ')}"
    found = _INPUT.match(plain)
    if found is not None:
        return f"unexpected token: {found[1]}"
    if plain.startswith("missing "):
        return f"missing value at {plain.partition(' at ')[2]}"
    if plain.startswith("token recognition error at: "):
        char = plain.removeprefix("token recognition error at: ")[1:2]
        return f"line {row}:{column} no viable alternative at character '{char}'"
    return f"Invalid string literal: {plain}"


def report(pairs: list[Pair]) -> tuple[str, int]:
    """What is to be said of a comparison, and how many differences nobody explains."""
    reasons: Counter[str] = Counter()
    open_ones: list[Pair] = []
    for pair in (each for each in pairs if not each.agree):
        reason = next((name for name, fits in DIFFERENCES.items() if fits(pair)), None)
        reasons[reason or "unexplained"] += 1
        if reason is None:
            open_ones.append(pair)
    refused = [each for each in pairs if each.theirs.message is not None]
    both = [each for each in refused if each.agree]
    lines = [
        f"{len(pairs)} queries; Salesforce's parser takes {len(pairs) - len(refused)}, refuses {len(refused)}",
        f"accept and refuse agree in {len(pairs) - reasons.total()}, differ in {reasons.total()}:",
        *(f"  {count:5} {name}: {_why(name)}" for name, count in reasons.most_common()),
        f"of {len(both)} that both refuse, {sum(each.same for each in both)} with the same words at the same place",
    ]
    lines += [f"{each.theirs}\n{each.ours}\n{each.soql!r}" for each in open_ones[:20]]
    return "\n".join(lines), len(open_ones)


def _why(name: str) -> str:
    found = DIFFERENCES.get(name)
    return str(found.__doc__).partition("\n")[0] if found else "see below"


def record(pairs: list[Pair], file: Path) -> None:
    """The sample for the suite: a short query a line, with the words and the place of its error."""
    short = [each for each in pairs if len(each.soql) < _SHORT]
    with file.open("w", encoding="utf-8") as out:
        for each in short[:: len(short) // _SAMPLE + 1]:
            error = (
                {}
                if each.ours.message is None
                else {"error": each.ours.message, "at": each.ours.at}
            )
            out.write(json.dumps({"soql": each.soql, **error}) + "\n")


def main() -> int:
    """Compare, print, and say by the exit code whether everything is explained."""
    usage = argparse.ArgumentParser(description=__doc__)
    usage.add_argument("folder", type=Path)
    usage.add_argument("--queries", type=int, default=20_000)
    usage.add_argument("--seed", type=int, default=1)
    usage.add_argument("--record", type=Path)
    arguments = usage.parse_args()
    pairs = compared(arguments.folder, generated(arguments.queries, arguments.seed))
    if arguments.record is not None:
        record([each for each in pairs if each.same], arguments.record)
    text, unexplained = report(pairs)
    sys.stdout.write(f"{text}\n")
    return int(bool(unexplained))


if __name__ == "__main__":
    sys.exit(main())
