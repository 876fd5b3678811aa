"""Case comments: the guide counts their length in bytes (Object Reference: CaseComment)."""

from __future__ import annotations

from sfmock.errors import refuse
from sfmock.org.behaviour.draft import Draft

_MOST_BYTES = 4000


def derive(draft: Draft) -> None:
    """Refuse a comment that fits in characters but not in bytes."""
    if len(str(draft["CommentBody"] or "").encode()) > _MOST_BYTES:
        raise refuse("the error for a case comment of more than 4,000 bytes")
