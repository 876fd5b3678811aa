"""What a load comes to: a package of sobjects, rows and a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sfmock.schema.load.report import LoadReport

Row: TypeAlias = Mapping[str, object]
"""A row in the form of `Org.load`."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The outcome of one load; it depends on the sources and on the schema below them, and on nothing else."""

    package: bytes
    """A package file of the sobjects that were added or changed."""
    report: LoadReport
    added: Mapping[str, Sequence[Row]]
    """Rows that come with the schema: record types, records of custom metadata types."""
    replaced: Mapping[str, Sequence[Row]]
    """Rows of status tables, which take the place of those that are there."""
