"""Sources that are not in the cache: read, merged, and written as a package."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from sfmock.schema.catalogue import Catalogue
from sfmock.schema.load.definitions import Definitions
from sfmock.schema.load.files import Folder, SourceFile, files_of
from sfmock.schema.load.loaded import Loaded, Row
from sfmock.schema.load.merge import merge
from sfmock.schema.load.quiet import without_collector
from sfmock.schema.load.read import read_definitions
from sfmock.schema.load.report import LoadReport, Notes
from sfmock.schema.package import write_package


def read_sources(
    sources: Sequence[str | Path],
    folders: Iterable[Sequence[Folder]],
    base: Catalogue,
    notes: Notes,
) -> Loaded:
    """What the sources make of a catalogue; raises ValueError for sources that hold nothing of a schema."""
    files = [files_of(each) for each in folders]
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
