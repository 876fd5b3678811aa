"""Random queries as trees, for hypothesis: everything that the parser gives, and nothing else.

`queries()` draws whole ones with any names. A test that knows a schema gives paths, comparisons and sources of its own:

    queries(paths=st.sampled_from(FIELDS), sources=st.just((nodes.Source(...),)), comparisons=typed_comparisons())
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
from typing import TypeVar

from hypothesis import strategies as st

from sfmock.soql import nodes
from sfmock.soql.dates import COUNTED, PLAIN
from sfmock.soql.functions import FUNCTIONS, Family
from sfmock.soql.lexer import RESERVED, USED

_T = TypeVar("_T")
_Many = st.SearchStrategy[tuple[_T, ...]]

_NAMES = (
    "Id", "Name", "Amount", "Account", "Owner", "x__c", "ns__y__c", "Lines__r", "a", "order", "group", "offset", "all",
    "count", "today", "typeof", "when", "end", "view", "data", "category", "at", "scope", "distance", "USD5",
)  # fmt: skip
_TEXT = st.characters(codec="utf-8", exclude_characters="\0")
_OPERATORS: tuple[nodes.Operator, ...] = ("=", "!=", "<", "<=", ">", ">=")


def names() -> st.SearchStrategy[str]:
    """Identifiers: common ones, words of the language that are free, and any others."""
    free = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,9}", fullmatch=True)
    return st.sampled_from(_NAMES) | free.filter(lambda name: name.upper() not in RESERVED)


def any_paths() -> st.SearchStrategy[nodes.Path]:
    """Names and dotted paths."""
    return st.lists(names(), min_size=1, max_size=3).map(lambda parts: nodes.Path(tuple(parts)))


def numbers() -> st.SearchStrategy[nodes.Number]:
    """Numbers with and without sign and point."""
    written = st.from_regex(r"[+-]?([0-9]{1,9}|[0-9]{0,6}\.[0-9]{1,6})", fullmatch=True)
    return written.map(nodes.Number)


def texts() -> st.SearchStrategy[nodes.Text]:
    """Strings."""
    return st.text(_TEXT, max_size=8).map(nodes.Text)


def patterns() -> st.SearchStrategy[nodes.Text]:
    """What may stand behind LIKE: percent signs, underscores, and both escaped."""
    plain = _TEXT.filter(lambda char: char != "\\")
    pieces = st.sampled_from(("%", "_", "\\%", "\\_", "\\\\")) | plain
    return st.lists(pieces, max_size=8).map(lambda found: nodes.Text("".join(found)))


def constants() -> st.SearchStrategy[nodes.Constant]:
    """Values of every kind."""
    plain = st.sampled_from([*PLAIN, *COUNTED]).map(nodes.DateLiteral)
    counted = st.builds(nodes.DateLiteral, st.sampled_from([*COUNTED]), st.integers(0, 10**6))
    amounts = st.from_regex(r"[0-9]{1,6}(\.[0-9]{1,2})?", fullmatch=True)
    zones = st.sampled_from(("Z", "+01:00", "-0930"))
    moments = st.datetimes().map(lambda each: each.replace(tzinfo=UTC, microsecond=0))
    return st.one_of(
        texts(),
        numbers(),
        st.booleans().map(nodes.Boolean),
        st.just(nodes.Null()),
        st.dates().map(lambda day: nodes.Date(day.isoformat())),
        st.builds(lambda at, zone: nodes.DateTime(f"{at.isoformat()[:19]}{zone}"), moments, zones),
        st.times().map(lambda at: nodes.Time(f"{at.replace(microsecond=0).isoformat()}Z")),
        plain,
        counted,
        st.builds(nodes.Currency, st.sampled_from(("USD", "EUR", "JPY")), amounts),
    )


def functions(
    paths: st.SearchStrategy[nodes.Path], *families: Family
) -> st.SearchStrategy[nodes.Function]:
    """Calls of the functions of some families, of all but FIELDS if none is named; perhaps one inside another."""
    wanted = families or tuple(set(Family) - {Family.FIELDS})
    known = [each.name for each in FUNCTIONS.values() if each.family in wanted]
    called = st.builds(nodes.Function, st.sampled_from(known), paths)
    return called | st.builds(nodes.Function, st.sampled_from(known), called)


def distances(paths: st.SearchStrategy[nodes.Path]) -> st.SearchStrategy[nodes.Distance]:
    """Distances from a place."""
    places = st.builds(nodes.Geolocation, numbers(), numbers())
    return st.builds(nodes.Distance, paths, places, st.sampled_from(("mi", "km")))


def any_comparisons(
    paths: st.SearchStrategy[nodes.Path],
) -> st.SearchStrategy[nodes.Condition]:
    """Comparisons with every operator, the values as they come."""
    operands = st.one_of(paths, functions(paths))
    lists = st.lists(constants(), min_size=1, max_size=4).map(tuple)
    operators = st.sampled_from(_OPERATORS)
    return st.one_of(
        st.builds(nodes.Comparison, operands | distances(paths), operators, constants()),
        st.builds(nodes.Comparison, operands, st.just("LIKE"), patterns()),
        st.builds(nodes.Membership, operands, lists, st.booleans()),
        st.builds(nodes.Includes, operands, lists, st.booleans()),
    )


def conditions(
    comparisons: st.SearchStrategy[nodes.Condition], leaves: int = 8
) -> st.SearchStrategy[nodes.Condition]:
    """Comparisons joined by AND, OR and NOT."""

    def joined(parts: st.SearchStrategy[nodes.Condition]) -> st.SearchStrategy[nodes.Condition]:
        several = st.lists(parts, min_size=2, max_size=4).map(tuple)
        return st.one_of(several.map(nodes.And), several.map(nodes.Or), parts.map(nodes.Not))

    return st.recursive(comparisons, joined, max_leaves=leaves)


def semi_joins(paths: st.SearchStrategy[nodes.Path]) -> st.SearchStrategy[nodes.Condition]:
    """Semi-joins and anti-joins."""
    inner = st.builds(
        nodes.Query,
        st.builds(nodes.Selected, paths | functions(paths)).map(lambda each: (each,)),
        any_sources(),
        where=st.none() | conditions(any_comparisons(paths), 3),
    )
    return st.builds(nodes.SemiJoin, paths, inner, st.booleans())


def any_sources() -> _Many[nodes.Source]:
    """What may stand behind FROM."""
    sources = st.builds(nodes.Source, any_paths(), st.none() | names())
    return st.lists(sources, min_size=1, max_size=2).map(tuple)


def orders(paths: st.SearchStrategy[nodes.Path]) -> _Many[nodes.Order]:
    """ORDER BY, perhaps empty."""
    operands = st.one_of(paths, functions(paths), distances(paths))
    ends = st.sampled_from((None, "FIRST", "LAST"))
    return _few(st.builds(nodes.Order, operands, st.booleans(), ends))


def queries(
    *,
    paths: st.SearchStrategy[nodes.Path] | None = None,
    sources: _Many[nodes.Source] | None = None,
    comparisons: st.SearchStrategy[nodes.Condition] | None = None,
    levels: int = 2,
) -> st.SearchStrategy[nodes.Query]:
    """Whole queries; `levels` is how deep sub-queries go."""
    paths = any_paths() if paths is None else paths
    compared = any_comparisons(paths) | semi_joins(paths) if comparisons is None else comparisons
    where = st.none() | conditions(compared)
    group, having = _groups(paths), where
    whole = st.builds(
        nodes.Query,
        select=st.builds(nodes.Count) | _items(paths, levels),
        sources=any_sources() if sources is None else sources,
        using=_few(st.builds(nodes.Using, st.sampled_from(("SCOPE", "LOOKUP")), _plain_paths())),
        where=where,
        withs=_withs(),
        group=group,
        having=having,
        order=orders(paths),
        limit=st.none() | st.integers(-5, 10**9),
        offset=st.none() | st.integers(-5, 10**9),
        binds=_few(st.builds(nodes.Setting, any_paths(), constants())),
        viewing=st.sampled_from((None, "VIEW", "REFERENCE")),
        update=_few(st.sampled_from(("TRACKING", "VIEWSTAT"))),
    )
    return whole.map(_without_lonely_having)


def _plain_paths() -> st.SearchStrategy[nodes.Path]:
    """Paths that are no word of the language."""
    return any_paths().filter(lambda path: ".".join(path.parts).upper() not in USED)


def _items(paths: st.SearchStrategy[nodes.Path], levels: int) -> _Many[nodes.Item]:
    aliases = st.none() | names()
    fields = st.lists(paths, min_size=1, max_size=3).map(tuple)
    whens = st.lists(st.builds(nodes.When, any_paths(), fields), min_size=1, max_size=3).map(tuple)
    operands = st.one_of(paths, functions(paths), distances(paths))
    kinds: list[st.SearchStrategy[nodes.Item]] = [
        st.builds(nodes.Selected, operands, aliases),
        st.builds(nodes.TypeOf, paths, whens, st.just(()) | fields, aliases),
        st.builds(nodes.Fields, st.sampled_from(("ALL", "STANDARD", "CUSTOM")), aliases),
    ]
    if levels:
        inner = st.deferred(lambda: queries(paths=paths, levels=levels - 1))
        kinds.append(st.builds(nodes.SubQuery, inner, aliases))
    return st.lists(st.one_of(kinds), min_size=1, max_size=4).map(tuple)


def _groups(paths: st.SearchStrategy[nodes.Path]) -> st.SearchStrategy[nodes.Group | None]:
    items = st.lists(paths | functions(paths), min_size=1, max_size=3).map(tuple)
    return st.none() | st.builds(nodes.Group, items, st.sampled_from((None, "ROLLUP", "CUBE")))


def _withs() -> _Many[nodes.With]:
    """At most one clause that filters comes first."""
    values = st.one_of(
        texts(), st.booleans().map(nodes.Boolean), st.integers(0, 99).map(_whole_number)
    )
    settings = st.lists(st.builds(nodes.Setting, any_paths(), values), min_size=1, max_size=2)
    operators = st.sampled_from(("AT", "ABOVE", "BELOW", "ABOVE_OR_BELOW"))
    paths = st.lists(any_paths(), min_size=1, max_size=2).map(tuple)
    categories = st.lists(
        st.builds(nodes.Category, any_paths(), operators, paths), min_size=1, max_size=2
    )
    filters = _few(
        st.builds(nodes.Setting, any_paths(), texts())
        | st.builds(nodes.DataCategories, categories.map(tuple)),
        1,
    )
    words = _few(
        st.builds(nodes.Mode, any_paths())
        | st.builds(nodes.Context, any_paths(), settings.map(tuple))
    )
    return st.builds(lambda first, rest: (*first, *rest), filters, words)


def _whole_number(number: int) -> nodes.Number:
    return nodes.Number(str(number))


def _few(items: st.SearchStrategy[_T], most: int = 2) -> _Many[_T]:
    made: Callable[[list[_T]], tuple[_T, ...]] = tuple
    return st.just(()) | st.lists(items, min_size=1, max_size=most).map(made)


def _without_lonely_having(query: nodes.Query) -> nodes.Query:
    """HAVING stands only behind GROUP BY."""
    return query if query.group is not None else replace(query, having=None)
