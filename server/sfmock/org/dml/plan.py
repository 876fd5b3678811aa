"""What writing rows of one sobject takes: worked out once, for an sobject never changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

from sfmock.org.dml.checks import Check, check_of
from sfmock.org.dml.values import Parser, parser_of
from sfmock.schema.model import Field, SObject
from sfmock.schema.persons import personal_fields
from sfmock.store.database import Value
from sfmock.store.fold import fold
from sfmock.store.tables import quote, shadow

Row: TypeAlias = dict[str, Value]
"""A stored row: field names and values."""
Names: TypeAlias = tuple[str, ...]
Statement: TypeAlias = tuple[str, Names]
"""SQL, and the fields whose folded text comes behind the values."""

_MOST_STATEMENTS = 512
_MOST_PLANS = 1024
_plans: dict[int, Plan] = {}  # by identity; a plan holds its sobject, so an id is never reused


@dataclass(frozen=True, slots=True)
class Column:
    """A field with the functions that read and check its values."""

    field: Field
    name: str
    parse: Parser
    check: Check | None
    shadow: str | None
    createable: bool
    updateable: bool
    reference: bool


class Plan:
    """Columns by name in any case, defaults, required fields, and the statements used so far."""

    def __init__(self, sobject: SObject) -> None:
        self.sobject = sobject
        self.table = quote(sobject.name)
        stored = [each for each in sobject.columns if each.stored]
        self.names = tuple(each.name for each in stored)
        self.columns = {each.name.lower(): _column(each) for each in sobject.columns}
        self.hidden = frozenset(each.name.lower() for each in sobject.hidden)
        """Columns that no caller may name."""
        self.personal = frozenset(personal_fields(sobject))
        """Fields that only person accounts have a value in."""
        self.required = tuple(
            each
            for each in sobject.fields
            if each.required_on_create
            or (sobject.name, each.name) in _REQUIRED
            or (self.personal and each.name == "Name")  # of a business account (metadata.md 4.3)
        )
        self.never_null = {each.name for each in sobject.fields if not each.nillable} | {
            each.name for each in self.required
        }
        self.requires_custom = tuple(each.name for each in self.required if each.custom)
        self.booleans = {
            each.name: int(each.default is True) for each in stored if each.type == "boolean"
        }
        self.defaults: Row = {
            each.name: value
            for each in stored
            if each.type != "boolean"
            and each.createable
            and each.name not in self.personal
            and (value := _default(each)) is not None
        }
        self.formula_defaults = tuple(
            each.name for each in stored if each.createable and each.default_formula is not None
        )
        self.unique = tuple(each for each in stored if each.unique or _is_key(sobject, each))
        self.blobs = tuple(each.name for each in stored if each.type == "base64")
        self.auto_numbers = tuple(each for each in stored if each.display_format is not None)
        self.zeros: Row = {each.name: 0.0 for each in sobject.summaries if _starts_at_zero(each)}
        """Roll-up summaries that are 0 where there are no details."""
        self.dependents = tuple(_dependents(sobject))
        self.references = {
            each.name: each for each in stored if each.type == "reference" and each.reference_to
        }
        self.masters = tuple(
            each.name
            for each in stored
            if each.relationship_order is not None or each.restricted_delete
        )
        """References whose rows are locked with this one: to masters, which describe numbers, and those that restrict
        deletes (error-catalogue.md 8)."""
        self.owned = self._has("OwnerId") and self.column("OwnerId").field.createable
        self.soft_delete = sobject.soft_delete
        self._created = self._stamps("CreatedDate", "CreatedById", *_MODIFIED)
        self._modified = self._stamps(*_MODIFIED)
        self.modified = frozenset(name for name, _ in self._modified)
        self.id_is_name = sobject.custom and _names_itself(sobject.name_field)
        columns = ", ".join(map(quote, self.names))
        self.select = f'SELECT {columns} FROM {self.table} WHERE "Id" = ?'
        self._parts: dict[Names, Statement] = {}
        self._inserts: dict[Names, Statement] = {}
        self._updates: dict[Names, Statement] = {}
        self._conditional: dict[tuple[str, str], str] = {}

    def __repr__(self) -> str:
        return f"<Plan {self.sobject.name}>"

    def column(self, name: str) -> Column:
        """The column of a field by its exact name."""
        return self.columns[name.lower()]

    def creation(self, user_id: str, now: str) -> Row:
        """The stamps of a row that a user creates at this moment."""
        return {name: user_id if by else now for name, by in self._created}

    def modification(self, user_id: str, now: str) -> Row:
        """The stamps of a row that a user changes at this moment."""
        return {name: user_id if by else now for name, by in self._modified}

    def deletion(self, user_id: str, now: str) -> Row:
        """What changes in a row that a user puts into the recycle bin at this moment."""
        row: Row = {"IsDeleted": 1}
        for name, by in self._modified:
            row[name] = user_id if by else now
        return row

    def select_part(self, names: Names) -> Statement:
        """The statement that reads these fields of a row, its `Id` and `IsDeleted` and what it must have; and their names."""
        return _known(self._parts, names, self._part_text)

    def insert(self, row: Row) -> tuple[str, list[Value]]:
        """The statement that inserts a row without nulls; unset checkboxes get their defaults as literals."""
        text, folded = _known(self._inserts, tuple(row), self._insert_text)
        values: list[Value] = list(row.values())
        values.extend([fold(str(row[name])) for name in folded])
        return text, values

    def inserts(self, rows: Iterable[Row]) -> Iterator[tuple[str, Iterator[list[Value]]]]:
        """Such statements with the values of many rows: one for each run of rows with the same fields."""
        for names, alike in groupby(rows, key=tuple):
            text, folded = _known(self._inserts, names, self._insert_text)
            yield (
                text,
                ([*row.values(), *[fold(str(row[name])) for name in folded]] for row in alike),
            )

    def update(self, record_id: str, changes: Row) -> tuple[str, list[Value]]:
        """The statement that writes these columns of one row."""
        text, folded = _known(self._updates, tuple(changes), self._update_text)
        values: list[Value] = list(changes.values())
        for name in folded:
            value = changes[name]
            values.append(None if value is None else fold(str(value)))
        values.append(record_id)
        return text, values

    def update_if(self, record_id: str, changes: Row, condition: str) -> tuple[str, list[Value]]:
        """The same for a live row that meets a condition, which begins with AND."""
        text, values = self.update(record_id, changes)
        known = self._conditional.get((text, condition))
        if known is None:
            if len(self._conditional) >= _MOST_STATEMENTS:
                self._conditional.clear()
            known = self._conditional[text, condition] = f'{text} AND "IsDeleted" = 0{condition}'
        return known, values

    def _has(self, name: str) -> bool:
        return name.lower() in self.columns

    def _stamps(self, *names: str) -> tuple[tuple[str, bool], ...]:
        """Those of these fields that the sobject has, each with whether it tells the user."""
        return tuple((name, name.endswith("Id")) for name in names if self._has(name))

    def _part_text(self, names: Names) -> Statement:
        always = ("Id", "IsDeleted") if self.soft_delete else ("Id",)
        columns = tuple(dict.fromkeys((*always, *self.requires_custom, *names)))
        text = ", ".join(map(quote, columns))
        return f'SELECT {text} FROM {self.table} WHERE "Id" = ?', columns

    def _insert_text(self, names: Names) -> Statement:
        folded = self._folded(names)
        literals = {name: value for name, value in self.booleans.items() if name not in names}
        columns = [*names, *(f"f:{name}" for name in folded), *literals]
        marks = ["?"] * (len(names) + len(folded)) + [str(each) for each in literals.values()]
        text = f"INSERT INTO {self.table} ({', '.join(map(quote, columns))}) VALUES ({', '.join(marks)})"
        return text, folded

    def _update_text(self, names: Names) -> Statement:
        folded = self._folded(names)
        columns = [*names, *(f"f:{name}" for name in folded)]
        text = ", ".join(f"{quote(name)} = ?" for name in columns)
        return f'UPDATE {self.table} SET {text} WHERE "Id" = ?', folded

    def _folded(self, names: Names) -> Names:
        return tuple(name for name in names if self.column(name).shadow)


_REQUIRED = frozenset({("OrderItem", "UnitPrice"), ("QuoteLineItem", "UnitPrice")})
"""Fields that are required although describe says nillable (metadata.md 4.5)."""
_MODIFIED = ("LastModifiedDate", "LastModifiedById", "SystemModstamp")


def plan_of(sobject: SObject) -> Plan:
    """The plan of an sobject, shared by all orgs of the process."""
    found = _plans.get(id(sobject))
    if found is None:
        if len(_plans) >= _MOST_PLANS:
            _plans.clear()
        found = _plans[id(sobject)] = Plan(sobject)
    return found


def seen_by(sobject: SObject, plan: Plan) -> Plan:
    """The plan to read a request's fields by: that of the sobject as the user sees it."""
    return plan if sobject.whole is None else plan_of(sobject)


def _known(
    statements: dict[Names, Statement], names: Names, write: Callable[[Names], Statement]
) -> Statement:
    """The statement for these fields, written once."""
    found = statements.get(names)
    if found is None:
        if len(statements) >= _MOST_STATEMENTS:
            statements.clear()
        found = statements[names] = write(names)
    return found


def _column(field: Field) -> Column:
    return Column(
        field,
        field.name,
        parser_of(field),
        check_of(field),
        shadow(field),
        createable=field.createable,
        updateable=field.updateable,
        reference=field.type == "reference",
    )


def _default(field: Field) -> Value:
    """The default on create: the field's, else that of its picklist."""
    default = field.default
    if default is None:
        return next((each.value for each in field.picklist if each.default and each.active), None)
    return parser_of(field)(default)


def _starts_at_zero(field: Field) -> bool:
    return field.summary is not None and field.summary.operation in ("count", "sum")


def _dependents(sobject: SObject) -> Iterator[tuple[Field, Field]]:
    """Dependent picklists with the fields that control them."""
    for field in sobject.fields:
        controller = sobject.find(field.controller_name) if field.controller_name else None
        if field.dependent_picklist and controller is not None:
            yield field, controller


def _is_key(sobject: SObject, field: Field) -> bool:
    """Whether rows of a custom setting are told apart by this field (metadata.md 6.3)."""
    hierarchy = sobject.find("SetupOwnerId") is not None
    return sobject.custom_setting and field.name == ("SetupOwnerId" if hierarchy else "Name")


def _names_itself(field: Field | None) -> bool:
    """Whether a row without a name takes its id for one: text name fields of custom objects (metadata.md 6.1)."""
    if field is None or field.type != "string" or field.auto_number:
        return False
    return field.nillable and field.defaulted_on_create
