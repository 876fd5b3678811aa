"""Clients that do as they are told; one in a process of its own is asked by a line of JSON, and answers by one."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import Any, Protocol, Self

Told = Mapping[str, Any]
PATIENCE = 60
"""Seconds until a client that says nothing is ended."""


class Failed(Exception):
    """What a client raised, as it tells it: class, message, and the code and status where it knows them."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        super().__init__(told)
        self.told = dict(told)


class Driver(Protocol):
    """A client that does as it is told."""

    def call(self, name: str, *arguments: Any) -> Any:
        """What the client gives back for one of the words; raises `Failed` with what it raised."""


class LineDriver:
    """Talks to the driver that a command starts; what it prints besides stands in the error when it ends early."""

    def __init__(self, command: Sequence[str | Path], env: Mapping[str, str]) -> None:
        self._printed = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the process
        self._process = subprocess.Popen(
            command,
            env=dict(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._printed,
            text=True,
            encoding="utf-8",
        )

    def call(self, name: str, *arguments: Any) -> Any:
        """What the client gave back."""
        asks, answers = self._process.stdin, self._process.stdout
        assert asks is not None
        assert answers is not None
        late = Timer(PATIENCE, self._process.kill)
        late.start()
        try:
            asks.write(json.dumps([name, *arguments]) + "\n")
            asks.flush()
            line = answers.readline()
        except BrokenPipeError:
            line = ""
        finally:
            late.cancel()
        if not line:
            raise RuntimeError(f"{name}: the client ended\n{self.printed()}")
        told = json.loads(line)
        if "failed" in told:
            raise Failed(told["failed"])
        return told["value"]

    def printed(self) -> str:
        """What the client wrote to standard error."""
        self._printed.seek(0)
        return self._printed.read().decode(errors="replace")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._process, self._printed:
            self._process.kill()
