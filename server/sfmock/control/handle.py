"""The handle: one object through which a test reaches its org, the journal, planned faults and the addresses."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sfmock.app import App
from sfmock.clock import Clock
from sfmock.control.baseline import Baseline
from sfmock.control.browser import Visitor
from sfmock.control.credentials import Credentials, find_user, make_credentials
from sfmock.control.environment import (
    Environment,
    Way,
    address_variables,
    login_variables,
    make_environment,
)
from sfmock.control.problems import Problem, crashes_and_refusals, spendings, unmet_faults
from sfmock.control.rules import Rules
from sfmock.control.tally import Tally, add_up, count
from sfmock.org.faultplans import FaultPlans
from sfmock.org.journal import Journal
from sfmock.org.limits import Limits
from sfmock.org.org import Org
from sfmock.org.sessions import Session
from sfmock.org.users import User
from sfmock.versions import DEFAULT

_NO_RULES = Rules()


class Sfmock:
    """A fake Salesforce as a test sees it: where it is, how to log in, what it holds, what it was asked."""

    mode = "fake"
    """Where answers come from."""

    def __init__(
        self,
        app: App,
        *,
        instance_url: str,
        login_url: str,
        transport: str,
        ca_file: Path | None = None,
        way: Way | None = None,
        api_version: str = DEFAULT,
        user: str | User | None = None,
        rules: Rules = _NO_RULES,
    ) -> None:
        self.app = app
        """The WSGI application, for `httpx.WSGITransport` and friends."""
        self.org: Org = app.org
        self.instance_url = instance_url
        """The org's own address: intercepted its My Domain, else a loopback address."""
        self.login_url = login_url
        """Where clients log in that do not know the org's address."""
        self.transport = transport
        """How requests reach the fake: `auto`, `intercept`, `redirect`, `http` or `https`."""
        self._ca_file = ca_file
        self._way = way
        self.api_version = api_version
        self._user = user
        self.rules = rules
        """What a test must not do, beyond what its assertions say."""
        self._session: Session | None = None
        self._credentials: Credentials | None = None
        self._before_reset: list[Problem] = []
        self._taken = 0
        self._rounds = 0
        """How often `reset()` came after requests."""
        self._baseline: Baseline | None = None
        self._earlier = Tally()
        """Of the rounds before the last `reset()`."""

    def __repr__(self) -> str:
        return f"<Sfmock {self.instance_url} over {self.transport}, {len(self.requests)} requests>"

    @property
    def ca_file(self) -> Path | None:
        """The certificate authority that clients have to trust, where the transport is `https`."""
        return self._ca_file

    @property
    def access_token(self) -> str:
        """A session of the default user, opened on first use and renewed when it has ended."""
        if self._session is None or self.org.sessions.get(self._session.token) is None:
            self._session = self.org.sessions.open(self.user.id)
        return self._session.token

    @property
    def credentials(self) -> Credentials:
        """What the default user logs in with."""
        if self._credentials is None:
            self._credentials = make_credentials(self.org, self.user)
        return self._credentials

    @property
    def user(self) -> User:
        """The default user; raises LookupError in an org without users."""
        return find_user(self.org, self._user)

    @property
    def clock(self) -> Clock:
        """The org's clock."""
        return self.org.clock

    @property
    def limits(self) -> Limits:
        """The org's limits."""
        return self.org.limits

    @property
    def requests(self) -> Journal:
        """The journal: every request that reached the org, and its reply."""
        return self.org.journal

    @property
    def faults(self) -> FaultPlans:
        """The planned failures."""
        return self.org.faults

    @property
    def seed(self) -> int:
        """The seed of ids, generated values and chances."""
        return self.org.seed

    def env(self) -> Environment:
        """The environment of a subprocess in any language, made anew from this process's: it comes to this fake by a proxy.

        Raises RuntimeError for a handle that other processes cannot reach.
        """
        way = self._way
        if way is None:
            raise RuntimeError("other processes cannot reach this fake: no listener is theirs")
        own = dict(address_variables(self.instance_url, self.login_url, self.api_version, way))
        with suppress(LookupError):  # pack `bare` has no user yet
            own |= login_variables(self.credentials, self.access_token, way)
        return make_environment(os.environ, way, own)

    def authorize(self, url: str, user: str | User | None = None, *, allow: bool = True) -> str:
        """Go to an authorize URL as a browser does, log in as this user, say yes or no, and answer where the app's callback is called.

        Raises NotAuthorized, a ValueError, where the org shows an error instead.
        """
        return self._visitor(user, allow=allow).visit(url)

    def connect_device(
        self, user_code: str, user: str | User | None = None, *, allow: bool = True
    ) -> str:
        """Go to the page of the device flow, log in as this user, type the code, say yes or no; answers what the page says."""
        url = f"{self.instance_url}/setup/connect"
        return self._visitor(user, allow=allow, user_code=user_code).connect(url)

    def _visitor(self, user: str | User | None, *, allow: bool, user_code: str = "") -> Visitor:
        found = find_user(self.org, self._user if user is None else user)
        password = self.org.users.secrets(found.id).password
        return Visitor(self.app, found.username, password, allow=allow, user_code=user_code)

    def start(self) -> None:
        """Make the present state the one that `reset()` comes back to."""
        with suppress(LookupError):  # pack `bare` has no user yet
            _ = self.credentials  # now, so that a client made before a reset can log in after it
        if not self.org.db.durable:
            self._baseline = Baseline(self.org)

    def reset(self) -> None:
        """Go back to the start of the test: a clean org, an empty journal; what went wrong before still counts."""
        if self._baseline is None:
            raise RuntimeError(
                "there is no start to go back to: this handle has not started, or its org owns a file"
            )
        idle = not len(self.requests)  # then its faults are planned again, and asked again
        self._before_reset += [*self._exchange_problems(), *self._unmet_faults(but_markers=idle)]
        self._before_reset += spendings(self.org, self.rules)
        self._rounds += not idle
        self._earlier = self.tally()
        self._baseline.restore()
        self._taken = 0

    @contextmanager
    def fresh(self) -> Iterator[Sfmock]:
        """The state at the start of the test inside and, again, afterwards: for loops and hypothesis examples."""
        self.reset()
        try:
            yield self
        finally:
            self.reset()

    @contextmanager
    def trial(self) -> Iterator[Sfmock]:
        """One test of several that this handle serves: it begins with an empty journal and leaves no trace.

        What went wrong while the tests were set up is told by the first of them.
        """
        outside = (self._baseline, self._session, self._credentials)
        self._before_reset += self._exchange_problems()
        start = Baseline(self.org)
        start.hold()
        self.org.journal.rewind()
        self.org.faults.put_back(start.faults)
        self._taken = self._rounds = 0
        self._earlier = Tally()
        try:
            yield self
        finally:
            start.leave()
            self._taken, self._rounds = len(self.org.journal.problems), 0
            self._baseline, self._session, self._credentials = outside

    def tally(self) -> Tally:
        """How many requests came since the start of the test, over all of its rounds."""
        return add_up([self._earlier, count(self.requests)])

    def remember(self, problems: Iterable[Problem]) -> None:
        """Tell these too, when the next call asks for problems."""
        self._before_reset += problems

    def problems(self, *, faults: bool = True) -> list[Problem]:
        """What the test must hear of and was not told by an earlier call.

        `faults`: also planned faults that were not met, and calls that cost too much, by now.
        """
        found = [*self._before_reset, *self._exchange_problems()]
        self._before_reset.clear()
        over = self._rounds > 0 and not len(self.requests)  # every round was asked at its reset
        if not faults:
            return found
        return [*found, *self._unmet_faults(but_markers=over), *spendings(self.org, self.rules)]

    def _unmet_faults(self, *, but_markers: bool) -> list[Problem]:
        """What planned faults complain of; `but_markers`: not those that stood at the start of the test."""
        start = self._baseline.faults if self._baseline is not None and but_markers else ()
        return unmet_faults(each for each in self.faults if each not in start)

    def _exchange_problems(self) -> list[Problem]:
        new = self.org.journal.problems[self._taken :]
        self._taken += len(new)
        return crashes_and_refusals(self.org, new, self.rules.allow_refused)
