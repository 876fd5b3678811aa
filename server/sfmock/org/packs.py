"""Org packs: where they are found, and what is in their files.

A pack is a folder with `pack.json`: `{"name": …, "schema": "<package file>", "records": "<rows file>"}`, the last one optional;
`records` may be a list of files, e.g. those of another pack and some of its own. With `"base": "<pack>"`, by name or by
the path from this folder, schema and rows lie over those of another pack.
`sfmock.org.seeding` says what rows look like.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from sfmock.schema.package import Package, open_package
from sfmock.wire import JSON, mapping

GROUP = "sfmock.orgs"
"""The entry point group under which packs are found by name; each value is the pack's folder."""

Rows = Mapping[str, Sequence[Mapping[str, JSON]]]


@dataclass(frozen=True, eq=False)
class Pack:
    """One org pack, read."""

    name: str
    package: Package
    records: Rows


def find_pack(pack: str | Path) -> Pack:
    """The pack of an entry point's name or of a folder; raises LookupError that lists the known names."""
    if isinstance(pack, Path):
        return _open(pack.resolve())
    folder = _named(pack)
    if folder is not None:
        return _open(folder)
    if Path(pack, "pack.json").is_file():
        return _open(Path(pack).resolve())
    known = ", ".join(sorted(_points()))
    raise LookupError(
        f"no org pack {pack!r}: it is neither a folder with pack.json nor one of {known}"
    )


@lru_cache(maxsize=16)
def _named(pack: str) -> Path | None:
    point = _points().get(pack)
    return None if point is None else Path(str(point.load())).resolve()


@lru_cache(maxsize=1)
def _points() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}


def _open(folder: Path) -> Pack:
    """The pack of a folder, read once as long as its files and those of the packs below it stay as they are."""
    path = folder / "pack.json"
    if not path.is_file():
        raise LookupError(f"{folder} is no org pack: it has no pack.json")
    about = _object(path)
    unknown = sorted(about.keys() - {"name", "schema", "records", "base"})
    if unknown or not {"name", "schema"} <= about.keys():
        raise ValueError(
            f"{path}: the keys are name, schema and, optional, records and base; found {', '.join(about)}"
        )
    base = _base(folder, str(about["base"])) if "base" in about else None
    below = None if base is None else base.package
    package = open_package((folder / str(about["schema"])).resolve(), below)
    records = about.get("records", [])
    paths = [folder / str(each) for each in (records if isinstance(records, list) else [records])]
    return _read(str(about["name"]), package, tuple(map(_state, paths)), base)


def _state(path: Path) -> tuple[Path, int, int]:
    about = path.stat()
    return path, about.st_size, about.st_mtime_ns


@lru_cache(maxsize=16)
def _read(
    name: str, package: Package, files: tuple[tuple[Path, int, int], ...], base: Pack | None
) -> Pack:
    rows = {} if base is None else {sobject: [*each] for sobject, each in base.records.items()}
    for sobject, each in _rows([path for path, *_ in files]).items():
        rows.setdefault(sobject, []).extend(each)
    return Pack(name, package, rows)


def _base(folder: Path, name: str) -> Pack:
    """The pack below another one."""
    beside = folder / name
    return find_pack(beside if (beside / "pack.json").is_file() else name)


def _rows(paths: Sequence[Path]) -> dict[str, list[Mapping[str, JSON]]]:
    """The rows of all files, those of one sobject in the files' order."""
    found: dict[str, list[Mapping[str, JSON]]] = {}
    for path in paths:
        for sobject, rows in _object(path).items():
            if not isinstance(rows, list):
                raise ValueError(f"{path}: the rows of {sobject} are not a list")
            found.setdefault(sobject, []).extend(mapping(row) for row in rows)
    return found


def _object(path: Path) -> dict[str, JSON]:
    value: JSON = json.loads(path.read_bytes())
    if not isinstance(value, dict):
        raise ValueError(f"{path} does not hold a JSON object")
    return value
