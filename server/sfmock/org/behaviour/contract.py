"""Contracts: a status that only goes forward, and an end that follows from start and term (metadata.md 4.6)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from sfmock import errors
from sfmock.errors import refuse
from sfmock.org.behaviour import statuses
from sfmock.org.behaviour.draft import Change, Draft
from sfmock.org.behaviour.rows import exists
from sfmock.org.dml.plan import Row
from sfmock.org.dml.store import Store
from sfmock.store.database import Value

_STEPS = frozenset({("Draft", "InApproval"), ("Draft", "Activated"), ("InApproval", "Activated")})
"""From which status category to which a contract may go."""
_ACTIVATION = ("ActivatedDate", "ActivatedById")


def derive(draft: Draft) -> None:
    """Follow status, start and term."""
    if any(name in draft.supplied and draft.changes(name) for name in _ACTIVATION):
        raise refuse("writing when and by whom a contract was activated")
    moves = not draft.creating and draft.changes("AccountId")
    if moves and exists(draft.store, "Order", ContractId=draft.record_id):
        raise refuse("another account for a contract that has orders")
    if draft.changes("StartDate", "ContractTerm"):
        draft.values["EndDate"] = _end(draft["StartDate"], draft["ContractTerm"])
    if draft.changes("Status"):
        _enter_status(draft)


def check_deletable(change: Change) -> None:
    """Whether an activated contract may go depends on a permission (Delete Activated Contracts)."""
    if code_of(change.store, change.row) != "Draft":
        raise refuse("deleting a contract that is no draft any more")


def code_of(store: Store, contract: Row) -> Value:
    """The category of a contract's status, which rows that were loaded may leave out."""
    status = statuses.find(store, "ContractStatus", contract.get("Status"))
    return contract.get("StatusCode") or (None if status is None else status["StatusCode"])


def _enter_status(draft: Draft) -> None:
    status = statuses.find(draft.store, "ContractStatus", draft["Status"])
    if status is None:
        raise refuse(f"the contract status {str(draft['Status'])!r}, which the org lacks")
    before, code = code_of(draft.store, draft.old or {}), status["StatusCode"]
    draft.values["StatusCode"] = code
    if draft.creating:
        if code != "Draft":
            raise errors.FAILED_CONTRACT_ACTIVATION(fields=["Status"])
        return
    if before == code:
        return
    if before == "Activated" and code in ("Draft", "InApproval"):
        raise errors.FAILED_CONTRACT_ACTIVATION(fields=["Status"])
    if (before, code) not in _STEPS:
        raise refuse(f"a contract that goes from {before} to {code}")
    if code == "Activated":
        draft.values["ActivatedDate"] = draft.now
        draft.values["ActivatedById"] = draft.user_id


def _end(start: Value, term: Value) -> str | None:
    """The day before as many months have passed."""
    if start is None or not isinstance(term, int):
        return None
    if term <= 0:
        raise refuse("a contract term below one month")
    first = date.fromisoformat(str(start))
    years, month = divmod(first.month - 1 + term, 12)
    year, month = first.year + years, month + 1
    if year > date.max.year:
        raise refuse("a contract that ends after the year 9999")
    day = min(first.day, monthrange(year, month)[1])
    return (date(year, month, day) - timedelta(days=1)).isoformat()
