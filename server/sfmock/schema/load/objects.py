"""`<CustomObject>` elements and their parts, of sfdx source and of mdapi files alike (metadata.md 6.2).

objects/X__c/X__c.object-meta.xml          <CustomObject>   ─┐
objects/X__c/fields/A__c.field-meta.xml    <CustomField>     ├─→ ObjectParts ─→ ObjectDefinition
objects/X__c.object, with <fields> inside  <CustomObject>   ─┘
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from sfmock.schema.load.definitions import FieldDefinition, ObjectDefinition, RecordTypeDefinition
from sfmock.schema.load.fields import read_field
from sfmock.schema.load.markup import content, flag, text
from sfmock.schema.load.report import Notes

_FLAGS: Mapping[str, str] = {
    "enableHistory": "enable_history", "enableFeeds": "enable_feeds", "enableActivities": "enable_activities",
    "enableSearch": "enable_search",
}  # fmt: skip
_TEXTS: Mapping[str, str] = {
    "label": "label", "pluralLabel": "label_plural", "sharingModel": "sharing", "customSettingsType": "custom_setting",
}  # fmt: skip
_SILENT = frozenset(
    {
        "actionOverrides", "allowInChatterGroups", "compactLayoutAssignment", "compactLayouts", "customHelp",
        "customHelpPage", "deploymentStatus", "description", "enableBulkApi", "enableEnhancedLookup", "enableLicensing",
        "enableReports", "enableSharing", "enableStreamingApi", "externalSharingModel", "fieldSets", "fullName", "gender",
        "listViews", "profileSearchLayouts", "recordTypeTrackFeedHistory", "recordTypeTrackHistory", "searchLayouts",
        "startsWith", "webLinks", "historyRetentionPolicy", "publishBehavior", "eventType", "visibility",
    }
)  # fmt: skip
"""Parts of an object without effect on what is served."""
_UNREAD: Mapping[str, str] = {
    "enableDivisions": "divisions are not faked",
    "enableChangeDataCapture": "change events are not faked",
    "indexes": "indexes of big objects are not read",
    "sharingReasons": "sharing is not faked",
    "sharingRecalculations": "sharing is not faked",
}


class ObjectParts:
    """One object, gathered from the files and elements that say something of it."""

    def __init__(self, name: str, file: str, notes: Notes) -> None:
        self.name = name
        self._file = file
        self._notes = notes
        self._defined = False
        self._properties: dict[str, object] = {}
        self._fields: list[FieldDefinition] = []
        self._record_types: list[RecordTypeDefinition] = []
        self._processes: dict[str, tuple[str, ...]] = {}

    def definition(self) -> ObjectDefinition:
        """The object as far as it has become known."""
        return ObjectDefinition(
            self.name,
            self._file,
            self._defined,
            self._properties,
            tuple(self._fields),
            tuple(self._record_types),
            self._processes,
        )

    def whole(self, root: Element, file: str) -> None:
        """A `<CustomObject>`, with its parts inside where it is of an mdapi file."""
        self._file = file
        self._defined = True
        for child in root:
            part = PARTS.get(child.tag)
            if part is not None:
                part(self, child, file)
            elif child.tag == "nameField":
                self._properties["name_field"] = dict(_name_field(child, file, self._notes))
            elif child.tag in _FLAGS:
                self._properties[_FLAGS[child.tag]] = content(child) == "true"
            elif child.tag in _TEXTS:
                if content(child):
                    self._properties[_TEXTS[child.tag]] = content(child)
            else:
                self._stray(child, file)

    def field(self, element: Element, file: str) -> None:
        """A `<CustomField>`."""
        found = read_field(element, self.name, file, self._notes)
        if found is not None:
            self.take(found)

    def take(self, field: FieldDefinition) -> None:
        """A field that was read already."""
        self._fields.append(field)

    @property
    def latest(self) -> FieldDefinition:
        """The field that was read last."""
        return self._fields[-1]

    def record_type(self, element: Element, file: str) -> None:
        """A `<RecordType>`."""
        name = text(element, "fullName")
        if name is None:
            self._notes.behaviour(
                file, f"{self.name}: RecordType", "a record type without fullName"
            )
            return
        picklists: dict[str, tuple[str, ...]] = {}
        defaults: dict[str, str] = {}
        for each in element.iter("picklistValues"):
            field = text(each, "picklist") or ""
            picklists[field] = tuple(_values(each))
            for value in each.iter("values"):
                if flag(value, "default"):
                    defaults[field] = unquote(text(value, "fullName") or "")
        for child in element:
            if child.tag in ("description", "compactLayoutAssignment") and content(child):
                reason = "it says nothing to the API"
                self._notes.effectless(file, f"RecordType: {child.tag}", reason)
            elif child.tag not in _OF_RECORD_TYPE:
                self._unknown(f"RecordType {self.name}.{name}: {child.tag}", child, file)
        self._record_types.append(
            RecordTypeDefinition(
                name=name,
                label=text(element, "label") or name,
                file=file,
                active=flag(element, "active"),
                picklists=picklists,
                defaults=defaults,
                process=text(element, "businessProcess"),
            )
        )

    def business_process(self, element: Element, file: str) -> None:
        """A `<BusinessProcess>`: the statuses or stages that its record types have."""
        name = text(element, "fullName")
        if name is not None:
            self._processes[name] = tuple(_values(element))

    def validation_rule(self, element: Element, file: str) -> None:
        """A `<ValidationRule>` is not run: its formula is text."""
        element_name = f"ValidationRule {self.name}.{text(element, 'fullName') or '?'}"
        if flag(element, "active", True):
            self._notes.behaviour(file, element_name, "formulas are not evaluated")
        else:
            self._notes.effectless(file, "ValidationRule", "it is not active")

    def unread(self, element: Element, file: str) -> None:
        """A part that stands in a file of its own and is not read."""
        tag = f"{element.tag[0].lower()}{element.tag[1:]}s"
        if tag in _UNREAD:
            self._notes.behaviour(file, f"{self.name}: {element.tag}", _UNREAD[tag])
        else:
            self._notes.effectless(file, element.tag, "it is not served")

    def _stray(self, child: Element, file: str) -> None:
        if child.tag in _SILENT:
            said = content(child)
            if child.tag != "fullName" and (len(child) or said not in ("", "false")):
                self._notes.effectless(file, f"CustomObject: {child.tag}", "it is not served")
        else:
            self._unknown(f"{self.name}: {child.tag}", child, file)

    def _unknown(self, element: str, child: Element, file: str) -> None:
        """An element that is not read, unless it only says that something is off."""
        if len(child) or content(child) not in ("", "false"):
            reason = _UNREAD.get(child.tag, "not known to this version of the fake")
            self._notes.behaviour(file, element, reason)


_OF_RECORD_TYPE = frozenset(
    {"fullName", "label", "active", "businessProcess", "picklistValues", "description", "compactLayoutAssignment"}
)  # fmt: skip

PARTS: Mapping[str, Callable[[ObjectParts, Element, str], None]] = {
    "fields": ObjectParts.field,
    "recordTypes": ObjectParts.record_type,
    "businessProcesses": ObjectParts.business_process,
    "validationRules": ObjectParts.validation_rule,
}
"""The elements inside a `<CustomObject>` that are definitions of their own."""


def _values(element: Element) -> Iterator[str]:
    """The values of a record type or business process: metadata writes them with %-escapes."""
    for each in element.iter("values"):
        value = text(each, "fullName")
        if value is not None:
            yield unquote(value)


def _name_field(element: Element, file: str, notes: Notes) -> Iterator[tuple[str, object]]:
    for child in element:
        said = content(child)
        match child.tag:
            case "label":
                yield "label", said
            case "type":
                yield "type", said
            case "displayFormat":
                yield "display_format", said
            case "startingNumber" if said.isdecimal():
                yield "starting_number", int(said)
            case "trackHistory":
                yield "track_history", said == "true"
            case _ if said not in ("", "false"):
                notes.effectless(file, f"nameField: {child.tag}", "it is not served")
