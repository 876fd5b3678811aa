"""`sfmock org import`: a schema of the user's own as an org pack, or into a package file of ours."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from sfmock.org.packs import find_pack
from sfmock.org.seeding import literal
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.lines import read_sobject
from sfmock.schema.load.loaded import Loaded
from sfmock.schema.load.loading import load_sources
from sfmock.schema.load.report import LoadReport
from sfmock.schema.package import Package, write_package

PACK, SCHEMA, RECORDS, LEFT_OUT = "pack.json", "schema.jsonl", "records.json", "left-out.txt"
"""The files of a pack that is written here."""


def into_pack(sources: Sequence[Path], folder: Path, base: str, *, strict: bool) -> LoadReport:
    """Write a pack that lies over another one. A strict import that left something out writes nothing."""
    check_folder(folder)
    try:
        below = find_pack(base).package
    except LookupError as error:
        raise ValueError(str(error)) from error
    loaded = load_sources(sources, Catalogue(below))
    if strict and loaded.report.behaviour:
        return loaded.report
    records = {
        name: [{key: literal(value) for key, value in row.items()} for row in rows]
        for name, rows in {**loaded.replaced, **loaded.added}.items()
    }
    about = {"name": folder.resolve().name, "base": base, "schema": SCHEMA}
    folder.mkdir(parents=True, exist_ok=True)
    write_file(folder / SCHEMA, loaded.package)
    _write_or_remove(folder / RECORDS, _json(records) if records else b"")
    _write_or_remove(folder / LEFT_OUT, _left_out(loaded.report))
    write_file(folder / PACK, _json(about | ({"records": RECORDS} if records else {})))
    return loaded.report


def into_schema(sources: Sequence[Path], file: Path, *, writable: bool, strict: bool) -> LoadReport:
    """Put described standard objects into a package file; until their rules are written, writing them is refused."""
    base = Package(file.read_bytes())
    loaded = load_sources(sources, Catalogue(base))
    if loaded.added or loaded.replaced:
        names = ", ".join([*loaded.added, *loaded.replaced])
        raise ValueError(f"rows of {names} come with this schema: only an org pack can hold them")
    if not (strict and loaded.report.behaviour):
        data = _writable(loaded) if writable else loaded.package
        write_file(file, Package(data, base).data)
    return loaded.report


def as_json(report: LoadReport) -> str:
    """The report for other programs."""
    return json.dumps(asdict(report), indent=2)


def _writable(loaded: Loaded) -> bytes:
    """The package with writes served: what is flagged as described is so no longer."""
    head, *lines = loaded.package.splitlines()
    sobjects = [replace(read_sobject(json.loads(line)), described=False) for line in lines]
    return write_package(sobjects, json.loads(head)["absent"])


def check_folder(folder: Path) -> None:
    """Raise an OSError for a folder that holds anything but a pack."""
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(f"{folder} is not a folder")
    if folder.exists() and any(folder.iterdir()) and not (folder / PACK).is_file():
        raise FileExistsError(f"{folder} holds other files and no {PACK}: nothing was written")


def _left_out(report: LoadReport) -> bytes:
    """What the pack lacks, for those who read it later."""
    return "".join(f"{each}\n" for each in report.behaviour).encode()


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2) + "\n").encode()


def _write_or_remove(path: Path, content: bytes) -> None:
    if content:
        write_file(path, content)
    else:
        path.unlink(missing_ok=True)


def write_file(path: Path, content: bytes) -> None:
    """Whole or not at all: written beside its place and renamed."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with open(handle, "wb") as file:
        file.write(content)
    os.chmod(name, 0o644)
    os.replace(name, path)
