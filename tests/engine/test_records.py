"""Rows over REST: one case a rule, request in, answer and state out (tests/engine/cases/*.jsonl).

Each case runs in two worlds: another pack, another seed, so other ids, and other names of custom objects and fields. No answer
can hang on an id or a name that the fake happens to know; and the other org comes out of a file, which must hold all of it. A case that is `alone` looks at all rows of an sobject or at the first
number of a series: its other world has no rows of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

import sfmock_orgs
from calling import Answer, Caller
from sfmock.control.baseline import Baseline
from sfmock.org.org import Org
from sfmock.org.record import Record

_CASES = Path(__file__).parent / "cases"
_CUSTOM = re.compile(r"\b[A-Za-z](?=\w*__(?:[cersx]|mdt|Share|History|Feed)\b)")


@dataclass(frozen=True)
class World:
    """Where a case runs: the org that it starts from, and the letter that custom names begin with instead of theirs."""

    pack: Path
    seed: int
    letter: str | None = None

    def name(self, text: str) -> str:
        """The text with its custom names changed; their length stays, for errors count columns."""
        return text if self.letter is None else _CUSTOM.sub(self.letter, text)


_PLAIN = World(sfmock_orgs.developer, 0)
_OTHER = World(sfmock_orgs.sales, 4711, "Q")
_OTHER_ALONE = World(sfmock_orgs.developer, 4711, "Q")


def _cases() -> Iterator[Any]:
    for file in sorted(_CASES.glob("*.jsonl")):
        for line in file.read_text().splitlines():
            case = json.loads(line)
            other = _OTHER_ALONE if case.get("alone") else _OTHER
            for world_name, world in (("plain", _PLAIN), ("renamed", other)):
                name = case["name"].replace(" ", "_")
                renamed = json.loads(world.name(line))
                yield pytest.param(world, renamed, id=f"{name}-{world_name}")


class Names:
    """The ids behind `{acme}` and, with 15 characters, `{acme15}`."""

    def __init__(self, **ids: str) -> None:
        self.ids = dict(ids)

    def fill(self, value: Any) -> Any:
        text = json.dumps(value)
        for name, record_id in self.ids.items():
            text = text.replace(f"{{{name}}}", record_id).replace(f"{{{name}15}}", record_id[:15])
        return json.loads(text)


@pytest.fixture(scope="module")
def opened() -> Iterator[dict[World, tuple[Org, Baseline]]]:
    """The orgs of the worlds: opened once, with all their tables, and put back between cases."""
    made: dict[World, tuple[Org, Baseline]] = {}
    yield made
    for each, _ in made.values():
        each.close()


@pytest.fixture
def org(
    world: World,
    opened: dict[World, tuple[Org, Baseline]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Org]:
    if world not in opened:
        made = Org.new(world.pack, world.seed)
        _add_things(made, world)
        made.digest()  # makes the tables that hold first rows
        if world is not _PLAIN:
            made = _saved_and_opened(made, tmp_path_factory.mktemp("world") / "world.org")
        opened[world] = made, Baseline(made)
    found, baseline = opened[world]
    yield found
    baseline.restore()


def _saved_and_opened(org: Org, path: Path) -> Org:
    with org:
        org.save(path)
    return Org.open(path)


def _add_things(org: Org, world: World) -> None:
    thing = world.name("Thing__c")
    org.schema.add_object(thing, label="Thing")
    for name, kind, properties in (
        ("Key__c", "string", {"unique": True, "external_id": True, "length": 20}),
        ("Group__c", "string", {"external_id": True}),
        ("Size__c", "double", {"default": 3, "precision": 5, "scale": 2}),
        ("Ready__c", "boolean", {"default": True}),
        ("Colour__c", "picklist", {"values": ["Blue", "Green"], "restricted": True}),
        ("Tags__c", "multipicklist", {"values": ["A", "B", "C"], "restricted": True}),
        ("At__c", "datetime", {}),
        ("Daily__c", "time", {}),
        ("Spot__c", "location", {}),
        ("Parent__c", "reference", {"reference_to": thing}),
    ):
        label = name.removesuffix("__c")
        org.schema.add_field(thing, world.name(name), kind, label=label, **properties)


def _prepare(org: Org, case: dict[str, Any]) -> Names:
    """Carry out what a case adds to the schema, then its given rows; answers the ids of what has a name."""
    profile = org.db.value('SELECT "Id" FROM "Profile" WHERE "Name" = \'Standard User\'')
    names = Names(admin=org.admin_id, profile=str(profile), organization=org.id)
    for name, method, *arguments, options in case.get("schema", []):
        made = getattr(org.schema, method)(*arguments, **options)
        if name is not None:
            names.ids[name] = made.id
    for name, *step in case.get("given", []):
        action, *rest = names.fill(step)
        if action == "load":
            org.load(rest[0])
        elif action == "related":
            names.ids[name] = org.get(rest[1])[rest[2]]
        elif action == "find":
            names.ids[name] = _first(org, rest[0])
        elif action == "lock":
            org.lock(*rest)
        elif action == "schema":
            method, *arguments, options = rest
            getattr(org.schema, method)(*arguments, **options)
        elif action in ("merge", "undelete"):
            getattr(org, action)(*rest)
        elif action == "delete":
            org.records.delete(org.schema[rest[0]], rest[1], user_id=org.admin_id)
        elif action == "update":
            org.records.update(org.schema[rest[0]], rest[1], rest[2], user_id=org.admin_id)
        else:
            names.ids[name] = org.records.insert(org.schema[action], rest[0], user_id=org.admin_id)
    return names


def _first(org: Org, soql: str) -> str:
    found = org.query(soql)
    assert isinstance(found, list)
    return found[0].id


def _token(org: Org, case: dict[str, Any]) -> str:
    """A session of the administrator, or of a user who may do what the case says and no more."""
    if "permissions" not in case:
        return org.sessions.open(org.admin_id).token
    user = org.user("Jane Doe", profile="Standard User", permissions=case["permissions"])
    return org.sessions.open(user.id).token


def _send(call: Caller, names: Names, case: dict[str, Any], token: str) -> Answer:
    method, path, *body = names.fill(case["request"])
    return call(
        method,
        path,
        body=json.dumps(body[0], separators=(",", ":")).encode() if body else b"",
        headers=({"Content-Type": "application/json"} if body else {})
        | case.get("request_headers", {}),
        version=case.get("version", "60.0"),
        token=token,
    )


@pytest.mark.parametrize(("world", "case"), list(_cases()))
def test_a_rule_of_rows(world: World, case: dict[str, Any], org: Org, call: Caller) -> None:
    names = _prepare(org, case)
    token = _token(org, case)
    before = org.digest()

    answer = _send(call, names, case, token)

    assert answer.status < 300 or org.digest() == before

    assert answer.status == case["status"], answer.text
    if answer.status == 201:
        names.ids["new"] = answer.json["id"]  # type: ignore[index,call-overload,assignment]  # an object, by its status
    if "body" in case:
        assert answer.json == names.fill(case["body"])
        assert answer.text == json.dumps(answer.json, separators=(",", ":"), ensure_ascii=False)
    if answer.status == 204:
        assert answer.text == ""
        assert answer.headers.get("Content-Type") is None
    if case.get("refused"):
        assert '"errorCode":"SFMOCK_NOT_IMPLEMENTED"' in answer.text
    for header, value in case.get("headers", {}).items():
        assert answer.headers.get(header) == names.fill(value)
    for soql, rows in case.get("rows", {}).items():
        assert _queried(call, names.fill(soql)) == names.fill(rows)
    for name, fields in case.get("state", {}).items():
        assert _state(org, names.ids[name], fields) == names.fill(fields)
    for text, rows in case.get("found", {}).items():
        assert _found(org, names.fill(text)) == names.fill(rows)


def _queried(call: Caller, soql: str) -> Any:
    """The records of a query without their attributes."""
    body: Any = call("GET", f"/query?q={quote(soql)}").json
    return [
        {key: value for key, value in each.items() if key != "attributes"}
        for each in body["records"]
    ]


def _state(org: Org, record_id: str, fields: dict[str, Any] | None) -> Any:
    sobject = org.catalogue.by_id(record_id)
    assert sobject is not None
    row = org.records.find(sobject, record_id)
    if row is None or fields is None:
        return row
    found: dict[str, Any] = {}
    for name in fields:
        field = sobject.find(name)
        assert field is not None
        found[name] = bool(row[name]) if field.type == "boolean" else row[name]
    return found


def _found(org: Org, text: str) -> list[dict[str, Any]]:
    """The rows of a query, dates and numbers as text."""
    found = org.query(text)
    assert isinstance(found, list)
    return [_plain(each) for each in found]


def _plain(value: Any) -> Any:
    if isinstance(value, Record):
        return {name: _plain(each) for name, each in value.items()}
    return value if isinstance(value, bool | int | None) else str(value)
