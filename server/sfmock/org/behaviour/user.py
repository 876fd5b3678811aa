"""Users: type and nickname come from elsewhere (metadata.md 4.11)."""

from __future__ import annotations

from sfmock.errors import refuse
from sfmock.org.behaviour.draft import Draft
from sfmock.org.dml.checks import EMAIL


def derive(draft: Draft) -> None:
    """Fill in what the profile and the platform give a user."""
    if draft.changes("Username") and not EMAIL.fullmatch(str(draft["Username"])):
        raise refuse("the error for a user name that has not the form of an email address")
    if draft.changes("ProfileId"):
        profile = draft.store.named("Profile", str(draft["ProfileId"]))
        draft.values["UserType"] = None if profile is None else profile.get("UserType")
    if draft.creating and draft["CommunityNickname"] is None:
        number = draft.sequences.next("User.CommunityNickname", after=0)
        draft.values["CommunityNickname"] = f"User{number:018d}"
