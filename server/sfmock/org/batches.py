"""Many records in one call: each is saved or refused by itself, or all of them together (error-catalogue.md 7)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sfmock import batch_errors
from sfmock.errors import Refused, SalesforceError, SeveralErrors
from sfmock.store.database import Database


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of one record."""

    id: str | None
    created: bool = False
    errors: tuple[SalesforceError, ...] = ()

    @property
    def success(self) -> bool:
        """Whether it was saved."""
        return not self.errors


class _RolledBackError(Exception):
    """Some record of a batch failed that is saved whole or not at all."""


def save_all(
    db: Database, rows: Sequence[Callable[[], Saved]], *, all_or_none: bool
) -> list[Saved]:
    """Save records one after the other; raises what is no matter of a record, and then nothing is saved."""
    saved: list[Saved] = []
    try:
        with db.transaction():
            saved += [_save(db, each) for each in rows]
            if all_or_none and not all(each.success for each in saved):
                raise _RolledBackError
    except _RolledBackError:
        rolled_back = Saved(None, errors=(batch_errors.ROLLED_BACK(),))
        return [rolled_back if each.success else each for each in saved]
    return saved


def _save(db: Database, row: Callable[[], Saved]) -> Saved:
    try:
        with db.transaction():
            return row()
    except Refused:
        raise
    except SeveralErrors as error:
        return Saved(None, errors=error.errors)
    except SalesforceError as error:
        if error.fields is None:
            raise
        return Saved(None, errors=(error,))
