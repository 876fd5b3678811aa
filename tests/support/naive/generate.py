"""Random queries that Salesforce answers: every part of the language that the naive evaluator knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from random import Random
from typing import Any, TypeVar

from naive.conditions import text_value
from naive.data import NUMBERS, TEXTS, Data, moment
from naive.tree import (
    Call,
    Compare,
    Condition,
    Days,
    Distance,
    In,
    Includes,
    Item,
    Joined,
    Literal,
    Not,
    Operand,
    Order,
    Path,
    Query,
    Semi,
    TypeOf,
    Value,
)  # fmt: skip
from naive.world import PLACES, World

T = TypeVar("T")

_UNITS = ("WEEK", "MONTH", "QUARTER", "YEAR", "FISCAL_QUARTER", "FISCAL_YEAR")
PLAIN_DAYS = (
    "YESTERDAY", "TODAY", "TOMORROW", "LAST_90_DAYS", "NEXT_90_DAYS",
    *(f"{word}_{unit}" for word in ("LAST", "THIS", "NEXT") for unit in _UNITS),
)  # fmt: skip
COUNTED_DAYS = (
    "LAST_N_DAYS", "NEXT_N_DAYS", "N_DAYS_AGO",
    *(name.format(unit) for name in ("LAST_N_{}S", "NEXT_N_{}S", "N_{}S_AGO") for unit in _UNITS),
)  # fmt: skip
DATE_PARTS = (
    "CALENDAR_MONTH", "CALENDAR_QUARTER", "CALENDAR_YEAR", "DAY_IN_MONTH", "DAY_IN_WEEK", "DAY_IN_YEAR", "FISCAL_MONTH",
    "FISCAL_QUARTER", "FISCAL_YEAR", "WEEK_IN_MONTH", "WEEK_IN_YEAR", "DAY_ONLY", "HOUR_IN_DAY",
)  # fmt: skip
_SORTED = ("=", "!=", "<>", "<", "<=", ">", ">=")
_NO_INNER = frozenset({"Task"})


class Generator:
    """Makes queries over one world."""

    def __init__(self, random: Random, world: World) -> None:
        self._random = random
        self._data: Data = world.data
        self._used = world.used
        self._objects = [each for each in world.used if each not in ("User", "Group")]
        self._joins = 0

    def query(self) -> Query:
        """A query of any kind."""
        self._joins = 0
        sobject = self._random.choice(self._objects)
        draw = self._random.random()
        if draw < 0.08:
            limit = self._maybe(0.2, lambda: self._random.randint(0, 20))
            return Query(
                (),
                sobject,
                self._where(sobject),
                limit=limit,
                scope=self._scope(sobject),
                counts=True,
            )
        return self._grouped(sobject) if draw < 0.38 else self._rows(sobject)

    def part(self, sobject: str, *, alone: bool) -> Query:
        """A query as it stands in a search: fields, conditions without semi-joins, and OFFSET where it stands alone."""
        select = self._select(sobject, typed=False)
        where = self._condition(sobject, 2, semi=False) if self._random.random() < 0.4 else None
        offset = self._maybe(0.2, lambda: self._random.randint(0, 3)) if alone else None
        order = self._order(sobject) if self._random.random() < 0.5 else ()
        limit = self._maybe(0.3, lambda: self._random.randint(0, 8))
        return Query(tuple(select), sobject, where, order=order, limit=limit, offset=offset)

    def _rows(self, sobject: str) -> Query:
        select = self._select(sobject)
        for _ in range(self._random.choice((0, 0, 0, 1, 1, 2))):
            child = self._child(sobject, depth=1)
            if child is not None and child.source not in [
                each.source for each in select if isinstance(each, Query)
            ]:
                select.append(child)
        order = self._order(sobject)
        offset = self._maybe(0.15, lambda: self._random.randint(0, 15))
        if any(isinstance(each, Query) for each in select):
            offset = None
        return Query(
            tuple(select), sobject, self._where(sobject), order=order, offset=offset,
            limit=self._maybe(0.3, lambda: self._random.randint(0, 30)), scope=self._scope(sobject),
        )  # fmt: skip

    def _scope(self, sobject: str) -> str | None:
        if "OwnerId" not in self._used[sobject]:
            return None
        return self._maybe(0.05, lambda: self._random.choice(("mine", "everything")))

    def _select(self, sobject: str, *, typed: bool = True) -> list[Item | TypeOf | Query]:
        items: dict[str, Item | TypeOf | Query] = {}
        polymorphic = [each for each in self._references(sobject) if len(each["referenceTo"]) > 1]
        taken = None
        if typed and polymorphic and self._random.random() < 0.3:
            typeof = self._typeof(self._random.choice(polymorphic))
            taken = typeof.relationship
            items[taken] = typeof
        for _ in range(self._random.randint(1, 6)):
            path = self._path(sobject, lambda about: True)
            if taken is not None and path.steps[:1] == (taken,):
                continue
            kind = self._data.end(sobject, path)[1]["type"]
            if kind == "picklist" and self._random.random() < 0.3:
                alias = f"label{len(items)}"
                items[alias] = Item(Call("toLabel", path), alias)
            else:
                items[str(path)] = Item(path)
        return list(items.values()) or [Item(Path((), "Id"))]

    def _typeof(self, reference: Any) -> TypeOf:
        targets = [
            each
            for each in reference["referenceTo"]
            if each in self._objects or each in ("User", "Group")
        ]
        chosen = self._random.sample(targets, min(len(targets), self._random.randint(1, 2)))
        cases = []
        for name in chosen:
            paths = dict.fromkeys(
                self._path(name, lambda about: True, deepest=1)
                for _ in range(self._random.randint(1, 3))
            )
            cases.append((name, tuple(paths)))
        otherwise = self._random.choice(
            ((), (Path((), "Name"),), (Path((), "Id"), Path((), "Type")))
        )
        return TypeOf(reference["relationshipName"], tuple(cases), otherwise)

    def _child(self, sobject: str, *, depth: int) -> Query | None:
        relations = [
            each["relationshipName"]
            for each in self._data.described[sobject]["childRelationships"]
            if each["relationshipName"]
            and each["childSObject"] in self._objects
            and each["field"] in self._used[each["childSObject"]]
        ]
        if not relations:
            return None
        name = self._random.choice(relations)
        child = self._data.children(sobject, name)[0]
        select = self._select(child, typed=False)
        if depth < 4 and self._random.random() < 0.3:
            deeper = self._child(child, depth=depth + 1)
            if deeper is not None:
                select.append(deeper)
        where = self._condition(child, 1, semi=False) if self._random.random() < 0.4 else None
        return Query(
            tuple(select),
            name,
            where,
            order=self._order(child),
            limit=self._maybe(0.3, lambda: self._random.randint(0, 3)),
        )

    def _grouped(self, sobject: str) -> Query:
        group: dict[str, Path | Call] = {}
        for _ in range(self._random.choice((0, 1, 1, 2, 3))):
            item = self._group_item(sobject)
            group.setdefault(str(item), item)
        items = tuple(group.values())
        totals = (
            self._random.choice(("ROLLUP", "CUBE"))
            if items and self._random.random() < 0.25
            else None
        )
        calls = [
            self._aggregate(sobject, items)
            for _ in range(self._random.randint(0 if items else 1, 3))
        ]
        if totals:
            calls += [
                Call("GROUPING", each)
                for each in items
                if isinstance(each, Path) and self._random.random() < 0.4
            ]
        select: list[Item] = []
        for each in items:
            if self._random.random() < 0.8:
                named = (
                    isinstance(each, Path)
                    and not each.steps
                    and not any(x.operand == each for x in select)
                )
                names = [
                    x.operand.name
                    for x in select
                    if isinstance(x.operand, Path) and x.alias is None
                ]
                plain = (
                    named
                    and isinstance(each, Path)
                    and each.name not in names
                    and self._random.random() < 0.5
                )
                select.append(Item(each, None if plain else f"g{len(select)}"))
        for call in calls:
            select.append(Item(call, None if self._random.random() < 0.5 else f"c{len(select)}"))
        if not select:
            select.append(Item(Call("COUNT", Path((), "CreatedDate"))))
        self._random.shuffle(select)
        order = tuple(
            Order(each, self._random.random() < 0.5, self._random.choice((None, "FIRST", "LAST")))
            for each in self._random.sample([*items, *calls], self._random.randint(0, min(2, len(items) + len(calls))))
        ) if items else ()  # fmt: skip
        return Query(
            tuple(select), sobject, self._where(sobject), items, totals,
            having=self._having(sobject, items, totals=totals is not None) if items and self._random.random() < 0.4 else None,
            order=_distinct(order), limit=self._maybe(0.3, lambda: self._random.randint(1, 20)) if items else None,
        )  # fmt: skip

    def _group_item(self, sobject: str) -> Path | Call:
        if self._random.random() < 0.3:
            call = self._date_part(sobject)
            if call is not None:
                return call
        return self._path(sobject, lambda about: about.get("groupable"), polymorphic=False)

    def _aggregate(self, sobject: str, group: Iterable[Path | Call]) -> Call:
        taken = set(group)
        for _ in range(20):
            name = self._random.choice(("COUNT", "COUNT_DISTINCT", "SUM", "AVG", "MIN", "MAX"))
            path = self._path(
                sobject,
                lambda about: about.get("aggregatable") and about["type"] != "boolean",
                polymorphic=False,
            )
            kind = self._data.end(sobject, path)[1]["type"]
            if path not in taken and (name not in ("SUM", "AVG") or kind in NUMBERS):
                return Call(name, path)
        return Call("COUNT", Path((), "CreatedDate"))

    def _having(self, sobject: str, group: tuple[Path | Call, ...], *, totals: bool) -> Condition:
        def simple() -> Condition:
            if self._random.random() < 0.6:
                call = Call(
                    self._random.choice(("COUNT", "COUNT_DISTINCT")),
                    self._path(sobject, lambda about: about["type"] == "id"),
                )
                if call.argument not in group:
                    return Compare(
                        call, self._random.choice(_SORTED), _number(self._random.randint(0, 6))
                    )
            left = self._random.choice(group)
            kind, about = self._kind(sobject, left)
            if totals and kind == "boolean":  # what a subtotal's checkbox equals is not known
                return Compare(Call("COUNT", Path((), "CreatedDate")), ">", _number(1))
            return self._comparison(sobject, left, kind, about)

        items = tuple(simple() for _ in range(self._random.choice((1, 1, 2))))
        return items[0] if len(items) == 1 else Joined(self._random.choice(("AND", "OR")), items)

    def _where(self, sobject: str) -> Condition | None:
        return self._condition(sobject, 3, semi=True) if self._random.random() < 0.8 else None

    def _condition(self, sobject: str, depth: int, *, semi: bool) -> Condition:
        draw = self._random.random()
        if depth and draw < 0.3:
            word = self._random.choice(("AND", "OR"))
            count = self._random.randint(2, 4)
            return Joined(
                word,
                tuple(
                    self._condition(sobject, depth - 1, semi=semi and depth == 3 and word == "AND")
                    for _ in range(count)
                ),
            )
        if depth and draw < 0.4:
            return Not(self._condition(sobject, depth - 1, semi=False))
        if semi and draw < 0.52 and self._joins < 2:
            found = self._semi(sobject)
            if found is not None:
                self._joins += 1
                return found
        if draw < 0.62:
            call = self._date_part(sobject)
            if call is not None:
                kind, about = self._kind(sobject, call)
                return self._comparison(sobject, call, kind, about, literals=kind == "date")
        if draw < 0.66:
            place = self._place(sobject)
            if place is not None:
                return Compare(
                    place, self._random.choice("<>"), _number(self._random.choice((10, 2500, 7000)))
                )
        path = self._path(
            sobject,
            lambda about: (
                about.get("filterable", True) and about["type"] not in ("address", "location")
            ),
        )
        kind, about = self._kind(sobject, path)
        return self._comparison(sobject, path, kind, about)

    def _semi(self, sobject: str) -> Semi | None:
        lefts: list[tuple[str, set[str]]] = [("Id", {sobject})]
        lefts += [(each["name"], set(each["referenceTo"])) for each in self._references(sobject)]
        name, targets = self._random.choice(lefts)
        inners: list[tuple[str, str]] = [
            (each, "Id") for each in targets if each in self._objects and each != sobject
        ]
        for other in self._objects:
            if other not in (sobject, *_NO_INNER):
                inners += [
                    (other, each["name"])
                    for each in self._references(other)
                    if len(each["referenceTo"]) == 1 and set(each["referenceTo"]) <= targets
                ]
        inners = [each for each in inners if each[0] not in _NO_INNER]
        if not inners:
            return None
        inner, field = self._random.choice(inners)
        where = self._condition(inner, 1, semi=False) if self._random.random() < 0.6 else None
        return Semi(Path((), name), Path((), field), inner, where, self._random.random() < 0.4)

    def _comparison(
        self, sobject: str, left: Operand, kind: str, about: Any, *, literals: bool = True
    ) -> Condition:
        draw = self._random.random()
        if kind == "boolean":
            text = self._random.choice(("true", "false", "null", "TRUE"))
            return Compare(
                left,
                self._random.choice(("=", "!=")),
                Value(text, {"true": True, "false": False, "null": None}[text.lower()]),
            )
        if draw < 0.12 and not isinstance(left, Call):
            return Compare(left, self._random.choice(("=", "!=")), Value("null", None))
        if kind == "multipicklist":
            assert isinstance(left, Path)
            values = [each["value"] for each in about["picklistValues"]]
            if draw < 0.3:
                return Compare(
                    left, self._random.choice(("=", "!=")), text_value(";".join(values[:2]))
                )
            texts = [
                text_value(";".join(self._random.sample(values, self._random.randint(1, 2))))
                for _ in range(self._random.randint(1, 2))
            ]
            return Includes(left, tuple(texts), self._random.random() < 0.4)
        if kind in ("id", "reference"):
            if draw < 0.5:
                return Compare(
                    left,
                    self._random.choice(("=", "!=")),
                    self._literal(sobject, left, kind, about),
                )
            return self._in(sobject, left, kind, about)
        if kind in TEXTS and draw < 0.3:
            return Compare(left, "LIKE", self._pattern(sobject, left))
        if kind in ("date", "datetime") and literals and not isinstance(left, Call) and draw < 0.5:
            return Compare(left, self._random.choice(_SORTED), self._days())
        if draw < 0.7:
            return Compare(
                left, self._random.choice(_SORTED), self._literal(sobject, left, kind, about)
            )
        return self._in(sobject, left, kind, about)

    def _in(self, sobject: str, left: Operand, kind: str, about: Any) -> In:
        values: list[Literal] = [
            self._literal(sobject, left, kind, about) for _ in range(self._random.randint(1, 4))
        ]
        if not isinstance(left, Call) and self._random.random() < 0.15:
            values.append(Value("null", None))
        return In(left, tuple(values), self._random.random() < 0.4)

    def _days(self) -> Days:
        if self._random.random() < 0.5:
            return Days(self._random.choice(PLAIN_DAYS))
        name = self._random.choice(COUNTED_DAYS)
        counts = (1, 2, 3, 7, 30, 90) if "YEAR" in name else (1, 2, 3, 7, 30, 90, 365)
        return Days(name, self._random.choice(counts))  # within the years 1700 to 4000

    def _literal(self, sobject: str, left: Operand, kind: str, about: Any) -> Literal:
        if isinstance(left, Call):
            if kind == "date":
                day = (
                    (self._data.calendar.now + timedelta(days=self._random.choice((-31, -1, 0, 1))))
                    .date()
                    .isoformat()
                )
                return Value(day, day)
            return _number(self._random.choice((1, 2, 3, 4, 7, 11, 12, 2025, 2026, 2027)))
        stored = self._stored(sobject, left)
        if kind == "datetime":
            when = moment(stored or "2026-11-23T12:00:00.000+0000") + timedelta(
                seconds=self._random.choice((0, 0, 1, -1))
            )
            text = when.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
            return Value(
                self._random.choice(
                    (
                        when.strftime("%Y-%m-%dT%H:%M:%SZ"),
                        when.strftime("%Y-%m-%dT%H:%M:%S.000+00:00"),
                    )
                ),
                text,
            )
        if kind == "date":
            return Value(stored or "2026-11-23", stored or "2026-11-23")
        if kind == "time":
            return Value(stored or "10:15:00.000Z", stored or "10:15:00.000Z")
        if kind in NUMBERS:
            return _number(
                stored
                if stored is not None and self._random.random() < 0.8
                else self._random.choice((3, -7))
            )
        if kind in ("id", "reference"):
            found = stored or self._data.user
            return Value(f"'{found[: self._random.choice((15, 18))]}'", found)
        text = stored or self._random.choice(("a", "nothing"))
        return text_value(
            self._random.choice((text, text, text.lower(), text.upper() if text != "ß" else text))
        )

    def _pattern(self, sobject: str, left: Operand) -> Value:
        stored = self._stored(sobject, left) or "ab"
        pieces = [self._random.choice((each, each, "_", "%")) for each in stored[:8]]
        pattern = "".join(
            "\\" + each if each in "%_\\" and self._random.random() < 0.5 else each
            for each in pieces
        )
        pattern = pattern.replace("\\", "\\\\") if pattern.endswith("\\") else pattern
        for bad in "'\\":
            pattern = pattern.replace(bad, {"'": "_", "\\": "\\"}[bad])
        pattern = _well_escaped(pattern) + self._random.choice(("", "%"))
        return Value(f"'{pattern}'", pattern)

    def _stored(self, sobject: str, left: Operand) -> Any:
        assert isinstance(left, Path)
        values = [
            self._data.value(sobject, row, left)
            for row in self._random.sample(self._data.rows[sobject], 3)
        ]
        values = [each for each in values if each is not None]
        return self._random.choice(values) if values else None

    def _kind(self, sobject: str, operand: Operand) -> tuple[str, Any]:
        if isinstance(operand, Path):
            about = self._data.end(sobject, operand)[1]
            return about["type"], about
        assert isinstance(operand, Call)
        return ("date" if operand.name == "DAY_ONLY" else "int"), {}

    def _date_part(self, sobject: str) -> Call | None:
        path = self._path(
            sobject,
            lambda about: about["type"] in ("date", "datetime"),
            polymorphic=False,
            wanted=("date", "datetime"),
        )
        kind = self._data.end(sobject, path)[1]["type"]
        if kind not in ("date", "datetime"):
            return None
        names = [
            each
            for each in DATE_PARTS
            if kind == "datetime" or each not in ("HOUR_IN_DAY", "DAY_ONLY")
        ]
        shifted = kind == "datetime" and self._random.random() < 0.3
        return Call(self._random.choice(names), Call("convertTimezone", path) if shifted else path)

    def _place(self, sobject: str) -> Distance | None:
        places = [
            each
            for each in self._used[sobject]
            if self._data.about(sobject, each)["type"] == "location"
        ]
        if not places:
            return None
        latitude, longitude = self._random.choice(PLACES)
        return Distance(Path((), places[0]), latitude, longitude, self._random.choice(("mi", "km")))

    def _order(self, sobject: str) -> tuple[Order, ...]:
        count = self._random.choice((0, 1, 1, 2, 3))
        keys = [
            self._path(
                sobject,
                lambda about: (
                    about.get("sortable", True) and about["type"] not in ("address", "location")
                ),
            )
            for _ in range(count)
        ]
        return _distinct(
            Order(
                each,
                self._random.random() < 0.5,
                self._random.choice((None, None, "FIRST", "LAST")),
            )
            for each in keys
        )

    def _references(self, sobject: str) -> list[Any]:
        known = {*self._objects, "User", "Group"}
        return [
            each for each in self._data.described[sobject]["fields"]
            if each["name"] in self._used[sobject] and each["type"] == "reference" and known & set(each["referenceTo"])
        ]  # fmt: skip

    def _path(
        self,
        sobject: str,
        fits: Callable[[Any], object],
        *,
        polymorphic: bool = True,
        deepest: int = 4,
        wanted: tuple[str, ...] = (),
    ) -> Path:
        """A path to a field that fits; `Id` where none does."""
        steps: list[str] = []
        here = sobject
        while len(steps) < deepest and self._random.random() < 0.3:
            references = [
                each
                for each in self._references(here)
                if polymorphic or len(each["referenceTo"]) == 1
            ]
            if not references:
                break
            reference = self._random.choice(references)
            if len(reference["referenceTo"]) > 1:
                if wanted:
                    break
                return Path(
                    (*steps, reference["relationshipName"]),
                    self._random.choice(("Name", "Type", "Name", "Id")),
                )
            steps.append(reference["relationshipName"])
            here = reference["referenceTo"][0]
        fields = [each for each in self._used[here] if fits(self._data.about(here, each))]
        return (
            Path(tuple(steps), self._random.choice(fields)) if fields else Path(tuple(steps), "Id")
        )

    def _maybe(self, chance: float, make: Callable[[], T]) -> T | None:
        return make() if self._random.random() < chance else None


def _distinct(order: Iterable[Order]) -> tuple[Order, ...]:
    found: dict[str, Order] = {}
    for each in order:
        found.setdefault(str(each.operand), each)
    return tuple(found.values())


def _number(value: float) -> Value:
    text = str(int(value)) if value == int(value) and abs(value) < 1e15 else str(value)
    return Value(text, float(value))


def _well_escaped(pattern: str) -> str:
    """The pattern without backslashes that escape nothing."""
    written, place = "", 0
    while place < len(pattern):
        char = pattern[place]
        if char == "\\":
            following = pattern[place + 1 : place + 2]
            if following in ("%", "_", "\\"):
                written += char + following
                place += 2
                continue
            place += 1
            continue
        written += char
        place += 1
    return written
