"""Clauses that change no answer, and those that nothing here answers (soql.md 6, 9)."""

from __future__ import annotations

from typing import Final

from sfmock import errors
from sfmock.soql import nodes

_MODES: Final = frozenset({"SECURITY_ENFORCED", "USER_MODE", "SYSTEM_MODE"})
"""Over REST the caller's permissions hold whatever the query says; these are taken for no-ops (unverified)."""

_COUNTERS: Final = frozenset({"TRACKING", "VIEWSTAT"})
"""Words of UPDATE: they count how often articles are found, and change no answer."""


def check_modes(query: nodes.Query) -> None:
    """Refuse the first clause that would change the answer in a way that is not known."""
    for clause in query.withs:
        match clause:
            case nodes.Mode(nodes.Path((name,))) if name.upper() in _MODES:
                continue
            case nodes.DataCategories():
                raise errors.refuse("SOQL WITH DATA CATEGORY")
            case nodes.Mode(path) | nodes.Setting(path, _) | nodes.Context(path, _):
                raise errors.refuse(f"SOQL WITH {'.'.join(path.parts)}")
    if query.binds:
        raise errors.refuse("SOQL BIND")
    for word in query.update:
        if word not in _COUNTERS:
            raise errors.refuse(f"SOQL {word} behind UPDATE")
