"""Picklist values in metadata: of a field, of global and of standard value sets (metadata.md 6.2)."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from sfmock.schema.load.definitions import StandardValue
from sfmock.schema.load.markup import content, flag, text
from sfmock.schema.load.report import Notes
from sfmock.schema.model import PicklistValue

_ENTRY = frozenset({"fullName", "default", "label", "isActive", "controllingFieldValues"})
_STATUS = frozenset({"closed", "won", "converted", "probability", "forecastCategory", "highPriority"})  # fmt: skip
_SILENT = frozenset({"color", "cssExposed", "description", "groupingString", "allowEmail", "masterLabel"})  # fmt: skip
"""What says nothing to the API."""


def picklist(element: Element, file: str, notes: Notes) -> tuple[dict[str, object], str | None]:
    """The properties that the value set of a field gives it, and the global value set that it is from.

    `valueSet` since version 38.0, `picklist` before.
    """
    values = tuple(_entries(element, ("value", "picklistValues"), file, notes))
    given: dict[str, object] = {"values": values}
    if flag(element, "restricted") or flag(element, "restrictedPicklist"):
        given["restricted"] = True
    controller = text(element, "controllingField")
    if controller is not None:
        given["controller"] = controller
        given["valid_for"] = {
            **_valid_for(element, "picklistValues", "fullName", "controllingFieldValues"),
            **_valid_for(element, "valueSettings", "valueName", "controllingFieldValue"),
        }
    return given, text(element, "valueSetName")


def global_value_set(root: Element, file: str, notes: Notes) -> tuple[PicklistValue, ...]:
    """The values of a global value set."""
    _note_rest(root, ("customValue",), file, notes)
    return tuple(_entries(root, ("customValue",), file, notes))


def standard_value_set(root: Element, file: str, notes: Notes) -> tuple[StandardValue, ...]:
    """The values of a standard picklist, with what status and stage tables keep of each."""
    _note_rest(root, ("standardValue",), file, notes)
    return tuple(
        StandardValue(
            entry,
            closed=flag(each, "closed"),
            won=flag(each, "won"),
            converted=flag(each, "converted"),
            probability=_number(text(each, "probability")),
            forecast_category=text(each, "forecastCategory"),
            high_priority=flag(each, "highPriority"),
        )
        for each in root.iter("standardValue")
        if (entry := _entry(each, file, notes)) is not None
    )


def _entries(
    parent: Element, tags: tuple[str, ...], file: str, notes: Notes
) -> Iterator[PicklistValue]:
    for tag in tags:
        for each in parent.iter(tag):
            entry = _entry(each, file, notes)
            if entry is not None:
                yield entry


def _entry(element: Element, file: str, notes: Notes) -> PicklistValue | None:
    """One value; without a label it is labelled by its API name."""
    said: dict[str, str] = {}
    for child in element:
        said[child.tag] = content(child)
        if child.tag not in _ENTRY and child.tag not in _STATUS:
            _note(element, child, file, notes)
    value = said.get("fullName")
    if not value:
        notes.behaviour(file, element.tag, "a picklist value without fullName")
        return None
    return PicklistValue(
        value,
        said.get("label") or value,
        said.get("isActive") != "false",
        said.get("default") == "true",
    )


def _valid_for(element: Element, tag: str, name: str, controlling: str) -> dict[str, list[str]]:
    """Each value with the controlling values that it goes with."""
    found: dict[str, list[str]] = {}
    for each in element.iter(tag):
        value = text(each, name)
        if value is not None:
            found.setdefault(value, []).extend(map(content, each.findall(controlling)))
    return found


def _number(found: str | None) -> float | None:
    try:
        return None if found is None else float(found)
    except ValueError:
        return None


def _note_rest(root: Element, read: tuple[str, ...], file: str, notes: Notes) -> None:
    for child in root:
        if child.tag not in read and child.tag != "fullName":
            _note(root, child, file, notes)


def _note(owner: Element, child: Element, file: str, notes: Notes) -> None:
    said = content(child)
    if child.tag == "sorted":
        if said == "true":
            reason = "the values keep the order of the file"
            notes.effectless(file, f"{owner.tag}: sorted", reason)
    elif child.tag in _SILENT:
        notes.effectless(file, f"{owner.tag}: {child.tag}", "it says nothing to the API")
    elif said not in ("", "false") or len(child):
        notes.behaviour(file, f"{owner.tag}: {child.tag}", "not known to this version of the fake")
