"""Email messages on cases: once they are no drafts, they stay as they are (Object Reference: EmailMessage)."""

from __future__ import annotations

from sfmock.errors import refuse
from sfmock.org.behaviour.draft import Change, Draft
from sfmock.org.behaviour.rows import exists

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


def follow_attachment(change: Change) -> None:
    """An email message shows whether it has attachments."""
    store, parent_id = change.store, str(change.row["ParentId"])
    message = store.named("EmailMessage", parent_id)
    sobject = store.catalogue.find("EmailMessage")
    has = int(exists(store, "Attachment", ParentId=parent_id))
    if message is not None and sobject is not None and message["HasAttachment"] != has:
        store.update(store.plan(sobject), parent_id, {"HasAttachment": has})
