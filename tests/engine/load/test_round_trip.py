"""Describes of one org, loaded into another, make it describe the same: for schemas that hypothesis thinks up."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sfmock.org.org import Org
from sfmock.versions import Version

_LABELS = st.text("abc \"'<&é", min_size=1, max_size=8).map(lambda text: text.strip() or "x")
_COMMON = {"label": _LABELS, "nillable": st.booleans()}
_VALUES = st.lists(st.sampled_from(["a", "b", "c d", "é"]), min_size=1, max_size=3, unique=True)
_HELP = st.none() | st.sampled_from(["As printed."])


def _field(type_: str, **properties: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"type": st.just(type_)}, optional=properties)


FIELDS = st.one_of(
    _field("string", **_COMMON, length=st.integers(1, 255), unique=st.booleans(), external_id=st.booleans(), case_sensitive=st.booleans(), default=st.sampled_from(["x"]), inline_help_text=_HELP),
    _field("textarea", **_COMMON, length=st.sampled_from([200, 256, 131072])),
    _field("textarea", label=_LABELS, html=st.just(True)),
    _field("email", **_COMMON, unique=st.booleans()),
    _field("phone", **_COMMON),
    _field("url", **_COMMON),
    _field("encryptedstring", label=_LABELS, length=st.integers(1, 175), mask_type=st.sampled_from(["all", "lastFour"]), mask_char=st.sampled_from(["X", "asterisk"])),
    _field("boolean", label=_LABELS, default=st.booleans()),
    _field("double", **_COMMON, precision=st.just(18), scale=st.integers(0, 17), default=st.sampled_from([0, 1.5])),
    _field("currency", **_COMMON),
    _field("percent", **_COMMON, scale=st.just(2)),
    _field("date", **_COMMON),
    _field("datetime", **_COMMON),
    _field("time", **_COMMON),
    _field("picklist", **_COMMON, values=_VALUES, restricted=st.booleans()),
    _field("multipicklist", label=_LABELS, values=_VALUES, visible_lines=st.integers(3, 10)),
    _field("location", label=_LABELS, scale=st.integers(0, 15)),
    _field("string", label=_LABELS, display_format=st.just("{0}")),
).map(dict)  # fmt: skip
OBJECTS = st.fixed_dictionaries(
    {},
    optional={
        "label": _LABELS,
        "label_plural": _LABELS,
        "sharing": st.sampled_from(["ReadWrite", "Private"]),
        "enable_activities": st.booleans(),
        "enable_feeds": st.booleans(),
        "enable_history": st.booleans(),
        "tab": st.booleans(),
        "name_field": st.sampled_from([{"type": "AutoNumber", "display_format": "{0}"}, {"label": "Title"}]),
    },
)  # fmt: skip
LOOKUPS = st.sampled_from(
    [
        {"reference_to": "Account", "child_relationship_name": "Things"},
        {"reference_to": "Account", "nillable": False},
        {"reference_to": "Account", "delete_constraint": "Restrict"},
        {"reference_to": "Parent__c", "master_detail": True, "child_relationship_name": "Things"},
        {"reference_to": "Parent__c", "master_detail": True, "reparentable": True},
        {"reference_to": "Thing__c", "child_relationship_name": "Below"},
    ]
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(OBJECTS, st.lists(FIELDS, max_size=6), LOOKUPS, FIELDS)
def test_describes_that_are_loaded_are_described_again(
    options: dict[str, Any],
    fields: list[dict[str, Any]],
    lookup: dict[str, Any],
    on_account: dict[str, Any],
) -> None:
    with Org.new("bare") as org:
        org.schema.add_object("Parent__c")
        detail = "master_detail" in lookup
        org.schema.add_object(
            "Thing__c", **{**options, **({"sharing": "ReadWrite"} if detail else {})}
        )
        for number, field in enumerate(fields):
            add(org, "Thing__c", f"Field_{number}__c", field)
        org.schema.add_field("Thing__c", "Up__c", "reference", **lookup)
        add(org, "Account", "Own__c", on_account)
        names = ["Account", *(each.name for each in org.catalogue.changed.values())]
        described = {name: describe(org, name) for name in names}

    with Org.new("bare") as other, tempfile.TemporaryDirectory() as folder:
        Path(folder, "all.json").write_text(json.dumps([*described.values()]))
        other.schema.load(folder, strict=False)
        assert {name: describe(other, name) for name in names} == described


def add(org: Org, sobject: str, name: str, field: dict[str, Any]) -> None:
    given = dict(field)
    org.schema.add_field(sobject, name, given.pop("type"), **given)


def describe(org: Org, name: str) -> dict[str, Any]:
    text = org.describes.one(name, Version(60), "https://x.example").text
    found: dict[str, Any] = json.loads(text)
    return found
