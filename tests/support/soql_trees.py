"""Random query trees, many a second: everything that the parser gives, in small pieces."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Literal, TypeVar

from sfmock.soql import nodes
from sfmock.soql.dates import COUNTED, PLAIN
from sfmock.soql.functions import FUNCTIONS

_T = TypeVar("_T")
NAMES = (
    "Id", "Name", "Amount", "Account", "Owner", "x__c", "ns__y__c", "Lines__r", "a", "order", "group", "offset", "all",
    "rows", "count", "today", "typeof", "when", "then", "end", "view", "data", "category", "at", "below", "scope", "case",
    "distance", "fields", "flat", "USD5", "e3", "T00", "geolocation", "tracking", "reference", "last_n_days", "sum",
)  # fmt: skip
_TEXTS = (
    "", "x", "Acme", "O'Brien", "a\\b", "100%", "_", "a\nb", "\t", "ü", "日本", "\U0001f600", "--", "SELECT", '"',
)  # fmt: skip
_PATTERNS = ("%", "a%", "_b\\%", "\\_", "\\\\", "'%'", "")
_NUMBERS = ("0", "5", "-5", "+7", "1.5", "-.5", "+.25", "007", "2147483648")
_SUBTOTALS: tuple[Literal["ROLLUP", "CUBE"] | None, ...] = (None, None, "ROLLUP", "CUBE")
_ENDS: tuple[Literal["FIRST", "LAST"] | None, ...] = (None, "FIRST", "LAST")
_PLACES: tuple[Literal["AT", "ABOVE", "BELOW", "ABOVE_OR_BELOW"], ...] = (
    "AT", "ABOVE", "BELOW", "ABOVE_OR_BELOW",
)  # fmt: skip
_OPERATORS: tuple[nodes.Operator, ...] = ("=", "!=", "<", "<=", ">", ">=")


class Trees:
    """A source of queries; the same chance gives the same ones."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance

    def query(self, levels: int = 2) -> nodes.Query:
        """A query with sub-queries down to so many levels."""
        group = self._maybe(self._group, 4)
        return nodes.Query(
            select=nodes.Count() if self._one_in(8) else self._some(lambda: self._item(levels), 3),
            sources=self._some(self._source, 2),
            using=self._some(self._using, 2) if self._one_in(8) else (),
            where=self._maybe(lambda: self._condition(levels), 2),
            withs=self._withs() if self._one_in(6) else (),
            group=group,
            having=None if group is None else self._maybe(lambda: self._condition(levels), 2),
            order=self._some(self._order, 2) if self._one_in(3) else (),
            limit=self._maybe(lambda: self._chance.randint(-1, 3000), 3),
            offset=self._maybe(lambda: self._chance.randint(-1, 3000), 6),
            binds=self._some(self._bound, 2) if self._one_in(12) else (),
            viewing=self._chance.choice(("VIEW", "REFERENCE")) if self._one_in(8) else None,
            update=self._some(lambda: self._chance.choice(("TRACKING", "VIEWSTAT")), 2)
            if self._one_in(8)
            else (),
        )

    def _item(self, levels: int) -> nodes.Item:
        alias = self._maybe(self._name, 4)
        match self._chance.randrange(10):
            case 0 if levels:
                return nodes.SubQuery(self.query(levels - 1), alias)
            case 1:
                whens = self._some(lambda: nodes.When(self._path(), self._some(self._path, 2)), 2)
                otherwise = self._some(self._path, 2) if self._one_in(2) else ()
                return nodes.TypeOf(self._path(), whens, otherwise, alias)
            case 2:
                return nodes.Fields(self._chance.choice(("ALL", "STANDARD", "CUSTOM")), alias)
            case 3:
                return nodes.Selected(self._distance(), alias)
            case 4 | 5:
                return nodes.Selected(self._function(), alias)
            case _:
                return nodes.Selected(self._path(), alias)

    def _condition(self, levels: int, depth: int = 3) -> nodes.Condition:
        if not depth or self._one_in(2):
            return self._comparison(levels)
        inner: Callable[[], nodes.Condition] = lambda: self._condition(levels, depth - 1)  # noqa: E731
        match self._chance.randrange(3):
            case 0:
                return nodes.Not(inner())
            case 1:
                return nodes.And((inner(), *self._some(inner, 2)))
            case _:
                return nodes.Or((inner(), *self._some(inner, 2)))

    def _comparison(self, levels: int) -> nodes.Condition:
        operand = self._operand()
        negated = self._one_in(2)
        match self._chance.randrange(10):
            case 0:
                return nodes.Comparison(operand, "LIKE", self._pattern())
            case 1 | 2:
                return nodes.Membership(operand, self._some(self._constant, 4), negated)
            case 3:
                return nodes.Includes(operand, self._some(self._constant, 3), negated)
            case 4 if levels:
                return nodes.SemiJoin(operand, self._inner(levels - 1), negated)
            case 5:
                operator = self._chance.choice(_OPERATORS)
                return nodes.Comparison(self._distance(), operator, self._constant())
            case _:
                operator = self._chance.choice(_OPERATORS)
                return nodes.Comparison(operand, operator, self._constant())

    def _inner(self, levels: int) -> nodes.Query:
        return nodes.Query(
            (nodes.Selected(self._operand()),),
            self._some(self._source, 2),
            using=self._some(self._using, 1) if self._one_in(8) else (),
            where=self._maybe(lambda: self._condition(levels), 2),
            withs=(self._filter(),) if self._one_in(8) else (),
        )

    def _constant(self) -> nodes.Constant:
        match self._chance.randrange(12):
            case 0:
                return nodes.Null()
            case 1:
                return nodes.Boolean(self._one_in(2))
            case 2:
                return nodes.Date(self._chance.choice(("2026-11-23", "2026-13-41", "0000-00-00")))
            case 3:
                zone = self._chance.choice(("Z", "z", "+01:00", "-0930"))
                fraction = self._chance.choice(("", ".0", ".123456"))
                return nodes.DateTime(f"2026-11-23T12:00:00{fraction}{zone}")
            case 4:
                return nodes.Time(self._chance.choice(("12:00:00Z", "99:99:99z", "00:00:00.5Z")))
            case 5:
                return nodes.DateLiteral(self._chance.choice((*PLAIN, *COUNTED)))
            case 6:
                return nodes.DateLiteral(
                    self._chance.choice((*COUNTED,)), self._chance.randrange(99)
                )
            case 7:
                code = self._chance.choice(("USD", "EUR", "JPY"))
                return nodes.Currency(code, self._chance.choice(("5", "0.50", "1000000")))
            case 8 | 9:
                return nodes.Number(self._chance.choice(_NUMBERS))
            case _:
                return nodes.Text(self._chance.choice(_TEXTS))

    def _pattern(self) -> nodes.Constant:
        if self._one_in(6):
            return nodes.Number("5")
        return nodes.Text(self._chance.choice(_PATTERNS))

    def _operand(self) -> nodes.Path | nodes.Function:
        return self._function() if self._one_in(4) else self._path()

    def _any_operand(self) -> nodes.Operand:
        return self._distance() if self._one_in(8) else self._operand()

    def _function(self) -> nodes.Function:
        argument: nodes.Path | nodes.Function = self._path()
        if self._one_in(4):
            argument = nodes.Function(self._called(), argument)
        return nodes.Function(self._called(), argument)

    def _called(self) -> str:
        name = self._chance.choice(sorted({each.name for each in FUNCTIONS.values()} - {"FIELDS"}))
        return "unknown" if self._one_in(20) else name

    def _distance(self) -> nodes.Distance:
        latitude, longitude = (nodes.Number(self._chance.choice(_NUMBERS)) for _ in range(2))
        unit = self._chance.choice(("mi", "km", "furlongs"))
        return nodes.Distance(self._path(), nodes.Geolocation(latitude, longitude), unit)

    def _group(self) -> nodes.Group:
        kind = self._chance.choice(_SUBTOTALS)
        return nodes.Group(self._some(self._operand, 3), kind)

    def _order(self) -> nodes.Order:
        nulls = self._chance.choice(_ENDS)
        return nodes.Order(self._any_operand(), self._one_in(2), nulls)

    def _source(self) -> nodes.Source:
        return nodes.Source(self._path(), self._maybe(self._name, 3))

    def _using(self) -> nodes.Using:
        name = self._chance.choice(("Mine", "team", "everything", "my.own"))
        return nodes.Using(self._chance.choice(("SCOPE", "SCOPE", "LOOKUP")), _path(name))

    def _withs(self) -> tuple[nodes.With, ...]:
        words = self._some(self._word, 2)
        return words if self._one_in(2) else (self._filter(), *words[1:])

    def _filter(self) -> nodes.With:
        if self._one_in(2):
            return self._setting()
        return nodes.DataCategories(self._some(self._category, 3))

    def _setting(self) -> nodes.Setting:
        return nodes.Setting(self._path(), nodes.Text(self._chance.choice(_TEXTS)))

    def _bound(self) -> nodes.Setting:
        return nodes.Setting(self._path(), self._constant())

    def _word(self) -> nodes.With:
        mode = self._chance.choice(("SECURITY_ENFORCED", "USER_MODE", "SYSTEM_MODE"))
        if self._one_in(2):
            return nodes.Mode(_path(mode))
        return nodes.Context(_path("RecordVisibilityContext"), self._some(self._about, 2))

    def _about(self) -> nodes.Setting:
        number, truth = nodes.Number("5"), nodes.Boolean(self._one_in(2))
        value = self._chance.choice((number, truth, nodes.Text("x")))
        return nodes.Setting(self._path(), value)

    def _category(self) -> nodes.Category:
        operator = self._chance.choice(_PLACES)
        return nodes.Category(self._path(), operator, self._some(self._path, 2))

    def _path(self) -> nodes.Path:
        return nodes.Path(self._some(self._name, 3 if self._one_in(3) else 1))

    def _name(self) -> str:
        return self._chance.choice(NAMES)

    def _one_in(self, number: int) -> bool:
        return not self._chance.randrange(number)

    def _maybe(self, make: Callable[[], _T], number: int) -> _T | None:
        return make() if self._one_in(number) else None

    def _some(self, make: Callable[[], _T], most: int) -> tuple[_T, ...]:
        return tuple([make() for _ in range(self._chance.randint(1, most))])


def _path(text: str) -> nodes.Path:
    return nodes.Path(tuple(text.split(".")))
