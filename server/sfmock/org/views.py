"""The schema as the user sees it who is being served: whoever asks the org for its catalogue gets that user's.

While a request is answered, the thread that answers it acts as its user; outside of requests nobody is restricted.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from types import TracebackType

from sfmock import errors
from sfmock.org import access
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import SObject
from sfmock.store.database import Database

DDL = (
    "CREATE TABLE IF NOT EXISTS sf_user_permission (user_id TEXT PRIMARY KEY, definition TEXT NOT NULL)",
)
_KEPT = 64
_READS_ONLY = (
    'SELECT 1 FROM "User" u JOIN "Profile" p ON p."Id" = u."ProfileId"'
    ' WHERE u."Id" = ? AND p."Name" = \'Read Only\''
)


class _Acting(threading.local):
    """Who is being served in this thread."""

    user_id: str | None = None


class Serving:
    """What `Views.acting()` gives; a class, for every request enters one and a generator takes three times as long."""

    __slots__ = ("_acting", "_before", "_user_id")

    def __init__(self, acting: _Acting, user_id: str | None) -> None:
        self._acting = acting
        self._user_id = user_id
        self._before: str | None = None

    def __enter__(self) -> None:
        self._before, self._acting.user_id = self._acting.user_id, self._user_id

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._acting.user_id = self._before


class Views:
    """Which catalogue each user meets."""

    def __init__(self, db: Database, whole: Callable[[], Catalogue]) -> None:
        self._db = db
        self.whole = whole
        """All sobjects at this moment."""
        self._acting = _Acting()
        self._definitions: dict[str, str | None] = {}
        self._undone = -1
        self._narrowed: OrderedDict[tuple[int, str], Catalogue] = OrderedDict()

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue of the user who is being served; all of it outside of requests."""
        user_id = self._acting.user_id
        return self.whole() if user_id is None else self.of(user_id)

    def of(self, user_id: str) -> Catalogue:
        """The catalogue that a user meets."""
        whole, definition = self.whole(), self._definition(user_id)
        if definition is None:
            return whole
        key = (whole.token, definition)
        found = self._narrowed.get(key)
        if found is None:
            found = self._narrowed[key] = access.narrow(whole, access.load(json.loads(definition)))
            if len(self._narrowed) > _KEPT:
                self._narrowed.popitem(last=False)
        return found

    def acting(self, user_id: str | None) -> Serving:
        """Serve a user in this thread."""
        return Serving(self._acting, user_id)

    def permit(self, user_id: str, permissions: Mapping[str, object]) -> None:
        """Give a user rights on objects and fields, in the place of any former ones."""
        accesses = access.read_permissions(permissions, self.whole())
        definition = json.dumps(access.dump(accesses), separators=(",", ":"))
        self._db.execute(
            "INSERT OR REPLACE INTO sf_user_permission (user_id, definition) VALUES (?, ?)",
            (user_id, definition),
        )
        self._definitions.clear()

    def check_write(self, sobject: SObject) -> None:
        """Refuse writes of users who only read, unless their rights on the object are given."""
        user_id = self._acting.user_id
        if user_id is None or sobject.whole is not None:
            return
        if self._db.value(_READS_ONLY, (user_id,)) is not None:
            raise errors.refuse(
                f"writing {sobject.name} as a user of the profile Read Only: give org.user() permissions="
            )

    def _definition(self, user_id: str) -> str | None:
        if self._undone != self._db.undone:  # a rollback may have taken rights back
            self._definitions.clear()
            self._undone = self._db.undone
        if user_id not in self._definitions:
            found = self._db.value(
                "SELECT definition FROM sf_user_permission WHERE user_id = ?", (user_id,)
            )
            self._definitions[user_id] = None if found is None else str(found)
        return self._definitions[user_id]
