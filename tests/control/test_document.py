"""The OpenAPI document: valid, whole, and true of what calls are answered."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from controlling import Remote
from openapi_schema import OPENAPI
from sfmock.control.remote.openapi import document
from sfmock.control.remote.operation import Operation
from sfmock.control.remote.table import GROUPS, OPERATIONS, at_path

_CASES = Path(__file__).parent / "cases"
_DOCUMENT: Any = document()


def test_it_is_a_document_of_openapi() -> None:
    Draft202012Validator(OPENAPI).validate(_DOCUMENT)


def test_its_schemas_are_schemas_and_its_references_lead_somewhere() -> None:
    for each in _schemas(_DOCUMENT):
        Draft202012Validator.check_schema(each)
    for name in re.findall(r'"#/components/schemas/(\w+)"', json.dumps(_DOCUMENT)):
        assert name in _DOCUMENT["components"]["schemas"]


def test_each_operation_stands_in_it_with_all_its_parameters() -> None:
    described = {
        (method.upper(), path): each
        for path, item in _DOCUMENT["paths"].items()
        for method, each in item.items()
    }
    assert set(described) == {(each.method, each.path) for each in OPERATIONS}
    for each in OPERATIONS:
        told = described[each.method, each.path]
        assert told["operationId"] == each.name
        assert told["summary"] == each.summary
        assert [one["name"] for one in told.get("parameters", [])] == [
            one.name for one in each.parameters if one.place != "body"
        ]
        body = told.get("requestBody", {"content": {"application/json": {"schema": {}}}})
        schema = body["content"]["application/json"]["schema"]
        assert [*schema.get("properties", {})] == [one.name for one in each.at("body")]
        assert f"{each.status}" in told["responses"]


def test_names_and_paths_of_operations_are_unique_and_their_holes_are_parameters() -> None:
    assert len({each.name for each in OPERATIONS}) == len(OPERATIONS)
    assert len({(each.method, each.path) for each in OPERATIONS}) == len(OPERATIONS)
    for each in OPERATIONS:
        holes = re.findall(r"\{(\w+)\}", each.path)
        assert holes == [one.name for one in each.at("path")]
        assert "body" not in {one.place for one in each.parameters} or each.method in (
            "POST",
            "PATCH",
        )
        found, _ = at_path(re.sub(r"\{\w+\}", "x", each.path))
        assert each in found
    assert sum(map(len, GROUPS.values())) == len(OPERATIONS)


def test_it_is_served(remote: Remote) -> None:
    told = remote("GET /openapi.json")
    assert (told.status, told.json) == (200, _DOCUMENT)
    assert told.headers["Content-Type"] == "application/json"


def _answers() -> Iterator[tuple[Operation, dict[str, Any]]]:
    for file in sorted(_CASES.glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            for step in json.loads(line)["steps"]:
                if "call" in step and "{" not in step["call"]:
                    method, path = step["call"].split(" ", 1)
                    found, _ = at_path(path.partition("?")[0])
                    yield from ((each, step) for each in found if each.method == method)


@pytest.mark.parametrize("operation", OPERATIONS, ids=[each.name for each in OPERATIONS])
def test_bodies_of_the_cases_are_as_described(operation: Operation) -> None:
    described = _DOCUMENT["paths"][operation.path][operation.method.lower()]
    for each, step in _answers():
        if each is operation and "body" in step and "requestBody" in described:
            schema = described["requestBody"]["content"]["application/json"]["schema"]
            is_right = Draft202012Validator(schema).is_valid(step["body"])
            assert is_right or step["status"] == 422, step
        if each is operation:
            assert str(step["status"]) in {*described["responses"], "405"}, step


@pytest.mark.parametrize(
    ("call", "body"),
    [
        ("GET /", None),
        ("POST /sobjects/Account/create", {"count": 2}),
        ("POST /query", {"soql": "SELECT Id, (SELECT Id FROM Contacts) FROM Account"}),
        ("POST /snapshots", None),
        ("GET /clock", None),
        ("POST /faults", {"kind": "slow", "times": None, "body": {"a": 1}}),
        ("POST /faults/sequence", {"steps": [None]}),
        ("GET /faults", None),
        ("GET /faults/kinds", None),
        ("GET /limits", None),
        ("PATCH /limits/DailyApiRequests", {"max": 5}),
        ("GET /requests", None),
        ("GET /requests?bodies=false", None),
        ("GET /problems", None),
        ("POST /requests/expect", {"expected": []}),
        ("GET /credentials", None),
        ("POST /sessions", None),
        ("GET /sessions", None),
        ("POST /users", {"name": "Somebody"}),
        ("GET /nope", None),
        ("DELETE /reset", None),
        ("POST /reset", {"x": 1}),
    ],
)
def test_answers_are_as_described(remote: Remote, call: str, body: Any) -> None:
    remote.as_client("GET /query?q=SELECT+Id+FROM+Nope")
    told = remote(call, body)
    method, path = call.split(" ", 1)
    found, _ = at_path(path.partition("?")[0])
    operation = next((each for each in found if each.method == method), None)
    schema: dict[str, Any] = {"$ref": "#/components/schemas/Error"}
    if told.status < 300:
        assert operation is not None
        described = _DOCUMENT["paths"][operation.path][method.lower()]["responses"]
        schema = {
            **described[str(told.status)]["content"]["application/json"]["schema"],
            "additionalProperties": False,
        }
    Draft202012Validator({**schema, "components": _DOCUMENT["components"]}).validate(told.json)


def _schemas(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for name, each in value.items():
            if name == "schema":
                yield each
            elif name == "schemas":
                yield from each.values()
            yield from _schemas(each)
    elif isinstance(value, list):
        for each in value:
            yield from _schemas(each)
