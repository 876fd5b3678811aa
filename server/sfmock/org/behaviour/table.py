"""Which standard objects follow rules of their own: one row an sobject."""

from __future__ import annotations

from collections.abc import Mapping

from sfmock.org.behaviour import (
    activity,
    case,
    group,
    lead,
    numbers,
    opportunity,
    person,
    profile,
    task,
    user,
)
from sfmock.org.behaviour.draft import Rule

BEFORE: Mapping[str, tuple[Rule, ...]] = {
    "Account": (person.give_photo,),
    "Case": (numbers.give, case.derive),
    "Contact": (person.compose_name, person.give_photo),
    "Group": (group.derive,),
    "Lead": (person.compose_name, person.give_photo, lead.derive),
    "Opportunity": (opportunity.derive,),
    "Profile": (profile.derive,),
    "Task": (task.derive,),
    "User": (person.compose_name, user.derive),
}
"""Rules that complete a row before it is written."""

AFTER: Mapping[str, tuple[Rule, ...]] = {
    "Case": (activity.keep_account,),
    "Contact": (case.follow_contact, activity.keep_account),
    "Opportunity": (activity.keep_account,),
    "Task": (activity.follow_task,),
}
"""Rules that follow a written row up."""

PERSONS = frozenset({"Contact", "Lead", "User"})
"""Sobjects whose `Name` is made of `FirstName` and `LastName`."""
