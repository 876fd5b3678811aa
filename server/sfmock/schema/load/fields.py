"""`<CustomField>` elements, of sfdx source and of mdapi files alike, as definitions (metadata.md 6.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias
from xml.etree.ElementTree import Element

from sfmock.schema.load.definitions import FieldDefinition
from sfmock.schema.load.literals import number_literal, percent_literal, text_literal
from sfmock.schema.load.markup import content, flag, text
from sfmock.schema.load.report import Notes
from sfmock.schema.load.value_sets import picklist

TYPES: Mapping[str, str] = {
    "Text": "string", "TextArea": "textarea", "LongTextArea": "textarea", "Html": "textarea",
    "EncryptedText": "encryptedstring", "Email": "email", "Phone": "phone", "Url": "url", "Number": "double",
    "Currency": "currency", "Percent": "percent", "Checkbox": "boolean", "Date": "date", "DateTime": "datetime",
    "Time": "time", "Picklist": "picklist", "MultiselectPicklist": "multipicklist", "Lookup": "reference",
    "MasterDetail": "reference", "Hierarchy": "reference", "Summary": "summary", "AutoNumber": "string",
    "Location": "location",
}  # fmt: skip
"""The type in describe of each type of metadata that is read."""

_ALL = frozenset({"fullName", "type", "label", "inlineHelpText", "trackHistory", "required"})
_DEFAULT = frozenset({"defaultValue"})
_KEYS = frozenset({"unique", "externalId"})
_DIGITS = frozenset({"precision", "scale", "defaultValue"})
_CHOICE = frozenset({"valueSet", "picklist"})
_PARENT = frozenset({"referenceTo", "relationshipName", "lookupFilter"})
_FORMULA = frozenset({"formula", "formulaTreatBlanksAs", "precision", "scale"})
_TAKES: Mapping[str, frozenset[str]] = {
    "Text": _KEYS | _DEFAULT | {"length", "caseSensitive"},
    "LongTextArea": _DEFAULT | {"length"},
    "Html": frozenset({"length"}),
    "EncryptedText": frozenset({"length", "maskType", "maskChar"}),
    "Email": _KEYS | _DEFAULT,
    "Number": _KEYS | _DIGITS,
    "Currency": _DIGITS,
    "Percent": _DIGITS,
    "Picklist": _CHOICE | _DEFAULT,
    "MultiselectPicklist": _CHOICE | _DEFAULT | {"visibleLines"},
    "Lookup": _PARENT | {"deleteConstraint"},
    "Hierarchy": _PARENT | {"deleteConstraint"},
    "MasterDetail": _PARENT
    | {"relationshipOrder", "reparentableMasterDetail", "writeRequiresMasterRead"},
    "Summary": frozenset(
        {"summaryOperation", "summarizedField", "summaryForeignKey", "summaryFilterItems"}
    ),
    "AutoNumber": frozenset({"displayFormat", "startingNumber", "externalId"}),
    "Location": frozenset({"scale"}),
}
"""The elements that each type takes besides the common ones; the others take a default."""
_SILENT: Mapping[str, str] = dict.fromkeys(
    (
        "description", "businessOwnerGroup", "businessOwnerUser", "businessStatus", "complianceGroup",
        "securityClassification", "relationshipLabel", "trackTrending", "displayLocationInDecimal", "visibleLines",
        "isConvertLeadDisabled", "fieldManageability", "encryptionScheme", "populateExistingRows",
    ),
    "it says nothing to the API",
)  # fmt: skip
_UNREAD: Mapping[str, str] = {"trackFeedHistory": "changes of fields are not posted to feeds"}
_INTEGERS: Mapping[str, str] = {
    "length": "length", "precision": "precision", "scale": "scale", "visibleLines": "visible_lines",
    "startingNumber": "starting_number", "relationshipOrder": "relationship_order",
}  # fmt: skip
_FLAGS: Mapping[str, str] = {
    "unique": "unique", "externalId": "external_id", "caseSensitive": "case_sensitive",
    "trackHistory": "track_history", "reparentableMasterDetail": "reparentable",
    "writeRequiresMasterRead": "write_requires_master_read",
}  # fmt: skip
_TEXTS: Mapping[str, str] = {
    "label": "label", "inlineHelpText": "inline_help_text", "maskType": "mask_type", "maskChar": "mask_char",
    "displayFormat": "display_format", "referenceTo": "reference_to", "relationshipName": "child_relationship_name",
    "deleteConstraint": "delete_constraint", "summaryOperation": "operation", "summarizedField": "summarized_field",
    "summaryForeignKey": "foreign_key", "formula": "formula_text",
}  # fmt: skip


def read_field(element: Element, owner: str, file: str, notes: Notes) -> FieldDefinition | None:
    """The definition of one field; None, and a note, for one that is not read."""
    name = text(element, "fullName")
    kind = text(element, "type")
    if name is None:
        notes.behaviour(file, f"{owner}: CustomField", "a field without fullName")
        return None
    custom = name.endswith("__c")
    if (kind is None and custom) or (kind is not None and kind not in TYPES):
        said = "without a type" if kind is None else f"of type {kind}"
        notes.behaviour(file, f"{owner}.{name}", f"fields {said} are not read")
        return None
    if kind == "Hierarchy" and owner != "User":
        notes.behaviour(file, f"{owner}.{name}", "only users have hierarchical relationships")
        return None
    return _Reader(owner, name, kind or "", file, notes).read(element)


class _Reader:
    """One field, element by element."""

    __slots__ = ("_file", "_given", "_kind", "_name", "_notes", "_owner", "_value_set")

    def __init__(self, owner: str, name: str, kind: str, file: str, notes: Notes) -> None:
        self._owner = owner
        self._name = name
        self._kind = kind
        self._file = file
        self._notes = notes
        self._given: dict[str, object] = {}
        self._value_set: str | None = None

    def read(self, element: Element) -> FieldDefinition:
        formula = element.find("formula") is not None
        takes = _FORMULA_TAKES if formula else _ALL_TAKES[self._kind]
        for child in element:
            read = takes.get(child.tag)
            if read is None:
                self._stray(child)
            else:
                read(self, child)
        kind = self._kind
        if kind == "Html":
            self._given["html"] = True
        elif kind == "MasterDetail":
            self._given["master_detail"] = True
        elif kind == "Hierarchy":
            self._given.setdefault("reference_to", self._owner)
        elif kind == "Summary":
            self._given.setdefault("filters", [])
        return FieldDefinition(
            self._name, TYPES.get(kind, ""), self._given, self._file, self._value_set
        )

    def nothing(self, child: Element) -> None:
        """What was read already."""

    def text(self, child: Element) -> None:
        said = content(child)
        if said:
            self._given[_TEXTS[child.tag]] = said

    def flag(self, child: Element) -> None:
        if child.text == "true" or content(child) == "true":
            self._given[_FLAGS[child.tag]] = True

    def integer(self, child: Element) -> None:
        said = content(child)
        if said.isdecimal():
            self._given[_INTEGERS[child.tag]] = int(said)
        elif said:
            self._note(child.tag, f"{said!r} is no whole number")

    def choice(self, child: Element) -> None:
        given, self._value_set = picklist(child, self._file, self._notes)
        self._given.update(given)

    def required(self, child: Element) -> None:
        if content(child) == "true" and self._kind != "MasterDetail":
            self._given["nillable"] = False

    def default(self, child: Element) -> None:
        """A literal is the default value, another formula stays a formula: the fake refuses to compute it."""
        said = content(child)
        found: object
        if self._kind == "Checkbox":
            found = {"true": True, "false": False}.get(said.lower())
        elif self._kind in ("Number", "Currency"):
            found = number_literal(said)
        elif self._kind == "Percent":
            found = percent_literal(said)
        else:
            found = text_literal(said)
        if found is not None:
            self._given["default"] = found
        elif said:
            self._given["default_formula"] = said

    def blanks(self, child: Element) -> None:
        if content(child) == "BlankAsZero":
            self._given["formula_treat_null_as_zero"] = True

    def lookup_filter(self, child: Element) -> None:
        if flag(child, "active", True):
            self._note("lookupFilter", "lookup filters are not applied")

    def summary_filter(self, child: Element) -> None:
        parts = tuple(text(child, each) or "" for each in ("field", "operation", "value"))
        filters = self._given.setdefault("filters", [])
        if isinstance(filters, list):
            filters.append(parts)

    def _stray(self, child: Element) -> None:
        said = content(child)
        if said in ("", "false") and not len(child):
            return
        if child.tag in _SILENT:
            self._notes.effectless(self._file, f"CustomField: {child.tag}", _SILENT[child.tag])
        else:
            usual = f"not known of a field of type {self._kind or 'standard'}"
            self._note(child.tag, _UNREAD.get(child.tag, usual))

    def _note(self, tag: str, reason: str) -> None:
        self._notes.behaviour(self._file, f"{self._owner}.{self._name}: {tag}", reason)


_Read: TypeAlias = Callable[[_Reader, Element], None]

_READERS: Mapping[str, _Read] = {
    **dict.fromkeys(("fullName", "type"), _Reader.nothing),
    **dict.fromkeys(_TEXTS, _Reader.text),
    **dict.fromkeys(_FLAGS, _Reader.flag),
    **dict.fromkeys(_INTEGERS, _Reader.integer),
    **dict.fromkeys(_CHOICE, _Reader.choice),
    "required": _Reader.required,
    "defaultValue": _Reader.default,
    "formulaTreatBlanksAs": _Reader.blanks,
    "lookupFilter": _Reader.lookup_filter,
    "summaryFilterItems": _Reader.summary_filter,
}
"""What reads each element."""


def _readers(tags: frozenset[str]) -> dict[str, _Read]:
    return {tag: _READERS[tag] for tag in tags | _ALL}


_FORMULA_TAKES = _readers(_FORMULA)
_ALL_TAKES: Mapping[str, Mapping[str, _Read]] = {
    "": _readers(_CHOICE | _PARENT | _KEYS | _DEFAULT),
    **{kind: _readers(_TAKES.get(kind, _DEFAULT)) for kind in TYPES},
}
"""What reads the elements of each type; the empty one is that of standard fields whose files do not say theirs."""
