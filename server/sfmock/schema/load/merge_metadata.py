"""Metadata files laid over a schema: objects first, then fields, then what is chosen or computed from other fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

from sfmock.errors import Refused
from sfmock.schema import tracking
from sfmock.schema.building import Building
from sfmock.schema.custom_object import ObjectOptions
from sfmock.schema.kinds import kind_of
from sfmock.schema.load.changed_fields import changed_field
from sfmock.schema.load.definitions import Definitions, FieldDefinition, ObjectDefinition
from sfmock.schema.load.formulas import UNKNOWN_FORMULA, unknown
from sfmock.schema.load.report import Notes
from sfmock.schema.load.workspace import Workspace
from sfmock.schema.load.wrong import WRONG, words
from sfmock.schema.making import check_type, make_object, wanted_companions
from sfmock.schema.model import ChildRelationship, Field, SObject, revised

Given: TypeAlias = Mapping[str, object]

_LABELS = ("label", "label_plural")
_PLAIN = frozenset({"default_formula", "track_history"})
"""Properties of fields that may not be passed on as they are."""


def merge_metadata(space: Workspace, definitions: Definitions, notes: Notes) -> None:
    """Put the objects and fields of metadata files into the workspace; what it does not take is noted."""
    merge = _Merge(space, definitions, notes)
    owners = [each for each in definitions.objects if merge.make(each)]
    for each in owners:
        merge.add_fields(each)
    merge.give_ends()
    for each in owners:
        merge.add_dependents(each)
    merge.add_summaries(owners)
    for each in owners:
        merge.change_fields(each)
        merge.add_history(each)


class _Merge:
    def __init__(self, space: Workspace, definitions: Definitions, notes: Notes) -> None:
        self._space = space
        self._sets = definitions.value_sets
        self._notes = notes
        self._options: dict[str, ObjectOptions] = {}
        self._defaults: dict[str, str] = {}
        """Formulas that are defaults, by `Invoice__c.Sent__c`."""
        self._untracked: set[str] = set()
        self._ends: dict[str, list[tuple[str, ChildRelationship]]] = {}
        self._before: dict[str, frozenset[str]] = {}
        """The names of the fields that each object had."""
        self._fresh: dict[str, list[FieldDefinition]] = {}

    def make(self, definition: ObjectDefinition) -> bool:
        """Make an object, or change its labels if it is there; False if there is nothing to give fields to."""
        name = definition.name
        present = self._space.find(name)
        if definition.properties.get("enable_history") is False:
            self._untracked.add(name)  # fields keep their marks while tracking is off
        if present is None:
            present = self._made(definition)
            if present is None:
                self._space.miss(name)
                return False
        elif definition.defined:
            given = definition.properties
            present = replace(
                present,
                label=str(given.get("label", present.label)),
                label_plural=str(given.get("label_plural", present.label_plural)),
                fields=tuple(self._named(present, given.get("name_field"))),
            )
        self._space.put(present)
        self._before[name] = frozenset(present.by_name)
        return True

    def _named(self, present: SObject, given: object) -> Iterator[Field]:
        """The fields of an object that is there, its name counted as the metadata say: a describe does not tell it."""
        about = given if isinstance(given, Mapping) else {}
        for each in present.fields:
            if each.name_field and each.auto_number and "display_format" in about:
                self._notes.withdraw(f"{present.name}.{each.name}")
                each = revised(
                    each,
                    display_format=about["display_format"],
                    starting_number=about.get("starting_number", 1),
                )
            yield each

    def _made(self, definition: ObjectDefinition) -> SObject | None:
        name = definition.name
        if "__" not in name or not definition.defined:
            reason = "the object itself is not in the sources"
            if "__" not in name:
                reason = "the fake's schema has no such object"
            self._notes.behaviour(definition.file, name, reason)
            return None
        try:
            self._options[name] = _options(definition)
            return make_object(name, self._options[name], self._space.taken)
        except WRONG as error:
            self._notes.behaviour(definition.file, name, words(error))
            return None

    def add_fields(self, definition: ObjectDefinition) -> None:
        """New fields that need no other field, and the companions that the object has by now."""
        owner = self._owner(definition)
        building = Building(owner, self._space.find_or_miss)
        for each in self._new(definition):
            if "controller" not in each.properties and each.type != "summary":
                self._add(building, owner, each)
        for kind in wanted_companions(building.sobject(), self._options.get(definition.name)):
            try:
                self._space.put(building.accompany(kind))
            except Refused as error:
                self._notes.behaviour(definition.file, f"{owner.name}: {kind}", words(error))
        for parent, ends in building.ends():
            self._ends.setdefault(parent.name, []).extend((definition.file, each) for each in ends)
        self._put(building.sobject())

    def give_ends(self) -> None:
        """Give each parent all its new child relationships at once: a popular one has thousands."""
        for name, ends in self._ends.items():
            parent = self._space.find_or_miss(name)
            taken = {str(each.name).lower() for each in parent.children if each.name}
            given = []
            for file, end in ends:
                if end.name and end.name.lower() in taken:
                    reason = f"{name} has a child relationship {end.name} already"
                    self._notes.behaviour(file, f"{end.child}.{end.field}", reason)
                    end = replace(end, name=None)
                taken.add(str(end.name).lower())
                given.append(end)
            self._space.put(replace(parent, children=(*parent.children, *given)))

    def add_dependents(self, definition: ObjectDefinition) -> None:
        """Picklists whose values depend on another field, that one first."""
        waiting = {
            each.name: each for each in self._new(definition) if "controller" in each.properties
        }
        while waiting:
            ready = [
                each for each in waiting.values() if each.properties["controller"] not in waiting
            ]
            for each in ready or [*waiting.values()]:
                owner = self._owner(definition)
                building = Building(owner, self._space.find)
                self._add(building, owner, each)
                self._put(building.sobject())
                del waiting[each.name]

    def add_summaries(self, definitions: Iterable[ObjectDefinition]) -> None:
        """Roll-up summaries; one may add up another, so those that fail are tried again after the others."""
        waiting = [
            (owner, each)
            for owner in definitions
            for each in self._new(owner)
            if each.type == "summary"
        ]
        tried = -1
        while len(waiting) != tried:
            tried = len(waiting)
            waiting = [(owner, each) for owner, each in waiting if self._summarize(owner, each)]
        for owner, each in waiting:
            error = self._summarize(owner, each)
            self._note(owner.name, each, words(error) if error else "")

    def change_fields(self, definition: ObjectDefinition) -> None:
        """What the files change of fields that were there before."""
        owner = self._owner(definition)
        changed: dict[str, Field] = {}
        for each in definition.fields:
            known = owner.find(each.name)
            if each.name.lower() in self._before[definition.name] and known is not None:
                properties = self._properties(owner, each)
                if properties is not None:
                    definition_ = replace(each, properties=properties)
                    changed[known.name] = changed_field(
                        self._space, owner, known, definition_, self._notes
                    )
        if changed:
            fields = tuple(changed.get(each.name, each) for each in owner.fields)
            self._put(replace(owner, fields=fields))

    def add_history(self, definition: ObjectDefinition) -> None:
        """The history of a standard sobject that tracks fields, where it is not shipped."""
        owner = self._owner(definition)
        try:
            tracking.check(owner)
            self._space.put(*tracking.missing_history(owner, self._space.find))
        except WRONG as error:
            self._notes.behaviour(definition.file, f"{owner.name}: trackHistory", words(error))

    def _new(self, definition: ObjectDefinition) -> list[FieldDefinition]:
        """The fields that the object did not have, masters first and the primary one before the other."""
        found = self._fresh.get(definition.name)
        if found is None:
            before = self._before[definition.name]
            found = [each for each in definition.fields if each.name.lower() not in before]
            if any("master_detail" in each.properties for each in found):
                found.sort(key=_order)
            self._fresh[definition.name] = found
        return found

    def _owner(self, definition: ObjectDefinition) -> SObject:
        return self._space.find_or_miss(definition.name)

    def _summarize(self, definition: ObjectDefinition, field: FieldDefinition) -> Exception | None:
        """Add a roll-up summary, or say why not."""
        building = Building(self._owner(definition), self._space.find)
        try:
            building.add(field.name, field.type, field.properties)
        except WRONG as error:
            return error
        self._space.put(building.sobject())
        return None

    def _add(self, building: Building, owner: SObject, field: FieldDefinition) -> None:
        if not field.name.endswith("__c"):
            self._note(owner.name, field, "the fake's schema has no such field")
            return
        properties = self._properties(owner, field)
        if properties is None:
            return
        number = 0
        if "formula_text" in properties:
            number = self._space.next_formula()
            properties = {**properties, "formula": unknown}
        try:
            check_type(owner, field.name, field.type)
            building.add(field.name, field.type, properties, formula=number)
        except WRONG as error:
            self._note(owner.name, field, words(error))
            return
        if number:
            self._notes.behaviour(
                field.file, f"{owner.name}.{field.name}: formula", UNKNOWN_FORMULA
            )
        target = properties.get("reference_to")
        if isinstance(target, str) and self._space.find(target) is None:
            self._note(
                owner.name, field, f"{target} is not in the sources: its records are refused"
            )

    def _properties(self, owner: SObject, field: FieldDefinition) -> Given | None:
        """The properties with the values of a global value set, without a formula as default: that is put in later."""
        if field.value_set is None and _PLAIN.isdisjoint(field.properties):
            return field.properties
        properties = dict(field.properties)
        if owner.name in self._untracked:
            properties.pop("track_history", None)
        formula = properties.pop("default_formula", None)
        if formula is not None:
            self._defaults[f"{owner.name}.{field.name}"] = str(formula)
        if field.value_set is not None:
            values = self._sets.get(field.value_set)
            if values is None:
                reason = f"the global value set {field.value_set} is not in the sources"
                self._note(owner.name, field, reason)
                return None
            properties["values"] = values
        return properties

    def _put(self, sobject: SObject) -> None:
        """Put a finished sobject, with the formulas that are defaults: a create that needs one is refused."""
        names = {
            each.name
            for each in sobject.fields
            if self._defaults and f"{sobject.name}.{each.name}" in self._defaults
        }
        if names:
            fields = tuple(
                revised(
                    each,
                    default_formula=self._defaults[f"{sobject.name}.{each.name}"],
                    defaulted_on_create=True,
                )
                if each.name in names
                else each
                for each in sobject.fields
            )
            sobject = replace(sobject, fields=fields)
        self._space.put(sobject)

    def _note(self, owner: str, field: FieldDefinition, reason: str) -> None:
        self._notes.behaviour(field.file, f"{owner}.{field.name}", reason)


def _options(definition: ObjectDefinition) -> ObjectOptions:
    """The options of a new object, those that its kind has."""
    given = dict(definition.properties)
    kind = kind_of(definition.name)
    if kind != "c":
        given = {key: value for key, value in given.items() if key in _LABELS}
    elif "custom_setting" in given:
        given = {key: value for key, value in given.items() if key in ("label", "custom_setting")}
    name_field = given.get("name_field")
    if isinstance(name_field, Mapping):
        about = {key: value for key, value in name_field.items() if key != "track_history"}
        if about.get("type") == "AutoNumber":
            about.setdefault("display_format", "{0}")
        given["name_field"] = about
    return ObjectOptions(**given)  # type: ignore[arg-type]  # checked by ObjectOptions itself


def _order(field: FieldDefinition) -> tuple[bool, object]:
    """Masters come first, the primary one before the other."""
    detail = field.properties.get("master_detail") is True
    return not detail, field.properties.get("relationship_order", 0) if detail else 0
