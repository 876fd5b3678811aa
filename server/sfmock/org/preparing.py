"""From a query's text, or a plan, to what can be run: cached by all that decides it, its tables ready, its rows known."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, tzinfo
from typing import TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sfmock import errors
from sfmock.org.behaviour.coverage import check_readable
from sfmock.org.permissions import VIEW_ENCRYPTED_DATA, has_permission
from sfmock.org.prepared import Prepared, prepare
from sfmock.org.virtual_rows import VirtualRows
from sfmock.schema.catalogue import Catalogue
from sfmock.soql import restrictions
from sfmock.soql.binder import MOST_LEVELS, bind
from sfmock.soql.parser import parse
from sfmock.soql.plan import Plan
from sfmock.soql.shape import RowFunction
from sfmock.soql.virtual import check_virtual, is_virtual
from sfmock.store.database import Database
from sfmock.store.tables import Tables
from sfmock.versions import NESTED_SUB_QUERIES, Version

_PLANS = 256
_SUNDAYS = "en_US"
"""The locale whose weeks are known to begin on Sunday (soql.md 5.5)."""
_Key: TypeAlias = tuple[str, int, str, int, bool, bool]


class Preparing:
    """Makes queries ready for one org's database."""

    def __init__(
        self, db: Database, tables: Tables, catalogue: Callable[[], Catalogue], pod: str
    ) -> None:
        self._db = db
        self._tables = tables
        self._catalogue = catalogue
        self._virtual = VirtualRows(db, pod)
        self._known: OrderedDict[_Key, Prepared] = OrderedDict()
        self._settled: dict[_Key, Prepared] = {}
        """What was made ready for a user since the rows were last written: it is ready still."""
        self._mark = db.mark

    def text(
        self, text: str, user_id: str, version: Version, *, all_rows: bool, known: bool = False
    ) -> Prepared:
        """The query of this user; `known`: its rows are, so it need not name ids that would bound them."""
        with self._db.lock:
            catalogue = self._catalogue()
            key = (text, catalogue.token, user_id, version.major, all_rows, known)
            mark = self._db.mark
            if mark == self._mark and (query := self._settled.get(key)) is not None:
                return query
            query = self._text(text, catalogue, user_id, version, all_rows=all_rows, known=known)
            self._settle(query, user_id)
            if mark != self._mark or len(self._settled) >= _PLANS:
                self._settled.clear()
                self._mark = mark
            if mark == self._db.mark and not is_virtual(query.plan):  # those share their tables
                self._settled[key] = query
            return query

    def _text(
        self,
        text: str,
        catalogue: Catalogue,
        user_id: str,
        version: Version,
        *,
        all_rows: bool,
        known: bool,
    ) -> Prepared:
        """The query in the user's time zone."""
        zone_name = self._zone_name(user_id)
        key = (text, catalogue.token, zone_name, version.major, all_rows, known)
        query = self._known.get(key)
        if query is None or not query.holds(self._tables.used()):
            plan = bind(text, parse(text), catalogue, levels=_levels(version))
            if not known:
                restrictions.check(plan)
            check_virtual(plan, catalogue)
            query = self._known[key] = self._prepare(plan, version, zone_name, all_rows=all_rows)
            if len(self._known) > _PLANS:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(key)
        return query

    def plan(self, plan: Plan, user_id: str, version: Version) -> Prepared:
        """A plan that stands for no text of its own, for this user."""
        query = self._prepare(plan, version, self._zone_name(user_id), all_rows=False)
        self._settle(query, user_id)
        return query

    def writer(self, query: Prepared, user_id: str) -> RowFunction | None:
        """What writes its rows for this user; None for COUNT()."""
        if query.masks and self.sees_encrypted(user_id):
            return query.write_clear
        return query.write

    def sees_encrypted(self, user_id: str) -> bool:
        """Whether encrypted text is shown to this user as it is."""
        return has_permission(
            self._db, self._tables, self._catalogue(), user_id, VIEW_ENCRYPTED_DATA
        )

    def _prepare(self, plan: Plan, version: Version, zone_name: str, *, all_rows: bool) -> Prepared:
        used = self._tables.used()
        return prepare(plan, version, all_rows=all_rows, zone=_zone(zone_name), used=used)

    def _settle(self, query: Prepared, user_id: str) -> None:
        """Refuse what the user's locale or missing rows would decide, and have all tables ready."""
        if query.depends_on_locale:
            self._require_known_locale(query, user_id)
        if is_virtual(query.plan):
            self._virtual.fill(query.plan, self._catalogue())
        else:
            self._ready(query)

    def _ready(self, query: Prepared) -> None:
        for sobject in query.sobjects:
            self._tables.ensure(sobject)
            check_readable(sobject, self._tables.is_empty)
        for sobject in query.plan.named:
            if sobject.name in query.present:
                self._tables.ensure(sobject)
        for each in query.children:
            self._ready(each)

    def _require_known_locale(self, query: Prepared, user_id: str) -> None:
        """Refuse what a locale decides in a way that we do not know: first days of weeks, the order of letters."""
        locale = self._user_value(user_id, "LocaleSidKey") or _SUNDAYS
        if query.weeks and locale != _SUNDAYS:
            raise errors.refuse(f"SOQL weeks for a user with the locale {locale}")
        if query.formats and locale != _SUNDAYS:
            raise errors.refuse(f"SOQL FORMAT for a user with the locale {locale}")
        if query.sorts_text and locale.partition("_")[0] != "en":
            raise errors.refuse(f"SOQL ORDER BY on text for a user with the locale {locale}")

    def _zone_name(self, user_id: str) -> str:
        return self._user_value(user_id, "TimeZoneSidKey") or "UTC"

    def _user_value(self, user_id: str, name: str) -> str:
        """A setting of the user: the days and weeks of date literals are theirs."""
        user = self._catalogue().find("User")
        if user is None or user.find(name) is None:
            return ""
        self._tables.ensure(user)
        return str(self._db.value(f'SELECT "{name}" FROM "User" WHERE "Id" = ?', (user_id,)) or "")


def _levels(version: Version) -> int:
    return MOST_LEVELS if version.has(NESTED_SUB_QUERIES) else 2


def _zone(name: str) -> tzinfo:
    if name in ("UTC", "GMT"):
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise errors.refuse(f"SOQL for a user in the time zone {name}") from None
