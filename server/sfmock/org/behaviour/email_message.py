"""Email messages on cases: once they are no drafts, they stay as they are (Object Reference: EmailMessage)."""

from __future__ import annotations

from sfmock.errors import refuse
from sfmock.org.behaviour.draft import Draft

_DRAFT = "5"


def derive(draft: Draft) -> None:
    """Take messages of cases; those of other records make a task of their own, which is not known."""
    if draft.creating and draft["ParentId"] is None:
        raise refuse("email messages without a case, which make a task")
    if draft["RelatedToId"] is not None:
        raise refuse("EmailMessage.RelatedToId")
    if draft.creating or draft.before("Status") == _DRAFT:
        return
    fields = (draft.plan.column(name).field for name in draft.supplied)
    if any(not each.custom for each in fields):
        raise refuse("the error for changing an email message that is no draft")
