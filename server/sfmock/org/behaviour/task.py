"""Tasks: what follows from status and priority (metadata.md 4.8)."""

from __future__ import annotations

from sfmock.org.behaviour import related, statuses
from sfmock.org.behaviour.draft import Draft


def derive(draft: Draft) -> None:
    """Fill in all that Salesforce derives."""
    related.derive(draft)
    if draft.changes("Status"):
        status = statuses.find(draft.store, "TaskStatus", draft["Status"])
        closed = bool(status and status["IsClosed"])
        if draft.creating or closed != bool(draft.before("IsClosed")):
            draft.truth("IsClosed", closed)
            draft.values["CompletedDateTime"] = draft.now if closed else None
    if draft.changes("Priority"):
        priority = statuses.find(draft.store, "TaskPriority", draft["Priority"])
        draft.truth("IsHighPriority", bool(priority and priority["IsHighPriority"]))
