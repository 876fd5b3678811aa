"""Which standard objects follow rules of their own: one row an sobject."""

from __future__ import annotations

from collections.abc import Mapping

from sfmock.org.behaviour import (
    activity,
    case,
    case_comment,
    event,
    group,
    lead,
    numbers,
    opportunity,
    person,
    profile,
    task,
    user,
)
from sfmock.org.behaviour.draft import ChangeRule, Rule

BEFORE: Mapping[str, tuple[Rule, ...]] = {
    "Account": (person.give_photo,),
    "Case": (numbers.give, case.derive),
    "CaseComment": (case_comment.derive,),
    "Contact": (person.compose_name, person.give_photo),
    "Event": (event.derive,),
    "Group": (group.derive,),
    "Lead": (person.compose_name, person.give_photo, lead.derive),
    "Opportunity": (opportunity.derive,),
    "Profile": (profile.derive,),
    "Task": (task.derive,),
    "User": (person.compose_name, user.derive),
}
"""Rules that complete a row before it is written."""

AFTER: Mapping[str, tuple[Rule, ...]] = {
    "Contact": (activity.keep_account,),
    "Contract": (activity.keep_account,),
    "Opportunity": (activity.keep_account,),
}
"""Rules that follow a created or updated row up."""

FOLLOW: Mapping[str, tuple[ChangeRule, ...]] = {
    "Contact": (case.follow_contact,),
    "Event": (activity.follow,),
    "Task": (activity.follow,),
}
"""Rules that follow every change of a row, deletes and undeletes included."""

BEFORE_DELETE: Mapping[str, tuple[ChangeRule, ...]] = {
    "Group": (group.check_deletable,),
    "Profile": (profile.check_deletable,),
}
"""Rules that forbid to delete a row, be it on its own or with its parent."""

PERSONS = frozenset({"Contact", "Lead", "User"})
"""Sobjects whose `Name` is made of `FirstName` and `LastName`."""
