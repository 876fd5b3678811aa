"""Describes laid over a schema: the org's form of an sobject takes the place of the shipped one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

from sfmock.schema.load.definitions import Described, DescribedField
from sfmock.schema.load.formulas import UNKNOWN_FORMULA, UNKNOWN_SUMMARY
from sfmock.schema.load.report import Notes
from sfmock.schema.load.workspace import Workspace
from sfmock.schema.making import next_prefix
from sfmock.schema.model import ChildRelationship, Field, Mold, SObject, field_of, revised

_NEVER_AGGREGATED = frozenset(
    {"boolean", "time", "address", "location", "base64", "multipicklist", "anyType"}
)
_LONG = 255
_NAME = re.compile(r"[A-Za-z]\w{0,79}", re.ASCII)


_FEATURES: Mapping[str, str] = {
    "IsPersonAccount": "person accounts",
    "CurrencyIsoCode": "several currencies",
    "Division": "divisions",
}
"""Standard fields that an org has only with a feature that brings rules of its own (metadata.md 3, 4.3)."""


def merge_describes(space: Workspace, described: tuple[Described, ...], notes: Notes) -> list[str]:
    """Put the described sobjects into the workspace; answers the standard fields that the org does not show."""
    removed: list[str] = []
    molds: dict[int, Mold] = {}
    for found in described:
        each = _readable(found, notes)
        if each is None:
            continue
        base = space.find(each.name)
        if base is not None:
            removed.extend(f"{base.name}.{one.name}" for one in _hidden(base, each))
        space.put(_Overlay(space, base, each, notes, molds).sobject())
    return removed


def _readable(described: Described, notes: Notes) -> Described | None:
    """The describe without fields that cannot be columns; None if its name is none."""
    if not _NAME.fullmatch(described.name) or described.name.lower().startswith("sqlite_"):
        notes.behaviour(described.file, described.name, "it is no API name")
        return None
    fields: dict[str, DescribedField] = {}
    for each in described.fields:
        twice = each.name.lower() in fields
        if twice or not _NAME.fullmatch(each.name):
            reason = "it is described twice" if twice else "it is no API name"
            notes.behaviour(described.file, f"{described.name}.{each.name}", reason)
        else:
            fields[each.name.lower()] = each
    if len(fields) == len(described.fields):
        return described
    return replace(described, fields=tuple(fields.values()))


class _Overlay:
    """One describe over the sobject that is there, if any."""

    def __init__(
        self,
        space: Workspace,
        base: SObject | None,
        described: Described,
        notes: Notes,
        molds: dict[int, Mold],
    ) -> None:
        self._space = space
        self._base = base
        columns = () if base is None else base.columns
        self._known = {each.name.lower(): each for each in columns}
        self._described = described
        self._notes = notes
        self._molds = molds
        """What new fields are made of, by the identity of what they were given alike."""

    def sobject(self) -> SObject:
        """The sobject as it is described; what the describe does not tell stays as the base has it."""
        described = self._described
        given = cast("dict[str, Any]", dict(described.given))
        label = given["label"] = given.get("label") or described.name
        given["label_plural"] = given.get("label_plural") or label
        fields = tuple(map(self._field, described.fields))
        for each in fields:
            feature = None if each.name.lower() in self._known else _FEATURES.get(each.name)
            if feature is not None:
                self._note(f"{described.name}.{each.name}", f"the rules of {feature} are not faked")
        if self._base is None:
            given = {"key_prefix": None, **given, "described": not given.get("custom", False)}
            made = SObject(
                described.name, fields=fields, children=described.children or (), **given
            )
            return replace(made, key_prefix=self._prefix(made))
        return replace(
            self._base,
            fields=(*fields, *_kept(self._base, described)),
            hidden=tuple(_hidden(self._base, described)),
            children=tuple(_children(self._base, described)),
            **given,
        )

    def _prefix(self, made: SObject) -> str | None:
        """The described key prefix, or another one if it is that of another custom sobject."""
        prefix = made.key_prefix
        if prefix is None and "key_prefix" not in self._described.given and made.custom:
            return next_prefix("a", self._space.taken)
        if not made.custom or prefix is None or prefix not in self._space.taken:
            return prefix
        other = next_prefix(prefix[0], self._space.taken)
        reason = f"another sobject has it: here it is {other}"
        self._note(f"{made.name}: keyPrefix {prefix}", reason)
        return other

    def _field(self, described: DescribedField) -> Field:
        known = self._known.get(described.name.lower())
        given, own = described.given, described.own
        if known is not None and known.type == given["type"]:
            field = revised(known, **given, **own)
        else:
            mold = self._molds.get(id(given))
            if mold is None:
                alike = field_of({"name": "", "label": "", **_usual(given), **given})
                mold = self._molds[id(given)] = Mold(alike)
            field = mold.field(name=described.name, **{"label": described.name, **own})
        foreign = known is None or known.custom
        if field.calculated and foreign and field.formula is None and field.summary is None:
            return self._uncomputed(field)
        if (
            field.auto_number
            and (field.custom or self._described.given.get("custom"))
            and field.display_format is None
        ):
            return self._numbered(field)
        return field

    def _uncomputed(self, field: Field) -> Field:
        reason = UNKNOWN_FORMULA if field.calculated_formula else UNKNOWN_SUMMARY
        self._note(f"{self._described.name}.{field.name}: formula", reason)
        return revised(field, formula=self._space.next_formula())

    def _numbered(self, field: Field) -> Field:
        reason = "a describe does not tell how it is written: here as a plain number"
        self._note(f"{self._described.name}.{field.name}: display format", reason)
        return revised(field, display_format="{0}")

    def _note(self, element: str, reason: str) -> None:
        self._notes.behaviour(self._described.file, element, reason)


def _usual(given: Mapping[str, object]) -> dict[str, object]:
    """What follows from the type, for describes of versions that do not tell it (metadata.md 2.1)."""
    type_, length = given["type"], given.get("length", 0)
    long = type_ == "textarea" and isinstance(length, int) and length > _LONG
    return {"aggregatable": type_ not in _NEVER_AGGREGATED and not long}


def _hidden(base: SObject, described: Described) -> Iterator[Field]:
    """The standard fields that are missing: a describe has all that its user may see."""
    names = {each.name.lower() for each in described.fields}
    for each in base.columns:
        if not each.custom and each.name.lower() not in names:
            yield each


def _kept(base: SObject, described: Described) -> Iterator[Field]:
    """Custom fields of the base, added by a test or by an earlier load, stay behind the described ones."""
    names = {each.name.lower() for each in described.fields}
    for each in base.fields:
        if each.custom and each.name.lower() not in names:
            yield each


def _children(base: SObject, described: Described) -> Iterator[ChildRelationship]:
    """The described ones, and those that custom sobjects and fields of the base have."""
    if described.children is None:
        yield from base.children
        return
    yield from described.children
    ends = {(each.child.lower(), each.field.lower()) for each in described.children}
    for each in base.children:
        custom = "__" in each.child or "__" in each.field
        if custom and (each.child.lower(), each.field.lower()) not in ends:
            yield each


def note_missing(space: Workspace, described: Described, notes: Notes) -> None:
    """Note sobjects that the describe names and no source has: they are refused, not unknown."""
    for child in described.children or ():
        space.miss(child.child)
    for each in described.fields:
        targets = each.given["reference_to"]
        for target in targets if isinstance(targets, tuple) else ():
            if space.find(target) is not None:
                continue
            space.miss(target)
            element = f"{described.name}.{each.name}: referenceTo {target}"
            reason = f"{target} is not in the sources: its records are refused"
            if not each.given.get("custom") and space.base.absent(target):
                continue  # the shipped schema lacks it, too
            if each.given.get("custom"):
                notes.behaviour(described.file, element, reason)
            else:
                notes.effectless(described.file, f"referenceTo {target}", reason)
