"""The files of a source: found, bounded and told apart from other states of the same source."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from sfmock.schema.load.report import Notes

_PROJECT = "sfdx-project.json"
_READING = os.O_RDONLY | getattr(os, "O_BINARY", 0)
_SKIPPED = frozenset({"node_modules", "__pycache__", "__tests__"})


class SourceFile(NamedTuple):
    """One file of a source, of which there may be tens of thousands."""

    path: str
    name: str
    """Its path from the source on, with slashes."""
    size: int

    @property
    def place(self) -> str:
        """The folder in which it stands, by name."""
        return self.path.rpartition(os.sep)[0].rpartition(os.sep)[2]

    def read(self) -> bytes:
        """Its content."""
        file = os.open(self.path, _READING)
        try:
            content = os.read(file, self.size + 1)  # half of the calls that `open` makes
        finally:
            os.close(file)
        return content if len(content) == self.size else Path(self.path).read_bytes()


class Folder(NamedTuple):
    """The files of one folder in the order of their names: name, size and time of change in nanoseconds."""

    path: str
    prefix: str
    """What the names of its files begin with, from the source on."""
    files: list[tuple[str, int, int]]


def find_folders(source: str | Path, notes: Notes, prefix: str = "") -> list[Folder]:
    """The folder of the file, or all that are in the folder; raises FileNotFoundError if nothing is there."""
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
    folder, name = os.path.split(path)
    return [Folder(folder, "", [(name, about.st_size, about.st_mtime_ns)])]


def files_of(folders: Iterable[Folder]) -> list[SourceFile]:
    """The files of all these folders."""
    return [
        SourceFile(f"{path}{os.sep}{name}", f"{prefix}{name}", size)
        for path, prefix, files in folders
        for name, size, _ in files
    ]


def last_change(folders: Iterable[Folder]) -> int:
    """When the file was changed that was changed last, in nanoseconds."""
    return max((changed for _, _, files in folders for _, _, changed in files), default=0)


def fingerprint(folders: Iterable[Folder], *more: object) -> str:
    """A digest of paths, sizes and times of change: equal for equal states of a source."""
    whole = blake2b(digest_size=16)
    for path, _, files in folders:
        whole.update(repr((path, files)).encode())
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


def _walk(folder: str, prefix: str, notes: Notes) -> Iterator[Folder]:
    """A folder, then those inside it; of a load from the cache this is nearly all, so a file costs as little as can be."""
    start = f"{prefix}/" if prefix else ""
    files: list[tuple[str, int, int]] = []
    inside: list[str] = []
    links: list[str] = []
    with _place(folder) as place, os.scandir(place) as entries:
        for entry in entries:
            name = entry.name
            if entry.is_file():
                about = entry.stat()
                files.append((name, about.st_size, about.st_mtime_ns))
            elif name.startswith(".") or name in _SKIPPED:
                continue
            elif entry.is_symlink():
                links.append(name)
            elif entry.is_dir():
                inside.append(name)
    for name in sorted(links):
        reason = "links to folders are not followed"
        notes.behaviour(f"{start}{name}", "a symbolic link", reason)
    files.sort()
    yield Folder(folder, start, files)
    for name in sorted(inside):
        yield from _walk(os.path.join(folder, name), f"{start}{name}", notes)


@contextmanager
def _place(folder: str) -> Iterator[int | str]:
    """A folder for `os.scandir`: open, if it takes that, for then the way to it is not gone again for each of its files."""
    if os.scandir not in os.supports_fd:
        yield folder
        return
    place = os.open(folder, os.O_RDONLY)
    try:
        yield place
    finally:
        os.close(place)
