"""Rows for `Org.create`: the fields that a test leaves out are filled, the parents that are missing are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from sfmock.clock import Clock
from sfmock.org.behaviour.rows import first
from sfmock.org.dml.plan import Row
from sfmock.org.dml.record_types import as_its_record_type
from sfmock.org.dml.store import Store
from sfmock.org.generate.dependents import fit, preset
from sfmock.org.generate.fittings import fitting_of
from sfmock.org.generate.values import Made, Values, is_known
from sfmock.org.records import Records
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import Field, SObject
from sfmock.schema.persons import personal_fields
from sfmock.store.database import Database, Value
from sfmock.store.tables import Tables, quote

_TRIES = 50
_DEEPEST = 8
_LEFT_OUT = (
    "Recurrence",
    "Reminder",
    "EmailBounced",
    "CleanStatus",
    "TaskSubtype",
    "Jigsaw",
    "Forecast",
    "Probability",
)
"""Fields that the platform or another field decides; a value of ours would be refused or untrue."""

_NOTHING: frozenset[str] = frozenset()
_SETUP = frozenset({"User", "Profile", "Group", "Organization"})
"""Sobjects whose rows are not made by the way: a required parent is one that is there."""


class Generator:
    """Fills and inserts rows for `Org.create`; equal seeds give equal values."""

    def __init__(
        self,
        db: Database,
        tables: Tables,
        records: Records,
        catalogue: Callable[[], Catalogue],
        *,
        clock: Clock,
        random: Random,
    ) -> None:
        self._db = db
        self._tables = tables
        self._records = records
        self._catalogue = catalogue
        self._random = random
        self._draws = Values(random, clock)

    def create(
        self, sobject: SObject, count: int, given: Mapping[str, object], *, user_id: str
    ) -> list[str]:
        """Insert rows with the given fields and generated ones; a callable value gets the row's index."""
        self._records.check_creatable(sobject)
        wanted = _fields_to_fill(sobject, given)
        parents = self._parents(wanted, user_id, 0)
        shared: dict[str, str] = {}
        made = []
        for index in range(count):
            row = dict(
                self._exact(sobject, key, value(index) if callable(value) else value)
                for key, value in given.items()
            )
            maker = self._maker(user_id, 0, shared)
            made.append(self._insert(sobject, row | parents, wanted, maker))
        return made

    def make(
        self, sobject: SObject, given: Mapping[str, object], *, user_id: str, depth: int
    ) -> str:
        """Insert a row that another one needs; `depth` is how many need one another."""
        if depth > _DEEPEST:
            raise ValueError(f"{sobject.name}: the required parents of its parents have no end")
        self._records.check_creatable(sobject)
        wanted = _fields_to_fill(sobject, given)
        row = dict(given) | self._parents(wanted, user_id, depth)
        return self._insert(sobject, row, wanted, self._maker(user_id, depth, {}))

    def _exact(self, sobject: SObject, key: str, value: object) -> tuple[str, object]:
        """A field as describe spells it; a parent that is named by its external id, by its id."""
        field = sobject.find(key)
        if field is not None:
            return field.name, value
        reference = sobject.by_relationship.get(key.lower())
        if reference is None or not isinstance(value, Mapping):
            return key, value
        return reference.name, self._records.parent_id(reference, value)

    def _insert(
        self,
        sobject: SObject,
        row: dict[str, object],
        wanted: tuple[Field, ...],
        maker: _Maker,
    ) -> str:
        if sobject.name == "User":
            row.setdefault("IsActive", True)  # the API's default is a user who can do nothing
        row |= self._values(sobject, as_its_record_type(sobject, wanted, row), row)
        fitting = fitting_of(sobject)
        if fitting is not None:
            given = set(row)
            fitting.fill(maker, row)
            for each in sobject.hidden:
                if each.name not in given:
                    row.pop(each.name, None)  # the org does not show it: nobody can give it
        return self._records.insert(sobject, row, user_id=maker.user_id)

    def _maker(self, user_id: str, depth: int, shared: dict[str, str]) -> _Maker:
        return _Maker(self, self._records.store, self._random, user_id, depth, shared)

    def _parents(self, wanted: tuple[Field, ...], user_id: str, depth: int) -> dict[str, object]:
        return {
            field.name: self._parent(field, user_id, depth)
            for field in wanted
            if field.type == "reference"
        }

    def _parent(self, field: Field, user_id: str, depth: int) -> str:
        """A new row for a required reference; of sobjects that cannot be created, one that is there."""
        found = [self._catalogue().find(name) for name in field.reference_to]
        parent = next((each for each in found if each is not None), None)
        if parent is None:
            raise LookupError(
                f"{field.name} is required and the org lacks {', '.join(field.reference_to)}"
            )
        found_id = self._present(parent) if parent.name in _SETUP or not parent.createable else None
        return found_id or self.make(parent, {}, user_id=user_id, depth=depth + 1)

    def _present(self, parent: SObject) -> str | None:
        """The first row of an sobject, if there is one."""
        self._tables.ensure(parent)
        wish = (
            ' ORDER BY "Name" = \'Standard User\' DESC, "Id"'
            if parent.name == "Profile"
            else ' ORDER BY "Id"'
        )
        found = self._db.value(f'SELECT "Id" FROM {quote(parent.name)}{wish} LIMIT 1')
        return found if isinstance(found, str) else None

    def _values(
        self, sobject: SObject, wanted: tuple[Field, ...], given: Mapping[str, object]
    ) -> dict[str, Made]:
        self._draws.begin()
        made = {
            field.name: self._value(sobject, field)
            for field in wanted
            if field.type != "reference" and preset(field) is None
        }
        fit(sobject, {field.name: field for field in wanted}, given, made, self._draws)
        return made

    def _value(self, sobject: SObject, field: Field) -> Made:
        value = self._draws.draw(sobject, field)
        if not field.unique and field.name != "Username":
            return value
        for _ in range(_TRIES):
            if value is not None and not self._records.matching(sobject, field, value):
                return value
            value = self._draws.draw(sobject, field)
        raise ValueError(
            f"{sobject.name}.{field.name} is unique and no free value was found: give the values yourself"
        )


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes and finds the rows that one row must fit."""

    generator: Generator
    store: Store
    random: Random
    user_id: str
    depth: int
    parents: dict[str, str]
    """The parents that all rows of one call share, by sobject."""

    def shared(self, name: str, **fields: object) -> str:
        if name not in self.parents:
            self.parents[name] = self.make(name, **fields)
        return self.parents[name]

    def make(self, name: str, **fields: object) -> str:
        sobject = self.store.catalogue.find(name)
        if sobject is None:
            raise LookupError(f"the org lacks {name}")
        depth = self.depth + 1
        return self.generator.make(sobject, fields, user_id=self.user_id, depth=depth)

    def find(self, name: str, **values: Value) -> Row | None:
        return first(self.store, name, **values)


def _fields_to_fill(sobject: SObject, given: Mapping[str, object]) -> tuple[Field, ...]:
    """What a row needs, and what makes it believable: custom fields and those whose meaning is known."""
    named = {name.lower() for name in given}
    fitting = fitting_of(sobject)
    personal = tuple(personal_fields(sobject))
    left = {*(_NOTHING if fitting is None else fitting.own), *personal}
    return tuple(
        field
        for field in sobject.fields
        if field.createable
        and (not field.defaulted_on_create or _may_lose_default(sobject, field))
        and field.name not in left
        and field.name.lower() not in named
        and (field.relationship_name or field.name).lower() not in named
        and (
            field.required_on_create
            or _is_worth_filling(sobject, field)
            or (bool(personal) and field.name == "Name")  # of a business account
        )
    )


def _may_lose_default(sobject: SObject, field: Field) -> bool:
    """Whether the default of a field does not do for every row: two cannot share it, another value rules it out, nothing computes it."""
    if field.default_formula is not None or (field.custom and field.unique):
        return True
    return field.dependent_picklist or bool(sobject.record_types and field.picklist)


def _is_worth_filling(sobject: SObject, field: Field) -> bool:
    if field.type == "boolean":
        return field.default_formula is not None
    if field.type in ("reference", "base64") or field.calculated or not field.stored:
        return False
    if field.custom:
        return not (field.type in ("picklist", "multipicklist") and not field.picklist)
    if sobject.name == "User":
        return field.name == "FirstName"
    if sobject.name in _SETUP or field.name.startswith(_LEFT_OUT):
        return False
    if field.type == "double" or field.name.endswith("GeocodeAccuracy"):
        return False
    return (
        not field.is_text or field.type in ("phone", "email", "url", "picklist") or is_known(field)
    )
