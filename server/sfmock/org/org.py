"""One org: database, schema, clock and all that knows one subject, behind the calls that a test makes."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Self, overload

from sfmock import errors, ids
from sfmock.clock import Clock, system_datetime
from sfmock.org import apps, events, limits, queries, sessions, users, views
from sfmock.org.apps import Apps, ConnectedApp
from sfmock.org.behaviour import owned_sets, past_events
from sfmock.org.describes import Describes
from sfmock.org.digest import digest
from sfmock.org.dml import deletions, recycle_bin
from sfmock.org.faultplans import FaultPlans
from sfmock.org.formulas import Formulas
from sfmock.org.generate import Generator
from sfmock.org.journal import Journal
from sfmock.org.lead_conversion import Conversion, ConvertedLead, convert_lead
from sfmock.org.limits import Limits
from sfmock.org.merging import Merged, merge
from sfmock.org.packs import Pack, find_pack
from sfmock.org.passwords import Passwords
from sfmock.org.queries import Queries
from sfmock.org.recent import Recent
from sfmock.org.record import Record, record_of
from sfmock.org.records import Records
from sfmock.org.relationships import Relationships
from sfmock.org.replication import Replication
from sfmock.org.schema import OrgSchema
from sfmock.org.seeding import Seeds
from sfmock.org.sessions import Sessions
from sfmock.org.users import User, Users
from sfmock.org.views import Views
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import SObject
from sfmock.store.database import Database
from sfmock.store.tables import Tables

_serials = itertools.count(1)
_ALWAYS_USED = ("Organization", "Profile", "User")
"""Sobjects that every session asks: their tables are part of the baseline, all others are made when they are touched."""
_DDL = (
    *limits.DDL,
    *users.DDL,
    *sessions.DDL,
    *events.DDL,
    *apps.DDL,
    *queries.DDL,
    *recycle_bin.DDL,
    *deletions.DDL,
    *past_events.DDL,
    *views.DDL,
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A state of one org, for its `restore`."""

    org: Org
    number: int

    def __repr__(self) -> str:
        return f"<Snapshot {self.number} of {self.org.my_domain}>"


class Org:
    """A Salesforce org of its own; make one by `Org.new()`."""

    def __init__(self, pack: Pack, seed: int) -> None:
        self.seed = seed
        self.pod = _pod(seed)
        self.id = ids.make("00D", self.pod, 1)
        domain = _domain(pack.name, seed)
        self.my_domain = f"{domain}.develop.my.salesforce.com"
        self.tls_authority: str | None = None
        """Host and port of the TLS listener, set by the transport: what SOAP replies name to callers on plain HTTP."""
        self.random = random.Random(seed)
        self.clock = Clock()
        self.journal = Journal()
        self.faults = FaultPlans(self.random)
        self.db = Database()
        self.db.begin()
        self._seeds = Seeds(
            pack,
            self.db,
            pod=self.pod,
            org_id=self.id,
            texts={
                "org_id": self.id.lower(),
                "domain": domain,
                "now": system_datetime(self.clock.now),
            },
        )
        self._connect(pack, domain)
        for name in _ALWAYS_USED:
            self.tables.ensure(self.schema[name])
        self.db.begin()
        self.tables.settle()

    def _connect(self, pack: Pack, domain: str) -> None:
        for statement in _DDL:
            self.db.execute(statement)
        self.tables = Tables(self.db, self._fill, (*self._seeds.names, *owned_sets.OWN))
        self.schema = OrgSchema(
            self.db,
            pack.package,
            self.clock,
            recalculate=lambda name: self.records.recalculate(name),
            rows=lambda: self.records,
            user_id=self._somebody,
        )
        self.limits = Limits(self.db, self.clock)
        self.views = Views(self.db, lambda: self.schema.catalogue)
        self.describes = Describes(self.schema, lambda: self.catalogue)
        self.formulas = Formulas(self.db, self.tables, self.schema)
        self.records = Records(
            self.db,
            self.tables,
            views=self.views,
            clock=self.clock,
            pod=self.pod,
            computed=self.formulas.values,
        )
        self.recent = Recent(self.db, self.records, self.clock)
        self.replication = Replication(
            self.db, self.tables, catalogue=self._catalogue_to_read, clock=self.clock
        )
        self.relationships = Relationships(self.records, lambda: self.catalogue)
        self.queries = Queries(
            self.db,
            self.tables,
            clock=self.clock,
            catalogue=self._catalogue_to_read,
            pod=self.pod,
        )
        self.users = Users(
            self.db,
            self.tables,
            self.records,
            catalogue=lambda: self.catalogue,
            random=self.random,
            domain=domain,
        )
        self.passwords = Passwords(self.db, self.users, self.clock)
        self.sessions = Sessions(
            self.db,
            self.users,
            clock=self.clock,
            random=self.random,
            org_id=self.id,
            domain=self.my_domain,
        )
        self.apps = Apps(
            self.db,
            self.users,
            random=self.random,
            pod=self.pod,
            admin_id=lambda: self.admin_id,
        )
        self._generator = Generator(
            self.db,
            self.tables,
            self.records,
            lambda: self.catalogue,
            clock=self.clock,
            random=self.random,
        )

    @classmethod
    def new(cls, pack: str | Path = "developer", seed: int = 0) -> Self:
        """A new org from a pack; equal seeds give equal ids and equal generated values."""
        return cls(find_pack(pack), seed)

    def close(self) -> None:
        """Close the database; a second call does nothing."""
        self.db.close()

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

    @property
    def catalogue(self) -> Catalogue:
        """All sobjects at this moment; while a request is answered, what its user sees of them."""
        return self.views.catalogue

    @property
    def admin_id(self) -> str:
        """The first active System Administrator; raises LookupError in an org without one."""
        for name in ("User", "Profile"):
            self.tables.ensure(self.schema[name])
        found = self.db.value(
            'SELECT u."Id" FROM "User" u JOIN "Profile" p ON p."Id" = u."ProfileId"'
            ' WHERE u."IsActive" = 1 AND p."Name" = \'System Administrator\' ORDER BY u."Id" LIMIT 1'
        )
        if not isinstance(found, str):
            raise LookupError(
                'this org has no active System Administrator: make one by org.user("Ada Admin") first'
            )
        return found

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
        records = [self._made(owner, each) for each in made]
        return records[0] if n is None else records

    @overload
    def insert(self, sobject: str, fields: Mapping[str, Any], /) -> Record: ...
    @overload
    def insert(self, sobject: str, fields: Sequence[Mapping[str, Any]], /) -> list[Record]: ...
    def insert(
        self, sobject: str, fields: Mapping[str, Any] | Sequence[Mapping[str, Any]], /
    ) -> Record | list[Record]:
        """Insert exactly these fields, by the rules of the API; a list is inserted whole or not at all."""
        owner = self._sobject(sobject)
        if isinstance(fields, Mapping):
            made_id = self.records.insert(owner, _plain(fields), user_id=self.admin_id)
            return self._made(owner, made_id)
        with self.db.transaction(), self.records.together():
            made = [
                self.records.insert(owner, _plain(each), user_id=self.admin_id) for each in fields
            ]
        return [self._made(owner, each) for each in made]

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
        owner, canonical = self._sobject_of(record_id)
        row = self.records.find(owner, canonical)
        if row is None:
            raise errors.NOT_FOUND()
        return record_of(owner, self.recent.shown(owner, row, lambda: self.admin_id))

    def query(self, soql: str, /) -> list[Record] | int:
        """All records of a query, or the number for `SELECT COUNT()`."""
        return self.queries.fetch(soql, user_id=self.admin_id)

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
        return user

    def connected_app(self, name: str, /, **options: Any) -> ConnectedApp:
        """The connected app of this name, made if new (see `Apps.add`)."""
        return self.apps.add(name, **options)

    def snapshot(self) -> Snapshot:
        """The present state, for `restore`."""
        return Snapshot(self, self.db.snapshot())

    def restore(self, snapshot: Snapshot, /) -> None:
        """Back to a snapshot: records, schema, users, apps and sessions; journal, limits, faults and clock stay."""
        if snapshot.org is not self:
            raise ValueError("this snapshot is that of another org")
        with self.db.lock:
            kept = self.limits.rows()
            self.db.restore(snapshot.number)
            self.limits.put_back(kept)

    def digest(self) -> str:
        """One hash of records, recycle bin, schema, users and apps: reads and refused calls do not move it."""
        self.records.catch_up()
        for name in self._seeds.names:
            self.tables.ensure(self.schema[name])
        return digest(self.db, self.schema.catalogue)

    def _fill(self, sobject: SObject) -> None:
        """The first rows of a table: those of the pack, and those that the platform keeps beside others."""
        self._seeds.fill(sobject)
        self.records.fill(sobject)

    def _catalogue_to_read(self) -> Catalogue:
        self.records.catch_up()
        return self.catalogue

    def _sobject(self, name: str) -> SObject:
        try:
            return self.describes.find(name)
        except errors.SalesforceError as error:
            error.add_note(f"this org has no sobject {name!r}")
            raise

    def _somebody(self) -> str | None:
        """The administrator, if there is one already."""
        try:
            return self.admin_id
        except LookupError:
            return None

    def _load_record_types(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Rows of RecordType make record types, so that describes and writes know them."""
        for each in rows:
            row = {key: value for key, value in each.items() if key != "attributes"}
            sobject, name = row.pop("SobjectType"), row.pop("DeveloperName")
            label, active = row.pop("Name", None), row.pop("IsActive", True)
            self.schema.add_record_type(
                sobject, name, label=label, active=bool(active), description=row.pop("Description", None), **row
            )  # fmt: skip

    def _made(self, owner: SObject, record_id: str) -> Record:
        """A new record; platform events are known by their uuid."""
        if owner.find("Id") is not None:
            return self.get(record_id)
        return next(each for each in self.events(owner.name) if each["EventUuid"] == record_id)

    def _sobject_of(self, record_id: str) -> tuple[SObject, str]:
        canonical = ids.canonical(record_id)
        owner = None if canonical is None else self.records.owner_of(canonical)
        if owner is None or canonical is None:
            raise errors.NOT_FOUND()
        return owner, canonical


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields with records replaced by their ids: `AccountId=account`."""
    return {key: value.id if isinstance(value, Record) else value for key, value in fields.items()}


def _pod(seed: int) -> str:
    """Three characters that differ between orgs of different seeds (up to 238,328 of them)."""
    number = (seed * 77_773 + 19_531) % 62**3  # 77,773 shares no factor with 62: no two seeds meet
    return "".join(ids.ALPHABET[number // 62**place % 62] for place in (2, 1, 0))


def _domain(pack: str, seed: int) -> str:
    """The My Domain name: never that of another org of this process."""
    text = f"{seed}/{pack}/{next(_serials)}"
    return f"sfmock-{sha256(text.encode()).hexdigest()[:12]}"
