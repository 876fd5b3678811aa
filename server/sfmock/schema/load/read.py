"""Sources read: files in, definitions and notes out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sfmock.schema.load.definitions import Definitions, Described
from sfmock.schema.load.describes import DescribeReader
from sfmock.schema.load.files import SourceFile
from sfmock.schema.load.markup import MAX_BYTES
from sfmock.schema.load.metadata import MetadataReader, is_metadata
from sfmock.schema.load.report import Notes


def read_definitions(sources: Iterable[Sequence[SourceFile]], notes: Notes) -> Definitions:
    """Everything that the files of the sources define; what is not read is noted."""
    metadata = MetadataReader(notes)
    described: list[Described] = []
    for source in sources:
        files = [each for each in source if _is_small(each, notes)]
        if any(map(is_metadata, files)):
            for each in files:
                metadata.read(each)
        else:
            described.extend(_described(files, notes))
    return replace(metadata.definitions(), described=tuple(described))


def _is_small(file: SourceFile, notes: Notes) -> bool:
    if file.size > MAX_BYTES:
        notes.behaviour(file.name, "the file", f"it is larger than {MAX_BYTES >> 20} MiB")
    return file.size <= MAX_BYTES


def _described(files: Iterable[SourceFile], notes: Notes) -> Iterator[Described]:
    reader = DescribeReader(notes)
    for each in files:
        ending = each.name.rpartition(".")[2]
        if ending == "json":
            yield from reader.read(each.read(), each.name)
        else:
            notes.effectless(each.name, f"*.{ending}", "no describe result (JSON)")
