"""Which error comes first: cases of two errors in one request, built from a table of what provokes one.

The stages are those of rest.md 6.1 and metadata.md 4; triggers, rules and duplicate rules, which come behind the required
fields, an org has none. A stage stops those behind it; some tell all that is wrong in it, some the first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations, permutations
from pathlib import Path
from typing import Any, TypeAlias

from sfmock.org.org import Org

Provocation: TypeAlias = Mapping[str, Any]

STAGES = (
    "parse",
    "access",
    "external id",
    "values",
    "required",
    "record type",
    "references",
    "unique",
)
OPEN = frozenset(
    {
        *(frozenset({"external id", each}) for each in STAGES[3:]),
        *(frozenset({"record type", each}) for each in STAGES[6:]),
    }
)
"""Pairs of stages whose order no source tells: where a parent by external id is looked for, and where a record type is."""

_FIELDS: Mapping[str, Mapping[str, Any]] = {
    "Must__c": {"type": "string", "nillable": False},
    "Need__c": {"type": "string", "nillable": False},
    "Short__c": {"type": "string", "length": 3},
    "Colour__c": {"type": "picklist", "values": ["Blue"], "restricted": True},
    "Tone__c": {"type": "picklist", "values": ["Light", "Dark"], "restricted": True},
    "Size__c": {"type": "double", "precision": 4, "scale": 0},
    "Mail__c": {"type": "email"},
    "Ready__c": {"type": "boolean"},
    "Day__c": {"type": "date"},
    "Number__c": {"type": "string", "display_format": "N-{0}"},
    "Other__c": {"type": "reference", "reference_to": "Account"},
    "Lost__c": {"type": "reference", "reference_to": "Account"},
    "Away__c": {"type": "reference", "reference_to": "Account"},
    "Key__c": {"type": "string", "length": 20, "unique": True},
    "Code__c": {"type": "string", "length": 20, "unique": True},
    "Ref__c": {"type": "string", "length": 20, "external_id": True},
}  # fmt: skip
_DESCRIBED = ("OwnerId", *_FIELDS)
"""Fields in describe order."""
_WHOLE = {"Must__c": "m", "Need__c": "n"}
_DOORS = {
    "create": ("POST", "/sobjects/Box__c"),
    "update": ("PATCH", "/sobjects/Box__c/{row}"),
    "upsert of a new row": ("PATCH", "/sobjects/Box__c/Ref__c/R2"),
    "upsert of a known row": ("PATCH", "/sobjects/Box__c/Ref__c/R1"),
}


def prepare(org: Org, name: Callable[[str], str]) -> dict[str, str]:
    """Make the sobject and the rows that the cases are about; answers the ids of the rows."""
    box = name("Box__c")
    fields = {name(each): {**kind, "label": each[:-3]} for each, kind in _FIELDS.items()}
    org.schema.add_object(box, label="Box", fields=fields)
    org.schema.add_field("Account", name("Ext__c"), "string", label="Ext", external_id=True)
    tones = {name("Tone__c"): ["Light"]}
    org.schema.add_record_type(box, "Small", default=True, picklists=tones)
    wrong = org.schema.add_record_type("Account", "Other")
    whole = {name(each): value for each, value in _WHOLE.items()}
    gone = org.create("Account")
    org.delete(gone.id)
    leaver = org.user("Lea Leaver")
    org.update(leaver.id, IsActive=False)
    rows: dict[str, Any] = {
        "taken": org.create(box, **whole, **{name("Key__c"): "K1", name("Code__c"): "C1"}),
        "row": org.create(box, **whole, **{name("Ref__c"): "R1"}),
        "gone": gone,
        "leaver": leaver,
        "wrong": wrong,
    }
    ids = {key: each.id for key, each in rows.items()}
    return ids | {f"{key}15": each[:15] for key, each in ids.items()}


def built(table: Path) -> Iterator[str]:
    """The cases, one a line as in a file: all stages at once by every door, and all pairs by create and by update."""
    provocations = [json.loads(line) for line in table.read_text().splitlines()]
    for stage in STAGES:
        for door in _DOORS:
            yield _case(door, f"all from {stage} on", _from(stage, provocations))
    for pair in combinations(provocations, 2):
        if not _open(*pair) and not _share_a_field(*pair):
            for one, two in permutations(pair):
                for door in ("create", "update"):
                    yield _case(door, f"{one['name']} and {two['name']}", (one, two))


def _from(stage: str, provocations: Iterable[Provocation]) -> list[Provocation]:
    """One of this stage with all of this stage and those behind it whose order is known."""
    chosen: list[Provocation] = []
    for each in provocations:
        behind = STAGES.index(each["stage"]) >= STAGES.index(stage)
        known = not chosen or not (
            _open(chosen[0], each) or any(_share_a_field(each, other) for other in chosen)
        )
        if behind and known:
            chosen.append(each)
    return chosen


def _open(one: Provocation, two: Provocation) -> bool:
    return frozenset({one["stage"], two["stage"]}) in OPEN


def _share_a_field(one: Provocation, two: Provocation) -> bool:
    names = [{*each["fields"], *each.get("needs", ())} for each in (one, two)]
    return bool(names[0] & names[1])


def _case(door: str, name: str, provocations: Iterable[Provocation]) -> str:
    chosen = list(provocations)
    body = {key: value for each in chosen for key, value in each["fields"].items()}
    if "update" not in door:
        body |= {key: value for key, value in _WHOLE.items() if key not in body}
    return json.dumps(
        {
            "name": f"{door} with {name}",
            "request": [*_DOORS[door], body],
            "told": _told(chosen, body),
        }
    )


def _told(chosen: Iterable[Provocation], body: Mapping[str, Any]) -> list[Any]:
    """The errors of the first stage that has any: the first, all in one, or a list of them."""
    order = sorted(chosen, key=lambda each: STAGES.index(each["stage"]))
    stage = order[0]["stage"]
    errors = [_placed(each, body) for each in order if each["stage"] == stage]
    described = [
        each["error"]
        for field in _DESCRIBED
        for each in order
        if each["stage"] == stage and field in each["fields"]
    ]
    if stage == "values":
        return errors
    if stage == "access":
        return [_joined(errors)]
    if stage == "required":
        return [_joined(described)]
    return described[:1] if stage in ("references", "unique") else errors[:1]


def _joined(errors: list[Any]) -> Any:
    """One error for several fields."""
    names = [name for each in errors for name in each["fields"]]
    message = errors[0]["message"].replace(errors[0]["fields"][0], ", ".join(names))
    return {**errors[0], "message": message, "fields": names}


def _placed(provocation: Provocation, body: Mapping[str, Any]) -> Any:
    """Its error, with the column where its field stands in the body; ids have 18 characters."""
    error, field = provocation["error"], next(iter(provocation["fields"]))
    text = re.sub(r"{\w+}", "x" * 18, json.dumps(body))
    return {
        **error,
        "message": error["message"].replace("{column}", str(text.index(f'"{field}"') + 1)),
    }
