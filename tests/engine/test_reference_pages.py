"""Pages of the reference that the engine alone can check."""

from __future__ import annotations

import re
from pathlib import Path

from sfmock.org.apps import OPTIONS

_DOCS = Path(__file__).parents[2] / "docs" / "reference"


def test_the_page_of_connected_apps_lists_their_options() -> None:
    rows = [
        line.split("|")[1:3]
        for line in (_DOCS / "connected-apps.md").read_text().splitlines()
        if line.startswith("| `")
    ]
    names = [name for first, _ in rows for name in re.findall(r"`(\w+)`", first)]
    listed = {
        *names,
        "refresh_token_validity",
        "profiles",
        "permission_sets",
    }  # named beside others
    assert listed == set(OPTIONS)
    assert len(names) == len(set(names))
