"""`sfmock serve` as a process of its own: started, heard, ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

KEYS = [
    "SFMOCK_URL",
    "SFMOCK_TLS_URL",
    "SFMOCK_PROXY",
    "SFMOCK_CA",
    "SFMOCK_ACCESS_TOKEN",
    "SFMOCK_REFRESH_TOKEN",
    "SFMOCK_USERNAME",
    "SFMOCK_PASSWORD",
    "SFMOCK_SECURITY_TOKEN",
    "SFMOCK_CLIENT_ID",
    "SFMOCK_CLIENT_SECRET",
    "SFMOCK_JWT_KEY",
    "SFMOCK_API_VERSION",
    "SFMOCK_CONTROL_URL",
    "SFMOCK_CONTROL_TOKEN",
]


@dataclass
class Server:
    """A process that listens; `values` is what it wrote for other programs."""

    process: subprocess.Popen[str]
    told: str
    values: dict[str, str]
    out: IO[str]
    log: IO[str]

    def get(self, path: str) -> Any:
        """What it answers to its own token."""
        return self.call("GET", f"/services/data/v60.0/{path}")

    def call(self, method: str, path: str, body: object = None) -> Any:
        """The reply to one request, parsed; raises URLError or OSError where there is none."""
        request = urllib.request.Request(self.values["SFMOCK_URL"] + path, method=method)
        request.add_header("Authorization", f"Bearer {self.values['SFMOCK_ACCESS_TOKEN']}")
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as reply:
            return json.load(reply)

    def end(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Send a signal; answers the exit code and what stands in the log."""
        self.process.send_signal(number)
        return self.process.wait(30), self.log.read()


def command(*options: str | Path) -> list[str]:
    """The command line."""
    return [sys.executable, "-m", "sfmock", "serve", *map(str, options)]


@contextmanager
def serving(*options: str | Path, file: Path) -> Iterator[Server]:
    """A server that has said that it listens, on a free port unless the options name one."""
    port = () if "--port" in options else ("--port", "0")
    line = command("--env-file", file, *port, *options)
    environ = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    with subprocess.Popen(
        line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stderr is not None
            told = _told(process.stdout)
            if not told.endswith(("}\n", "Ctrl-C ends the server.\n")):
                raise AssertionError(f"it did not start: {told}{process.stderr.read()}")
            values = dict(line.split("=", 1) for line in file.read_text("utf-8").splitlines())
            yield Server(process, told, values, process.stdout, process.stderr)
        finally:
            process.kill()


def _told(stream: IO[str]) -> str:
    """The announcement: one line of JSON, or text up to its last line."""
    lines: list[str] = []
    for line in stream:
        lines.append(line)
        if line.startswith(("{", "Ctrl-C ends")):
            break
    return "".join(lines)
