"""Plans ready to run: SQL, functions that write rows, and all that running them depends on."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property
from typing import NamedTuple

from sfmock.schema.model import SObject
from sfmock.soql.compiler import Compiled, CompiledGroups, compile_groups, compile_plan
from sfmock.soql.plan import Branch, GroupRecord, Item, Leaf, NameBranch, Plan
from sfmock.soql.shape import RowFunction, row_function
from sfmock.versions import Version


class Call(NamedTuple):
    """Who asks for rows, when, in which version, and how many at most in one list."""

    user_id: str
    now: datetime
    version: Version
    size: int
    all_rows: bool


@dataclass(frozen=True)
class Prepared:
    """A plan ready to run; what writes its rows is made where it is asked for."""

    plan: Plan
    plain: Compiled | None
    """The statements of a query that is no aggregate query."""
    groups: CompiledGroups | None
    """The statement of an aggregate query."""
    root: str
    """The version's path for the addresses of rows."""
    zone: tzinfo
    sobjects: tuple[SObject, ...]
    """All sobjects whose tables the query itself reads."""
    present: frozenset[str]
    """The sobjects with a table, of those that polymorphic references may point to."""
    children: tuple[Prepared, ...]
    weeks: bool
    """Whether weeks are counted: the locale decides which day they begin on."""
    sorts_text: bool
    """Whether letters decide the order: English locales sort by code point, others do not (soql.md 8)."""
    formats: bool
    """Whether FORMAT writes values as a locale has them."""

    @property
    def compiled(self) -> Compiled:
        """The statements; an aggregate query has none of them."""
        assert self.plain is not None, "the rows of an aggregate query are its groups"
        return self.plain

    @property
    def masks(self) -> bool:
        """Whether the query selects encrypted text, which only some may see."""
        return self.plan.tree is not None and any(
            each.field.encrypted for each in self.plan.columns
        )

    @cached_property
    def write(self) -> RowFunction | None:
        """What writes a row as JSON, encrypted text masked; None for COUNT()."""
        return self._writer(clear=False)

    @cached_property
    def write_clear(self) -> RowFunction | None:
        """The same for those who may see encrypted text."""
        return self._writer(clear=True)

    def _writer(self, *, clear: bool) -> RowFunction | None:
        tree = self.plan.tree
        return None if tree is None else row_function(tree, self.root, self.zone, clear=clear)

    @property
    def depends_on_locale(self) -> bool:
        """Whether the caller's locale decides anything."""
        return self.weeks or self.sorts_text or self.formats

    def holds(self, used: frozenset[str]) -> bool:
        """Whether the tables are still those that the SQL was written for."""
        return self.present == _present(self.plan, used) and all(
            each.holds(used) for each in self.children
        )


def prepare(
    plan: Plan, version: Version, *, all_rows: bool, zone: tzinfo, used: frozenset[str]
) -> Prepared:
    """The plan as SQL and functions; `used` names the tables that may have rows."""
    present = _present(plan, used)
    plain = groups = None
    if plan.groups is None:
        plain = compile_plan(plan, all_rows=all_rows, present=present)
        weeks = plain.where.weeks
    else:
        groups = compile_groups(plan, plan.groups, all_rows=all_rows, present=present)
        weeks = groups.weeks
    children = tuple(
        prepare(each.plan, version, all_rows=all_rows, zone=zone, used=used)
        for each in plan.children
    )
    sorted_by = (key.column.field for key in plan.order)
    return Prepared(
        plan,
        plain,
        groups,
        version.root,
        zone,
        sobjects=plan.sobjects,
        present=present,
        children=children,
        weeks=weeks or any(each.weeks for each in children),
        sorts_text=any(each.is_text and each.type != "picklist" for each in sorted_by)
        or any(each.sorts_text for each in children),
        formats=_formats(plan.tree) or any(each.formats for each in children),
    )


def _present(plan: Plan, used: Container[str]) -> frozenset[str]:
    if not plan.named:
        return frozenset()
    return frozenset(each.name for each in plan.named if each.name in used)


def _formats(item: Item | GroupRecord | None) -> bool:
    """Whether FORMAT stands anywhere in a record."""
    match item:
        case Leaf():
            return item.shown == "format"
        case Branch() | NameBranch() | GroupRecord():
            return any(_formats(each) for each in item.items)
        case _:
            return False
