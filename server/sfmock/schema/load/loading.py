"""Sources to a package: found, looked up in the cache, else read, merged and kept there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sfmock.schema.catalogue import Catalogue
from sfmock.schema.load import cache
from sfmock.schema.load.files import Folder, find_folders, fingerprint
from sfmock.schema.load.loaded import Loaded
from sfmock.schema.load.report import Notes


def load_sources(sources: Sequence[str | Path], base: Catalogue) -> Loaded:
    """What the sources make of a catalogue; raises ValueError for sources that hold nothing of a schema."""
    notes = Notes()
    found = [find_folders(each, notes, _prefix(each, sources)) for each in sources]
    if base.changed:  # what a test has added is not worth a place in the cache
        return _read(sources, found, base, notes)
    folders = [folder for source in found for folder in source]
    names = [str(each) for each in sources]
    key = fingerprint(folders, names, base.package.digest, cache.code_stamp())
    loaded = cache.fetch(key)
    if loaded is None:
        loaded = _read(sources, found, base, notes)
        cache.keep(key, loaded, folders)
    return loaded


def _read(
    sources: Sequence[str | Path],
    folders: Sequence[Sequence[Folder]],
    base: Catalogue,
    notes: Notes,
) -> Loaded:
    from sfmock.schema.load.fresh import (
        read_sources,  # half of what a load from the cache would take
    )

    return read_sources(sources, folders, base, notes)


def _prefix(source: str | Path, sources: Sequence[str | Path]) -> str:
    """What the names of a source's files begin with, where there are several sources."""
    return Path(source).name if len(sources) > 1 and Path(source).is_dir() else ""
