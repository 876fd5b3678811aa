"""The files of a source: found, bounded and told apart from other states of the same source."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from sfmock.schema.load.report import Notes

_PROJECT = "sfdx-project.json"
_SKIPPED = frozenset({"node_modules", "__pycache__", "__tests__"})


class SourceFile(NamedTuple):
    """One file of a source, of which there may be tens of thousands."""

    path: str
    name: str
    """Its path from the source on, with slashes."""
    size: int
    changed: int
    """In nanoseconds."""

    @property
    def place(self) -> str:
        """The folder in which it stands, by name."""
        return self.path.rpartition(os.sep)[0].rpartition(os.sep)[2]

    def read(self) -> bytes:
        """Its content."""
        with open(self.path, "rb", buffering=0) as file:
            return file.read()


def find_files(source: str | Path, notes: Notes, prefix: str = "") -> list[SourceFile]:
    """The file, or all files of the folder in the order of their names; raises FileNotFoundError if nothing is there."""
    path = os.path.abspath(source)
    if os.path.isdir(path):
        return [
            each
            for root in _roots(path)
            for each in _walk(root, _joined(prefix, root[len(path) + 1 :]), notes)
        ]
    if not os.path.exists(path):
        raise FileNotFoundError(f"{source}: there is no such file or folder")
    about = os.stat(path)
    return [SourceFile(path, os.path.basename(path), about.st_size, about.st_mtime_ns)]


def fingerprint(files: Iterable[SourceFile], *more: object) -> str:
    """A digest of paths, sizes and times of change: equal for equal states of a source."""
    whole = blake2b(digest_size=16)
    for path, _, size, changed in files:
        whole.update(f"{path}\0{size}\0{changed}\0".encode(errors="surrogateescape"))
    whole.update(repr(more).encode())
    return whole.hexdigest()


def _roots(path: str) -> list[str]:
    """The folder itself, or the package directories of an sfdx project."""
    project = os.path.join(path, _PROJECT)
    if not os.path.isfile(project):
        return [path]
    try:
        about = json.loads(Path(project).read_bytes())
        folders = [
            os.path.normpath(os.path.join(path, each["path"]))
            for each in about["packageDirectories"]
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{project} names no packageDirectories") from error
    inside = [each for each in folders if f"{each}{os.sep}".startswith(f"{path}{os.sep}")]
    return list(dict.fromkeys(each for each in inside if os.path.isdir(each))) or [path]


def _joined(prefix: str, name: str) -> str:
    return "/".join(filter(None, (prefix, name.replace(os.sep, "/"))))


def _walk(folder: str, prefix: str, notes: Notes) -> Iterator[SourceFile]:
    with os.scandir(folder) as entries:
        inside = sorted(entries, key=attrgetter("name"))
    start = f"{prefix}/" if prefix else ""
    for entry in inside:
        name = f"{start}{entry.name}"
        if entry.is_file():
            about = entry.stat()
            yield SourceFile(entry.path, name, about.st_size, about.st_mtime_ns)
        elif entry.name.startswith(".") or entry.name in _SKIPPED:
            continue
        elif entry.is_symlink():
            notes.behaviour(name, "a symbolic link", "links to folders are not followed")
        elif entry.is_dir():
            yield from _walk(entry.path, name, notes)
