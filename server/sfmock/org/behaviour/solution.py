"""Solutions: what follows from the status (metadata.md 4.7)."""

from __future__ import annotations

from sfmock.org.behaviour import statuses
from sfmock.org.behaviour.draft import Draft


def derive(draft: Draft) -> None:
    """Fill in all that Salesforce derives."""
    if draft.creating:
        draft.values["TimesUsed"] = 0
    if draft.changes("Status"):
        status = statuses.find(draft.store, "SolutionStatus", draft["Status"])
        draft.truth("IsReviewed", bool(status and status["IsReviewed"]))
