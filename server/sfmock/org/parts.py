"""What an org is made of: its database, the parts that each know one subject, and how they know each other."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from sfmock import ids
from sfmock.clock import Clock, system_datetime
from sfmock.org import (
    apps,
    came_back,
    catalogues,
    codes,
    consents,
    devices,
    events,
    exchange_handlers,
    functions,
    interactions,
    limits,
    locks,
    logins,
    passes,
    queries,
    refresh_tokens,
    search_index,
    sessions,
    users,
    views,
)
from sfmock.org.apps import Apps
from sfmock.org.behaviour import owned_sets, past_events
from sfmock.org.came_back import CameBack
from sfmock.org.changes import ChangeLog
from sfmock.org.codes import Codes
from sfmock.org.consents import Consents
from sfmock.org.describes import Describes
from sfmock.org.devices import Devices
from sfmock.org.dml import blobs, recycle_bin, sequences
from sfmock.org.exchange_handlers import TokenExchanges
from sfmock.org.faultplans import FaultPlans
from sfmock.org.formulas import Formulas
from sfmock.org.generate.generator import Generator
from sfmock.org.interactions import Interactions
from sfmock.org.journal import Journal
from sfmock.org.limits import Limits
from sfmock.org.locks import Locks
from sfmock.org.logins import Logins
from sfmock.org.my_domain import MyDomain, pod_of, take
from sfmock.org.packs import Pack
from sfmock.org.passes import Passes
from sfmock.org.passwords import Passwords
from sfmock.org.queries import Queries
from sfmock.org.recent import Recent
from sfmock.org.records import Records
from sfmock.org.relationships import Relationships
from sfmock.org.replication import Replication
from sfmock.org.saving import Identity, Moving
from sfmock.org.schema import OrgSchema
from sfmock.org.searches import Searches
from sfmock.org.seeding import PREPARED, Seeds
from sfmock.org.sessions import Sessions
from sfmock.org.underway import Underway
from sfmock.org.users import Users
from sfmock.org.views import Views
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import SObject
from sfmock.schema.package import Package
from sfmock.store.database import Database
from sfmock.store.tables import Tables
from sfmock.wire import LOGIN_HOSTS

SYSTEM_TABLES = (
    *limits.DDL, *catalogues.DDL, *functions.DDL, *sequences.DDL, *users.DDL, *logins.DDL, *sessions.DDL, *exchange_handlers.DDL, *refresh_tokens.DDL,
    *codes.DDL, *consents.DDL, *devices.DDL, *interactions.DDL, *passes.DDL,
    *events.DDL, *apps.DDL, *queries.DDL, *search_index.DDL, *locks.DDL, *recycle_bin.DDL, *blobs.DDL, *came_back.DDL, *past_events.DDL, *views.DDL,
)  # fmt: skip
"""The statements that make what an org keeps beside its rows."""


class Parts:
    """What an org is made of, and how the parts know each other; `Org` adds the calls that a test makes."""

    def __init__(
        self, identity: Identity, package: Package, db: Database, rng: Random, pack: Pack | None
    ) -> None:
        self._identity = identity
        self.seed = identity.seed
        self.pack = identity.pack
        """The name of the pack that it began from."""
        self.pod = pod_of(identity.seed)
        self.id = ids.make("00D", self.pod, 1)
        self.domain = identity.domain
        self.hosts = MyDomain(identity.domain, identity.kind or "develop")
        self.my_domain = self.hosts.host
        self.login_hosts = (
            LOGIN_HOSTS if identity.kind is None else frozenset({self.hosts.login_host})
        )
        """The routers that know its users: where nobody chose a My Domain, both."""
        self.tls_authority: str | None = None
        """Host and port of the TLS listener, set by the transport: what SOAP replies name to callers on plain HTTP.

        Without a host it is the one that the caller used.
        """
        self.random = rng
        self.clock = Clock()
        self.journal = Journal()
        self.faults = FaultPlans(identity.seed, self.clock)
        self.db = db
        self._seeds = None if pack is None else self._first_rows(pack)
        with db.transaction():
            self._connect(package)
            for name in PREPARED:
                self.tables.ensure(self.schema[name])
        db.begin()
        self.tables.settle()
        take(self)

    def _first_rows(self, pack: Pack) -> Seeds:
        now = system_datetime(self.clock.now)
        texts = {
            "org_id": self.id.lower(),
            "domain": self.domain,
            "host": self.my_domain,
            "now": now,
        }
        return Seeds(
            pack, self.db, pod=self.pod, org_id=self.id, texts=texts, sandbox=self.hosts.is_sandbox
        )

    def _connect(self, package: Package) -> None:
        if self._seeds is None:  # a file of an earlier version may lack some
            for statement in SYSTEM_TABLES:
                self.db.execute(statement)
        self.db.execute("DELETE FROM sf_lock")  # those of an owner that was killed
        users_key, sessions_key, apps_key = self._identity.keys
        seeded = () if self._seeds is None else self._seeds.names
        prepared = () if self._seeds is None else PREPARED
        self.tables = Tables(self.db, self._fill, (*seeded, *owned_sets.OWN), prepared)
        self.schema = OrgSchema(
            self.db,
            package,
            self.clock,
            recalculate=lambda name: self.records.recalculate(name),
            rows=lambda: self.records,
            user_id=self._somebody,
        )
        self.limits = Limits(self.db, self.clock, few_at_once=self._is_small)
        self.views = Views(self.db, lambda: self.schema.catalogue)
        self.describes = Describes(self.schema, lambda: self.catalogue)
        self.formulas = Formulas(self.db, self.tables, self.schema)
        self._locks = Locks(self.db, self.clock)
        self._changes = ChangeLog(self.db)
        self.came_back = CameBack(self.db)
        self.records = Records(
            self.db,
            self.tables,
            views=self.views,
            clock=self.clock,
            pod=self.pod,
            computed=self.formulas.values,
            locks=self._locks,
            changes=self._changes,
        )
        self.recent = Recent(self.db, self.records, self.clock)
        self.replication = Replication(
            self.db, self.tables, catalogue=self._catalogue_to_read, clock=self.clock
        )
        self.relationships = Relationships(self.records, lambda: self.catalogue)
        self.queries = Queries(
            self.db,
            self.tables,
            clock=self.clock,
            catalogue=self._catalogue_to_read,
            pod=self.pod,
            viewed=self.recent.add,
        )
        self.searches = Searches(self.db, self.tables, self.queries, self._catalogue_to_read)
        self.users = Users(
            self.db,
            self.tables,
            self.records,
            catalogue=lambda: self.catalogue,
            key=users_key,
            domain=self.domain,
            host=self.my_domain,
        )
        self.passwords = Passwords(
            self.db,
            self.users,
            self.clock,
            lambda user_id: self.sessions.end_of(user_id, refresh=True),
        )
        self.token_exchanges = TokenExchanges(self.db)
        self.logins = Logins(
            self.db, self.users, self.clock, lambda user_id: self.sessions.end_of(user_id)
        )
        self.sessions = Sessions(
            self.db,
            self.users,
            clock=self.clock,
            key=sessions_key,
            org_id=self.id,
            domain=self.my_domain,
            forget=lambda user_id, app_id: self.consents.forget(user_id, app_id),
        )
        self._moving = Moving(self.clock, self.random, self.sessions.random)
        self.apps = Apps(
            self.db,
            self.users,
            clock=self.clock,
            key=apps_key,
            pod=self.pod,
            admin_id=lambda: self.admin_id,
            revoke=self.sessions.revoke_app,
        )
        self.codes = Codes(self.db, self.clock)
        self.consents = Consents(self.db, self.clock)
        self.devices = Devices(self.db, self.clock)
        self.underway = Underway()
        self.passes = Passes(self.db, self.clock)
        self.interactions = Interactions(self.db, self.clock, self.sessions.random)
        self._generator = Generator(
            self.db,
            self.tables,
            self.records,
            lambda: self.catalogue,
            clock=self.clock,
            random=self.random,
        )

    @property
    def catalogue(self) -> Catalogue:
        """All sobjects at this moment; while a request is answered, what its user sees of them."""
        return self.views.catalogue

    @property
    def admin_id(self) -> str:
        """The first active System Administrator; raises LookupError in an org without one."""
        for name in ("User", "Profile"):
            self.tables.ensure(self.schema[name])
        found = self.db.value(
            'SELECT u."Id" FROM "User" u JOIN "Profile" p ON p."Id" = u."ProfileId"'
            ' WHERE u."IsActive" = 1 AND p."Name" = \'System Administrator\' ORDER BY u."Id" LIMIT 1'
        )
        if not isinstance(found, str):
            raise LookupError(
                'this org has no active System Administrator: make one by org.user("Ada Admin") first'
            )
        return found

    @property
    def named_rows(self) -> Mapping[str, str]:
        """The names of the pack's rows by their ids: `@admin`; none in an org that was opened from a file."""
        return {} if self._seeds is None else self._seeds.refs

    def _is_small(self) -> bool:
        """Whether the org is of Developer Edition or a trial; one without a row of its own is taken for the former."""
        self.tables.ensure(self.schema["Organization"])
        row = self.db.row("SELECT OrganizationType, TrialExpirationDate FROM Organization LIMIT 1")
        return row is None or row[0] == "Developer Edition" or row[1] is not None

    def _somebody(self) -> str | None:
        """The administrator, if there is one already."""
        try:
            return self.admin_id
        except LookupError:
            return None

    def gave(self, code: str) -> bool:
        """Whether this org has given a code, a ticket or a password to a browser or a device."""
        givers = (self.codes, self.devices, self.passes, self.interactions)
        return any(each.knows(code) for each in givers)

    def _fill(self, sobject: SObject) -> None:
        """The first rows of a table: those of the pack, and those that the platform keeps beside others."""
        if self._seeds is not None:
            self._seeds.fill(sobject)
        self.records.fill(sobject)

    def _catalogue_to_read(self) -> Catalogue:
        self.records.catch_up()
        return self.catalogue

    def make_all_rows(self) -> None:
        """The first rows that no test has touched yet."""
        for name in () if self._seeds is None else self._seeds.names:
            self.tables.ensure(self.schema[name])

    def _commit(self) -> None:
        with self.db.transaction():
            pass
