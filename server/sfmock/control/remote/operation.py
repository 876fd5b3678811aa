"""An operation of the control API: one row of the table from which routing, checks and the OpenAPI document all come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal, TypeAlias

from sfmock.control.remote.desk import Desk
from sfmock.control.remote.values import Schema, Type
from sfmock.wire import JSON

Place: TypeAlias = Literal["path", "query", "body"]
Method: TypeAlias = Literal["GET", "POST", "PATCH", "DELETE"]
Does: TypeAlias = "Callable[[Desk, Given], dict[str, JSON]]"


class Missing(Enum):
    """The default of a parameter that has none: it must be given."""

    REQUIRED = "required"
    LEFT_OUT = "left out"
    """It may be left out, and what is called then has its own default."""


REQUIRED, LEFT_OUT = Missing.REQUIRED, Missing.LEFT_OUT


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that is given: in the path, in the query string, or as a key of the body."""

    name: str
    type: Type
    meaning: str
    default: JSON | Missing = REQUIRED
    place: Place = "body"


class Given(dict[str, Any]):
    """The checked values of a call, those included that have a default."""

    def only(self, *names: str) -> dict[str, Any]:
        """Those of these names that were given, as keywords."""
        return {name: self[name] for name in names if name in self}


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be done from any language."""

    name: str
    method: Method
    path: str
    """Below `/__sfmock__`; `{name}` is a parameter."""
    summary: str
    does: Does
    parameters: tuple[Parameter, ...] = ()
    answer: Mapping[str, Schema] | None = None
    """The keys of the answer, by their schemas; None for an empty object."""
    status: Literal[200, 201] = 200
    refusals: tuple[int, ...] = ()
    """Statuses of its own, besides those of every call."""

    @property
    def segments(self) -> tuple[str, ...]:
        """The path in its parts."""
        return tuple(self.path.split("/")[1:])

    def at(self, place: Place) -> tuple[Parameter, ...]:
        """Its parameters of a place."""
        return tuple(each for each in self.parameters if each.place == place)


def in_path(name: str, type_: Type, meaning: str) -> Parameter:
    """A parameter that is a part of the path."""
    return Parameter(name, type_, meaning, place="path")


def in_query(name: str, type_: Type, meaning: str, default: JSON | Missing = LEFT_OUT) -> Parameter:
    """A parameter of the query string."""
    return Parameter(name, type_, meaning, default, place="query")
