"""Aggregate queries: what is grouped, what is added up, and what may be asked of groups (soql.md 3.1, 7)."""

from __future__ import annotations

from typing import Final

from sfmock import errors
from sfmock.errors import SalesforceError
from sfmock.schema.model import REAL_TYPES, Field
from sfmock.soql import nodes, plan
from sfmock.soql.binding_operands import bind_operand, place, refuse_function, unconverted
from sfmock.soql.errors import (
    CANNOT_GROUP,
    DUPLICATE_ALIAS,
    GROUPED_AND_AGGREGATED,
    GROUPED_TWICE,
    INVALID_FIELD_INSIDE,
    NESTED_FUNCTION,
    NO_AGGREGATE,
    NO_CLAUSE_WITHOUT_GROUPS,
    NOT_GROUPED,
    ORDER_NOT_GROUPED,
)
from sfmock.soql.field_sets import expand_fields
from sfmock.soql.functions import Family
from sfmock.soql.predicates import bind_having
from sfmock.soql.scope import Scope
from sfmock.soql.shown import FORMATTED
from sfmock.soql.terms import Aggregate, Column, DatePart, Grouping, NameField, Term, same

_NUMBERS: Final = REAL_TYPES | {"int", "long"}
_NEVER: Final = frozenset(
    {
        "boolean",
        "time",
        "base64",
        "address",
        "location",
        "multipicklist",
        "encryptedstring",
        "anyType",
    }
)
"""Types without any aggregate."""
_MOST_TOTALS: Final = 3


def is_aggregate(query: nodes.Query) -> bool:
    """Whether the rows of a query are groups."""
    if query.group is not None or isinstance(query.select, nodes.Count):
        return query.group is not None
    operands = [each.operand for each in query.select if isinstance(each, nodes.Selected)]
    functions = [_unformatted(each)[0] for each in operands]
    return any(
        isinstance(each, nodes.Function) and each.family is Family.AGGREGATE for each in functions
    )


class GroupBinder:
    """Binds the operands of an aggregate query; what stands in the select list becomes columns and leaves."""

    def __init__(self, scope: Scope, group: nodes.Group | None) -> None:
        self._scope = scope
        self._group = group
        self.items: list[Term] = []
        self._names: list[str] = []

    def bind_items(self) -> None:
        """The entries of GROUP BY."""
        for operand in self._group.items if self._group else ():
            term = bind_operand(self._scope, operand)
            name = _name(operand)
            if isinstance(term, Column | NameField) and not term.field.groupable:
                raise CANNOT_GROUP(name=term.field.name)
            if any(same(term, each) for each in self.items):
                raise GROUPED_TWICE(name=name)
            self.items.append(term)
            self._names.append(name)
        if self._group and self._group.kind and len(self.items) > _MOST_TOTALS:
            raise errors.refuse(f"SOQL {self._group.kind} of more than {_MOST_TOTALS} fields")

    def select(self, query: nodes.Query) -> tuple[list[Term], tuple[plan.Leaf, ...]]:
        """The columns of the select list, and the leaves of the record that each group becomes."""
        columns: list[Term] = []
        leaves: list[plan.Leaf] = []
        unnamed = 0
        taken: set[str] = set()
        for item in query.select if isinstance(query.select, tuple) else ():
            if isinstance(item, nodes.Fields):
                raise self._ungrouped(query, item)
            if not isinstance(item, nodes.Selected):
                raise _strange(item)
            operand, shown = _unformatted(item.operand)
            term = self.operand(operand)
            if shown and term.field.type not in FORMATTED:
                raise errors.refuse(f"SOQL FORMAT of a field of type {term.field.type}")
            name = item.alias
            if name is None and isinstance(item.operand, nodes.Path):
                name = term.field.name
            elif name is None:
                name, unnamed = f"expr{unnamed}", unnamed + 1
            if name.lower() in taken:
                raise DUPLICATE_ALIAS(name=name)
            taken.add(name.lower())
            leaves.append(plan.Leaf(name, term.field, len(columns), "format" if shown else ""))
            columns.append(term)
        return columns, tuple(leaves)

    def operand(self, operand: nodes.Operand, *, ordering: bool = False) -> Term:
        """An operand of SELECT, HAVING or ORDER BY: an aggregate, or what is grouped."""
        if isinstance(operand, nodes.Function):
            if operand.family is Family.AGGREGATE:
                return self._aggregate(operand)
            if operand.family is Family.GROUPING:
                return self._grouping(operand)
            if operand.family is not Family.DATE:
                raise refuse_function(operand)
        term = bind_operand(self._scope, operand)
        for each in self.items:
            if same(term, each):
                return each
        if isinstance(term, DatePart):
            column = term.column
            if column.field.type == "date" and any(same(column, each) for each in self.items):
                return term  # a date that is grouped decides all its parts
        raise (ORDER_NOT_GROUPED if ordering else NOT_GROUPED)(name=_name(operand))

    def having(self, having: nodes.Condition | None) -> plan.Condition | None:
        """The condition of HAVING."""
        return bind_having(self._scope, having, self.operand)

    def order(self, order: nodes.Order) -> plan.Order:
        """A sort key over groups."""
        term = self.operand(order.operand, ordering=True)
        if isinstance(term, Column | NameField) and not term.field.sortable:
            raise errors.CANNOT_SORT(name=term.field.name)
        nulls_last = order.nulls_last and term.field.type != "reference"
        return plan.Order(term, order.descending, nulls_last)

    def _aggregate(self, function: nodes.Function) -> Aggregate:
        path = function.argument
        if not isinstance(path, nodes.Path):
            raise NESTED_FUNCTION(name=function.name)
        found = self._column(path)
        field = found.field
        if not (field.aggregatable and adds_up(function.name, field.type)):
            raise NO_AGGREGATE(name=field.name, function=function.name)
        totals = self._group is not None and self._group.kind is not None
        if not totals and any(same(found, each) for each in self.items):
            raise GROUPED_AND_AGGREGATED(name=_name(path))
        return Aggregate(function.name, found, _result(function.name, field))

    def _column(self, path: nodes.Path) -> Column | NameField:
        try:
            return self._scope.column(path)
        except SalesforceError as error:
            if error.code != "INVALID_FIELD" or "No such column" not in error.message:
                raise
        raise self._scope.error(path, INVALID_FIELD_INSIDE(name=".".join(path.parts)))

    def _ungrouped(self, query: nodes.Query, item: nodes.Fields) -> SalesforceError:
        """FIELDS() beside groups: the first of its fields that is not grouped is the mistake (soql.md 3)."""
        for name in expand_fields(self._scope, query, item):
            self.operand(nodes.Path((name,)))
        return errors.refuse("SOQL FIELDS() whose fields are all grouped")

    def _grouping(self, function: nodes.Function) -> Grouping:
        if self._group is None or self._group.kind is None:
            raise errors.refuse("SOQL GROUPING without ROLLUP or CUBE")
        term = bind_operand(self._scope, function.argument)
        for number, each in enumerate(self.items):
            if same(term, each):
                return Grouping(number, Field("GROUPING", "GROUPING", "int"))
        raise NOT_GROUPED(name=_name(function.argument))


def _unformatted(operand: nodes.Operand) -> tuple[nodes.Operand, bool]:
    """What FORMAT formats, and whether it does."""
    if isinstance(operand, nodes.Function) and operand.family is Family.FORMAT:
        return unconverted(operand.argument), True
    return operand, False


def adds_up(function: str, kind: str) -> bool:
    """Whether an aggregate function takes fields of a type."""
    return kind not in _NEVER and (function not in ("SUM", "AVG") or kind in _NUMBERS)


def check_clauses(query: nodes.Query) -> None:
    """Raise where all rows are one group and the query still limits its rows (recorded)."""
    if query.group is not None:
        return
    for clause, value in (("LIMIT", query.limit), ("OFFSET", query.offset)):
        if value is not None:
            raise NO_CLAUSE_WITHOUT_GROUPS(clause=clause)


def _result(function: str, field: Field) -> Field:
    if function in ("COUNT", "COUNT_DISTINCT"):
        return Field(field.name, field.label, "int")
    if function == "AVG" or (function == "SUM" and field.type not in ("int", "long")):
        return Field(field.name, field.label, "double")
    return field


def _name(operand: nodes.Operand) -> str:
    """An operand as errors name it."""
    match operand:
        case nodes.Path(parts):
            return ".".join(parts)
        case nodes.Function(name, argument):
            return f"{name}({_name(argument)})"
        case nodes.Distance():
            return f"DISTANCE({_name(place(operand))})"


def _strange(item: nodes.Item) -> SalesforceError:
    match item:
        case nodes.SubQuery():
            return errors.refuse("SOQL sub-queries of children beside GROUP BY")
        case nodes.TypeOf():
            return errors.refuse("SOQL TYPEOF beside GROUP BY")
        case _:
            return errors.refuse("SOQL GROUP BY")
