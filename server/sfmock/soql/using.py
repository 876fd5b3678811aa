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
    if words == "scope team":
        return _with(_of_team(scope), where)
    if words != "scope mine":
        raise errors.refuse(f"SOQL USING {', '.join(names)}")
    owner = scope.root.find("OwnerId")
    if owner is None:
        raise errors.refuse(f"SOQL USING SCOPE mine on {scope.root.name}, which has no owner")
    return _with(plan.Owned(plan.Column(scope.number, owner)), where)


def _with(chosen: plan.Condition, where: plan.Condition | None) -> plan.Condition:
    return chosen if where is None else plan.All((chosen, where))


def _of_team(scope: Scope) -> plan.SemiJoin:
    """The rows on whose team the caller is."""
    name = f"{scope.root.name}TeamMember"
    members = scope.shared.catalogue.find(name)
    link = None if members is None else members.find(f"{scope.root.name}Id")
    user = None if members is None else members.find("UserId")
    own = scope.root.find("Id")
    if members is None or link is None or user is None or own is None:
        raise errors.refuse(f"SOQL USING SCOPE team on {scope.root.name}, which has no team")
    within = Scope(scope.shared, members, None)
    scope.shared.inner.append(members)
    mine = plan.Owned(plan.Column(within.number, user))
    inner = plan.Inner(within.number, members, plan.Column(within.number, link), (), mine)
    return plan.SemiJoin(plan.Column(scope.number, own), inner, negated=False)
