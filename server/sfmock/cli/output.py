"""How commands print: tables for people, JSON for programs; colour on a terminal alone, progress on what takes its time."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Final, Self, TextIO

from sfmock.cli.tables import Row, columns
from sfmock.wire import JSON

BOLD, RED = "1", "31;1"
_CLEAR: Final = "\r\x1b[K"
_PATIENCE = 1.0
"""Seconds after which somebody who waits is told what for."""


def show(rows: Sequence[Row]) -> None:
    """Print a table whose first row is its head."""
    head, *lines = columns(rows).split("\n")
    print(styled(head, BOLD, sys.stdout), *lines, sep="\n")


def show_json(value: JSON) -> None:
    """Print a value for programs."""
    print(json.dumps(value, indent=2, ensure_ascii=False))


def dictionaries(rows: Sequence[Row]) -> JSON:
    """The rows of a table as objects with the keys of its head."""
    head, *rest = rows
    return [dict(zip(head, row, strict=True)) for row in rest]


def styled(text: str, style: str, stream: TextIO) -> str:
    """The text in a style, where the stream is a terminal that has some and nobody objects (no-color.org)."""
    plain = not stream.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return text if plain or not text else f"\x1b[{style}m{text}\x1b[0m"


class Progress:
    """Says on a terminal what somebody waits for, once it has taken more than a second; the end of the block wipes it away."""

    def __init__(
        self, text: str, *, stream: TextIO | None = None, patience: float = _PATIENCE
    ) -> None:
        self._text = text
        self._stream = sys.stderr if stream is None else stream
        self._patience = patience
        self._over = threading.Event()
        self._seconds = 0
        self._shown = False
        self._thread: threading.Thread | None = None

    def at(self, text: str) -> None:
        """Go on to another step."""
        self._text = text

    def __enter__(self) -> Self:
        if self._stream.isatty():
            self._thread = threading.Thread(target=self._tell, name="progress", daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()
        if self._shown:
            self._stream.write(_CLEAR)
            self._stream.flush()

    def _tell(self) -> None:
        while not self._over.wait(self._patience):
            self._seconds += 1
            self._shown = True
            self._stream.write(f"{_CLEAR}{self._text} … {self._seconds * self._patience:.0f} s")
            self._stream.flush()
