"""Any value of any type comes back as it went in: over REST, by SOQL, and as a Python value."""

from __future__ import annotations

import json
import string
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calling import Caller
from sfmock.org.org import Org

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
NUMBERS = st.floats(-1e8, 1e8, allow_nan=False).map(lambda each: each + 0.0)
ZONES = st.integers(-840, 840).map(lambda minutes: timezone(timedelta(minutes=minutes)))
CHOICES = st.lists(st.sampled_from("ABC"), unique=True)

FIELDS: dict[str, tuple[str, dict[str, Any], st.SearchStrategy[Any]]] = {
    "Text__c": ("string", {"length": 80}, TEXT),
    "Area__c": ("textarea", {}, TEXT),
    "Long__c": ("textarea", {"length": 1000}, TEXT),
    "Phone__c": ("phone", {}, st.text(string.printable, max_size=40)),
    "Url__c": ("url", {}, TEXT),
    "Mail__c": ("email", {}, st.emails().filter(lambda each: len(each) <= 80 and each[0] not in "\"'")),
    "Secret__c": ("encryptedstring", {}, TEXT),
    "Open__c": ("picklist", {"values": ["A"]}, TEXT),
    "Pick__c": ("picklist", {"values": ["A", "B"], "restricted": True}, st.sampled_from(["A", "B", None])),
    "Tags__c": ("multipicklist", {"values": list("ABC"), "restricted": True}, CHOICES.map(";".join)),
    "Flag__c": ("boolean", {}, st.booleans()),
    "Number__c": ("double", {"precision": 18, "scale": 9}, NUMBERS),
    "Money__c": ("currency", {}, NUMBERS),
    "Share__c": ("percent", {}, NUMBERS),
    "Day__c": ("date", {}, st.dates(date(1700, 1, 1), date(4000, 12, 31))),
    "At__c": ("datetime", {}, st.datetimes(datetime(1700, 1, 2), datetime(4000, 12, 30), timezones=ZONES)),
    "Hour__c": ("time", {}, st.times()),
}  # fmt: skip


@pytest.fixture(scope="module")
def caller() -> Iterator[Caller]:
    with Org.new() as org:
        org.schema.add_object(
            "Kind__c", fields={name: {"type": type_, **more} for name, (type_, more, _) in FIELDS.items()}
        )  # fmt: skip
        yield Caller(org)


def written(value: Any) -> Any:
    """A value as a client writes it into JSON."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S%z")
    if isinstance(value, time):
        return f"{value:%H:%M:%S}.{value.microsecond // 1000:03d}Z"
    return value.isoformat() if isinstance(value, date) else value


def expected(name: str, value: Any) -> Any:
    """The Python value that comes back."""
    if isinstance(value, str):
        trimmed = value.strip("".join(map(chr, range(33))))
        in_order = ";".join(sorted(trimmed.split(";"))) if name == "Tags__c" else trimmed
        return in_order or None
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(microsecond=0)
    if isinstance(value, time):
        return value.replace(microsecond=value.microsecond // 1000 * 1000)
    return Decimal(str(value)) if isinstance(value, float) else value


def shown(value: Any) -> Any:
    """The JSON value of a Python one."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%S}.000+0000"
    return float(value) if isinstance(value, Decimal) else written(value)


@pytest.mark.parametrize("name", FIELDS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_value_comes_back_as_it_went_in(caller: Caller, name: str, data: st.DataObject) -> None:
    value = data.draw(FIELDS[name][2])
    with caller.org.db.transaction():
        answer = caller(
            "POST",
            "/sobjects/Kind__c",
            body=json.dumps({name: written(value)}).encode(),
            headers={"Content-Type": "application/json"},
        )
        assert answer.status == 201, answer.text
        assert isinstance(answer.json, dict)
        record_id = str(answer.json["id"])
        python = expected(name, value)
        assert caller.org.get(record_id)[name] == python
        if name != "Secret__c":
            row: Any = caller("GET", f"/sobjects/Kind__c/{record_id}?fields={name}").json
            query: Any = caller(
                "GET", f"/query?q={quote(f'SELECT {name} FROM Kind__c WHERE Id = {record_id!r}')}"
            ).json
            assert row[name] == query["records"][0][name] == shown(python)
