"""Where a case of rows runs: other seeds, so other ids, and other names of custom objects and fields.

No answer can hang on an id or a name that the fake happens to know.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

_CUSTOM = re.compile(r"\b[A-Za-z](?=\w*__[crs]\b)")


@dataclass(frozen=True)
class World:
    """The org that a case starts from, and the letter that custom names begin with instead of theirs."""

    pack: str
    seed: int
    letter: str | None = None

    def name(self, text: str) -> str:
        """The text with its custom names changed; their length stays, for errors count columns."""
        return text if self.letter is None else _CUSTOM.sub(self.letter, text)


WORLDS = {"plain": World("developer", 0), "renamed": World("developer", 4711, "Q")}


def cases(folder: Path) -> Iterator[Any]:
    """Each case of each file, in each world."""
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text().splitlines():
            name = json.loads(line)["name"].replace(" ", "_")
            for world_name, world in WORLDS.items():
                case = json.loads(world.name(line))
                yield pytest.param(world, case, id=f"{name}-{world_name}")
