"""Describes as SOAP writes them: the facts of REST, in the elements of the WSDL (soap-apis.md 2.2)."""

from __future__ import annotations

from collections.abc import Mapping

from sfmock.represent.xml import Content, Typed
from sfmock.wire import JSON, mapping

_SCREENS = {
    "urlDetail": "uiDetailTemplate",
    "urlEdit": "uiEditTemplate",
    "urlNew": "uiNewRecord",
}
"""The addresses that a describe has in the place of `urls`."""
_REST_ONLY = frozenset({"extendedBy", "extendsInterfaces", "sobjectDescribeOption", "urls"})
_NILLABLE = frozenset(
    {
        "associateEntityType", "associateParentEntity", "defaultImplementation", "implementedBy", "implementsInterfaces",
        "keyPrefix", "networkScopeFieldName", *_SCREENS,
    }
)  # fmt: skip
"""Elements that the WSDL demands (64.0): they are there, and null. All others that are null are left out."""


def described(document: Mapping[str, JSON]) -> Content:
    """The result for one sobject, with its fields."""
    screens = mapping(document["urls"])
    return summary({**document, **{key: screens.get(name) for key, name in _SCREENS.items()}})


def summary(document: Mapping[str, JSON]) -> Mapping[str, Content]:
    """An sobject in the global describe, or any other part of a describe."""
    return {
        key: _content(key, document[key])
        for key in sorted(document.keys() - _REST_ONLY)
        if document[key] is not None or key in _NILLABLE
    }


def _content(key: str, value: JSON) -> Content:
    match value:
        case dict():
            return summary(value)
        case list() if key == "fields":
            return [_field(mapping(each)) for each in value]
        case list():
            return [_content("", each) for each in value]
        case float():
            return str(value)
        case _:
            return value


def _field(field: Mapping[str, JSON]) -> Mapping[str, Content]:
    """A field, whose default may be of any type."""
    elements = summary(field)
    default = field["defaultValue"]
    if default is None:
        return elements
    kind = "boolean" if isinstance(default, bool) else "string"
    return {**elements, "defaultValue": Typed(f"xsd:{kind}", elements["defaultValue"])}
