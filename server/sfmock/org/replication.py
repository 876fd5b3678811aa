"""What changed and what was deleted within a span of time: `/updated` and `/deleted` (rest.md 2.5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sfmock import errors
from sfmock.clock import Clock, wire_datetime
from sfmock.org.behaviour.coverage import check_readable
from sfmock.org.dml import recycle_bin
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import SObject
from sfmock.store.database import Database
from sfmock.store.tables import Tables, quote

MOST_IDS = 600_000
_REACH = timedelta(days=30)
_LOG_REACH = timedelta(days=15)
_MINUTE = timedelta(minutes=1)
_STAMPS = ("SystemModstamp", "LastModifiedDate", "CreatedDate")
"""The first one that an sobject has says when a row changed."""


@dataclass(frozen=True, slots=True)
class Span:
    """Whole minutes: `start` belongs to it, `end` does not."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Updated:
    """Ids of rows, and up to when the answer is complete."""

    ids: list[str]
    covered: str


@dataclass(frozen=True, slots=True)
class Deleted:
    """Ids of rows with the dates of their deletion, from when on they are known, and up to when."""

    rows: list[tuple[str, str]]
    earliest: str
    covered: str


class Replication:
    """The questions of programs that keep a copy of the org's rows."""

    def __init__(
        self, db: Database, tables: Tables, catalogue: Callable[[], Catalogue], clock: Clock
    ) -> None:
        self._db = db
        self._tables = tables
        self._catalogue = catalogue
        self._clock = clock

    def updated(self, sobject: SObject, start: datetime, end: datetime) -> Updated:
        """The live rows that were made or changed within a span of the last 30 days, in order of their change."""
        span = self._span(sobject, start, end)
        stamp = next((each for each in _STAMPS if sobject.find(each) is not None), None)
        if stamp is None:
            raise errors.refuse(f"/updated of {sobject.name}, which has no date of a change")
        live = ' AND "IsDeleted" = 0' if sobject.soft_delete else ""
        rows = self._db.rows(
            f'SELECT "Id" FROM {quote(sobject.name)} WHERE {quote(stamp)} >= ? AND {quote(stamp)} < ?{live}'
            f' ORDER BY {quote(stamp)}, "Id" LIMIT ?',
            (wire_datetime(span.start), wire_datetime(span.end), MOST_IDS + 1),
        )
        _check_number(len(rows))
        return Updated([str(each) for (each,) in rows], self._covered(span))

    def deleted(self, sobject: SObject, start: datetime, end: datetime) -> Deleted:
        """The rows that were deleted within a span of the last 15 days and have not come back."""
        span = self._span(sobject, start, end)
        earliest = _minute(self._clock.now - _LOG_REACH)
        rows = recycle_bin.deleted_within(
            self._db,
            sobject,
            wire_datetime(max(span.start, earliest)),
            wire_datetime(span.end),
            MOST_IDS + 1,
        )
        _check_number(len(rows))
        return Deleted(rows, wire_datetime(earliest), self._covered(span))

    def _span(self, sobject: SObject, start: datetime, end: datetime) -> Span:
        """The span in whole minutes; raises INVALID_REPLICATION_DATE."""
        if not sobject.replicateable:
            raise errors.refuse(f"replication of {sobject.name}, which is not replicateable")
        self._tables.ensure(sobject)
        check_readable(sobject, self._tables.is_empty)
        span = Span(_minute(start), _minute(end))
        if span.end - span.start < _MINUTE:
            raise errors.refuse("the error for a start that is not before the end")
        if span.start < _minute(self._clock.now - _REACH):
            raise errors.REPLICATION_TOO_FAR_BACK()
        if span.start < self._enabled():
            raise errors.REPLICATION_NOT_ENABLED()
        return span

    def _enabled(self) -> datetime:
        """When replication began: with the organization."""
        organization = self._catalogue().find("Organization")
        if organization is not None and organization.find("CreatedDate") is not None:
            self._tables.ensure(organization)
            made = self._db.value('SELECT MIN("CreatedDate") FROM "Organization"')
            if isinstance(made, str):
                return _minute(datetime.fromisoformat(f"{made[:19]}+00:00"))
        return datetime.min.replace(tzinfo=UTC)

    def _covered(self, span: Span) -> str:
        """The end, or the present minute: no answer covers what is still to come."""
        return wire_datetime(min(span.end, _minute(self._clock.now)))


def _minute(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def _check_number(found: int) -> None:
    if found > MOST_IDS:
        raise errors.refuse(f"the error for more than {MOST_IDS:,} ids (EXCEEDED_ID_LIMIT)")
