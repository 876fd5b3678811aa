"""USING SCOPE: whose rows a query sees (soql.md 4)."""

from __future__ import annotations

from sfmock import errors
from sfmock.soql import nodes, plan
from sfmock.soql.scope import Scope


def bind_scope(
    scope: Scope, using: tuple[nodes.Using, ...], where: plan.Condition | None
) -> plan.Condition | None:
    """The condition of WHERE, and that the rows are the caller's own where the scope is `mine`."""
    names = [f"{each.kind} {'.'.join(each.name.parts)}" for each in using]
    words = ", ".join(names).lower()
    if words in ("", "scope everything"):
        return where
    if words != "scope mine":
        raise errors.refuse(f"SOQL USING {', '.join(names)}")
    owner = scope.root.find("OwnerId")
    if owner is None:
        raise errors.refuse(f"SOQL USING SCOPE mine on {scope.root.name}, which has no owner")
    owned = plan.Owned(plan.Column(scope.number, owner))
    return owned if where is None else plan.All((owned, where))
