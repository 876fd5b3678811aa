"""Sources to a package: found, looked up in the cache, else read, merged and kept there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from sfmock.schema.catalogue import Catalogue
from sfmock.schema.load import cache
from sfmock.schema.load.definitions import Definitions
from sfmock.schema.load.files import SourceFile, find_files, fingerprint
from sfmock.schema.load.loaded import Loaded, Row
from sfmock.schema.load.merge import merge
from sfmock.schema.load.quiet import without_collector
from sfmock.schema.load.read import read_definitions
from sfmock.schema.load.report import LoadReport, Notes
from sfmock.schema.package import write_package


def load_sources(sources: Sequence[str | Path], base: Catalogue) -> Loaded:
    """What the sources make of a catalogue; raises ValueError for sources that hold nothing of a schema."""
    notes = Notes()
    found = [find_files(each, notes, _prefix(each, sources)) for each in sources]
    files = [each for source in found for each in source]
    if base.changed:  # what a test has added is not worth a place in the cache
        return _quietly(sources, found, base, notes)
    key = fingerprint(
        files, [str(each) for each in sources], base.package.digest, cache.code_stamp()
    )
    loaded = cache.fetch(key)
    if loaded is None:
        loaded = _quietly(sources, found, base, notes)
        cache.keep(key, loaded, files)
    return loaded


def _prefix(source: str | Path, sources: Sequence[str | Path]) -> str:
    """What the names of a source's files begin with, where there are several sources."""
    return Path(source).name if len(sources) > 1 and Path(source).is_dir() else ""


def _quietly(
    sources: Sequence[str | Path],
    files: Iterable[Sequence[SourceFile]],
    base: Catalogue,
    notes: Notes,
) -> Loaded:
    with without_collector():
        return _loaded(
            sources, files, base, notes
        )  # what it worked with is gone before the collector comes back


def _loaded(
    sources: Sequence[str | Path],
    files: Iterable[Sequence[SourceFile]],
    base: Catalogue,
    notes: Notes,
) -> Loaded:
    definitions = read_definitions(files, notes)
    if definitions == Definitions():
        raise ValueError(_nothing(sources, notes))
    merged = merge(base, definitions, notes)
    report = LoadReport(
        sources=tuple(str(each) for each in sources),
        objects=merged.objects,
        fields=merged.fields,
        record_types=_names(merged.added.get("RecordType", ()), "SobjectType"),
        value_sets=(*definitions.value_sets, *definitions.standard_value_sets),
        records=tuple(
            f"{name}.{row['DeveloperName']}"
            for name, rows in merged.added.items()
            for row in rows
            if name != "RecordType"
        ),
        removed=merged.removed,
        left_out=notes.all(),
    )
    package = write_package(merged.sobjects, merged.missing)
    return Loaded(package, report, merged.added, merged.replaced)


def _names(rows: Iterable[Row], owner: str) -> tuple[str, ...]:
    return tuple(f"{row[owner]}.{row['DeveloperName']}" for row in rows)


def _nothing(sources: Sequence[str | Path], notes: Notes) -> str:
    names = ", ".join(str(each) for each in sources)
    found = "\n".join(f"  {each}" for each in notes.all())
    return f"{names}: no describe result and no metadata of objects is there" + (
        found and f"\n{found}"
    )
