"""The example of docs/how-to/drive-from-another-language.md on a Node of 22 or later, as `node --env-file` starts it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

import runtimes
from served import serving

HERE = Path(__file__).parent
PAGE = HERE.parents[2] / "docs" / "how-to" / "drive-from-another-language.md"


@pytest.mark.skipif(not PAGE.is_file(), reason="the documentation is not here")
def test_node_plans_a_fault_makes_records_and_reads_the_journal(tmp_path: Path) -> None:
    node = runtimes.node(HERE / "node").binary
    found = re.search(r"(?ms)^```js\n(.*?)^```", PAGE.read_text("utf-8"))
    assert found is not None
    program = tmp_path / "retry.mjs"
    program.write_text(found[1], "utf-8")
    file = tmp_path / "sfmock.env"
    with serving(file=file):
        done = subprocess.run(
            [node, f"--env-file={file}", program],
            env={},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert (done.returncode, done.stdout) == (0, "three accounts after two refusals\n"), done.stderr
