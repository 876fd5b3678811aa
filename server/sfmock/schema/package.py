"""The package file of an org's standard schema: an index line, then one compact JSON line an sobject.

Only the sobjects that a test touches are parsed; what is parsed is shared by all orgs of the process, for it is frozen.
Line 1 is `{"objects": {name: [key prefix, offset, length]}, "absent": [names of standard sobjects that are not shipped],
"needs": {name: feature of the org without which the sobject does not exist}}`; offsets count bytes from the end of line 1.
Where there are some, `"masters"` are the sobjects with roll-up summaries, and `"formulas"` the sobject and field of each number.
Flags of an sobject or a field are the bits of `OBJECT_FLAGS` and `FIELD_FLAGS`.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from functools import cached_property, lru_cache
from hashlib import blake2b
from operator import attrgetter
from pathlib import Path
from typing import Any, cast

from sfmock.schema.model import (
    ChildRelationship,
    Field,
    FilteredLookup,
    PicklistValue,
    RecordType,
    RecordTypePicklist,
    SObject,
    Summary,
    id_prefix,
)

OBJECT_FLAGS = (
    "createable", "updateable", "deletable", "undeletable", "queryable", "searchable", "triggerable", "mergeable",
    "replicateable", "retrieveable", "layoutable", "feed_enabled", "mru_enabled", "deep_cloneable",
    "compact_layoutable", "search_layoutable", "custom", "custom_setting", "described",
)  # fmt: skip
FIELD_FLAGS = (
    "nillable", "createable", "updateable", "defaulted_on_create", "filterable", "sortable", "groupable",
    "aggregatable", "unique", "external_id", "id_lookup", "case_sensitive", "name_field", "calculated", "auto_number",
    "permissionable", "restricted_picklist", "dependent_picklist", "html_formatted", "encrypted", "query_by_distance",
    "cascade_delete", "restricted_delete", "write_requires_master_read", "search_prefilterable",
    "ai_prediction_field", "custom", "formula_treat_null_as_zero", "high_scale_number", "track_history",
)  # fmt: skip
_SIZES = ("length", "precision", "scale", "digits")
_KEYS = (
    "relationship_name", "relationship_order", "compound", "extra_type_info", "controller_name", "inline_help_text",
    "default", "default_formula", "soap_type", "byte_length", "mask", "mask_type", "reference_target_field", "formula",
    "calculated_formula", "display_format",
)  # fmt: skip
_MOST_TEXTS = 128
_texts: dict[int, tuple[tuple[Field, ...], str]] = {}
# by identity; an entry holds its fields, so an id is never reused
_object_flags = attrgetter(*OBJECT_FLAGS)
_field_flags = attrgetter(*FIELD_FLAGS)
_field_sizes = attrgetter(*_SIZES)
_field_keys = attrgetter(*_KEYS)


class Package:
    """The bytes of one package file: its index is read, its sobjects when they are asked for.

    A package may lie over another one: its sobjects join those below or take their places.
    """

    def __init__(self, data: bytes, base: Package | None = None) -> None:
        end = data.index(b"\n") + 1
        index = json.loads(data[:end])
        self._base = base
        self._data = data
        self._lines = memoryview(data)[end:]
        self._index: dict[str, list[Any]] = index["objects"]
        below: Mapping[str, str] = {} if base is None else base.needs
        self.needs: Mapping[str, str] = {
            name: feature
            for name, feature in {**below, **index["needs"]}.items()
            if name not in self._index or name in index["needs"]
        }
        """Sobjects that an org has only with a feature that this fake's orgs lack: they are not found."""
        self._own: dict[str, str] = {
            name.lower(): name for name in self._index if name not in self.needs
        }
        self._names: dict[str, str] = self._own if base is None else {**base._names, **self._own}
        self._absent = {name.lower(): name for name in index["absent"]}
        if base is not None:
            self._absent = {
                key: name
                for key, name in {**base._absent, **self._absent}.items()
                if key not in self._names
            }
        masters: list[str] = index.get("masters", [])
        formulas: dict[str, tuple[str, str]] = index.get("formulas", {})
        self.masters: frozenset[str] = frozenset(masters) | (
            frozenset() if base is None else base.masters - self._index.keys()
        )
        """The sobjects that have roll-up summaries."""
        self.formulas: Mapping[int, tuple[str, str]] = {
            **({} if base is None else base._formulas_but_of(self._index)),
            **{int(number): (name, field) for number, (name, field) in formulas.items()},
        }
        """The sobject and the field of each formula by its number: which function computes it, an org knows."""
        self._prefixes: dict[str, tuple[str, ...]] = {}
        for name in self._names.values():
            prefix = id_prefix(name, self._key_prefix(name))
            if prefix is not None and not name.endswith("Feed"):  # those are rows of FeedItem
                self._prefixes[prefix] = (*self._prefixes.get(prefix, ()), name)
        self._parsed: dict[str, SObject] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The shipped sobjects that the orgs have, in the file's order."""
        return tuple(self._names.values())

    def has_own(self, name: str) -> bool:
        """Whether it holds the sobject itself, not only a package below it."""
        return name.lower() in self._own

    @property
    def prefixes(self) -> frozenset[str]:
        """The first three characters of ids that are taken."""
        return frozenset(self._prefixes)

    def find(self, name: str) -> SObject | None:
        """The sobject of this name, in any case, or None."""
        exact = self._own.get(name.lower())
        if exact is None:
            return None if self._base is None else self._base.find(name)
        found = self._parsed.get(exact)
        if found is None:
            found = read_sobject(json.loads(bytes(self._line(exact))))
            self._parsed[exact] = found
        return found

    def parents_of(self, child: str, field: str) -> frozenset[str]:
        """The custom objects that a reference of a child leads to, told by their lines: most are never parsed."""
        below = frozenset() if self._base is None else self._base.parents_of(child, field)
        end = f'["{child}","{field}",'.encode()
        own = (name for name in self._own.values() if name.endswith("__c"))
        return below.union(name for name in own if end in bytes(self._line(name)))

    def shows(self, name: str, field: str) -> bool:
        """Whether the line of an sobject has this field for callers to see: it is not parsed, so the case of the names counts."""
        if name not in self._index:
            return self._base is not None and self._base.shows(name, field)
        if name in self.needs:
            return False
        line = bytes(self._line(name))
        place = line.find(f'{{"name":"{field}",'.encode())
        return place >= 0 and line.find(b'"hidden":[{"name":', 0, place) < 0

    def absent(self, name: str) -> str | None:
        """The spelling of a standard sobject that Salesforce has and this package does not, or None."""
        return self._absent.get(name.lower())

    def with_prefix(self, prefix: str) -> tuple[str, ...]:
        """The shipped sobjects whose ids start with these three characters."""
        return self._prefixes.get(prefix, ())

    @cached_property
    def data(self) -> bytes:
        """The package as one file, with all that lies below it."""
        if self._base is None:
            return self._data
        names = sorted([*self._names.values(), *self.needs])
        lines = {name: (self._key_prefix(name), bytes(self._line(name))) for name in names}
        return _written(
            lines,
            self._absent.values(),
            self.needs,
            masters=sorted(self.masters),
            formulas={str(number): list(place) for number, place in self.formulas.items()},
        )

    @cached_property
    def digest(self) -> str:
        """A hash of all of it."""
        below = b"" if self._base is None else self._base.digest.encode()
        return blake2b(below + self._data, digest_size=16).hexdigest()

    def _formulas_but_of(self, names: Container[str]) -> dict[int, tuple[str, str]]:
        found = self.formulas.items()
        return {number: place for number, place in found if place[0] not in names}

    def _line(self, name: str) -> memoryview:
        if name not in self._index and self._base is not None:
            return self._base._line(name)
        _, offset, length = self._index[name]
        return self._lines[offset : offset + length]

    def _key_prefix(self, name: str) -> str | None:
        if name not in self._index and self._base is not None:
            return self._base._key_prefix(name)
        prefix: str | None = self._index[name][0]
        return prefix


def open_package(path: Path, base: Package | None = None) -> Package:
    """The package of a file, opened once a process as long as the file stays as it is."""
    about = path.stat()
    return _opened(path, about.st_size, about.st_mtime_ns, base)


@lru_cache(maxsize=16)
def _opened(path: Path, size: int, changed: int, base: Package | None) -> Package:
    """`size` and `changed` tell a file from what stood there before."""
    return Package(path.read_bytes(), base)


@lru_cache(maxsize=16)
def pack_up(package: Package) -> str:
    """A package, with all that lies below it, as one short text: what an org file carries."""
    return b64encode(zlib.compress(package.data)).decode()


@lru_cache(maxsize=16)
def unpack(text: str) -> Package:
    """The package that `pack_up` wrote, the same one for all orgs of the process that carry it."""
    return Package(zlib.decompress(b64decode(text)))


def write_package(
    objects: Iterable[SObject], absent: Iterable[str], needs: Mapping[str, str] | None = None
) -> bytes:
    """The bytes of a package file."""
    lines: dict[str, tuple[str | None, bytes]] = {}
    masters: list[str] = []
    formulas: dict[str, list[str]] = {}
    for each in objects:
        text = json.dumps(dump_sobject(each), separators=(",", ":"), ensure_ascii=False)
        lines[each.name] = each.key_prefix, text.encode()
        if each.summaries:
            masters.append(each.name)
        formulas.update({str(field.formula): [each.name, field.name] for field in each.formulas})
    return _written(lines, absent, needs or {}, masters=masters, formulas=formulas)


def _written(
    lines: Mapping[str, tuple[str | None, bytes]],
    absent: Iterable[str],
    needs: Mapping[str, str],
    **optional: object,
) -> bytes:
    index: dict[str, list[Any]] = {}
    offset = 0
    for name, (prefix, line) in lines.items():
        index[name] = [prefix, offset, len(line)]
        offset += len(line) + 1
    rare = {key: value for key, value in optional.items() if value}
    head = {"objects": index, "absent": list(absent), "needs": dict(needs), **rare}
    text = json.dumps(head, separators=(",", ":"))
    return b"\n".join([text.encode(), *(line for _, line in lines.values()), b""])


def sobject_text(sobject: SObject) -> str:
    """An sobject as JSON text; its fields are written again only where it has others than before."""
    known = _texts.get(id(sobject.fields))
    if known is None:
        if len(_texts) >= _MOST_TEXTS:
            _texts.clear()
        text = json.dumps([dump_field(each) for each in sobject.fields], separators=(",", ":"))
        known = _texts[id(sobject.fields)] = (sobject.fields, text)
    line = dump_sobject(replace(sobject, fields=()))
    del line["fields"]
    head = json.dumps(line, separators=(",", ":"))
    return f'{head[:-1]},"fields":{known[1]}}}'


def dump_sobject(sobject: SObject) -> dict[str, Any]:
    """An sobject as a compact JSON object: defaults left out."""
    line: dict[str, Any] = {
        "name": sobject.name,
        "label": sobject.label,
        "plural": sobject.label_plural,
        "prefix": sobject.key_prefix,
        "flags": _mask(_object_flags(sobject)),
        "scopes": list(sobject.supported_scopes),
        "fields": [dump_field(field) for field in sobject.fields],
        "children": [
            [
                each.child,
                each.field,
                each.name,
                int(each.cascade_delete),
                int(each.restricted_delete),
            ]
            for each in sobject.children
        ],
    }
    if sobject.sharing is not None:
        line["sharing"] = sobject.sharing
    if sobject.associate is not None:
        line["associate"] = list(sobject.associate)
    if sobject.hidden:
        line["hidden"] = [dump_field(field) for field in sobject.hidden]
    if sobject.record_types:
        line["record_types"] = [_dump_record_type(each) for each in sobject.record_types]
    return line


def read_sobject(line: dict[str, Any]) -> SObject:
    """The sobject that `dump_sobject` wrote."""
    return SObject(
        name=line["name"],
        label=line["label"],
        label_plural=line["plural"],
        key_prefix=line["prefix"],
        supported_scopes=tuple(line["scopes"]),
        fields=tuple(read_field(each) for each in line["fields"]),
        children=tuple(
            ChildRelationship(child, field, name, bool(cascade), bool(restrict))
            for child, field, name, cascade, restrict in line["children"]
        ),
        sharing=line.get("sharing"),
        associate=tuple(line["associate"]) if "associate" in line else None,
        hidden=tuple(read_field(each) for each in line.get("hidden", ())),
        record_types=tuple(_read_record_type(each) for each in line.get("record_types", ())),
        whole=None,
        **_flags(line["flags"], OBJECT_FLAGS),
    )


def dump_field(field: Field) -> dict[str, Any]:
    """A field as a compact JSON object: defaults left out."""
    line: dict[str, Any] = {
        "name": field.name,
        "label": field.label,
        "type": field.type,
        "flags": _mask(_field_flags(field)),
    }
    sizes, others = _field_sizes(field), _field_keys(field)
    line.update([each for each in zip(_SIZES, sizes, strict=True) if each[1]])
    line.update([each for each in zip(_KEYS, others, strict=True) if each[1] is not None])
    if field.reference_to:
        line["to"] = list(field.reference_to)
    if field.picklist:
        line["values"] = [_dump_entry(each) for each in field.picklist]
    if field.starting_number != 1:
        line["starting_number"] = field.starting_number
    if field.filtered_lookup is not None:
        about = field.filtered_lookup
        line["filter"] = [list(about.controlling_fields), int(about.dependent), int(about.optional)]
    if field.summary is not None:
        rollup = field.summary
        line["summary"] = [
            rollup.operation,
            rollup.child,
            rollup.foreign_key,
            rollup.field,
            [list(each) for each in rollup.filters],
        ]
    return line


def read_field(line: dict[str, Any]) -> Field:
    """The field that `dump_field` wrote."""
    return Field(
        name=line["name"],
        label=line["label"],
        type=line["type"],
        reference_to=tuple(line.get("to", ())),
        picklist=tuple(
            PicklistValue(value, label, bool(active), bool(default), *valid_for)
            for value, label, active, default, *valid_for in line.get("values", ())
        ),
        starting_number=line.get("starting_number", 1),
        filtered_lookup=_read_filter(line["filter"]) if "filter" in line else None,
        summary=_read_summary(line["summary"]) if "summary" in line else None,
        **{key: line[key] for key in (*_SIZES, *_KEYS) if key in line},
        **cast("dict[str, Any]", _flags(line["flags"], FIELD_FLAGS)),
    )


def _dump_entry(entry: PicklistValue) -> list[Any]:
    plain = [entry.value, entry.label, int(entry.active), int(entry.default)]
    return plain if entry.valid_for is None else [*plain, entry.valid_for]


def _read_filter(line: list[Any]) -> FilteredLookup:
    controlling, dependent, optional = line
    return FilteredLookup(tuple(controlling), bool(dependent), bool(optional))


def _read_summary(line: list[Any]) -> Summary:
    operation, child, foreign_key, field, filters = line
    return Summary(
        operation,
        child,
        foreign_key,
        field,
        tuple((name, how, text) for name, how, text in filters),
    )


def _dump_record_type(record_type: RecordType) -> list[Any]:
    each = record_type
    picklists = [[one.field, list(one.values), one.default] for one in each.picklists]
    return [
        each.id,
        each.developer_name,
        each.label,
        int(each.active),
        int(each.default),
        picklists,
    ]


def _read_record_type(line: list[Any]) -> RecordType:
    record_id, developer_name, label, active, default, picklists = line
    return RecordType(
        record_id,
        developer_name,
        label,
        bool(active),
        bool(default),
        tuple(RecordTypePicklist(field, tuple(values), one) for field, values, one in picklists),
    )


@lru_cache(maxsize=1024)
@lru_cache(maxsize=4096)  # a few dozen of them make up all fields
def _mask(values: tuple[bool, ...]) -> int:
    return sum(1 << bit for bit, value in enumerate(values) if value)


@lru_cache(maxsize=4096)
def _flags(mask: int, names: tuple[str, ...]) -> dict[str, bool]:
    return {name: bool(mask >> bit & 1) for bit, name in enumerate(names)}
