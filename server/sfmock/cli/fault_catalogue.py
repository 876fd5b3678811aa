"""The catalogue of faults as the code has it: rows for the command line, sections for the documentation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sfmock.cli import output, tables
from sfmock.control.remote.faults import kind_json as fault_json
from sfmock.discovery import fault_kinds
from sfmock.errors import Kind
from sfmock.faultkind import DOORS, GROUPS, Answer, Door, FaultKind
from sfmock.org.scenarios import SCENARIOS
from sfmock.wire import JSON

Row = tuple[str, ...]
_LONGEST = 30
"""Letters of a default that the table shows."""


def faults() -> list[Row]:
    """Kind, group, own options with their defaults, and what happens, group by group."""
    return [("kind", "group", "options", "what happens"), *map(_row, _in_order())]


def scenarios() -> list[Row]:
    """Name and meaning of each scenario."""
    return [
        ("scenario", "what happens"),
        *((name, each.happens) for name, each in sorted(SCENARIOS.items())),
    ]


def fault(name: str) -> str:
    """All about one kind; raises ValueError, naming all, where there is none."""
    found = _find(name)
    return "\n".join([found.name, "", *(f"{head + ':':<13}{text}" for head, text in _facts(found))])


def as_json(name: str | None = None) -> JSON:
    """One kind, or all of them and the scenarios."""
    if name is not None:
        return fault_json(_find(name))
    return {
        "faults": [fault_json(each) for each in _in_order()],
        "scenarios": output.dictionaries(scenarios()),
    }


def fault_table() -> str:
    """The rows of `faults` as a table of Markdown."""
    return tables.markdown(faults(), prose=("group", "what happens"))


def scenario_table() -> str:
    """The rows of `scenarios` as a table of Markdown."""
    return tables.markdown(scenarios(), prose=("what happens",))


def sections() -> str:
    """All kinds as sections of a page of Markdown."""
    return "\n\n".join(map(_section, _in_order()))


def _find(name: str) -> FaultKind:
    kinds = fault_kinds()
    found = kinds.get(name)
    if found is None:
        raise ValueError(f"unknown fault {name!r}: use one of {', '.join(kinds)}")
    return found


def _in_order() -> list[FaultKind]:
    return sorted(fault_kinds().values(), key=lambda each: (GROUPS.index(each.group), each.name))


def _row(kind: FaultKind) -> Row:
    options = [
        f"{name}={default if len(default) <= _LONGEST else '...'}"
        for name, default, _, _ in kind.options.rows()
    ]
    return kind.name, kind.group, ", ".join(options) or "-", kind.happens.rstrip(".")


def _section(kind: FaultKind) -> str:
    facts = "\n".join(f"* *{head}*: {text}" for head, text in _facts(kind))
    return f"### {kind.name}\n\n{kind.happens}\n\n{facts}"


def _facts(kind: FaultKind) -> Iterator[tuple[str, str]]:
    for name, default, allowed, meaning in kind.options.rows():
        yield "option", f"`{name}={default}`, {allowed}: {meaning}"
    for text, doors in _by_answer(kind.answers).items():
        yield "on the wire", f"{doors}: {text}"
    if kind.wire:
        yield "on the wire", kind.wire
    yield "state", kind.state
    yield "reaction", kind.reaction
    yield "source", kind.source
    if kind.unverified:
        yield "unverified", kind.unverified
    if kind.also:
        yield "also called", ", ".join(kind.also)


def _by_answer(answers: Mapping[Door, Answer]) -> dict[str, str]:
    """The answers in words, each with the doors that give it."""
    found: dict[str, list[str]] = {}
    for door, answer in answers.items():
        found.setdefault(_words(door, answer), []).append(DOORS[door])
    every = list(DOORS.values())
    return {
        text: "everywhere" if doors == every else ", ".join(doors) for text, doors in found.items()
    }


def _words(door: Door, answer: Answer) -> str:
    if isinstance(answer, Kind):
        status = (
            500 if door in ("soap", "login") and answer.status not in (414, 431) else answer.status
        )
        if door == "identity" and answer.code == answer.template:
            return f"{status} `{answer.code}`"
        return (
            f"{status} `{answer.code}`, `{answer.template}`"
            if answer.template
            else f"{status} `{answer.code}`"
        )
    if answer.content_type is None:
        return f"{answer.status} without a body"
    return f"{answer.status}, {answer.content_type.partition(';')[0]}"
