"""Merging: one record takes over all that hangs on two others, as SOAP `merge` does it (metadata.md 4.14)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sfmock import errors, ids
from sfmock.errors import refuse
from sfmock.org.behaviour.history import check_untracked
from sfmock.org.behaviour.moving import move
from sfmock.org.dml.deletes import Deletion, take_out
from sfmock.org.dml.links import references_to
from sfmock.org.dml.plan import Row
from sfmock.org.dml.store import Store
from sfmock.org.records import Records
from sfmock.schema.model import SObject

MOST = 3
"""Records of one merge, the master included."""


@dataclass(frozen=True, slots=True)
class Merged:
    """The master, the records that went into it, and the rows that changed hands, in the words of `MergeResult`."""

    id: str
    merged_record_ids: tuple[str, ...]
    updated_related_ids: tuple[str, ...]


def merge(
    records: Records,
    master_id: str,
    loser_ids: Sequence[str],
    fields: Mapping[str, object],
    *,
    user_id: str,
) -> Merged:
    """Merge up to two records into a third, which gets `fields`; whole or not at all."""
    with records.store.db.transaction():
        return _Merger(records, user_id).run(master_id, loser_ids, fields)


class _Merger:
    """One merge under way."""

    def __init__(self, records: Records, user_id: str) -> None:
        self._records = records
        self.store: Store = records.store
        self.user_id = user_id
        self.now = records.moment

    def run(self, master_id: str, loser_ids: Sequence[str], fields: Mapping[str, object]) -> Merged:
        """Move the children, put the losers into the bin, change the master."""
        canonical = ids.canonical(master_id)
        sobject = None if canonical is None else self.store.catalogue.by_id(canonical)
        if canonical is None or sobject is None:
            raise refuse(f"the error for merging into {master_id!r}")
        if not sobject.mergeable:
            raise refuse(f"the error for merging {sobject.label_plural}")
        check_untracked(self.store, "merging records", sobject.name)
        losers = self._losers(sobject, canonical, loser_ids)
        master = self._live(sobject, canonical)
        self._check_circle(sobject, master, losers)
        moved: dict[str, None] = {}
        for loser in losers:
            moved |= dict.fromkeys(self._move_children(sobject, loser, canonical))
            self._absorb(sobject, loser, canonical)
        self._records.update(sobject, canonical, fields, user_id=self.user_id)
        return Merged(canonical, tuple(losers), tuple(each for each in moved))

    def _losers(self, sobject: SObject, master_id: str, loser_ids: Sequence[str]) -> list[str]:
        if not 0 < len(loser_ids) < MOST:
            raise refuse(f"the error for merging {1 + len(loser_ids)} records")
        losers = []
        for each in loser_ids:
            canonical = ids.canonical(each)
            if canonical is None:
                raise errors.BAD_ID_TO_MERGE(id=each)
            if canonical[:3] != sobject.id_prefix:
                raise refuse(f"the error for merging {each}, which is no {sobject.label}")
            losers.append(canonical)
        if len({master_id, *losers}) <= len(losers):
            raise refuse("the error for merging a record with itself")
        for each in losers:
            self._live(sobject, each)
        return losers

    def _live(self, sobject: SObject, record_id: str) -> Row:
        row = self.store.find(sobject, record_id)
        if row is None:
            raise errors.NO_SUCH_REFERENCE()
        if row.get("IsDeleted"):
            raise errors.REFERENCE_IS_DELETED()
        if row.get("IsConverted"):
            raise errors.CONVERTED_LEAD()
        return row

    def _check_circle(self, sobject: SObject, master: Row, losers: Sequence[str]) -> None:
        """Refuse a master that stands below a loser: it would come to stand below itself."""
        for field in sobject.fields:
            if field.reference_to != (sobject.name,) or field.name == "MasterRecordId":
                continue
            above, seen = master.get(field.name), set[object]()
            while isinstance(above, str) and above not in seen:
                if above in losers:
                    raise refuse(f"merging a {sobject.label} into one below it")
                seen.add(above)
                row = self.store.find(sobject, above)
                above = None if row is None else row.get(field.name)

    def _move_children(self, sobject: SObject, loser: str, master: str) -> Iterator[str]:
        for link in references_to(self.store.catalogue, sobject.name, self.store.tables.used()):
            for child_id in self.store.ids(link.child, link.field, loser):
                row = self.store.find(link.child, child_id)
                if row is not None:
                    move(self, link.child, row, {link.field.name: master})
                    yield child_id

    def _absorb(self, sobject: SObject, loser: str, master: str) -> None:
        plan = self.store.plan(sobject)
        if sobject.find("MasterRecordId") is not None:
            self.store.update(plan, loser, {"MasterRecordId": master})
        row = self._live(sobject, loser)
        take_out(self.store, plan, row, Deletion(self.user_id, self.now), root=loser)
