"""The starter suite: a few tests that show the fake, kept as package data and written into a folder."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from importlib.resources import files
from pathlib import Path

_END = ".txt"  # on the packaged files, so that no pytest run and no linter takes them for its own


def write(folder: Path) -> Path:
    """Write the suite; raises FileExistsError, and writes nothing, if one of its files is there already."""
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(f"{folder} is not a folder")
    taken = [name for name in names() if (folder / name).exists()]
    if taken:
        raise FileExistsError(f"{folder} already has {', '.join(taken)}: nothing was written")
    folder.mkdir(parents=True, exist_ok=True)
    for name in names():
        text = _suite().joinpath(name + _END).read_text("utf-8")
        (folder / name).write_text(text, "utf-8", newline="\n")
    return folder


def run(folder: Path) -> int:
    """Run pytest on the folder, with its own output, and return its exit code."""
    with subprocess.Popen([sys.executable, "-m", "pytest", "-v", "."], cwd=folder) as pytest:
        while True:
            try:
                return pytest.wait()
            except KeyboardInterrupt:  # Ctrl-C went to pytest, too: it ends by itself and says why
                continue


def temporary() -> Path:
    """A new folder that stays, so that its tests can be read."""
    return Path(tempfile.mkdtemp(prefix="sfmock-demo-"))


def names() -> list[str]:
    """The files of the suite."""
    return sorted(
        each.name.removesuffix(_END) for each in _suite().iterdir() if each.name.endswith(_END)
    )


def _suite() -> Path:
    return Path(str(files("sfmock.cli"))) / "suite"
