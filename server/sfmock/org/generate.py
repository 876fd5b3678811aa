"""Records filled by describe: believable, seeded values for the fields that a test leaves out. Only this module uses Faker."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, TypeAlias

from sfmock.clock import Clock
from sfmock.org import generate_files, generate_sales, generate_service, generate_setup
from sfmock.org.behaviour.rows import live
from sfmock.org.dml.dependents import valid_values
from sfmock.org.dml.plan import Row
from sfmock.org.dml.record_types import as_its_record_type
from sfmock.org.dml.store import Store
from sfmock.org.records import Records
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.masking import wanted_length
from sfmock.schema.model import REAL_TYPES, Field, SObject
from sfmock.store.database import Database, Value
from sfmock.store.tables import Tables, quote

if TYPE_CHECKING:
    from faker.generator import Generator as Faker

Made: TypeAlias = "str | int | float | date | datetime | time | None"

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

_FITTINGS = {
    **generate_files.FITTINGS,
    **generate_sales.FITTINGS,
    **generate_service.FITTINGS,
    **generate_setup.FITTINGS,
}
_NOTHING: frozenset[str] = frozenset()
_SETUP = frozenset({"User", "Profile", "Group", "Organization"})
"""Sobjects whose rows are not made by the way: a required parent is one that is there."""
_WORDS: Mapping[str, str] = {
    "firstname": "{{first_name}}",
    "lastname": "{{last_name}}",
    "assistantname": "{{name}}",
    "suppliedname": "{{name}}",
    "company": "{{company}}",
    "suppliedcompany": "{{company}}",
    "title": "{{job}}",
    "street": "{{street_address}}",
    "city": "{{city}}",
    "state": "{{state}}",
    "postalcode": "{{postcode}}",
    "country": "USA",
    "accountnumber": "CD######",
    "subject": "{{bs}}",
    "description": "{{catch_phrase}}",
    "nextstep": "{{bs}}",
}
"""What text fields hold, by the end of their names; Faker fills double braces, a digit each `#`."""

_UNIQUE_NAMES = frozenset({"BusinessHours", "Group", "Topic"})
"""Sobjects without a second row of a name: of a group it is the developer name that is made of it."""


_NAMES: Mapping[str, str] = {"Opportunity": "{{company}}: {{bs}}", "Product2": "{{catch_phrase}}"}
"""What is not called like a company."""


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
        self._clock = clock
        self._random = random

    def create(
        self, sobject: SObject, count: int, given: Mapping[str, object], *, user_id: str
    ) -> list[str]:
        """Insert rows with the given fields and generated ones; a callable value gets the row's index."""
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
        fitting = _FITTINGS.get(sobject.name)
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
        if not parent.createable or parent.name in _SETUP:
            return self._present(parent)
        return self.make(parent, {}, user_id=user_id, depth=depth + 1)

    def _present(self, parent: SObject) -> str:
        self._tables.ensure(parent)
        wish = (
            ' ORDER BY "Name" = \'Standard User\' DESC, "Id"'
            if parent.name == "Profile"
            else ' ORDER BY "Id"'
        )
        found = self._db.value(f'SELECT "Id" FROM {quote(parent.name)}{wish} LIMIT 1')
        if not isinstance(found, str):
            raise LookupError(f"the org has no {parent.name} to point to")
        return found

    def _values(
        self, sobject: SObject, wanted: tuple[Field, ...], given: Mapping[str, object]
    ) -> dict[str, Made]:
        self._faker.seed_instance(self._random.getrandbits(64))
        made = {
            field.name: self._value(sobject, field) for field in wanted if field.type != "reference"
        }
        for field in wanted:
            if field.dependent_picklist:
                made[field.name] = _fitting(sobject, field, {**made, **given}, self._faker.random)
        return made

    def _value(self, sobject: SObject, field: Field) -> Made:
        value = self._draw(sobject, field)
        if not field.unique and field.name != "Username":
            return value
        for _ in range(_TRIES):
            if value is not None and not self._records.matching(sobject, field, value):
                return value
            value = self._draw(sobject, field)
        raise ValueError(
            f"{sobject.name}.{field.name} is unique and no free value was found: give the values yourself"
        )

    def _draw(self, sobject: SObject, field: Field) -> Made:
        rng = self._faker.random
        if field.picklist:
            return field.picklist[0].value if sobject.name == "User" else _choice(field, rng)
        if field.type in REAL_TYPES:
            return _real(field, rng)
        if field.type in ("int", "long"):
            return rng.randint(1, 10 ** min(field.digits or 4, 4) - 1)
        if field.type in ("date", "datetime", "time"):
            return self._moment(field, rng)
        text = self._text(sobject, field)
        return b64encode(text.encode()).decode() if field.type == "base64" else text

    def _moment(self, field: Field, rng: Random) -> date | datetime | time:
        if field.type == "time":
            return time(rng.randint(8, 17), rng.randrange(0, 60, 5))
        now = self._clock.now.replace(microsecond=0)
        days = (
            -rng.randint(20 * 365, 65 * 365)
            if field.name.lower() == "birthdate"
            else rng.randint(1, 180)
        )
        moment = now + timedelta(days=days, minutes=rng.randrange(1440))
        return moment.date() if field.type == "date" else moment

    def _text(self, sobject: SObject, field: Field) -> str:
        fake, mark = self._faker, f"{self._faker.random.getrandbits(40):010x}"
        named_by = sobject.name in _UNIQUE_NAMES and field.name_field
        unique = field.unique or field.external_id or named_by
        if field.name == "Username" or field.type == "email":
            name = fake.parse("{{first_name}}.{{last_name}}").lower()
            return f"{name[: max(0, field.length - 26)]}.{mark}@example.com"[-field.length :]
        if field.type == "phone":
            return _digits("(###) 555-01##", fake.random)
        if field.type == "url":
            return f"https://www.{fake.parse('{{last_name}}').lower()}.example"
        if field.encrypted:
            length = wanted_length(field) or min(field.length, 9)
            return _digits("#" * length, fake.random)
        if field.name == "Alias":
            return mark[: field.length]
        pattern = _pattern(sobject, field)
        text = _digits(pattern, fake.random) if "#" in pattern else fake.parse(pattern)
        if unique:
            text = f"{text[: field.length - 11]} {mark}" if field.length >= 30 else mark
        return text[: field.length or 255].strip()

    @cached_property
    def _faker(self) -> Faker:
        """An own generator with the few providers in use: Faker's import takes long, its full set longer."""
        from faker.generator import Generator as Faker
        from faker.providers.address.en_US import Provider as Address
        from faker.providers.company.en_US import Provider as Company
        from faker.providers.job.en_US import Provider as Job
        from faker.providers.person.en_US import Provider as Person

        fake = Faker()
        for provider in (Person, Company, Address, Job):
            fake.add_provider(provider(fake))
        return fake


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
        found = live(self.store, name, **values)
        return found[0] if found else None


def _fields_to_fill(sobject: SObject, given: Mapping[str, object]) -> tuple[Field, ...]:
    """What a row needs, and what makes it believable: custom fields and those whose meaning is known."""
    named = {name.lower() for name in given}
    fitting = _FITTINGS.get(sobject.name)
    left = _NOTHING if fitting is None else fitting.own
    return tuple(
        field
        for field in sobject.fields
        if field.createable
        and (field.default_formula is not None or not field.defaulted_on_create)
        and field.name not in left
        and field.name.lower() not in named
        and (field.relationship_name or field.name).lower() not in named
        and (field.required_on_create or _is_worth_filling(sobject, field))
    )


def _is_worth_filling(sobject: SObject, field: Field) -> bool:
    if field.type in ("reference", "boolean", "base64") or field.calculated or not field.stored:
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
        not field.is_text
        or field.type in ("phone", "email", "url", "picklist")
        or _word(field) is not None
    )


def _word(field: Field) -> str | None:
    name = field.name.lower()
    return next((pattern for end, pattern in _WORDS.items() if name.endswith(end)), None)


def _pattern(sobject: SObject, field: Field) -> str:
    known = _word(field)
    if known is not None:
        return known
    if field.name_field and sobject.name in _NAMES:
        return _NAMES[sobject.name]
    return "{{company}}" if field.name_field else "{{catch_phrase}}"


def _digits(pattern: str, rng: Random) -> str:
    return "".join(str(rng.randrange(10)) if char == "#" else char for char in pattern)


def _choice(field: Field, rng: Random) -> str | None:
    values = [each.value for each in field.picklist if each.active]
    if not values:
        return None
    if field.type == "multipicklist":
        return ";".join(rng.sample(values, rng.randint(1, min(3, len(values)))))
    return "Regular" if field.name == "Type" and "Regular" in values else rng.choice(values)


def _fitting(sobject: SObject, field: Field, row: Mapping[str, object], rng: Random) -> str | None:
    """A value of a dependent picklist that goes with what the row holds in the controlling field."""
    controller = sobject.find(str(field.controller_name))
    if controller is None:
        return None
    chosen = {name.lower(): value for name, value in row.items()}
    held = chosen.get(controller.name.lower(), controller.default)
    fitting = valid_values(field, controller, held if isinstance(held, str | int) else None)
    return rng.choice(fitting) if fitting else None


def _real(field: Field, rng: Random) -> float:
    if field.compound and field.name.endswith("__s"):
        largest = 90.0 if "Latitude" in field.name else 180.0
        return round(rng.uniform(-largest, largest), min(field.scale, 6))
    largest = 100.0 if field.type == "percent" else 1_000_000.0
    whole = field.precision - field.scale if field.precision else 6
    decimals = min(field.scale, 2)
    return round(rng.uniform(0, min(largest, 10.0**whole - 10.0**-decimals)), decimals)
