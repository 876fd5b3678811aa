"""The org's schema: what a test adds to the shipped sobjects.

What is added stands in the database, so a rollback, a restore or a reset takes it away with the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sfmock.clock import Clock
from sfmock.errors import refuse
from sfmock.org.catalogues import Catalogues
from sfmock.org.functions import FormulaFunctions
from sfmock.org.record_types import Picklists, RecordTypes
from sfmock.org.schema_loading import Functions, Rows, load_schema, numbers, put_rows
from sfmock.schema import tracking
from sfmock.schema.building import Building
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.custom_object import ObjectOptions
from sfmock.schema.custom_reference import masters
from sfmock.schema.load.report import LoadReport
from sfmock.schema.making import check_type, make_object, wanted_companions
from sfmock.schema.model import Field, RecordType, SObject
from sfmock.schema.package import Package
from sfmock.schema.properties import Properties
from sfmock.store.database import Database
from sfmock.store.tables import quote

Fields = Mapping[str, Mapping[str, object]]
"""Custom fields by name: `{"type": …, property: …}`."""


class OrgSchema:
    """The sobjects of one org; `schema["Account"]` is one of them."""

    def __init__(
        self,
        db: Database,
        package: Package,
        clock: Clock,
        *,
        recalculate: Callable[[str], None],
        rows: Callable[[], Rows],
        user_id: Callable[[], str | None],
    ) -> None:
        self._db = db
        self._recalculate = recalculate
        self._rows = rows
        self._user_id = user_id
        self._catalogues = Catalogues(db, package, clock)
        self._functions = FormulaFunctions(db)
        self._record_types = RecordTypes(self._catalogues, rows, user_id)

    def __repr__(self) -> str:
        return f"<OrgSchema with {len(self.catalogue.changed)} added or changed sobjects>"

    @property
    def catalogue(self) -> Catalogue:
        """All sobjects at this moment."""
        return self._catalogues.current

    @property
    def changed(self) -> datetime:
        """When the schema was last changed, in whole seconds: `Last-Modified` of the describes."""
        return self._catalogues.changed

    def touch(self) -> None:
        """Let describes count as changed from this second on."""
        self._catalogues.touch()

    def came_back_from(self, changed: datetime) -> None:
        """Let describes count as newer than `changed`, if a way back has undone a change: clients may have kept theirs."""
        if self.changed != changed:
            self._catalogues.touch(int(changed.timestamp()))

    @property
    def callables(self) -> tuple[str, ...]:
        """The formula fields whose Python functions stand beside the database: a saved org cannot keep them."""
        catalogue = self.catalogue
        given = [each for each in catalogue.package.formulas if self._functions.get(each)]
        found = map(catalogue.formula, (*given, *catalogue.formulas))
        return tuple(f"formula {sobject.name}.{field.name}" for sobject, field in found)

    def formula_field(self, number: int) -> tuple[SObject, Field]:
        """The sobject and the field of a formula."""
        return self.catalogue.formula(number)

    def function(self, number: int) -> Callable[..., Any] | None:
        """The Python function of a formula, None in an org that was opened from a file."""
        return self._functions.get(number)

    def __getitem__(self, name: str) -> SObject:
        """The sobject of this name, in any case; raises KeyError for one that the org lacks."""
        return self._found(name, self.catalogue.find(name))

    def __contains__(self, name: str) -> bool:
        return self.catalogue.find(name) is not None

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Many changes as one: all of them or none, and much faster than one by one."""
        with self._catalogues.changing():
            yield

    def add_object(
        self,
        name: str,
        /,
        *,
        label: str | None = None,
        label_plural: str | None = None,
        fields: Fields | None = None,
        name_field: Mapping[str, object] | None = None,
        sharing: str = "ReadWrite",
        enable_history: bool = False,
        enable_feeds: bool = False,
        enable_activities: bool = False,
        enable_search: bool = True,
        tab: bool = False,
        custom_setting: str | None = None,
    ) -> SObject:
        """Add an sobject: `name` ends in `__c`, `__mdt`, `__e` or `__x`; fields are `{name: {"type": …, property: …}}`."""
        options = ObjectOptions(
            label=label,
            label_plural=label_plural,
            name_field=name_field,
            sharing=sharing,
            enable_history=enable_history,
            enable_feeds=enable_feeds,
            enable_activities=enable_activities,
            enable_search=enable_search,
            tab=tab,
            custom_setting=custom_setting,
        )
        with self.changing():
            if self._catalogues.find(name) or self._catalogues.absent(name):
                raise ValueError(f"the org has an sobject {name} already")
            made = make_object(name, options, self._taken_prefixes())
            self._grow(made, fields or {}, options)
            return self._find(name)

    def add_field(self, sobject: str, name: str, type_: str, /, **properties: object) -> Field:
        """Add a custom field; types and properties are those of describe, in snake case."""
        with self.changing():  # two threads that add fields must not lose one of them
            owner = self._find(sobject)
            self._grow(owner, {name: {"type": type_, **properties}})
            return self._find(owner.name).by_name[name.lower()]

    def load(
        self,
        source: str | Path,
        /,
        *more: str | Path,
        strict: bool = True,
        formulas: Functions | None = None,
    ) -> LoadReport:
        """Load describe results (JSON) or metadata files (sfdx source, mdapi) of your own org: files or folders.

        What was not read stands in the report. A strict load raises LeftOutError, and loads nothing, if your org acts on
        something of it: validation rules, triggers, formulas. `formulas` are Python functions by field: they compute
        formula fields, of which only the text is loaded (`{"Invoice__c.Overdue__c": lambda record: …}`).
        """
        with self.changing():
            loaded = load_schema(self._catalogues, (source, *more), formulas or {}, strict=strict)
            self._check_masters(loaded.package)
            self._functions.forget_all_but(self._catalogues.package.formulas)
            self._catalogues.lie_over(loaded.package)
            self._functions.put(numbers(self._catalogues, formulas or {}))
            put_rows(self._catalogues, self._rows(), loaded, self._user_id())
            for name in self._catalogues.package.masters:
                self._recalculate(name)
            return loaded.report

    def compute(self, formulas: Functions, /) -> None:
        """Give formula fields of which only the text was loaded the Python functions that compute them."""
        with self.changing():
            self._functions.put(numbers(self._catalogues, formulas))

    def _taken_prefixes(self) -> set[str]:
        added = {each.key_prefix for each in self._catalogues.added() if each.key_prefix}
        return added | self._catalogues.package.prefixes

    def track_history(self, sobject: str, /, *fields: str) -> None:
        """Track changes of these fields: from here on, the sobject's history companion has rows."""
        with self.changing():
            self._finish(
                Building(tracking.tracked(self._find(sobject), fields), self._catalogues.find)
            )

    def add_record_type(
        self,
        sobject: str,
        developer_name: str,
        /,
        *,
        label: str | None = None,
        active: bool = True,
        default: bool = False,
        picklists: Picklists | None = None,
        description: str | None = None,
        **row: object,
    ) -> RecordType:
        """Add a record type; `default` is the one of new records, `picklists` are values by field, `row` more of its row."""
        with self.changing():
            return self._record_types.add(
                self._find(sobject),
                developer_name,
                label=label,
                active=active,
                default=default,
                picklists=picklists or {},
                row={"Description": description, **row},
            )

    def _grow(self, owner: SObject, fields: Fields, options: ObjectOptions | None = None) -> None:
        """Give an sobject fields, and what follows from them: ends at their parents, and companions."""
        building = Building(owner, self._catalogues.find)
        for name, properties in fields.items():
            rest = dict(properties)
            type_ = rest.pop("type", None)
            if not isinstance(type_, str):
                raise TypeError(f'{owner.name}.{name} needs a "type", e.g. {{"type": "string"}}')
            self._check_field(owner, name, type_, rest)
            if "formula" in rest:
                number = self._next_formula(building.sobject())
                building.add(name, type_, rest, formula=number)
                self._functions.put({number: Properties(name, rest).function("formula")})
            else:
                building.add(name, type_, rest)
        self._finish(building, options)
        if len(building.sobject().summaries) > len(owner.summaries):
            self._recalculate(owner.name)

    def _finish(self, building: Building, options: ObjectOptions | None = None) -> None:
        for kind in wanted_companions(building.sobject(), options):
            self._catalogues.put(building.accompany(kind))
        finished = building.finished()
        tracking.check(finished)
        self._catalogues.put(*tracking.missing_history(finished, self._catalogues.find))
        self._catalogues.put(*building.parents(), finished)

    def _next_formula(self, growing: SObject) -> int:
        """The number of a new formula: used again only once a rollback has taken its field away, for good."""
        owners = (*self._catalogues.added(), growing)
        taken = (each.formula or 0 for owner in owners for each in owner.formulas)
        return max((0, *self._catalogues.package.formulas, *taken)) + 1

    def _check_field(
        self, owner: SObject, name: str, type_: str, properties: Mapping[str, object]
    ) -> None:
        """A parent is there or refused; rows that lack a master cannot be; events take few types."""
        check_type(owner, name, type_)
        target = properties.get("reference_to")
        if (
            type_ == "reference"
            and isinstance(target, str)
            and target.lower() != owner.name.lower()
        ):
            self._find(target)
        if properties.get("master_detail") is True and self._has_rows(owner):
            raise ValueError(f"{owner.name} has records, which would lack the master {name}")

    def _check_masters(self, package: bytes) -> None:
        """Raise ValueError where rows that are there would lack a master that is new."""
        loaded = Package(package)
        for each in map(self._catalogues.find, loaded.names):
            if each is None or not each.custom or not self._has_rows(each):
                continue
            after = loaded.find(each.name)
            new = set() if after is None else {one.name for one in masters(after)}
            new -= {one.name for one in masters(each)}
            if new:
                name = sorted(new)[0]
                raise ValueError(f"{each.name} has records, which would lack the master {name}")

    def _has_rows(self, sobject: SObject) -> bool:
        made = self._db.value(
            "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (sobject.name,)
        )
        return bool(made) and bool(self._db.value(f"SELECT 1 FROM {quote(sobject.name)} LIMIT 1"))

    def _find(self, name: str) -> SObject:
        return self._found(name, self._catalogues.find(name))

    def _found(self, name: str, found: SObject | None) -> SObject:
        if found is None:
            absent = self._catalogues.absent(name)
            if absent is not None:
                raise refuse(f"sobject {absent}")
            raise KeyError(f"the org has no sobject {name!r}")
        return found
