"""An org in a file keeps every acknowledged write, whenever its server is killed.

`tox -e kills` kills 200, the suite a few.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import pytest

import killable
from effort import effort
from sfmock import Org

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="servers are forked")
PATH = "/services/data/v60.0/sobjects/Account"
START, WRITE = 0.2, 0.01
"""Seconds within which a server is killed, from its start, or from one of its writes."""


@dataclass
class Ledger:
    """What was acknowledged, and what was asked for without an answer."""

    random: Random
    names: dict[str, str] = field(default_factory=dict)
    """The accounts by id."""
    open: tuple[str, str, str] | None = None
    """Verb, id and name of the request that nobody answered."""
    numbers: Iterator[int] = field(default_factory=itertools.count)
    answered: int = 0

    def ask(self, connection: http.client.HTTPConnection, token: str) -> None:
        """One random write; raises OSError or HTTPException where the server dies."""
        verb = self.random.choice(["POST", "POST", "PATCH", "DELETE"])
        known = sorted(self.names)
        if verb != "POST" and not known:
            verb = "POST"
        record = "" if verb == "POST" else self.random.choice(known)
        name = f"Account {next(self.numbers)}"
        self.open = verb, record, name
        body = None if verb == "DELETE" else json.dumps({"Name": name})
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        connection.request(verb, f"{PATH}/{record}".rstrip("/"), body, headers)
        reply = connection.getresponse()
        told = reply.read()
        assert reply.status in (201, 204), told
        self._apply(verb, json.loads(told)["id"] if verb == "POST" else record, name)
        self.open, self.answered = None, self.answered + 1

    def _apply(self, verb: str, record: str, name: str) -> None:
        if verb == "DELETE":
            del self.names[record]
        else:
            self.names[record] = name

    def check(self, found: dict[str, str]) -> None:
        """What is in the file is what was acknowledged; the request without an answer is there whole or not at all."""
        if self.open is not None and found != self.names:
            verb, record, name = self.open
            if verb == "POST":
                [record] = found.keys() - self.names.keys()
            self._apply(verb, record, name)
        assert found == self.names
        self.open = None


@contextmanager
def _killable(file: Path) -> Iterator[subprocess.Popen[str]]:
    line = [sys.executable, killable.__file__, str(file)]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        line, stdin=pipe, stdout=pipe, text=True, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGKILL)  # with a server that a failed test has left


def _write_until_it_dies(process: subprocess.Popen[str], ledger: Ledger, plan: Random) -> None:
    """Some servers die while they start, others after some writes and a moment: while another one is under way."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n")
    process.stdin.flush()
    child = int(process.stdout.readline().removeprefix("pid "))
    early, quiet = plan.random() < 0.1, plan.randrange(12)
    moment = plan.uniform(0, START if early else WRITE)
    killer = threading.Timer(moment, os.kill, (child, signal.SIGKILL))
    if early:
        killer.start()
    line = process.stdout.readline()
    if line != "dead\n":
        url, token = line.split()
        _write(url, token, ledger, None if early else killer, quiet)
        assert process.stdout.readline() == "dead\n"
    killer.join()


def _write(
    url: str, token: str, ledger: Ledger, killer: threading.Timer | None, quiet: int
) -> None:
    parts = urlsplit(url)
    with closing(http.client.HTTPConnection(parts.hostname or "", parts.port)) as connection:
        try:
            for number in itertools.count():
                if number == quiet and killer is not None:
                    killer.start()
                ledger.ask(connection, token)
        except (OSError, http.client.HTTPException):
            return


def test_every_acknowledged_write_survives_a_killed_server(tmp_path: Path) -> None:
    file, rounds = tmp_path / "my.org", effort(8)
    with Org.new(seed=1) as org:
        org.limits["DailyApiRequests"].max = 10_000_000
        org.save(file)
    ledger, plan = Ledger(Random(1)), Random(2)
    with _killable(file) as process:
        for _ in range(rounds):
            _write_until_it_dies(process, ledger, plan)
            with Org.open(file) as org:
                accounts = org.query("SELECT Id, Name FROM Account")
                assert isinstance(accounts, list)
                ledger.check({each.id: each["Name"] for each in accounts})
    assert ledger.answered > 2 * rounds
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
