"""API names of what a test adds: `[namespace__]Name__suffix` (metadata.md 6.1)."""

from __future__ import annotations

import re

from sfmock.errors import refuse

_STEM = r"[A-Za-z](?:_?[A-Za-z0-9])*"
_NAME = re.compile(rf"(?:(?P<namespace>{_STEM})__)?(?P<stem>{_STEM})__(?P<suffix>[a-z]+)")
_LONGEST = 40
_LONGEST_NAMESPACE = 15
_OBJECTS = ("c", "mdt", "e", "x")
_REFUSED = {
    "b": "big objects",
    "kav": "knowledge articles",
    "ka": "knowledge articles",
}


def check_field_name(name: str) -> None:
    """Raise ValueError for what cannot be the API name of a custom field."""
    _check(name, "field", ("c",))


def check_object_name(name: str) -> str:
    """The suffix of an sobject's API name; raises ValueError for what cannot be one, and refuses kinds that are not known."""
    return _check(name, "object", _OBJECTS)


def label_of(name: str) -> str:
    """The label of a custom object or field that was given none."""
    match = _NAME.fullmatch(name)
    return (match["stem"] if match else name).replace("_", " ")


def companion_name(name: str, kind: str) -> str:
    """The name of a custom object's companion: `Invoice__History`."""
    return f"{name.rpartition('__')[0]}__{kind}"


def _check(name: str, kind: str, suffixes: tuple[str, ...]) -> str:
    match = _NAME.fullmatch(name)
    suffix = match["suffix"] if match else ""
    if suffix in _REFUSED and kind == "object":
        raise refuse(f"{_REFUSED[suffix]}: {name}")
    if (
        match is None
        or suffix not in suffixes
        or len(match["stem"]) > _LONGEST
        or len(match["namespace"] or "") > _LONGEST_NAMESPACE
    ):
        ends = " or ".join(f"__{each}" for each in suffixes)
        raise ValueError(
            f"{name!r} is no name of a custom {kind}: letters, digits and single underscores,"
            f" at most {_LONGEST} characters, and then {ends}; a namespace and __ may come before"
        )
    if kind == "object" and name.lower().startswith("sqlite_"):
        raise refuse(
            f"a name that starts with sqlite_: {name}"
        )  # which the database keeps for itself
    return suffix
