"""One org, as a test meets it: opening and saving, records, users, snapshots."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Any, Self, overload

from sfmock import errors, ids
from sfmock.org import events, saving
from sfmock.org.apps import ConnectedApp
from sfmock.org.changes import READING, Changes, Snapshot, compare
from sfmock.org.digest import digest
from sfmock.org.lead_conversion import Conversion, ConvertedLead, convert_lead
from sfmock.org.locks import Lock
from sfmock.org.merging import Merged, merge
from sfmock.org.my_domain import give_back, is_taken, new_domain, read_my_domain
from sfmock.org.packs import Pack, find_pack
from sfmock.org.parts import SYSTEM_TABLES, Parts
from sfmock.org.record import Record, record_of
from sfmock.org.saving import Identity
from sfmock.org.seeding import prepared_tables
from sfmock.org.users import User
from sfmock.schema.model import SObject
from sfmock.store import files
from sfmock.store.database import Database, Value
from sfmock.store.durable import DurableDatabase


class Org(Parts):
    """A Salesforce org of its own; make one by `Org.new()` or `Org.open()`."""

    @classmethod
    def new(
        cls, pack: str | Path = "developer", seed: int = 0, *, my_domain: str | None = None
    ) -> Self:
        """A new org from a pack; equal seeds give equal ids and equal generated values.

        `my_domain` says where it lives, and so what it is: `acme`, `acme--uat.sandbox`, `acme.scratch`. Without it the org has
        a name of its own, and both login hosts know it.
        """
        return cls.from_pack(find_pack(pack), seed, my_domain=my_domain)

    @classmethod
    def from_pack(cls, pack: Pack, seed: int = 0, *, my_domain: str | None = None) -> Self:
        """A new org from a pack that is read already."""
        rng = Random(seed)
        keys = (rng.getrandbits(64), rng.getrandbits(64), rng.getrandbits(64))
        if my_domain is None:
            identity = Identity(pack.name, seed, new_domain(pack.name, seed), keys)
        else:
            chosen = read_my_domain(my_domain)
            if is_taken(chosen.name):
                raise ValueError(f"an org of this process has the My Domain {chosen.name} already")
            identity = Identity(pack.name, seed, chosen.name, keys, chosen.kind)
        made = files.prepared((*SYSTEM_TABLES, *prepared_tables(pack)))
        return cls(identity, pack.package, Database(made), rng, pack)

    @classmethod
    def open(cls, path: str | Path, *, durable: bool = False) -> Self:
        """The org of a file that `save` wrote: a private copy, or with `durable` the file itself.

        A copy never writes to the file, and many may be open. An org that owns its file has every write in it before the
        reply: all that was acknowledged survives a killed process. Raises FileNotFoundError or OrgFileError.
        """
        owned = DurableDatabase(Path(path)) if durable else None
        db = owned or Database(files.read_copy(Path(path)))
        try:
            saved = saving.read(db)
            identity = saved.identity
            renamed = owned is None and is_taken(identity.domain)
            if renamed:  # two orgs of a process cannot answer on one host
                domain = new_domain(identity.pack, identity.seed)
                identity = replace(identity, domain=domain, kind=None)
            org = cls(identity, saved.package, db, Random(identity.seed), None)
            org._moving.resume(saved.moving, tokens=not renamed)
            if owned is not None:
                owned.before_commit = saving.Keeper(db, org._moving)
                org.clock.moved = org._commit
        except BaseException:
            db.close()
            raise
        return org

    def save(self, path: str | Path) -> tuple[str, ...]:
        """Write the org to a file, whole or not at all; answers what it cannot keep, one text each.

        That is what lives in this process only: planned faults, locks, Python functions. The journal is not part of an org.
        """
        if self.db.owns(Path(path)):
            raise ValueError(f"this org owns {path}: all of it is in there already")
        with self.db.lock:
            self.make_all_rows()
            texts = self._moving.texts()
            files.publish(
                Path(path),
                self.db.write_to,
                lambda file: saving.write(
                    file, self._identity, self.schema.catalogue.package, texts
                ),
            )
            functions = (*self.schema.callables, *self.token_exchanges.described())
            return tuple(saving.left_out(self.faults, functions, self._locks.ids))

    def close(self) -> None:
        """Close the database; a second call does nothing."""
        self.db.close()
        give_back(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Org {self.my_domain} seed {self.seed}>"

    @overload
    def create(self, sobject: str, n: None = None, /, **fields: Any) -> Record: ...
    @overload
    def create(self, sobject: str, n: int, /, **fields: Any) -> list[Record]: ...
    def create(self, sobject: str, n: int | None = None, /, **fields: Any) -> Record | list[Record]:
        """One record, or a list of `n`, filled by describe with seeded values.

        What is given is kept; a callable gets the row's index. Required parents are made where the org has none that fit.
        """
        owner = self._sobject(sobject)
        with self.db.transaction(), self.records.together():
            count = 1 if n is None else n
            made = self._generator.create(owner, count, _plain(fields), user_id=self.admin_id)
        records = self._made(owner, made)
        return records[0] if n is None else records

    @overload
    def insert(self, sobject: str, fields: Mapping[str, Any], /) -> Record: ...
    @overload
    def insert(self, sobject: str, fields: Sequence[Mapping[str, Any]], /) -> list[Record]: ...
    def insert(
        self, sobject: str, fields: Mapping[str, Any] | Sequence[Mapping[str, Any]], /
    ) -> Record | list[Record]:
        """Insert exactly these fields, by the rules of the API; a list is inserted whole or not at all."""
        owner, user_id = self._sobject(sobject), self.admin_id
        if isinstance(fields, Mapping):
            return self._made(owner, [self.records.insert(owner, _plain(fields), user_id=user_id)])[
                0
            ]
        with self.db.transaction(), self.records.together():
            made = [self.records.insert(owner, _plain(each), user_id=user_id) for each in fields]
        return self._made(owner, made)

    def update(self, record_id: str, /, **fields: Any) -> Record:
        """Change fields of a record, by the rules of the API; answers the record as it is then."""
        owner, canonical = self._sobject_of(record_id)
        self.records.update(owner, canonical, _plain(fields), user_id=self.admin_id)
        return self.get(canonical)

    def upsert(self, sobject: str, field: str, value: Any, /, **fields: Any) -> Record:
        """Update the record that has this external id, or insert it; answers the record."""
        owner = self._sobject(sobject)
        key = owner.find(field)
        if key is None:
            raise errors.NO_EXTERNAL_ID_FIELD(name=field)
        made, _ = self.records.upsert(owner, key, value, _plain(fields), user_id=self.admin_id)
        return self.get(made)

    def delete(self, record_id: str, /) -> None:
        """Delete a record, by the rules of the API: into the recycle bin where the sobject has one."""
        owner, canonical = self._sobject_of(record_id)
        self.records.delete(owner, canonical, user_id=self.admin_id)

    def undelete(self, record_id: str, /) -> Record:
        """Bring a record back from the recycle bin, with all that went there with it."""
        owner, canonical = self._sobject_of(record_id)
        self.records.undelete(owner, canonical, user_id=self.admin_id)
        return self.get(canonical)

    def convert_lead(
        self,
        lead_id: str,
        /,
        *,
        converted_status: str | None = None,
        account_id: str | None = None,
        contact_id: str | None = None,
        opportunity_id: str | None = None,
        opportunity_name: str | None = None,
        do_not_create_opportunity: bool = False,
        overwrite_lead_source: bool = False,
        owner_id: str | None = None,
        send_notification_email: bool = False,
    ) -> ConvertedLead:
        """Convert a lead as SOAP `convertLead` does; without a status to the org's first one that means converted.

        No e-mail is sent in any case.
        """
        wish = Conversion(
            lead_id,
            converted_status=converted_status,
            account_id=account_id,
            contact_id=contact_id,
            opportunity_id=opportunity_id,
            opportunity_name=opportunity_name,
            do_not_create_opportunity=do_not_create_opportunity,
            overwrite_lead_source=overwrite_lead_source,
            owner_id=owner_id,
        )
        return convert_lead(self.records, wish, user_id=self.admin_id)

    def merge(self, master_id: str, /, *loser_ids: str, **fields: Any) -> Merged:
        """Merge one or two records into a third of their kind as SOAP `merge` does; the master gets the fields."""
        return merge(self.records, master_id, loser_ids, _plain(fields), user_id=self.admin_id)

    def get(self, record_id: str, /) -> Record:
        """The record of this id with all its fields; raises SalesforceError NOT_FOUND."""
        return self._get(*self._sobject_of(record_id))

    def query(self, soql: str, /) -> list[Record] | int:
        """All records of a query, or the number for `SELECT COUNT()`."""
        return self.queries.fetch(soql, user_id=self.admin_id)

    def search(self, sosl: str, /) -> list[Record]:
        """The records that a SOSL search finds, object by object."""
        return self.searches.fetch(sosl, user_id=self.admin_id)

    def count(self, sobject: str, where: str | None = None) -> int:
        """How many records of an sobject there are that meet a SOQL condition."""
        name = self._sobject(sobject).name
        found = self.query(f"SELECT COUNT() FROM {name}" + (f" WHERE {where}" if where else ""))
        if not isinstance(found, int):
            raise TypeError(f"{where!r} is no condition")
        return found

    def load(self, rows: Mapping[str, Iterable[Mapping[str, Any]]], /) -> None:
        """Rows as a backup holds them: given ids and system fields are kept, no rule runs."""
        with self.schema.changing(), self.records.together():
            for name, each in rows.items():
                owner = self._sobject(name)
                if owner.name == "RecordType":
                    self._load_record_types(each)
                else:
                    self.records.load(owner, each)

    def events(self, sobject: str, /) -> list[Record]:
        """The platform events of this kind that were published, first to last."""
        owner = self._sobject(sobject)
        if owner.find("EventUuid") is None:
            raise TypeError(f"{owner.name} is no platform event")
        return events.published(self.db, owner)

    def user(
        self, name: str, /, *, permissions: Mapping[str, Any] | None = None, **options: Any
    ) -> User:
        """The user of this name or username, made if new (see `Users.add`); `permissions` replace any former ones."""
        with self.db.transaction():
            user = self.users.add(name, **options)
            if permissions is not None:
                self.views.permit(user.id, permissions)
                self.schema.touch()
        return user

    def connected_app(self, name: str, /, **options: Any) -> ConnectedApp:
        """The connected app of this name, made if new (see `Apps.add`)."""
        return self.apps.add(name, **options)

    def lock(
        self, ids: str | Record | Iterable[str | Record], /, seconds: float | None = None
    ) -> Lock:
        """Hold rows until the lock is released, or for some seconds of the org's clock.

        A write to one, or to a detail of a locked master, answers UNABLE_TO_LOCK_ROW.
        """
        given = (ids,) if isinstance(ids, str | Record) else ids
        return self._locks.hold(
            [self.get(each.id if isinstance(each, Record) else each).id for each in given], seconds
        )

    def snapshot(self) -> Snapshot:
        """The present state, for `restore` and `changes`."""
        with self.db.lock:
            number = self.db.snapshot()
            return Snapshot(self, number, self._changes.watch(number))

    def restore(self, snapshot: Snapshot, /) -> None:
        """Back to a snapshot: records, schema, users, apps and sessions; journal, limits, faults and clock stay."""
        self._require_own(snapshot)
        with self.db.lock:
            kept, changed = self.limits.rows(), self.schema.changed
            moments = self.came_back.after(self._undone_since(snapshot), self.records.moment)
            self.db.restore(snapshot.number)
            with self.db.transaction():
                self.limits.put_back(kept)
                self.schema.came_back_from(changed)
                self.came_back.put_back(moments)

    def _undone_since(self, snapshot: Snapshot) -> list[tuple[str, Value]]:
        """The records that were there at a snapshot and were written since, with the stamps of that."""
        found: list[tuple[str, Value]] = []
        for (name, record_id), old in self._changes.since(snapshot.note).items():
            sobject = self.schema.catalogue.find(name)
            if sobject is not None and old is not None and not READING.issuperset(old):
                row = self.records.stored(sobject, record_id) or {}
                found.append((record_id, row.get("SystemModstamp")))
        return found

    def changes(self, since: Snapshot) -> Changes:
        """The records that were created, updated, deleted and undeleted since a snapshot."""
        self._require_own(since)
        with self.db.lock:
            self.db.place(since.number)
            records = self.records
            return compare(
                self._changes.since(since.note),
                self.schema.catalogue,
                records.stored,
                records.blob,
            )

    def digest(self) -> str:
        """One hash of records, recycle bin, schema, users and apps: reads and refused calls do not move it."""
        self.records.catch_up()
        self.make_all_rows()
        return digest(self.db, self.tables, self.schema.catalogue)

    def _require_own(self, snapshot: Snapshot) -> None:
        if snapshot.org is not self:
            raise ValueError("this snapshot is that of another org")

    def _sobject(self, name: str) -> SObject:
        try:
            return self.describes.find(name)
        except errors.SalesforceError as error:
            error.add_note(f"this org has no sobject {name!r}")
            raise

    def _load_record_types(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Rows of RecordType make record types, so that describes and writes know them."""
        for each in rows:
            row = {key: value for key, value in each.items() if key != "attributes"}
            sobject, name = row.pop("SobjectType"), row.pop("DeveloperName")
            label, active = row.pop("Name", None), row.pop("IsActive", True)
            self.schema.add_record_type(
                sobject, name, label=label, active=bool(active), description=row.pop("Description", None), **row
            )  # fmt: skip

    def _get(self, owner: SObject, canonical: str) -> Record:
        row = self.records.find(owner, canonical)
        if row is None:
            raise errors.NOT_FOUND()
        shown = self.recent.shown(owner, row, lambda: self.admin_id)
        return record_of(owner, shown, self.records.blob)

    def _made(self, owner: SObject, record_ids: Sequence[str]) -> list[Record]:
        """New records; platform events are known by their uuids."""
        if owner.find("Id") is not None:
            return [self._get(owner, each) for each in record_ids]
        published = {each["EventUuid"]: each for each in self.events(owner.name)}
        return [published[each] for each in record_ids]

    def _sobject_of(self, record_id: str) -> tuple[SObject, str]:
        canonical = ids.canonical(record_id)
        owner = None if canonical is None else self.records.owner_of(canonical)
        if owner is None or canonical is None:
            raise errors.NOT_FOUND()
        return owner, canonical


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields with records replaced by their ids: `AccountId=account`."""
    return {key: value.id if isinstance(value, Record) else value for key, value in fields.items()}
