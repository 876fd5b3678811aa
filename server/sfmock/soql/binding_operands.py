"""Operands meet fields: a path is a field, a function what it makes of one (soql.md 3, 10)."""

from __future__ import annotations

from typing import Final

from sfmock import errors
from sfmock.errors import Refused
from sfmock.schema.model import Field
from sfmock.soql import nodes
from sfmock.soql.errors import NESTED_FUNCTION
from sfmock.soql.functions import Family
from sfmock.soql.scope import Scope
from sfmock.soql.terms import Column, DatePart, Distance, Term

_DATES: Final = frozenset({"date", "datetime"})
_ONLY_DATETIMES: Final = frozenset({"HOUR_IN_DAY", "DAY_ONLY"})
_UNITS: Final = {"mi": "mi", "km": "km"}


def bind_operand(scope: Scope, operand: nodes.Operand) -> Term:
    """What an operand of WHERE or ORDER BY reads of a row."""
    match operand:
        case nodes.Path():
            return scope.column(operand)
        case nodes.Distance():
            return bind_distance(scope, operand)
        case nodes.Function() if operand.family is Family.DATE:
            return _date_part(scope, operand)
        case nodes.Function():
            raise refuse_function(operand)


def place(operand: nodes.Operand) -> nodes.Path:
    """The path that errors about an operand point at."""
    match operand:
        case nodes.Path():
            return operand
        case nodes.Function():
            return place(operand.argument)
        case nodes.Distance():
            return operand.location


def refuse_function(function: nodes.Function | nodes.Distance) -> Refused:
    """The refusal of a function, whatever stands inside it."""
    name = "DISTANCE" if isinstance(function, nodes.Distance) else function.name
    return errors.refuse(f"SOQL function {name}")


def _date_part(scope: Scope, function: nodes.Function) -> DatePart:
    argument, local = function.argument, False
    if isinstance(argument, nodes.Function):
        if argument.family is not Family.TIMEZONE or isinstance(argument.argument, nodes.Function):
            raise NESTED_FUNCTION(name=argument.name)
        argument, local = argument.argument, True
    column = scope.own(argument)
    kind = column.field.type
    if kind not in _DATES or (kind == "date" and (local or function.name in _ONLY_DATETIMES)):
        raise errors.refuse(f"SOQL function {function.name} of a field of type {kind}")
    result = "date" if function.name == "DAY_ONLY" else "int"
    return DatePart(function.name, column, local, Field(function.name, function.name, result))


def unconverted(operand: nodes.Path | nodes.Function) -> nodes.Path | nodes.Function:
    """What convertCurrency converts: an org with one currency, as all of ours are, has nothing to convert."""
    if isinstance(operand, nodes.Function) and operand.family is Family.CURRENCY:
        return operand.argument
    return operand


def bind_distance(scope: Scope, distance: nodes.Distance) -> Distance:
    """The distance between a field and a place."""
    column = scope.own(distance.location)
    unit = _UNITS.get(distance.unit.lower())
    if column.field.type not in ("location", "address") or unit is None:
        raise errors.refuse(
            f"SOQL DISTANCE of a field of type {column.field.type} in {distance.unit!r}"
        )
    _, sobject = scope.table(distance.location, scope.steps(distance.location)[:-1])
    parts = {_axis(each): each for each in sobject.parts.get(column.field.name, ())}
    origin = float(distance.origin.latitude.text), float(distance.origin.longitude.text)
    if not (-90 <= origin[0] <= 90 and -180 <= origin[1] <= 180):
        raise errors.refuse("SOQL GEOLOCATION of a place that is not on the earth")
    return Distance(
        Column(column.table, parts["latitude"]),
        Column(column.table, parts["longitude"]),
        origin,
        unit,
        Field("DISTANCE", "DISTANCE", "double"),
    )


def _axis(part: Field) -> str:
    lower = part.name.lower()
    return next((each for each in ("latitude", "longitude") if each in lower), lower)
