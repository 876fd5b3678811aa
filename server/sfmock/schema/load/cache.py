"""What was read of a source, kept in the user's cache folder: the second process does not read it again.

A file is named by a digest of the names, sizes and times of change of all source files, of the schema below and of this
code. It is written beside its place and renamed, so workers that run side by side never see half of one; one that is
damaged is built again. No folder that can be written to, no cache.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import zlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from sfmock.schema.load.files import Folder, last_change
from sfmock.schema.load.loaded import Loaded
from sfmock.schema.load.report import LeftOut, LoadReport

VARIABLE = "SFMOCK_CACHE_DIR"
"""The environment variable that names another folder; empty, nothing is kept."""

_FORMAT = 1
_KEPT = 24
_SETTLED = 2_000_000_000
"""Nanoseconds: file systems do not tell two changes within a second or two from one."""


def cache_folder() -> Path | None:
    """The folder of the cache, None where it is switched off."""
    named = os.environ.get(VARIABLE)
    if named is not None:
        return Path(named) if named else None
    if sys.platform == "win32":
        root = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        root = Path.home() / "Library" / "Caches"
    else:
        root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root) / "sfmock"


@lru_cache(maxsize=1)
def code_stamp() -> str:
    """A digest of the code that reads sources: after an update nothing old is taken."""
    whole = blake2b(digest_size=8)
    for path in sorted(Path(__file__).parent.parent.rglob("*.py")):
        about = path.stat()
        whole.update(f"{path}\0{about.st_size}\0{about.st_mtime_ns}\0".encode())
    return whole.hexdigest()


def fetch(key: str) -> Loaded | None:
    """What was kept under a key; None if there is nothing, or nothing whole."""
    folder = cache_folder()
    if folder is None:
        return None
    try:
        return _opened(folder / key)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def forget() -> None:
    """Look at the files again, also at those that this process has opened."""
    _opened.cache_clear()


@lru_cache(maxsize=8)
def _opened(path: Path) -> Loaded:
    """An entry; the same value for all orgs of the process, for its key tells what is in it."""
    data = path.read_bytes()
    end = data.index(b"\n") + 1
    head = json.loads(data[:end])
    package = data[end:]
    if head["format"] != _FORMAT or head["crc"] != zlib.crc32(package):
        raise ValueError(f"{path} is damaged")
    return Loaded(package, _report(head["report"]), head["added"], head["replaced"])


def keep(key: str, loaded: Loaded, folders: Iterable[Folder]) -> None:
    """Keep what was read, unless a source file is so new that a change of it could go unseen."""
    folder = cache_folder()
    if folder is None:
        return
    head = {
        "format": _FORMAT,
        "crc": zlib.crc32(loaded.package),
        "report": asdict(loaded.report),
        "added": loaded.added,
        "replaced": loaded.replaced,
    }
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, path = tempfile.mkstemp(dir=folder, prefix=".new-")
        try:
            with open(handle, "wb") as file:
                file.write(json.dumps(head, separators=(",", ":")).encode() + b"\n")
                file.write(loaded.package)
            now = os.stat(path).st_mtime_ns  # the file system's time: that of the sources, too
            if last_change(folders) < now - _SETTLED:
                os.replace(path, folder / key)
                _tidy(folder)
        finally:
            Path(path).unlink(missing_ok=True)


def _tidy(folder: Path) -> None:
    """Leave the files that were written last."""
    found = sorted(
        (each for each in os.scandir(folder) if each.is_file() and not each.name.startswith(".")),
        key=lambda each: each.stat().st_mtime_ns,
    )
    for each in found[:-_KEPT]:
        Path(each).unlink(missing_ok=True)


def _report(kept: dict[str, Any]) -> LoadReport:
    left_out = tuple(LeftOut(**each) for each in kept.pop("left_out"))
    return LoadReport(**{key: tuple(value) for key, value in kept.items()}, left_out=left_out)
