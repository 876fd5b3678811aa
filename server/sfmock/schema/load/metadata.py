"""Metadata files, of sfdx source (`X.field-meta.xml`) and of the mdapi form (`X.object`), as definitions.

What kind of metadata a file holds, its ending says; which object a part belongs to, the folder above its own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from xml.etree.ElementTree import Element

from sfmock.schema.load import markup, other_types
from sfmock.schema.load.alike import AlikeFields, words_of
from sfmock.schema.load.definitions import Definitions, MetadataRecord, StandardValue
from sfmock.schema.load.files import SourceFile
from sfmock.schema.load.metadata_records import read_record
from sfmock.schema.load.objects import PARTS, ObjectParts
from sfmock.schema.load.report import Notes
from sfmock.schema.load.value_sets import global_value_set, standard_value_set
from sfmock.schema.model import PicklistValue

_META = "-meta.xml"
_PARTS: Mapping[str, tuple[str, str]] = {
    "field": ("CustomField", "fields"),
    "recordType": ("RecordType", "recordTypes"),
    "businessProcess": ("BusinessProcess", "businessProcesses"),
    "validationRule": ("ValidationRule", "validationRules"),
}
"""The parts of an object by the ending of their files: the root element, and the element that is the same in mdapi."""
_UNREAD_PARTS: Mapping[str, str] = {
    "index": "big objects are not read",
    "sharingReason": "sharing is not faked",
}
_MANIFESTS = frozenset({"package.xml", "destructiveChanges.xml", "destructiveChangesPre.xml", "destructiveChangesPost.xml"})  # fmt: skip


def is_metadata(file: SourceFile) -> bool:
    """Whether the name is that of a metadata file."""
    return file.name.endswith((_META, ".object", ".globalValueSet", ".standardValueSet"))


class MetadataReader:
    """What the metadata files of one load say, gathered."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._objects: dict[str, ObjectParts] = {}
        self._value_sets: dict[str, tuple[PicklistValue, ...]] = {}
        self._standard: dict[str, tuple[StandardValue, ...]] = {}
        self._files: dict[str, str] = {}
        self._records: list[MetadataRecord] = []
        self._alike = AlikeFields()

    def definitions(self) -> Definitions:
        """All that was read so far."""
        return Definitions(
            objects=tuple(each.definition() for each in self._objects.values()),
            value_sets=self._value_sets,
            standard_value_sets=self._standard,
            value_set_files=self._files,
            records=tuple(self._records),
        )

    def read(self, file: SourceFile) -> None:
        """One file: read, or noted as left out."""
        base = file.name.rpartition("/")[2]
        stem, _, ending = base.removesuffix(_META).rpartition(".")
        if ending == "field":
            self._field(file)
        elif ending in _PARTS:
            self._part(file, *_PARTS[ending], file.read())
        elif ending in _WHOLE and (ending != "md" or file.place == "customMetadata"):
            root_tag, take = _WHOLE[ending]
            root = self._root(file, root_tag, file.read())
            if root is not None:
                take(self, root, stem, file.name)
        else:
            self._leave_out(file, base, stem, ending)

    def _root(self, file: SourceFile, tag: str, data: bytes) -> Element | None:
        """The root element of a file, if it is the one that belongs there."""
        try:
            root = markup.parse(data)
            if root.tag != tag:
                raise markup.Unreadable(
                    f"its root is <{root.tag}>, not <{tag}> of Salesforce's metadata"
                )
        except markup.Unreadable as error:
            self._notes.behaviour(file.name, "the file", str(error))
            return None
        return root

    def _field(self, file: SourceFile) -> None:
        data = file.read()
        words, before = words_of(data), self._notes.number
        alike = None if words is None else self._alike.find(words, file.name)
        if alike is not None:
            self._owner(file).take(alike)
            return
        self._part(file, *_PARTS["field"], data)
        if words is not None and self._notes.number == before:  # nothing of it was left out
            self._alike.keep(words, self._owner(file).latest)

    def _part(self, file: SourceFile, root_tag: str, part: str, data: bytes) -> None:
        root = self._root(file, root_tag, data)
        if root is not None:
            PARTS[part](self._owner(file), root, file.name)

    def _owner(self, file: SourceFile) -> ObjectParts:
        return self._object(file.path.rsplit(os.sep, 3)[-3], file.name)

    def _object(self, name: str, file: str) -> ObjectParts:
        found = self._objects.get(name)
        if found is None:
            found = self._objects[name] = ObjectParts(name, file, self._notes)
        return found

    def _whole_object(self, root: Element, name: str, file: str) -> None:
        self._object(name, file).whole(root, file)

    def _global_value_set(self, root: Element, name: str, file: str) -> None:
        self._value_sets[name] = global_value_set(root, file, self._notes)

    def _standard_value_set(self, root: Element, name: str, file: str) -> None:
        self._files[name] = file
        self._standard[name] = standard_value_set(root, file, self._notes)

    def _record(self, root: Element, name: str, file: str) -> None:
        self._records.append(read_record(root, name, file))

    def _leave_out(self, file: SourceFile, base: str, stem: str, ending: str) -> None:
        """Note a file that is not read; beside `X.cls-meta.xml`, its companion `X.cls` says nothing more."""
        meta = base.endswith(_META)
        if ending in _UNREAD_PARTS:
            self._notes.behaviour(file.name, f"{ending} {stem}", _UNREAD_PARTS[ending])
        elif ending in other_types.BEHAVIOUR:
            type_, reason = other_types.BEHAVIOUR[ending]
            if meta or ending not in ("trigger", "cls"):
                self._notes.behaviour(file.name, f"{type_} {stem}", reason)
        elif ending in other_types.SILENT and (meta or ending not in ("js", "svg", "resource")):
            self._notes.effectless(file.name, other_types.SILENT[ending], "it is not served")
        elif meta:
            self._notes.behaviour(
                file.name, f"{ending} {stem}", "metadata of a type that is not known here"
            )
        elif base in _MANIFESTS:
            self._notes.effectless(file.name, base, "a manifest says nothing of the schema")
        else:
            self._notes.effectless(file.name, f"*.{ending}", "no metadata")


_WHOLE: Mapping[str, tuple[str, Callable[[MetadataReader, Element, str, str], None]]] = {
    "object": ("CustomObject", MetadataReader._whole_object),
    "globalValueSet": ("GlobalValueSet", MetadataReader._global_value_set),
    "standardValueSet": ("StandardValueSet", MetadataReader._standard_value_set),
    "md": ("CustomMetadata", MetadataReader._record),
}
"""By the ending of the file: its root element, and what reads it."""
