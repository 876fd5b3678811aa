"""Persons: `Name` of Contact, Lead and User is made of its parts (metadata.md 4.1)."""

from __future__ import annotations

from sfmock.org.behaviour.draft import Draft
from sfmock.org.dml.plan import Row


def full_name(row: Row) -> str | None:
    """First and last name, without the salutation."""
    parts = [str(row[part]) for part in ("FirstName", "LastName") if row.get(part)]
    return " ".join(parts) or None


def compose_name(draft: Draft) -> None:
    """Keep `Name` in step with its parts."""
    if draft.changes("FirstName", "LastName"):
        draft.values["Name"] = full_name(
            {"FirstName": draft["FirstName"], "LastName": draft["LastName"]}
        )


def give_firsts(draft: Draft) -> None:
    """Accounts and persons have the address of a photo from the start, and wait to be cleaned, as recorded (rest-0070)."""
    draft.values["PhotoUrl"] = f"/services/images/photo/{draft.record_id}"
    if "CleanStatus" not in draft.values and draft.plan.sobject.find("CleanStatus") is not None:
        draft.values["CleanStatus"] = "Pending"
