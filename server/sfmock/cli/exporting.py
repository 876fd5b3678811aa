"""`sfmock org export`: what an org holds beyond its pack, as a pack that lies over that one, or as CSV files to look at.

Secrets of the org are no rows: passwords, tokens, keys, sessions and connected apps are in no export. Nor are the values of
encrypted fields.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sfmock.cli import output
from sfmock.cli.importing import LEFT_OUT, PACK, SCHEMA, check_folder, write_file
from sfmock.org.contents import rows, stored
from sfmock.org.org import Org
from sfmock.org.packs import Pack, find_pack
from sfmock.org.seeding import literal
from sfmock.schema.model import Field, SObject
from sfmock.schema.package import write_package
from sfmock.store.database import Value
from sfmock.wire import JSON

_COUNTED = frozenset({"UserLicense"})
"""Sobjects whose rows the platform writes itself, with what it counts."""
_STAMPS = frozenset(
    {"CreatedDate", "LastModifiedDate", "SystemModstamp", "LastLoginDate", "LastViewedDate", "LastReferencedDate"}
)  # fmt: skip
"""What is of another time in another org."""


@dataclass
class Exported:
    """What was written, and what was not."""

    folder: str
    base: str | None = None
    """The pack that it lies over, whose records it has not."""
    records: dict[str, int] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)

    def as_json(self) -> JSON:
        """All of it, for programs."""
        return {"folder": self.folder, "records": {**self.records}, "left_out": [*self.left_out]}


def as_pack(file: Path, folder: Path, base: str | None) -> Exported:
    """Write a pack: `Org.new(folder)` makes an org with these rows and this schema."""
    check_folder(folder)
    with output.Progress(f"reading {file}") as progress, Org.open(file) as org:
        pack = _base(org, base)
        files: dict[str, bytes] = {}
        exported = Exported(str(folder), base or pack.name)
        with Org.from_pack(pack, org.seed) as first:
            first.make_all_rows()
            differing = _Differing(org, first, exported)
            for sobject in stored(org):
                progress.at(f"writing {sobject.name}")
                found = differing.rows(sobject)
                if found:
                    exported.records[sobject.name] = len(found)
                    files[f"{sobject.name}.json"] = _json({sobject.name: found})
        schema = _schema(org, pack)
        exported.left_out += (f"the Python function of the {each}" for each in org.schema.callables)
    about: dict[str, JSON] = {"name": folder.resolve().name, "base": base or pack.name}
    about |= {"schema": SCHEMA, "records": [*files]}
    _write(folder, {SCHEMA: schema, **files, PACK: _json(about)}, exported.left_out)
    return exported


def as_csv(file: Path, folder: Path) -> Exported:
    """Write a CSV file for each sobject that has rows, those of the pack included."""
    check_folder(folder)
    exported = Exported(str(folder))
    files: dict[str, bytes] = {}
    with output.Progress(f"reading {file}") as progress, Org.open(file) as org:
        for sobject in stored(org):
            progress.at(f"writing {sobject.name}")
            found = [*rows(org, sobject)]
            if found:
                exported.records[sobject.name] = len(found)
                fields = _written_fields(sobject, found, exported)
                files[f"{sobject.name}.csv"] = _csv(fields, found)
    _write(folder, files, exported.left_out)
    return exported


class _Differing:
    """The rows of an org that a new one of its pack lacks, as a pack holds them."""

    def __init__(self, org: Org, first: Org, exported: Exported) -> None:
        self._org = org
        self._exported = exported
        self._refs = first.named_rows
        own = _placeholders(first)
        self._first = {
            row["Id"]: {name: _filled(value, own) for name, value in row.items()}
            for sobject in stored(first)
            for row in rows(first, sobject)
        }
        self._own = _placeholders(org)

    def rows(self, sobject: SObject) -> list[JSON]:
        """The rows of one sobject."""
        found: list[Mapping[str, Value]] = []
        deleted = changed = 0
        for row in rows(self._org, sobject):
            filled = {name: _filled(value, self._own) for name, value in row.items()}
            before = self._first.get(row["Id"])
            if before is not None:
                changed += _is_changed(before, filled)
            elif row.get("IsDeleted"):
                deleted += 1
            else:
                found.append(filled)
        if deleted:
            self._leave_out(deleted, sobject, "in the recycle bin")
        if changed and sobject.name not in _COUNTED:
            self._leave_out(changed, sobject, "that the pack has, with other values")
        shown = _written_fields(sobject, found, self._exported)
        return [
            {each.name: self._written(each, row[each.name]) for each in shown if each.name in row}
            for row in found
        ]

    def _written(self, column: Field, value: Value) -> JSON:
        """A value; of the id of a row that has a name in the pack that name."""
        if column.type == "boolean":
            return bool(value)
        return self._refs.get(value, value) if isinstance(value, str) else value

    def _leave_out(self, count: int, sobject: SObject, which: str) -> None:
        words = "row" if count == 1 else "rows"
        self._exported.left_out.append(f"{count} {words} of {sobject.name} {which}")


def _placeholders(org: Org) -> dict[str, str]:
    """What names this org alone, and what a pack has in its place."""
    return {f"@{org.domain}.sfmock.example": "@{domain}.sfmock.example", org.my_domain: "{host}"}


def _filled(value: Value, own: Mapping[str, str]) -> Value:
    """A value as a pack holds it."""
    if not isinstance(value, str):
        return value
    text = str(literal(value))
    for name, placeholder in own.items():
        text = text.replace(name, placeholder)
    return text


def _is_changed(before: Mapping[str, Value], now: Mapping[str, Value]) -> bool:
    names = {*before, *now} - _STAMPS
    return any(before.get(name) != now.get(name) for name in names)


def _written_fields(
    sobject: SObject, found: Sequence[Mapping[str, Value]], exported: Exported
) -> list[Field]:
    """The fields that are written; a field that is not, and that a row has, is noted."""
    written: list[Field] = []
    for each in sobject.columns:
        if each.encrypted or each.type == "base64":
            if any(each.name in row for row in found):
                kind = "encrypted text" if each.encrypted else "files"
                exported.left_out.append(f"the {kind} of {sobject.name}.{each.name}")
        elif each.stored:
            written.append(each)
    return written


def _base(org: Org, name: str | None) -> Pack:
    try:
        return find_pack(name or org.pack)
    except LookupError as error:
        raise ValueError(f"{error}; --base names the pack that this org began from") from error


def _schema(org: Org, pack: Pack) -> bytes:
    """The sobjects that differ from those of the pack."""
    catalogue = org.schema.catalogue
    found: list[SObject] = []
    for name in sorted(
        {*catalogue.package.names, *(each.name for each in catalogue.changed.values())}
    ):
        own = catalogue.changed.get(name.lower()) or catalogue.package.find(name)
        if own is not None and own != pack.package.find(name):
            found.append(own)
    return write_package(found, ())


def _csv(fields: Sequence[Field], found: Sequence[Mapping[str, Value]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([each.name for each in fields])
    writer.writerows([_cell(each, row.get(each.name)) for each in fields] for row in found)
    return text.getvalue().encode()


def _cell(each: Field, value: Value) -> str:
    if each.type == "boolean":
        return "true" if value else "false"
    return "" if value is None else str(value)


def _json(value: JSON) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()


def _write(folder: Path, files: Mapping[str, bytes], left_out: Sequence[str]) -> None:
    """Write the files; what an earlier export has left and this one has not goes."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {**files, **({LEFT_OUT: _lines(left_out)} if left_out else {})}
    for name in {*_former(folder), LEFT_OUT} - {*wanted}:
        (folder / name).unlink(missing_ok=True)
    for name, content in wanted.items():
        write_file(folder / name, content)


def _former(folder: Path) -> list[str]:
    """The files of rows of the pack that is in a folder."""
    if not (folder / PACK).is_file():
        return []
    records = json.loads((folder / PACK).read_bytes()).get("records", [])
    return [Path(each).name for each in ([records] if isinstance(records, str) else records)]


def _lines(texts: Sequence[str]) -> bytes:
    return "".join(f"{each}\n" for each in texts).encode()
