"""Random custom objects of every field type, for hypothesis: what each is made of, and making it."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, TypeAlias

from hypothesis import strategies as st

from sfmock.org.org import Org

Properties: TypeAlias = dict[str, Any]
Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]

PARENTS = ("Account", "Contact", "User", "Bill__c")
_FLAG = st.booleans()
_VALUES = st.lists(st.sampled_from(string.ascii_uppercase[:6]), min_size=1, max_size=4, unique=True)
_TEXT = st.text(string.ascii_letters, min_size=1, max_size=2)
_NILLABLE: Properties = {"nillable": _FLAG}
_DAY = date(2026, 2, 3)


def _digits(type_: str) -> st.SearchStrategy[Properties]:
    """Numbers with at least six digits, of which two may be decimals: room for some unique values."""
    keys = {"unique": _FLAG, "external_id": _FLAG} if type_ == "double" else {}
    return _of(
        type_,
        precision=st.integers(6, 18),
        scale=st.integers(0, 2),
        default=st.none() | st.integers(0, 9),
        **keys,
    )


def _of(type_: str, **properties: st.SearchStrategy[Any]) -> st.SearchStrategy[Properties]:
    """A field of a type with some of the properties that it takes."""
    filled = st.fixed_dictionaries({}, optional=properties)
    return filled.map(lambda given: {"type": type_, **given})


def _with_values(type_: str) -> st.SearchStrategy[Properties]:
    return st.fixed_dictionaries(
        {"type": st.just(type_), "values": _VALUES}, optional={"restricted": _FLAG, **_NILLABLE}
    )


PLAIN: Mapping[str, st.SearchStrategy[Properties]] = {
    "string": _of(
        "string", **_NILLABLE, length=st.integers(12, 255), unique=_FLAG, external_id=_FLAG, case_sensitive=_FLAG
    ),
    "short": _of("string", **_NILLABLE, length=st.integers(1, 3)),
    "preset": _of("string", **_NILLABLE, default=_TEXT),
    "auto-number": st.just({"type": "string", "display_format": "N-{0000}"}),
    "formula": st.just({"type": "string", "formula": lambda record: record["Id"]}),
    "textarea": _of("textarea", **_NILLABLE, length=st.integers(1, 131_072)),
    "rich text": _of("textarea", **_NILLABLE, html=st.just(True)),
    "email": _of("email", **_NILLABLE, unique=_FLAG, external_id=_FLAG),
    "phone": _of("phone", **_NILLABLE),
    "url": _of("url", **_NILLABLE),
    "encryptedstring": _of(
        "encryptedstring", **_NILLABLE, length=st.integers(16, 175),
        mask_type=st.sampled_from(["all", "creditCard", "ssn", "lastFour", "sin", "nino"]),
    ),
    "picklist": _with_values("picklist"),
    "empty picklist": _of("picklist", **_NILLABLE),
    "multipicklist": _with_values("multipicklist"),
    "boolean": _of("boolean", default=_FLAG),
    "double": _digits("double"),
    "currency": _digits("currency"),
    "percent": _digits("percent"),
    "date": _of("date", **_NILLABLE, default=st.just(_DAY)),
    "datetime": _of("datetime", **_NILLABLE, default=st.just(datetime(2026, 2, 3, 4, 5, tzinfo=UTC))),
    "time": _of("time", **_NILLABLE, default=st.just(time(4, 5))),
    "location": _of("location", **_NILLABLE, scale=st.integers(0, 15)),
    "lookup": st.fixed_dictionaries(
        {"type": st.just("reference"), "reference_to": st.sampled_from(PARENTS), "nillable": _FLAG}
    ),
}  # fmt: skip
"""Fields that need no other, by what they are called here."""


ONE_OF_EACH: Mapping[str, Properties] = {
    "Key__c": {"type": "string", "unique": True, "external_id": True, "length": 20},
    "Group__c": {"type": "string", "external_id": True},
    "Number__c": {"type": "string", "display_format": "N-{0000}"},
    "Double__c": {"type": "string", "formula": lambda record: str(record["Name"]) * 2},
    "Area__c": {"type": "textarea", "length": 300},
    "Rich__c": {"type": "textarea", "html": True},
    "Mail__c": {"type": "email"},
    "Phone__c": {"type": "phone"},
    "Link__c": {"type": "url"},
    "Secret__c": {"type": "encryptedstring", "mask_type": "lastFour"},
    "Colour__c": {"type": "picklist", "values": ["Blue", "Green"], "restricted": True},
    "Shade__c": {
        "type": "picklist", "values": ["Sky", "Moss"], "controller": "Colour__c",
        "valid_for": {"Sky": ["Blue"], "Moss": ["Green"]},
    },
    "Tags__c": {"type": "multipicklist", "values": ["A", "B", "C"]},
    "Ready__c": {"type": "boolean"},
    "Size__c": {"type": "double", "precision": 5, "scale": 2, "nillable": False},
    "Price__c": {"type": "currency"},
    "Rate__c": {"type": "percent"},
    "Day__c": {"type": "date"},
    "At__c": {"type": "datetime"},
    "Daily__c": {"type": "time"},
    "Spot__c": {"type": "location"},
    "Friend__c": {"type": "reference", "reference_to": "Contact"},
    "Owner__c": {"type": "reference", "reference_to": "Account", "master_detail": True},
}  # fmt: skip
"""A custom object with a field of every kind."""


@dataclass
class CustomSObject:
    """What `add_object` and its like are called with."""

    name: str
    options: Properties
    fields: dict[str, Properties]
    record_types: list[tuple[str, Properties]] = field(default_factory=list)

    def add(self, org: Org) -> None:
        with org.schema.changing():
            org.schema.add_object(self.name, fields=self.fields, **self.options)
            for name, options in self.record_types:
                org.schema.add_record_type(self.name, name, **options)


@st.composite
def schemas(draw: Draw) -> list[CustomSObject]:
    """A master and a detail, or two objects that may look each other up, and a custom setting."""
    bill = CustomSObject("Bill__c", draw(_options()), _fields(draw, PARENTS[:3]))
    line = CustomSObject("Line__c", draw(_options()), _fields(draw, PARENTS))
    for each in (bill, line):
        _depend(draw, each)
        _type(draw, each)
    for number in range(draw(st.integers(0, 2))):
        line.options.pop("sharing", None)
        masters = ("Bill__c", "Account")
        line.fields[f"Master{number}__c"] = {
            "type": "reference", "reference_to": masters[number], "master_detail": True, "reparentable": draw(_FLAG),
        }  # fmt: skip
    kind = draw(st.sampled_from(["List", "Hierarchy"]))
    setting = CustomSObject("Setting__c", {"custom_setting": kind}, {"Rate__c": {"type": "double"}})
    return [bill, line, setting]


def _options() -> st.SearchStrategy[Properties]:
    names = [{}, {"display_format": "B-{YYYY}-{000}"}]
    return st.fixed_dictionaries(
        {}, optional={"name_field": st.sampled_from(names), "sharing": st.sampled_from(["ReadWrite", "Read", "Private"])}
    )  # fmt: skip


def _fields(draw: Draw, parents: tuple[str, ...]) -> dict[str, Properties]:
    kinds = draw(st.lists(st.sampled_from(sorted(PLAIN)), max_size=12))
    found: dict[str, Properties] = {}
    for number, kind in enumerate(kinds):
        properties = draw(PLAIN[kind])
        if properties.get("reference_to", parents[0]) in parents:
            found[f"F{number}__c"] = properties
    return found


def _depend(draw: Draw, owner: CustomSObject) -> None:
    """Let some picklists depend on those before them."""
    controllers: list[str] = []
    for name, properties in owner.fields.items():
        if (
            properties["type"] in ("picklist", "multipicklist")
            and "values" in properties
            and controllers
            and draw(_FLAG)
        ):
            controller = draw(st.sampled_from(controllers))
            above = owner.fields[controller].get("values", [True, False])
            choice = st.lists(st.sampled_from(above), unique=True)
            properties["controller"] = controller
            properties["valid_for"] = {each: draw(choice) for each in properties["values"]}
            if not properties.get("nillable", True):  # so that there always is a row that can be
                properties["valid_for"][properties["values"][0]] = list(above)
        if properties["type"] == "boolean" or (
            properties["type"] == "picklist" and "values" in properties
        ):
            controllers.append(name)


def _type(draw: Draw, owner: CustomSObject) -> None:
    """Give it record types, each with some values of each picklist."""
    lists = {name: each["values"] for name, each in owner.fields.items() if "values" in each}
    for number in range(draw(st.integers(0, 2))):
        chosen = {
            name: [values[0], *draw(st.lists(st.sampled_from(values[1:]), unique=True))]
            if len(values) > 1
            else values
            for name, values in lists.items()
            if draw(_FLAG)
        }
        owner.record_types.append((f"Type{number}", {"default": draw(_FLAG), "picklists": chosen}))
