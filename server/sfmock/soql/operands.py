"""What stands on the left of an operator and in every list: paths, functions, distances."""

from __future__ import annotations

from dataclasses import field
from typing import TypeAlias

from sfmock.soql.constants import Number
from sfmock.soql.frozen import node
from sfmock.soql.functions import FUNCTIONS, Family


@node
class Path:
    """Identifiers joined by dots, as written."""

    parts: tuple[str, ...]
    at: int = field(default=0, compare=False)


@node
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


@node
class Geolocation:
    """`GEOLOCATION(latitude, longitude)`."""

    latitude: Number
    longitude: Number
    at: int = field(default=0, compare=False)


@node
class Distance:
    """`DISTANCE(location, GEOLOCATION(…), 'unit')`; whether there is such a unit is seen later."""

    location: Path
    origin: Geolocation
    unit: str
    at: int = field(default=0, compare=False)


Operand: TypeAlias = Path | Function | Distance
