"""Planned faults: which request they meet, how often, and whether the test got what it planned."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Protocol

from sfmock.org.patterns import parse, target_of
from sfmock.wire import Effect


class FaultKind(Protocol):
    """One kind of fault: a module of `sfmock.faults`."""

    NAME: str
    Options: type[Any]

    def applies(self, call: Any, /) -> bool:
        """Whether this request can suffer the fault at all (a request without a token cannot expire)."""
        ...

    def before(self, call: Any, options: Any, /) -> Effect | None:
        """What happens before the request is carried out."""
        ...

    def after(self, call: Any, options: Any, /) -> Effect | None:
        """What happens once it was carried out."""
        ...


class UnmetFault(AssertionError):
    """A planned fault did not fire as often as it should have."""


@dataclass(frozen=True, slots=True)
class Target:
    """What of a request the matching looks at."""

    method: str
    path: str
    query: str = field(repr=False)
    name: str | None
    sobject: str | None


class Fault:
    """One planned fault; as a context manager it is removed, and checked, at the end of the block."""

    def __init__(
        self,
        plans: FaultPlans,
        kind: FaultKind,
        options: object,
        *,
        on: str,
        after: int,
        times: int | None,
        when: Callable[[Any], bool] | None,
        rate: float | None,
        optional: bool,
    ) -> None:
        self.kind = kind.NAME
        self.module = kind
        self.options = options
        self.on = on
        self.after = after
        self.times = times
        self.when = when
        self.rate = rate
        self.optional = optional or rate is not None
        self.fired = 0
        self._seen = 0
        self._counting = threading.Lock()
        self._plans = plans

    def __repr__(self) -> str:
        times = "every time" if self.times is None else f"{self.times}x"
        return f"<Fault {self.kind} on {self.on!r} after {self.after}, {times}, fired {self.fired}>"

    def __enter__(self) -> Fault:
        return self

    def __exit__(self, error_type: type[BaseException] | None, *_: object) -> None:
        self._plans.remove(self)
        if error_type is None and not self.met:
            raise UnmetFault(self.complaint())

    @property
    def met(self) -> bool:
        """Whether it fired as planned; an optional one always is."""
        if self.optional:
            return True
        return self.fired >= 1 if self.times is None else self.fired == self.times

    def rewind(self) -> None:
        """Forget what it saw: it will fire as planned once more."""
        self.fired = self._seen = 0

    def complaint(self) -> str:
        """What an unmet fault says."""
        wanted = "at least once" if self.times is None else f"{self.times} time(s)"
        return (
            f"the planned fault {self.kind!r} on {self.on!r} should have fired {wanted} and fired {self.fired}:"
            f" {self._seen} matching request(s) came, the first {self.after} were to pass."
            " Was the request never made, or is on= wrong? Pass optional=True if it need not fire."
        )

    def strikes(self, target: Target, call: Any, rng: random.Random, names: frozenset[str]) -> bool:
        """Whether it fires on this request.

        Each request that matches is counted, until it has fired for the last time. The first `after` of them pass, and
        so does one that cannot suffer this fault.
        """
        if self._spent or not self._matches(target, call, names):
            return False
        applies = self.module.applies(call)
        with self._counting:  # two threads shall not both take the last time
            if self._spent:
                return False
            self._seen += 1
            if self._seen <= self.after or not applies:
                return False
            if self.rate is not None and rng.random() >= self.rate:
                return False
            self.fired += 1
            return True

    @property
    def _spent(self) -> bool:
        return self.times is not None and self.fired >= self.times

    def _matches(self, target: Target, call: Any, names: frozenset[str]) -> bool:
        where = target_of(target.path, target.query)
        pattern = parse(self.on, names)
        if not pattern.matches(target.method, where, target.name, target.sobject):
            return False
        return self.when is None or bool(self.when(call.request))


class FaultPlans:
    """The planned faults of one org."""

    def __init__(self, rng: random.Random) -> None:
        self.kinds: Mapping[str, FaultKind] = {}
        """Kinds by name; the app sets them from the modules of `sfmock.faults`."""
        self.names: frozenset[str] = frozenset()
        """The shortcut names that `on=` may use."""
        self._planned: list[Fault] = []
        self._rng = rng

    def __iter__(self) -> Iterator[Fault]:
        return iter(tuple(self._planned))

    def __len__(self) -> int:
        return len(self._planned)

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
        **options: object,
    ) -> Fault:
        """Plan a fault: `after` matching requests pass, then it fires `times` times (None: every time).

        Raises TypeError for an unknown kind or option and ValueError for a bad value, naming what is allowed.
        """
        module = self.kinds.get(kind)
        if module is None:
            raise TypeError(f"unknown fault {kind!r}: use one of {', '.join(sorted(self.kinds))}")
        parse(on, self.names)
        if after < 0 or (times is not None and times < 1):
            raise ValueError("after= is 0 or more, times= is 1 or more, or None for every time")
        if rate is not None and not 0 <= rate <= 1:
            raise ValueError("rate= is a probability between 0 and 1")
        fault = Fault(
            self,
            module,
            _options(module, options),
            on=on,
            after=after,
            times=None if rate is not None and times == 1 else times,
            when=when,
            rate=rate,
            optional=optional,
        )
        self._planned.append(fault)
        return fault

    def remove(self, fault: Fault) -> None:
        """Take a fault away; one that is gone already is no error."""
        if fault in self._planned:
            self._planned.remove(fault)

    def clear(self) -> None:
        """Take all faults away; they are not asked whether they fired."""
        self._planned.clear()

    def put_back(self, faults: Iterable[Fault]) -> None:
        """Plan exactly these, as if none had fired yet: a test begins anew."""
        self._planned = list(faults)
        for fault in self._planned:
            fault.rewind()

    def struck(self, target: Target, call: Any) -> Fault | None:
        """The first planned fault that fires on this request."""
        for fault in self:
            if fault.strikes(target, call, self._rng, self.names):
                return fault
        return None


def _options(module: FaultKind, options: dict[str, object]) -> object:
    allowed = [each.name for each in fields(module.Options)]
    unknown = sorted(set(options) - set(allowed))
    if unknown:
        common = "on, after, times, when, rate, optional"
        raise TypeError(
            f"unknown option {unknown[0]!r} of the fault {module.NAME!r}: use {common}"
            + (f", {', '.join(allowed)}" if allowed else "")
        )
    return module.Options(**options)
