"""Topics: nobody talks about a new one, and there is one of a name."""

from __future__ import annotations

from sfmock.errors import refuse
from sfmock.org.behaviour.draft import Draft


def derive(draft: Draft) -> None:
    """Refuse a second topic of a name: nobody has told the error."""
    if draft.creating:
        draft.values["TalkingAbout"] = 0
    field = draft.plan.sobject.find("Name")
    if field is None or not draft.changes("Name"):
        return
    if set(draft.store.ids(draft.plan.sobject, field, draft["Name"])) - {draft.record_id}:
        raise refuse("the error for a second topic of this name")
