"""All operations of the control API, and which of them a request means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import unquote

from sfmock.control.remote import (
    apps,
    clocks,
    faults,
    journals,
    limits,
    records,
    sessions,
    shaping,
    states,
)
from sfmock.control.remote.operation import Operation

ROOT: Final = "/__sfmock__"
"""What the paths of all operations begin with."""
DOCUMENT: Final = f"{ROOT}/openapi.json"
GROUPS: Final[Mapping[str, tuple[Operation, ...]]] = {
    "The org": states.OPERATIONS,
    "Records": records.OPERATIONS,
    "Schema": shaping.OPERATIONS,
    "Clock": clocks.OPERATIONS,
    "Faults": faults.OPERATIONS,
    "Limits": limits.OPERATIONS,
    "Journal": journals.OPERATIONS,
    "Users and sessions": sessions.OPERATIONS,
    "Connected apps": apps.OPERATIONS,
}
"""The operations by subject, in the order of the reference."""
OPERATIONS: Final = tuple(each for group in GROUPS.values() for each in group)


def at_path(path: str) -> tuple[Sequence[Operation], dict[str, str]]:
    """The operations of a path below the root and what stands in it; a literal part goes before a parameter."""
    parts = tuple(path.split("/")[1:])
    fitting = [each for each in OPERATIONS if _fits(each.segments, parts)]
    if not fitting:
        return (), {}
    best = min((tuple(map(_is_hole, each.segments)) for each in fitting), default=())
    found = [each for each in fitting if tuple(map(_is_hole, each.segments)) == best]
    holes = zip(found[0].segments, parts, strict=True)
    return found, {name[1:-1]: unquote(part) for name, part in holes if _is_hole(name)}


def _fits(segments: Sequence[str], parts: Sequence[str]) -> bool:
    return len(segments) == len(parts) and all(
        part != "" if _is_hole(segment) else segment == part
        for segment, part in zip(segments, parts, strict=True)
    )


def _is_hole(segment: str) -> bool:
    return segment.startswith("{")
