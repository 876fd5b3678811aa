"""What stands on the left of an operator and in every list: paths, functions, distances."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from sfmock.soql.constants import Number
from sfmock.soql.functions import FUNCTIONS, Family


@dataclass(frozen=True, slots=True)
class Path:
    """Identifiers joined by dots, as written."""

    parts: tuple[str, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Function:
    """A function of a field or of another function: `name` as in the table `functions`, of an unknown one as written."""

    name: str
    argument: Path | Function
    at: int = field(default=0, compare=False)

    @property
    def family(self) -> Family | None:
        """What kind of function this is; None for an unknown one."""
        known = FUNCTIONS.get(self.name.upper())
        return None if known is None else known.family


@dataclass(frozen=True, slots=True)
class Geolocation:
    """`GEOLOCATION(latitude, longitude)`."""

    latitude: Number
    longitude: Number
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Distance:
    """`DISTANCE(location, GEOLOCATION(…), 'unit')`; whether there is such a unit is seen later."""

    location: Path
    origin: Geolocation
    unit: str
    at: int = field(default=0, compare=False)


Operand: TypeAlias = Path | Function | Distance
