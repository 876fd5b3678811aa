"""What a whole org holds: how many rows of which sobjects, what of its schema is custom, and the rows themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sfmock.org.behaviour.owned_sets import OWN
from sfmock.org.org import Org
from sfmock.org.users import User
from sfmock.schema.model import SObject
from sfmock.store.database import Value
from sfmock.store.tables import quote

_COMPANIONS = ("__History", "__Share", "__Feed", "__ChangeEvent")


@dataclass(frozen=True, slots=True)
class Count:
    """The rows of an sobject: those that queries see, and those in the recycle bin."""

    sobject: str
    live: int
    deleted: int


@dataclass(frozen=True, slots=True)
class Customs:
    """What of the schema is custom: objects, and the custom fields of standard ones."""

    objects: tuple[str, ...]
    fields: tuple[str, ...]


def counts(org: Org) -> list[Count]:
    """The sobjects that have rows, by name."""
    with org.db.lock:
        found = [_count(org, each) for each in stored(org)]
    return [each for each in found if each.live or each.deleted]


def customs(org: Org) -> Customs:
    """Everything custom, by name; not what follows from it, as histories and shares do."""
    objects: list[str] = []
    fields: list[str] = []
    for each in org.schema.catalogue:
        if each.custom and "__" in each.name and not each.name.endswith(_COMPANIONS):
            objects.append(each.name)
        elif not each.custom:
            fields += (f"{each.name}.{field.name}" for field in each.fields if field.custom)
    return Customs(tuple(sorted(objects)), tuple(sorted(fields)))


def edition(org: Org) -> str | None:
    """The kind of the org in Salesforce's words; None where it has no row of its own."""
    found = [row.get("OrganizationType") for row in _rows_of(org, "Organization")]
    return str(found[0]) if found and found[0] is not None else None


def users(org: Org) -> list[User]:
    """All users, by id."""
    found = (org.users.get(str(row["Id"])) for row in _rows_of(org, "User"))
    return [each for each in found if each is not None]


def _rows_of(org: Org, name: str) -> Iterator[Mapping[str, Value]]:
    sobject = org.schema.catalogue.find(name)
    if sobject is not None:
        org.tables.ensure(sobject)
        yield from rows(org, sobject)


def stored(org: Org) -> list[SObject]:
    """The sobjects with a table, by name; the first rows of all of them are made."""
    org.make_all_rows()
    names = org.db.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    catalogue = org.schema.catalogue
    found = [catalogue.find(str(name)) for (name,) in names]
    sobjects = [each for each in found if each is not None]
    for each in sobjects:
        org.tables.ensure(each)  # it may lack fields that were added since
    return sobjects


def rows(org: Org, sobject: SObject) -> Iterator[Mapping[str, Value]]:
    """The stored values of each row that are not null, in the order of their ids; not of those that follow from others."""
    names = [each.name for each in sobject.columns if each.stored]
    columns = ", ".join(map(quote, names))
    own = OWN.get(sobject.name, "1")
    for row in org.db.rows(
        f'SELECT {columns} FROM {quote(sobject.name)} WHERE {own} ORDER BY "Id"'
    ):
        yield {name: value for name, value in zip(names, row, strict=True) if value is not None}


def _count(org: Org, sobject: SObject) -> Count:
    deleted = "0" if sobject.find("IsDeleted") is None else 'SUM("IsDeleted")'
    row = org.db.row(f"SELECT COUNT(*), {deleted} FROM {quote(sobject.name)}") or (0, 0)
    every, gone = (each if isinstance(each, int) else 0 for each in row)
    return Count(sobject.name, every - gone, gone)
