"""Token exchange handlers are Python functions: what a reset and a file do to them."""

from __future__ import annotations

from pathlib import Path

from sfmock.control.baseline import Baseline
from sfmock.org.org import Org


def nobody(token: str, kind: str) -> None:
    """Finds no user."""


def test_a_reset_takes_handlers_back(org: Org) -> None:
    org.token_exchanges.add(nobody, name="First")
    baseline = Baseline(org)
    org.token_exchanges.add(nobody, name="Second")
    baseline.restore()
    assert org.token_exchanges.names == ["First"]
    assert org.token_exchanges.find("First") is nobody
    assert org.token_exchanges.find("Second") is None


def test_no_file_keeps_a_handler_and_save_says_so(org: Org, tmp_path: Path) -> None:
    org.token_exchanges.add(nobody)
    assert org.save(tmp_path / "saved.org") == (
        "the Python function of the token exchange handler Default",
    )
    with Org.open(tmp_path / "saved.org") as copy:
        assert copy.token_exchanges.find(None) is None
