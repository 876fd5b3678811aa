"""What the plugin costs a run: a bare collect, the first use of the fixture, an org for each of 1,000 tests."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import side_by_side, timed

TESTS = 1_000
PLUGIN = ("-p", "pytest_sfmock.plugin")
FAKER = ("-p", "faker.contrib.pytest.plugin")


class Suites:
    """Folders with one test file each, and whole pytest runs of them as processes.

    No other plugin is loaded, and byte code is kept in the folder: the warm-up compiles, also where the environment
    forbids to write it.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._environ = os.environ | {
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTHONPYCACHEPREFIX": str(root / "pycache"),
        }
        self._environ.pop("PYTHONDONTWRITEBYTECODE", None)
        self._environ.pop("PYTEST_ADDOPTS", None)

    def write(self, name: str, body: str) -> Path:
        folder = self._root / name
        folder.mkdir()
        (folder / "test_it.py").write_text(body)
        return folder

    def run(self, folder: Path, *args: str) -> float:
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            *args,
            str(folder),
        ]

        def run() -> None:
            done = subprocess.run(
                command, env=self._environ, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stdout + done.stderr

        return timed(run)


def main() -> None:
    """Each run with and without the plugin, in turn."""
    with tempfile.TemporaryDirectory() as temp:
        suites = Suites(Path(temp))
        mark = f"import pytest\n@pytest.mark.parametrize('n', range({TESTS}))\n"
        empty = suites.write("empty", "def test_nothing():\n    pass\n")
        org = suites.write(
            "org", "def test_org(sfmock):\n    assert sfmock.org.count('Account') == 0\n"
        )
        made = suites.write("made", "def test_org(sfmock):\n    sfmock.org.create('Account')\n")
        client = suites.write(
            "client",
            "def test_org(sfmock_client):\n    list(sfmock_client.query('SELECT Id FROM Account'))\n",
        )
        plain = suites.write("plain", mark + "def test_it(n):\n    pass\n")
        orgs = suites.write("orgs", mark + "def test_it(n, sfmock):\n    pass\n")
        collect = "--collect-only"
        side_by_side(
            "collecting one test",
            ("with the plugin", lambda: suites.run(empty, collect, *PLUGIN)),
            ("without it", lambda: suites.run(empty, collect)),
            runs=15,
        )
        side_by_side(
            "collecting one test, with the pytest plugin that the dependency faker brings",
            ("with the plugin and faker's", lambda: suites.run(empty, collect, *PLUGIN, *FAKER)),
            ("without them", lambda: suites.run(empty, collect)),
        )
        for what, folder in (("an org", org), ("a generated record", made), ("a query", client)):
            side_by_side(
                "the first use in a run: one test",
                (f"with {what}", lambda folder=folder: suites.run(folder, *PLUGIN)),
                ("empty", lambda: suites.run(empty)),
            )
        side_by_side(
            f"{TESTS} tests",
            ("an org for each", lambda: suites.run(orgs, *PLUGIN)),
            ("empty ones", lambda: suites.run(plain)),
        )


if __name__ == "__main__":
    main()
