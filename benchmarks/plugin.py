"""What the plugin costs a run: a bare collect, the first use of the fixture, an org for each of 1,000 tests."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from measure import side_by_side, timed

TESTS = 1_000


def _run(folder: Path, *args: str) -> float:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *args, str(folder)]

    def run() -> None:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode in (0, 5), done.stdout + done.stderr

    return timed(run)


def _suite(folder: Path, body: str) -> Path:
    folder.mkdir()
    (folder / "test_it.py").write_text(body)
    return folder


def main() -> None:
    """Whole pytest runs as processes."""
    with tempfile.TemporaryDirectory() as temp:
        root = Path(temp)
        empty = _suite(root / "empty", "def test_nothing():\n    pass\n")
        first = _suite(root / "first", "def test_org(sfmock):\n    sfmock.org.create('Account')\n")
        mark = f"import pytest\n@pytest.mark.parametrize('n', range({TESTS}))\n"
        plain = _suite(root / "plain", mark + "def test_it(n):\n    pass\n")
        orgs = _suite(root / "orgs", mark + "def test_it(n, sfmock):\n    pass\n")
        off = ("-p", "no:sfmock")
        side_by_side(
            "collecting one test",
            ("with the plugin", lambda: _run(empty, "--collect-only")),
            ("without it (-p no:sfmock)", lambda: _run(empty, "--collect-only", *off)),
        )
        side_by_side(
            "one test",
            ("with an org and a record", lambda: _run(first)),
            ("empty", lambda: _run(empty, *off)),
        )
        side_by_side(
            f"{TESTS} tests",
            ("an org for each", lambda: _run(orgs)),
            ("empty ones", lambda: _run(plain)),
        )


if __name__ == "__main__":
    main()
