"""The planned faults of an org: what a test may plan, and which of it meets a request."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from types import TracebackType
from typing import Any, Self, TypeAlias

from sfmock.clock import Clock
from sfmock.org.fault_filters import Body, Filter, Target, read_filter
from sfmock.org.planned import Fault, FaultKind, FaultSequence, Moment, Plan, Strike
from sfmock.org.scenarios import SCENARIOS
from sfmock.org.users import User

Step: TypeAlias = "str | tuple[str, Mapping[str, object]] | None"
"""A step of a sequence: a kind, a kind with options, or None for a good reply."""
_COMMON = "on, after, times, when, rate, optional, user, sobject, path, body, start, lasts, every"


class FaultPlans:
    """The planned faults of one org, in the order of planning; the first that fires on a request takes it."""

    def __init__(self, seed: int, clock: Clock) -> None:
        self.kinds: Mapping[str, FaultKind] = {}
        """Kinds by name; the app sets them from the modules of `sfmock.faults`."""
        self.names: frozenset[str] = frozenset()
        """The shortcut names that `on=` may use."""
        self._planned: list[Plan] = []
        # Not the org's own: what a plan asks of it must not change what records are made.
        self._chance = f"faults of {seed}"
        self._rng = random.Random(self._chance)
        self._clock = clock

    def __iter__(self) -> Iterator[Plan]:
        return iter(tuple(self._planned))

    def __len__(self) -> int:
        return len(self._planned)

    def __repr__(self) -> str:
        return f"<FaultPlans {', '.join(each.kind for each in self) or 'none'}>"

    def add(
        self,
        kind: str,
        *,
        on: str = "*",
        after: int = 0,
        times: int | None = 1,
        when: Callable[[Any], bool] | None = None,
        rate: float | None = None,
        optional: bool = False,
        user: str | User | None = None,
        sobject: str | None = None,
        path: str | None = None,
        body: Body | None = None,
        start: float = 0.0,
        lasts: float | None = None,
        every: float | None = None,
        **options: object,
    ) -> Fault:
        """Plan a fault: `after` matching requests pass, then it fires `times` times (None: every time).

        Raises TypeError for an unknown kind or option and ValueError for a bad value, naming what is allowed.
        """
        strike = self._strike(kind, options)
        which = self._filter(
            on=on, when=when, user=user, sobject=sobject, path=path, body=body, start=start, lasts=lasts, every=every
        )  # fmt: skip
        if after < 0 or (times is not None and times < 1):
            raise ValueError("after= is 0 or more, times= is 1 or more, or None for every time")
        if rate is not None and not 0 <= rate <= 1:
            raise ValueError("rate= is a probability between 0 and 1")
        fault = Fault(
            self.remove,
            strike,
            which,
            self._clock.timestamp(),
            after=after,
            times=None if rate is not None and times == 1 else times,
            rate=rate,
            optional=optional,
        )
        self._planned.append(fault)
        return fault

    def sequence(
        self,
        *steps: Step,
        on: str = "*",
        when: Callable[[Any], bool] | None = None,
        optional: bool = False,
        user: str | User | None = None,
        sobject: str | None = None,
        path: str | None = None,
        body: Body | None = None,
        start: float = 0.0,
        lasts: float | None = None,
        every: float | None = None,
    ) -> FaultSequence:
        """Plan one step for each matching request: a kind, a kind with its options, or None for a good reply.

        `sequence("server_unavailable", ("slow", {"seconds": 30}), None, "edge_502", on="query")`
        """
        if not steps:
            raise TypeError("a sequence has one step at least: a kind of fault, or None")
        which = self._filter(
            on=on, when=when, user=user, sobject=sobject, path=path, body=body, start=start, lasts=lasts, every=every
        )  # fmt: skip
        plan = FaultSequence(
            self.remove,
            [self._step(each) for each in steps],
            which,
            self._clock.timestamp(),
            optional=optional,
        )
        self._planned.append(plan)
        return plan

    def scenario(self, name: str) -> Scenario:
        """Plan all faults of a scenario: `bad_afternoon`, `release_weekend`, `token_storm`. None of them has to fire."""
        found = SCENARIOS.get(name)
        if found is None:
            raise TypeError(f"unknown scenario {name!r}: use one of {', '.join(sorted(SCENARIOS))}")
        plans = [self.add(**{**each, "optional": True}) for each in found.plans]
        return Scenario(name, plans)

    def plan(self, name: str, **options: Any) -> Fault | Scenario:
        """A fault or, where a scenario has this name, a scenario, which takes no options."""
        if name not in SCENARIOS:
            return self.add(name, **options)
        if options:
            raise TypeError(f"the scenario {name!r} takes no options, not {', '.join(options)}")
        return self.scenario(name)

    def remove(self, plan: Plan) -> None:
        """Take a plan away; one that is gone already is no error."""
        if plan in self._planned:
            self._planned.remove(plan)

    def clear(self) -> None:
        """Take all faults away; they are not asked whether they fired."""
        self._planned.clear()

    def put_back(self, plans: Iterable[Plan]) -> None:
        """Plan exactly these, as if none had fired yet: a test begins anew."""
        self._planned = list(plans)
        self._rng.seed(self._chance)
        now = self._clock.timestamp()
        for plan in self._planned:
            plan.rewind(now)

    def struck(self, target: Target, call: Any) -> Strike | None:
        """The first planned fault that fires on this request."""
        moment = Moment(self._clock.timestamp(), self._rng, self.names)
        for plan in self:
            strike = plan.strike(target, call, moment)
            if strike is not None:
                return strike
        return None

    def _filter(self, **parts: Any) -> Filter:
        which = read_filter(**parts)
        which.check(self.names)
        return which

    def _step(self, step: Step) -> Strike | None:
        if step is None:
            return None
        kind, options = (step, {}) if isinstance(step, str) else step
        return self._strike(kind, options)

    def _strike(self, kind: str, options: Mapping[str, object]) -> Strike:
        if not self.kinds:
            raise TypeError(
                "no fault is known before this org is reachable: plan it inside of intercept(org)"
            )
        found = self.kinds.get(kind)
        if found is None:
            raise TypeError(f"unknown fault {kind!r}: use one of {', '.join(sorted(self.kinds))}")
        allowed = [each.name for each in fields(found.options)]
        unknown = sorted(set(options) - set(allowed))
        if unknown:
            raise TypeError(
                f"unknown option {unknown[0]!r} of the fault {found.name!r}: use {', '.join((_COMMON, *allowed))}"
            )
        return Strike(found, found.options(**options))


class Scenario:
    """The faults of a scenario; the end of a `with` block takes them away."""

    def __init__(self, name: str, plans: list[Fault]) -> None:
        self.name = name
        self.faults = tuple(plans)

    def __repr__(self) -> str:
        return f"<Scenario {self.name}, fired {self.fired}>"

    @property
    def fired(self) -> int:
        """How many faults it has caused."""
        return sum(each.fired for each in self.faults)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for each in self.faults:
            each.__exit__(kind, error, trace)
