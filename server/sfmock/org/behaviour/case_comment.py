"""Case comments: the guide counts their length in bytes (Object Reference: CaseComment)."""

from __future__ import annotations

from sfmock.errors import refuse
from sfmock.org.behaviour.draft import Draft
from sfmock.store.database import Value

_MOST_BYTES = 4000


def derive(draft: Draft) -> None:
    """Refuse a comment that fits in characters but not in bytes."""
    check_length(draft["CommentBody"])


def check_length(text: Value) -> None:
    """Refuse a text that is too long for a comment."""
    if len(str(text or "").encode()) > _MOST_BYTES:
        raise refuse("the error for a case comment of more than 4,000 bytes")
