"""Logging in and out: one case a rule (tests/engine/cases/oauth/*.jsonl), in two orgs.

The second org has another seed, so other ids and keys, and comes out of a file, which must hold all of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import assertion_cases  # noqa: F401  # these add steps
import login_cases  # noqa: F401
from oauth_cases import Story, cases
from sfmock.control.baseline import Baseline
from sfmock.org.org import Org

_CASES = Path(__file__).parent / "cases" / "oauth"
_SEEDS = {"plain": 0, "opened": 4711}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[Org, Baseline]]]:
    """The orgs: opened once, and put back between cases."""
    orgs = {name: Org.new("developer", seed) for name, seed in _SEEDS.items()}
    file = tmp_path_factory.mktemp("oauth") / "opened.org"
    with orgs["opened"] as saved:
        saved.save(file)
    orgs["opened"] = Org.open(file)
    for each in orgs.values():
        each.digest()  # makes the tables that hold first rows
    yield {name: (each, Baseline(each)) for name, each in orgs.items()}
    for each in orgs.values():
        each.close()


@pytest.fixture
def org(world: str, opened: dict[str, tuple[Org, Baseline]]) -> Iterator[Org]:
    found, baseline = opened[world]
    yield found
    baseline.restore()


@pytest.mark.parametrize("world", list(_SEEDS))
@pytest.mark.parametrize("case", list(cases(_CASES)))
def test_a_rule_of_logging_in(case: dict[str, Any], org: Org) -> None:
    Story(org, case).run()
