"""Several things wrong in one request: which errors come out, in which order (rest.md 6.1; tests/engine/order)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import error_order
from calling import Caller
from sfmock.org.org import Org
from worlds import WORLDS, World

_TABLE = Path(__file__).parent / "order" / "provocations.jsonl"
Opened = dict[World, tuple[Caller, dict[str, str], str]]


def _cases() -> Iterator[Any]:
    for line in error_order.built(_TABLE):
        name = json.loads(line)["name"].replace(" ", "_")
        for world_name, world in WORLDS.items():
            yield pytest.param(world, json.loads(world.name(line)), id=f"{name}-{world_name}")


@pytest.fixture(scope="module")
def opened() -> Iterator[Opened]:
    """An org a world, with its rows and its digest: nothing that a case sends is written."""
    made: Opened = {}
    yield made
    for caller, _, _ in made.values():
        caller.org.close()


@pytest.mark.parametrize(("world", "case"), list(_cases()))
def test_the_first_stage_that_fails_tells_its_errors(
    world: World, case: dict[str, Any], opened: Opened
) -> None:
    if world not in opened:
        org = Org.new(world.pack, world.seed)
        ids = error_order.prepare(org, world.name)
        opened[world] = Caller(org), ids, org.digest()
    call, ids, digest = opened[world]
    method, path, body = _filled(case["request"], ids)

    answer = call(method, path, body)

    assert answer.json == _filled(case["told"], ids)
    assert answer.status == 400
    assert call.org.digest() == digest


def test_every_stage_has_something_that_provokes_it() -> None:
    stages = {json.loads(line)["stage"] for line in _TABLE.read_text().splitlines()}
    assert stages == set(error_order.STAGES)


def _filled(value: Any, ids: dict[str, str]) -> Any:
    text = json.dumps(value)
    for name, record_id in ids.items():
        text = text.replace(f"{{{name}}}", record_id)
    return json.loads(text)
