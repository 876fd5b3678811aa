"""Believable, seeded values for fields that a test leaves out, by describe alone. Only this module uses Faker."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, TypeAlias

from sfmock.clock import Clock
from sfmock.schema.masking import wanted_length
from sfmock.schema.model import REAL_TYPES, Field, SObject

if TYPE_CHECKING:
    from faker.generator import Generator as Faker

Made: TypeAlias = "str | int | float | date | datetime | time | None"

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


class Values:
    """Draws the values of one org's rows: `begin` starts each row anew from the org's own generator."""

    def __init__(self, random: Random, clock: Clock) -> None:
        self._random = random
        self._clock = clock

    def begin(self) -> None:
        """Begin a row: how many values the one before took does not matter."""
        self._faker.seed_instance(self._random.getrandbits(64))

    def choose(self, values: Sequence[str]) -> str:
        """One of some values."""
        return self._faker.random.choice(values)

    def draw(self, sobject: SObject, field: Field) -> Made:
        """A value for a field; another one with each call."""
        rng = self._faker.random
        if field.picklist and sobject.name == "User":
            return field.picklist[0].value
        if field.picklist or field.restricted_picklist:
            return _choice(field, rng)
        if field.type == "boolean":
            return rng.random() < 0.5
        if field.type in REAL_TYPES:
            return _real(field, rng)
        if field.type in ("int", "long"):
            return rng.randint(1, 10 ** min(field.digits or 4, 4) - 1)
        if field.type in ("date", "datetime", "time"):
            return self._moment(field, rng)
        if field.type == "base64":
            return b64encode(self._faker.parse("{{catch_phrase}}.\n").encode()).decode()
        return self._text(sobject, field)

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
        named_by = field.name_field and has_unique_names(sobject)
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


def has_unique_names(sobject: SObject) -> bool:
    """Whether no two rows share a name."""
    return sobject.name in _UNIQUE_NAMES or sobject.custom_setting


def is_known(field: Field) -> bool:
    """Whether the name of a field tells what its text is about."""
    return _word(field) is not None


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


def _real(field: Field, rng: Random) -> float:
    if field.compound and field.name.endswith("__s"):
        largest = 90.0 if "Latitude" in field.name else 180.0
        return round(rng.uniform(-largest, largest), min(field.scale, 6))
    largest = 100.0 if field.type == "percent" else 1_000_000.0
    whole = field.precision - field.scale if field.precision else 6
    decimals = min(field.scale, 2)
    return round(rng.uniform(0, min(largest, 10.0**whole - 10.0**-decimals)), decimals)
