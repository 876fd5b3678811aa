"""Reading rows over REST: one case a rule, requests in, answer out (tests/engine/cases/reads/*.jsonl).

Each case runs in two worlds (tests/support/worlds.py). What is `given` are rows, steps of the clock, and requests before the one that the case is about.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from calling import Answer, Caller
from sfmock.org.org import Org
from worlds import World, cases

_CASES = Path(__file__).parent / "cases" / "reads"
_MOMENT = datetime(2024, 5, 31, 12, 30, 15, 900_000, tzinfo=UTC)


@pytest.fixture
def org(world: World) -> Iterator[Org]:
    with Org.new(world.pack, world.seed) as made:
        made.clock.freeze(_MOMENT)
        thing = world.name("Thing__c")
        parts, things = (world.name(f"{each}__r")[:-3] for each in ("Parts", "Things"))
        made.schema.add_object(thing, label="Thing")
        for name, kind, properties in (
            ("Key__c", "string", {"unique": True, "external_id": True, "length": 20}),
            ("Group__c", "string", {"external_id": True}),
            ("Number__c", "double", {"external_id": True, "precision": 8, "scale": 0}),
            ("Spot__c", "location", {}),
            ("Parent__c", "reference", {"reference_to": thing, "child_relationship_name": parts}),
            (
                "Account__c",
                "reference",
                {"reference_to": "Account", "child_relationship_name": things},
            ),
        ):
            made.schema.add_field(thing, world.name(name), kind, **properties)
        yield made


class Player:
    """Plays a case: the ids of its rows by name, filled in for `{acme}`, `{acme15}` and `{ACME18}` in capitals."""

    def __init__(self, org: Org, call: Caller) -> None:
        self.org = org
        self.call = call
        self.ids = {"admin": org.admin_id, "organization": org.id}

    def fill(self, value: Any) -> Any:
        text = json.dumps(value)
        for name, record_id in self.ids.items():
            text = text.replace(f"{{{name}}}", record_id).replace(f"{{{name}15}}", record_id[:15])
            text = text.replace(f"{{{name.upper()}18}}", record_id.upper())
        return json.loads(text)

    def prepare(self, steps: list[list[Any]]) -> None:
        records, schema, admin = self.org.records, self.org.schema, self.org.admin_id
        for name, action, *rest in self.fill(steps):
            if action == "delete":
                records.delete(schema[rest[0]], rest[1], user_id=admin)
            elif action == "update":
                records.update(schema[rest[0]], rest[1], rest[2], user_id=admin)
            elif action == "advance":
                self.org.clock.advance(**rest[0])
            elif action == "travel":
                self.org.clock.travel(datetime.fromisoformat(rest[0]))
            elif action == "load":
                self.org.load(rest[0])
            elif action == "many":
                self.org.insert(rest[0], [rest[1]] * rest[2])
            else:
                self.ids[name] = records.insert(schema[action], rest[0], user_id=admin)

    def send(self, case: dict[str, Any], request: list[Any]) -> Answer:
        method, path, *body = self.fill(request)
        return self.call(
            method,
            path,
            body[0] if body else None,
            headers=self.fill(case.get("request_headers", {})),
            version=case.get("version", "60.0"),
        )


@pytest.mark.parametrize(("world", "case"), list(cases(_CASES)))
def test_a_rule_of_reading(world: World, case: dict[str, Any], org: Org, call: Caller) -> None:
    player = Player(org, call)
    for step in case.get("given", []):
        if step[0] == "call":
            assert player.send(case, step[1:]).status < 300
        else:
            player.prepare([step])
    before = org.digest()

    answer = player.send(case, case["request"])

    assert answer.status == case["status"], answer.text
    if answer.status == 201:
        player.ids["new"] = answer.json["id"]  # type: ignore[index,call-overload,assignment]  # an object, by its status
    assert answer.status < 300 or org.digest() == before
    if "body" in case:
        assert answer.json == player.fill(case["body"])
        if isinstance(answer.json, dict):
            assert list(answer.json) == list(case["body"])
    if "holds" in case:
        assert isinstance(answer.json, dict)
        assert {key: answer.json[key] for key in case["holds"]} == player.fill(case["holds"])
    if "text" in case:
        assert answer.text == player.fill(case["text"])
    if case.get("refused"):
        assert case["refused"] in answer.text
        assert answer.status == 501
    for header, value in case.get("headers", {}).items():
        assert answer.headers.get(header) == player.fill(value)
    for name, fields in case.get("state", {}).items():
        assert _state(org, player.ids[name], fields) == fields


def _state(org: Org, record_id: str, fields: dict[str, Any] | None) -> Any:
    sobject = org.catalogue.by_id(record_id)
    assert sobject is not None
    row = org.records.find(sobject, record_id)
    return row if row is None or fields is None else {name: row[name] for name in fields}
