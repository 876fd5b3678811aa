"""What is planned: a fault that fires so many times, or a sequence of faults and good replies."""

from __future__ import annotations

import random
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

from sfmock.org.callables import Running
from sfmock.org.fault_filters import Filter, Target
from sfmock.wire import Effect


class FaultKind(Protocol):
    """One kind of fault, as far as planning it goes; `sfmock.faultkind` makes them."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def options(self) -> type[Any]:
        """The dataclass of its own options."""
        ...

    def applies(self, call: Any, options: Any, /) -> bool:
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
class Strike:
    """A fault that fires on a request."""

    kind: FaultKind
    options: object

    @property
    def name(self) -> str:
        """The kind's name."""
        return self.kind.name


@dataclass(frozen=True, slots=True)
class Moment:
    """What a plan decides with, besides the request."""

    now: float
    random: random.Random
    names: frozenset[str]


class Plan(ABC):
    """Something planned; as a context manager it is removed, and checked, at the end of the block."""

    def __init__(
        self, remove: Callable[[Plan], None], which: Filter, now: float, *, optional: bool
    ) -> None:
        self.which = which
        self.optional = optional
        self.fired = 0
        self._seen = 0
        self._since = now
        self._remove = remove
        self._counting = threading.Lock()
        self._asking = Running()

    @property
    def on(self) -> str:
        """The pattern of the requests that it is about."""
        return self.which.on

    @property
    @abstractmethod
    def kind(self) -> str:
        """What fires, in a word."""

    @property
    @abstractmethod
    def met(self) -> bool:
        """Whether it fired as planned; an optional one always is."""

    @abstractmethod
    def complaint(self) -> str:
        """What is said where it is not met."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error_type: type[BaseException] | None, *_: object) -> None:
        self._remove(self)
        if error_type is None and not self.met:
            raise UnmetFault(self.complaint())

    def rewind(self, now: float) -> None:
        """Forget what it saw: it will fire as planned once more, and its clock starts now."""
        self.fired = self._seen = 0
        self._since = now

    def strike(self, target: Target, call: Any, moment: Moment) -> Strike | None:
        """What fires on this request, if anything does."""
        if self._spent() or not self.which.window.is_open(moment.now - self._since):
            return None
        if not self.which.takes(target, moment.names) or not self._is_wanted(call.request):
            return None
        with self._counting:  # two threads shall not both take the last time
            return None if self._spent() else self._decide(call, moment)

    def _is_wanted(self, request: object) -> bool:
        """What `when` says of a request that all else of the filter takes."""
        if self.which.when is None:
            return True
        with self._asking.noted(f"when= of the planned fault {self.kind!r} on {self.on!r}"):
            return bool(self.which.when(request))

    @abstractmethod
    def _spent(self) -> bool:
        """Whether nothing more will fire."""

    @abstractmethod
    def _decide(self, call: Any, moment: Moment) -> Strike | None:
        """What fires on a request that the plan is about; it is counted."""


class Fault(Plan):
    """One planned fault."""

    def __init__(
        self,
        remove: Callable[[Plan], None],
        strike: Strike,
        which: Filter,
        now: float,
        *,
        after: int,
        times: int | None,
        rate: float | None,
        optional: bool,
    ) -> None:
        super().__init__(remove, which, now, optional=optional or rate is not None)
        self._strike = strike
        self.after = after
        self.times = times
        self.rate = rate

    def __repr__(self) -> str:
        times = "every time" if self.times is None else f"{self.times}x"
        return f"<Fault {self.kind} on {self.on!r} after {self.after}, {times}, fired {self.fired}>"

    @property
    def kind(self) -> str:
        """The name of the kind."""
        return self._strike.name

    @property
    def options(self) -> object:
        """The kind's own options."""
        return self._strike.options

    @property
    def met(self) -> bool:
        """Whether it fired as planned; an optional one always is."""
        if self.optional:
            return True
        return self.fired >= 1 if self.times is None else self.fired == self.times

    def complaint(self) -> str:
        """What an unmet fault says."""
        wanted = "at least once" if self.times is None else f"{self.times} time(s)"
        return (
            f"the planned fault {self.kind!r} on {self.on!r} should have fired {wanted} and fired {self.fired}:"
            f" {self._seen} matching request(s) came, the first {self.after} were to pass."
            f" Was the request never made, or is on= wrong?{self.which.window} Pass optional=True if it need not fire."
        )

    def _spent(self) -> bool:
        return self.times is not None and self.fired >= self.times

    def _decide(self, call: Any, moment: Moment) -> Strike | None:
        """Each matching request is counted; the first `after` pass, and so does one that cannot suffer this fault."""
        strike = self._strike
        applies = strike.kind.applies(call, strike.options)
        self._seen += 1
        if self._seen <= self.after or not applies:
            return None
        if self.rate is not None and moment.random.random() >= self.rate:
            return None
        self.fired += 1
        return strike


class FaultSequence(Plan):
    """Faults one after the other, None for a request that is answered well; then all are."""

    def __init__(
        self,
        remove: Callable[[Plan], None],
        steps: Sequence[Strike | None],
        which: Filter,
        now: float,
        *,
        optional: bool,
    ) -> None:
        super().__init__(remove, which, now, optional=optional)
        self._steps = tuple(steps)

    def __repr__(self) -> str:
        return f"<FaultSequence {self.kind} on {self.on!r}, at step {self._seen}>"

    @property
    def kind(self) -> str:
        """The names of its steps."""
        return ", ".join("none" if each is None else each.name for each in self._steps)

    @property
    def met(self) -> bool:
        """Whether all steps were taken; an optional sequence always is met."""
        return self.optional or self._spent()

    def complaint(self) -> str:
        """What an unmet sequence says."""
        return (
            f"the planned sequence {self.kind!r} on {self.on!r} should have taken {len(self._steps)} steps and took"
            f" {self._seen}. Was the request made too rarely, or is on= wrong? Pass optional=True if it need not"
            " come to its end."
        )

    def _spent(self) -> bool:
        return self._seen >= len(self._steps)

    def _decide(self, call: Any, moment: Moment) -> Strike | None:
        """A request that cannot suffer the step's fault passes and leaves the step to the next one."""
        step = self._steps[self._seen]
        if step is not None and not step.kind.applies(call, step.options):
            return None
        self._seen += 1
        self.fired += step is not None
        return step
