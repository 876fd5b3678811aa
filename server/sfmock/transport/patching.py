"""One attribute of somebody else's module or class, replaced for a time and given back as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

Function = Callable[..., Any]  # any signature: a hook hands its arguments on as they came


_MADE = "_sfmock_made"


class _Made(NamedTuple):
    """A replacement, and what it stands for; it names itself, as `functools.wraps` hands attributes on to others."""

    ours: Function
    before: Function
    inherited: bool
    patch: Patch


class Patch:
    """`make(before)` writes the replacement for `owner.name`; it must hand over to `before` when it is not wanted.

    The replacement may outlive the patch: whoever took a copy of the attribute meanwhile (`responses` does so when it
    is imported) keeps calling it. So undo takes away only what is still ours, and each replacement asks for itself
    whether it is active. What somebody puts back after undo goes with the next patch.
    """

    def __init__(self, owner: object, name: str, make: Callable[[Function], Function]) -> None:
        self._owner = owner
        self._name = name
        self._make = make
        self._undone = False
        self._put()

    def renew(self) -> None:
        """Take the place again if something else stands there: pytest-socket puts back what it knows after each test."""
        if vars(self._owner).get(self._name) is not self._ours:
            self._put()

    def undo(self) -> None:
        """Give the attribute back, unless somebody else has replaced it since."""
        self._undone = True
        self._take_away_undone()

    def _put(self) -> None:
        self._take_away_undone()
        inherited = self._name not in vars(self._owner)
        before: Function = getattr(self._owner, self._name)
        self._ours = self._make(before)
        setattr(self._ours, _MADE, _Made(self._ours, before, inherited, self))
        setattr(self._owner, self._name, self._ours)

    def _take_away_undone(self) -> None:
        while True:
            found = vars(self._owner).get(self._name)
            made: _Made | None = getattr(found, _MADE, None)
            if made is None or made.ours is not found or not made.patch._undone:
                return
            if (
                made.inherited
            ):  # assigning would leave a copy that hides later changes in the base class
                delattr(self._owner, self._name)
            else:
                setattr(self._owner, self._name, made.before)
