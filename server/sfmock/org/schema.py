"""The org's schema: the current catalogue, and what the test adds to it.

What is added stands in the database, so a rollback, a restore or a reset takes it away with the rows. Reading is cheap: the
row that names the current catalogue is looked at only after something was rolled back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache

from sfmock.clock import Clock
from sfmock.errors import refuse
from sfmock.schema.additions import with_fields
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.custom import custom_fields
from sfmock.schema.custom_object import custom_object
from sfmock.schema.model import Field, SObject
from sfmock.schema.package import Package, dump_sobject
from sfmock.store.database import Database
from sfmock.store.tables import quote

DDL = (
    "CREATE TABLE sf_schema (name TEXT PRIMARY KEY, definition TEXT NOT NULL)",
    "CREATE TABLE sf_schema_token (token INTEGER NOT NULL, changed INTEGER NOT NULL)",
)


@lru_cache(maxsize=16)
def _standard(package: Package) -> Catalogue:
    return Catalogue(package)  # immutable, so all orgs of a pack share it


class OrgSchema:
    """The sobjects of one org; `schema["Account"]` is one of them."""

    def __init__(self, db: Database, package: Package, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        first = _standard(package)
        self._by_token = {first.token: first}
        self._current = first
        self._undone = db.undone
        for statement in DDL:
            db.execute(statement)
        db.execute("INSERT INTO sf_schema_token VALUES (?, ?)", (first.token, self._second()))

    def __repr__(self) -> str:
        return f"<OrgSchema with {len(self.catalogue.changed)} added or changed sobjects>"

    @property
    def catalogue(self) -> Catalogue:
        """All sobjects at this moment."""
        if self._undone != self._db.undone:
            self._undone = self._db.undone
            self._current = self._by_token[
                int(self._db.value("SELECT token FROM sf_schema_token") or 0)
            ]
        return self._current

    @property
    def changed(self) -> datetime:
        """When the schema was last changed, in whole seconds: `Last-Modified` of the describes."""
        return datetime.fromtimestamp(
            int(self._db.value("SELECT changed FROM sf_schema_token") or 0), UTC
        )

    def __getitem__(self, name: str) -> SObject:
        """The sobject of this name, in any case; raises KeyError for one that the org lacks."""
        found = self.catalogue.find(name)
        if found is None:
            absent = self.catalogue.absent(name)
            if absent is not None:
                raise refuse(f"sobject {absent}")
            raise KeyError(f"the org has no sobject {name!r}")
        return found

    def __contains__(self, name: str) -> bool:
        return self.catalogue.find(name) is not None

    def add_object(
        self,
        name: str,
        /,
        *,
        label: str | None = None,
        label_plural: str | None = None,
        name_field: Mapping[str, object] | None = None,
        fields: Mapping[str, Mapping[str, object]] | None = None,
    ) -> SObject:
        """Add a custom object, `name` ending in `__c`, with fields `{name: {"type": …, property: …}}`.

        `name_field={"label": "Number", "display_format": "A-{0000}"}` makes its names auto-numbers.
        """
        with self._db.transaction():
            if name in self or self.catalogue.absent(name):
                raise ValueError(f"the org has an sobject {name} already")
            self._change(
                custom_object(name, label, label_plural, self._next_number(), name_field or {})
            )
            for field, properties in (fields or {}).items():
                rest = dict(properties)
                type_ = rest.pop("type", None)
                if not isinstance(type_, str):
                    raise TypeError(f'{name}.{field} needs a "type", e.g. {{"type": "string"}}')
                self.add_field(name, field, type_, **rest)
        return self[name]

    def add_field(self, sobject: str, name: str, type_: str, /, **properties: object) -> Field:
        """Add a custom field; types and properties are those of describe, in snake case."""
        with self._db.transaction():  # two threads that add fields must not lose one of them
            owner = self[sobject]
            added = custom_fields(owner, self.catalogue, name, type_, properties)
            self._check_rows(owner, added[0], properties)
            self._change(*with_fields(self.catalogue, owner, added, properties))
            return self[sobject].by_name[name.lower()]

    def _check_rows(self, owner: SObject, field: Field, properties: Mapping[str, object]) -> None:
        """A parent is there or refused; rows that lack a master cannot be."""
        if field.type == "reference":
            self[field.reference_to[0]]
        if field.relationship_order is not None and self._has_rows(owner):
            raise ValueError(f"{owner.name} has records, which would lack the master {field.name}")

    def _has_rows(self, sobject: SObject) -> bool:
        made = self._db.value(
            "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (sobject.name,)
        )
        return bool(made) and bool(self._db.value(f"SELECT 1 FROM {quote(sobject.name)} LIMIT 1"))

    def _change(self, *sobjects: SObject) -> None:
        with self._db.transaction():
            catalogue = self.catalogue.with_objects(*sobjects)
            for each in sobjects:
                definition = json.dumps(dump_sobject(each), separators=(",", ":"))
                self._db.execute(
                    "INSERT INTO sf_schema VALUES (?, ?)"
                    " ON CONFLICT (name) DO UPDATE SET definition = excluded.definition",
                    (each.name, definition),
                )
            self._db.execute(
                # Two changes never share a second, or `If-Modified-Since` would not see the later one.
                "UPDATE sf_schema_token SET token = ?, changed = max(changed + 1, ?)",
                (catalogue.token, self._second()),
            )
            self._by_token[catalogue.token] = catalogue
            self._current = catalogue

    def _second(self) -> int:
        return int(self._clock.timestamp())

    def _next_number(self) -> int:
        return sum(each.custom for each in self.catalogue.changed.values())
