"""What `intercept` and `serve` have in common: a block inside of which an org is reachable, and its verdict."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import ContextDecorator, ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Generic, TypeVar

from sfmock.app import App
from sfmock.control.handle import Sfmock
from sfmock.control.problems import Problem, raise_problems
from sfmock.control.rules import Rules
from sfmock.org.org import Org
from sfmock.org.users import User
from sfmock.transport.guard import GUARD
from sfmock.versions import DEFAULT

Handle = TypeVar("Handle", bound=Sfmock)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the handle of a block is to be like."""

    user: str | User | None
    api_version: str
    rules: Rules


class Block(ContextDecorator, ABC, Generic[Handle]):
    """A context manager that gives a handle, and a decorator; it may be entered again and again."""

    def __init__(
        self,
        org: Org,
        *,
        user: str | User | None = None,
        api_version: str = DEFAULT,
        allow_refused: Sequence[str] = (),
        api_budget: int | None = None,
    ) -> None:
        self._org = org
        rules = Rules(allow_refused=tuple(allow_refused), api_budget=api_budget)
        self._wishes = Wishes(user, api_version, rules)
        self._open: list[tuple[ExitStack, Handle]] = []

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._org!r}>"

    @abstractmethod
    def _reach(self, app: App, wishes: Wishes, stack: ExitStack) -> Handle:
        """Make the org reachable until the stack is closed."""

    def __enter__(self) -> Handle:
        with ExitStack() as stack:
            handle = self._reach(App(self._org), self._wishes, stack)
            handle.start()
            self._open.append((stack.pop_all(), handle))
        return handle

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        stack, handle = self._open.pop()
        with stack:
            if error is None:
                blocked = [Problem(note) for note in GUARD.drain()]
                raise_problems([*handle.problems(), *blocked])
