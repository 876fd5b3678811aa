"""The pinned clients are what is installed."""

from __future__ import annotations

import json
from pathlib import Path

import runtimes

HERE = Path(__file__).parent


def test_python() -> None:
    script = "import importlib.metadata as m; print(m.version('aiosalesforce'))"
    assert runtimes.run(runtimes.python(HERE / "aiosalesforce"), "-c", script) == "0.6.2\n"


def test_node() -> None:
    node = runtimes.node(HERE / "node")
    assert int(runtimes.run(node.binary, "-p", "process.versions.node.split('.')[0]")) >= 22
    for name, version in (("jsforce", "3.10.26"), ("@salesforce/core", "9.4.0")):
        manifest = json.loads((node.folder / "node_modules" / name / "package.json").read_text())
        assert manifest["version"] == version


def test_go() -> None:
    assert runtimes.run(runtimes.go(HERE / "go")) == "https://login.salesforce.com\n"
