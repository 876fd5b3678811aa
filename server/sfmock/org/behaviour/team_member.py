"""Members of account and opportunity teams: one a user, whose name and title they show."""

from __future__ import annotations

from sfmock.errors import refuse
from sfmock.org.behaviour.draft import Change, Draft
from sfmock.org.behaviour.rows import exists, kept
from sfmock.org.dml.plan import Row

_TEAMS = {"AccountTeamMember": "AccountId", "OpportunityTeamMember": "OpportunityId"}
_SHOWN = ("Name", "Title")
"""Fields of the user that a member shows."""
_LEVELS = ("AccountAccessLevel", "OpportunityAccessLevel", "CaseAccessLevel", "ContactAccessLevel")


def derive(draft: Draft) -> None:
    """Fill in what a member shows of its user."""
    for level in _LEVELS:
        if draft.values.get(level) == "All" and draft.changes(level):
            raise refuse("full access, which only owners have, for a team member")
    if not draft.creating:
        return
    sobject = draft.plan.sobject.name
    parent = _TEAMS[sobject]
    same: Row = {parent: draft[parent], "UserId": draft["UserId"]}
    if exists(draft.store, sobject, **same):
        raise refuse(f"a second {draft.plan.sobject.label} for the same user")
    if sobject == "AccountTeamMember" and "AccountAccessLevel" not in draft.supplied:
        raise refuse("the access level that an account team member gets by default")
    user = draft.store.named("User", str(draft["UserId"]))
    if user is not None:
        draft.values.update(_show(draft.plan.names, user))


def follow_user(change: Change) -> None:
    """The members of a user show its new name."""
    if change.before is None or not change.touches(*_SHOWN):
        return
    for name in _TEAMS:
        sobject = change.store.catalogue.find(name)
        for member in kept(change.store, name, UserId=change.row["Id"]):
            if sobject is not None:
                plan = change.store.plan(sobject)
                change.store.update(plan, str(member["Id"]), _show(plan.names, change.row))


def _show(names: tuple[str, ...], user: Row) -> Row:
    return {name: user.get(name) for name in _SHOWN if name in names}
