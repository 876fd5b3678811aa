"""What a call gives, checked against the parameters of its operation."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NoReturn
from urllib.parse import parse_qsl

from sfmock.control.remote.desk import WrongError
from sfmock.control.remote.operation import LEFT_OUT, Given, Missing, Operation, Parameter
from sfmock.control.remote.values import WrongValueError
from sfmock.wire import JSON


def read(operation: Operation, holes: Mapping[str, str], query: str, body: bytes) -> Given:
    """The checked values; raises WrongError that names what is wrong."""
    given = Given()
    _take(given, operation.at("path"), _from_texts(operation.at("path"), holes))
    _take(given, operation.at("query"), _from_texts(operation.at("query"), _pairs(query)))
    _take(given, operation.at("body"), _body(body))
    return given


def _take(given: Given, parameters: Sequence[Parameter], values: Mapping[str, JSON]) -> None:
    known = {each.name for each in parameters}
    unknown = next((name for name in values if name not in known), None)
    if unknown is not None:
        takes = ", ".join(sorted(known)) or "nothing"
        raise WrongError(
            422, "unknown_parameter", f"{unknown}: this takes {takes} here", field=unknown
        )
    for each in parameters:
        if each.name in values:
            given[each.name] = _checked(each, values[each.name])
        elif isinstance(each.default, Missing):
            if each.default is not LEFT_OUT:
                words = f"{each.name}: {each.meaning}; it must be given"
                raise WrongError(422, "missing_value", words, field=each.name)
        else:
            given[each.name] = each.default


def _checked(parameter: Parameter, value: JSON) -> object:
    try:
        found: object = parameter.type.read(value)
    except WrongValueError as error:
        text = f"{parameter.name} {error}, not {_named(value)}"
        raise WrongError(422, "wrong_value", text, field=parameter.name) from error
    return found


def _named(value: JSON) -> str:
    """A wrong value in a word or two: it may be long, or a secret in the wrong place."""
    match value:
        case None | bool():
            return json.dumps(value)
        case int() | float():
            text = json.dumps(value)
            return text if len(text) <= 24 else "such a number"
        case str():
            return "this text"
        case list():
            return "such a list"
        case _:
            return "such an object"


def _from_texts(parameters: Sequence[Parameter], texts: Mapping[str, str]) -> dict[str, JSON]:
    types = {each.name: each.type for each in parameters}
    return {
        name: types[name].from_text(text) if name in types else text for name, text in texts.items()
    }


def _pairs(query: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name in found:
            raise WrongError(422, "wrong_value", f"{name} is given twice", field=name)
        found[name] = value
    return found


def _body(body: bytes) -> dict[str, JSON]:
    if not body.strip():
        return {}
    try:
        value: JSON = json.loads(body, parse_constant=_no_constant)
    except (
        ValueError,
        RecursionError,
    ):  # not UTF-8, too: of a decoder's words the first are enough
        raise WrongError(400, "wrong_json", "the body is no JSON") from None
    if not isinstance(value, dict):
        raise WrongError(422, "wrong_json", "the body is no JSON object")
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
