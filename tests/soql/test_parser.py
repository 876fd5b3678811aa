"""The nodes of every part of the language, with the places that errors point at."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, replace
from inspect import signature

import pytest

from sfmock.errors import Refused, SalesforceError
from sfmock.soql import nodes
from sfmock.soql.functions import FUNCTIONS, Family
from sfmock.soql.nodes import Function, Number, Path, Text
from sfmock.soql.parser import parse
from soql_dataset import World

A = (nodes.Source(Path(("A",))),)
ID = (nodes.Selected(Path(("Id",))),)
NAME, OTHER = Path(("Name",)), Path(("Other",))


def path(text: str) -> Path:
    return Path(tuple(text.split(".")))


def query(**clauses: object) -> nodes.Query:
    return nodes.Query(**{"select": ID, "sources": A, **clauses})  # type: ignore[arg-type]


WHERE: list[tuple[str, nodes.Condition]] = [
    ("Name != null", nodes.Comparison(NAME, "!=", nodes.Null())),
    ("Name <> NULL", nodes.Comparison(NAME, "!=", nodes.Null())),
    ("a.b.Name > = - 5.5", nodes.Comparison(path("a.b.Name"), ">=", Number("-5.5"))),
    ("Name LIKE '\\%\\_\\\\x%'", nodes.Comparison(NAME, "LIKE", Text("\\%\\_\\\\x%"))),
    ("Name = 'a\\'\\u0041\\n'", nodes.Comparison(NAME, "=", Text("a'A\n"))),
    ("Name = eur5.50", nodes.Comparison(NAME, "=", nodes.Currency("EUR", "5.50"))),
    ("Name < today", nodes.Comparison(NAME, "<", nodes.DateLiteral("TODAY"))),
    ("Name < Last_N_days : 3", nodes.Comparison(NAME, "<", nodes.DateLiteral("LAST_N_DAYS", 3))),
    ("Name = 2026-13-40", nodes.Comparison(NAME, "=", nodes.Date("2026-13-40"))),
    (
        "Name = 2026-01-01T00:00:00+01:00",
        nodes.Comparison(NAME, "=", nodes.DateTime("2026-01-01T00:00:00+01:00")),
    ),
    ("Name = 12:00:00Z", nodes.Comparison(NAME, "=", nodes.Time("12:00:00Z"))),
    ("Name = True", nodes.Comparison(NAME, "=", nodes.Boolean(True))),
    ("Name IN (1, .5)", nodes.Membership(NAME, (Number("1"), Number(".5")), False)),
    ("Name NOT IN ('x')", nodes.Membership(NAME, (Text("x"),), True)),
    ("Name INCLUDES ('a;b', 'c')", nodes.Includes(NAME, (Text("a;b"), Text("c")), False)),
    ("Name EXCLUDES ('a')", nodes.Includes(NAME, (Text("a"),), True)),
    (
        "Name NOT IN (SELECT a.Other FROM A x WHERE Name = 1)",
        nodes.SemiJoin(
            NAME,
            query(
                select=(nodes.Selected(path("a.Other")),),
                sources=(nodes.Source(path("A"), "x"),),
                where=nodes.Comparison(NAME, "=", Number("1")),
            ),
            True,
        ),
    ),
    (
        "NOT (((Name = 1)) AND (NOT Other = 2))",
        nodes.Not(
            nodes.And(
                (
                    nodes.Comparison(NAME, "=", Number("1")),
                    nodes.Not(nodes.Comparison(OTHER, "=", Number("2"))),
                )
            )
        ),
    ),
    (
        "CALENDAR_YEAR(convertTimezone(Name)) = 1 OR (Name = 1 AND Name = 2 AND Name = 3)",
        nodes.Or(
            (
                nodes.Comparison(
                    Function("CALENDAR_YEAR", Function("convertTimezone", NAME)), "=", Number("1")
                ),
                nodes.And(tuple(nodes.Comparison(NAME, "=", Number(each)) for each in "123")),
            )
        ),
    ),
    (
        "DISTANCE(Name, GEOLOCATION(1, -2.5), 'km') < 20",
        nodes.Comparison(
            nodes.Distance(NAME, nodes.Geolocation(Number("1"), Number("-2.5")), "km"),
            "<",
            Number("20"),
        ),
    ),
]


@pytest.mark.parametrize(("text", "where"), WHERE, ids=[text for text, _ in WHERE])
def test_condition_is_parsed(text: str, where: nodes.Condition) -> None:
    assert parse(f"SELECT Id FROM A WHERE {text}") == query(where=where)
    grouped = f"SELECT Id FROM A GROUP BY Id HAVING {text}"
    assert parse(grouped) == query(group=nodes.Group((Path(("Id",)),)), having=where)


SELECT: list[tuple[str, nodes.Count | nodes.Item]] = [
    ("COUNT ( )", nodes.Count()),
    ("a.b.Name alias", nodes.Selected(path("a.b.Name"), "alias")),
    ("count_distinct(Name) n", nodes.Selected(Function("COUNT_DISTINCT", NAME), "n")),
    ("FORMAT(MAX(Name))", nodes.Selected(Function("FORMAT", Function("MAX", NAME)))),
    ("TOLABEL(Name)", nodes.Selected(Function("toLabel", NAME))),
    ("nonsense(Name)", nodes.Selected(Function("nonsense", NAME))),
    ("grouping(Name) g", nodes.Selected(Function("GROUPING", NAME), "g")),
    ("Fields(all)", nodes.Fields("all")),
    (
        "DISTANCE(a.Name, geolocation(1,2), 'mi') d",
        nodes.Selected(
            nodes.Distance(path("a.Name"), nodes.Geolocation(Number("1"), Number("2")), "mi"), "d"
        ),
    ),
    (
        "TYPEOF Name WHEN B THEN Id, c.Id WHEN C THEN Id ELSE Name, Other END",
        nodes.TypeOf(
            NAME,
            (
                nodes.When(path("B"), (path("Id"), path("c.Id"))),
                nodes.When(path("C"), (path("Id"),)),
            ),
            (NAME, OTHER),
        ),
    ),
    ("TYPEOF FROM_", nodes.Selected(path("TYPEOF"), "FROM_")),
    (
        "(SELECT Id, (SELECT Id FROM A) FROM A LIMIT 3)",
        nodes.SubQuery(query(select=(*ID, nodes.SubQuery(query())), limit=3)),
    ),
]


@pytest.mark.parametrize(("text", "item"), SELECT, ids=[text for text, _ in SELECT])
def test_select_item_is_parsed(text: str, item: nodes.Count | nodes.Item) -> None:
    select = item if isinstance(item, nodes.Count) else (item,)
    assert parse(f"SELECT {text} FROM A") == query(select=select)


CLAUSES: list[tuple[str, dict[str, object]]] = [
    (" x", {"sources": (nodes.Source(path("A"), "x"),)}),
    (" AS x", {"sources": (nodes.Source(path("A"), "x"),)}),
    (" OFFSET", {"sources": (nodes.Source(path("A"), "OFFSET"),)}),
    (", A.b c", {"sources": (*A, nodes.Source(path("A.b"), "c"))}),
    (" USING SCOPE Mine", {"using": (nodes.Using("SCOPE", path("Mine")),)}),
    (" WITH user_mode", {"withs": (nodes.Mode(path("user_mode")),)}),
    (
        " WITH DATA CATEGORY a AT b AND c ABOVE_OR_BELOW (d, e)",
        {
            "withs": (
                nodes.DataCategories(
                    (
                        nodes.Category(path("a"), "AT", (path("b"),)),
                        nodes.Category(path("c"), "ABOVE_OR_BELOW", (path("d"), path("e"))),
                    )
                ),
            )
        },
    ),
    (" WITH a = 'b'", {"withs": (nodes.Setting(path("a"), Text("b")),)}),
    (
        " WITH RecordVisibilityContext (a = 5, b = true)",
        {
            "withs": (
                nodes.Context(
                    path("RecordVisibilityContext"),
                    (
                        nodes.Setting(path("a"), Number("5")),
                        nodes.Setting(path("b"), nodes.Boolean(True)),
                    ),
                ),
            )
        },
    ),
    (" GROUP BY Name, Other", {"group": nodes.Group((NAME, OTHER))}),
    (" GROUP BY ROLLUP(Name)", {"group": nodes.Group((NAME,), "ROLLUP")}),
    (
        " GROUP BY CUBE (Name, DAY_ONLY(Other))",
        {"group": nodes.Group((NAME, Function("DAY_ONLY", OTHER)), "CUBE")},
    ),
    (
        " ORDER BY Name, Other DESC, MAX(Name) ASC NULLS FIRST, Name NULLS LAST",
        {
            "order": (
                nodes.Order(NAME),
                nodes.Order(OTHER, descending=True),
                nodes.Order(Function("MAX", NAME), nulls="FIRST"),
                nodes.Order(NAME, nulls="LAST"),
            )
        },
    ),
    (" LIMIT 10 OFFSET 20", {"limit": 10, "offset": 20}),
    (" OFFSET - 1", {"offset": -1}),
    (" BIND a = 5", {"binds": (nodes.Setting(path("a"), Number("5")),)}),
    (" FOR VIEW", {"viewing": "VIEW"}),
    (
        " FOR REFERENCE UPDATE tracking, VIEWSTAT",
        {"viewing": "REFERENCE", "update": ("TRACKING", "VIEWSTAT")},
    ),
]


@pytest.mark.parametrize(("text", "clauses"), CLAUSES, ids=[text for text, _ in CLAUSES])
def test_clause_is_parsed(text: str, clauses: dict[str, object]) -> None:
    assert parse(f"SELECT Id FROM A{text}") == query(**clauses)


def test_nodes_know_their_places() -> None:
    text = "SELECT a.Name, MAX(Id), (SELECT Id FROM b) FROM Account WHERE NOT Name IN ('x', TODAY)"
    found = parse(text)
    assert isinstance(found.select, tuple)
    field, function, children = found.select
    assert isinstance(field, nodes.Selected)
    assert isinstance(function, nodes.Selected)
    assert isinstance(children, nodes.SubQuery)
    assert isinstance(found.where, nodes.Not)
    assert isinstance(found.where.item, nodes.Membership)
    assert isinstance(field.operand, Path)
    assert isinstance(function.operand, Function)
    first, second = found.where.item.values
    marks = [
        (field.operand.at, "a.Name"),
        (function.operand.at, "MAX"),
        (function.operand.argument.at, "Id)"),
        (children.query.at, "SELECT Id FROM b"),
        (found.sources[0].path.at, "Account"),
        (found.where.at, "NOT"),
        (found.where.item.operand.at, "Name IN"),
        (first.at, "'x'"),
        (second.at, "TODAY"),
    ]
    assert [text[at : at + len(mark)] for at, mark in marks] == [mark for _, mark in marks]


def test_equal_queries_are_equal_wherever_their_parts_stand() -> None:
    assert parse("SELECT Id FROM A") == parse("  SELECT\n Id  FROM A ")
    assert parse("SELECT Id FROM A") != parse("SELECT ID FROM A")


def test_every_function_has_a_family_and_parses_in_every_spelling() -> None:
    for name, known in FUNCTIONS.items():
        if known.family is Family.FIELDS:
            continue
        for written in (name, name.lower(), known.name):
            match parse(f"SELECT {written}(Id) FROM A").select:
                case (nodes.Selected(Function(spelled, Path(("Id",))) as function, None),):
                    assert (spelled, function.family) == (known.name, known.family)
                case other:
                    pytest.fail(f"{written}: {other}")


@pytest.mark.parametrize(
    "text",
    [
        "SELECT nonsense(Id) FROM Account",
        "SELECT Id FROM Account WHERE nonsense(Id) = 1",
        "SELECT Id FROM Account ORDER BY nonsense(Id)",
        "SELECT Id FROM Account USING LOOKUP x",
        "SELECT Id FROM Account WITH nonsense",
        "SELECT Id FROM Account WITH nonsense = 'x'",
        "SELECT Id FROM Account WITH nonsense (a = 1)",
        "SELECT Id FROM Account BIND a = 1",
        "SELECT Id FROM Account UPDATE NONSENSE",
        "SELECT Id FROM Account WHERE CreatedDate = TODAY:5",
        "SELECT Id FROM Account WHERE CreatedDate = LAST_N_DAYS",
    ],
)
def test_what_the_grammar_takes_and_nobody_explains_is_refused_by_name(
    world: World, text: str
) -> None:
    with pytest.raises(Refused, match="SOQL"):
        world.page(text)


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("SELECT MAX(MIN(AVG(Id))) FROM A", "("),
        ("SELECT Id FROM A USING mine", "mine"),
        ("SELECT Id FROM A WITH foo = 5", "5"),
        ("SELECT Id FROM A WITH foo (a = null)", "null"),
        ("SELECT Id FROM A WITH DATA CATEGORY a OVER AT b", "OVER"),
        ("SELECT Id FROM A USING SCOPE", "SCOPE"),
        ("SELECT Id FROM A USING SCOPE count", "SCOPE count"),
        ("SELECT Id FROM A WHERE b = 5 AND Id IN (, 5)", "Id IN (,"),
        ("SELECT Id FROM A WHERE a != != 5", "!="),
        ("SELECT Id FROM A WHERE a = - x", "- x"),
        ("SELECT Id FROM A x ORDER Account.Name BY", "Account.Name"),
        ("SELECT Id FROM A WHERE a >= >= 5", ">"),
        ("SELECT Id FROM A WHERE DISTANCE(a, GEOLOCATION(1, 2), 'km') LIKE 'x'", "LIKE"),
        ("SELECT Id FROM A WHERE DISTANCE(a, GEOLOCATION(x, 2), 'km') < 5", "x"),
        ("SELECT Id FROM A WHERE DISTANCE(a, b, 'km') < 5", "b"),
        ("SELECT Id FROM A WHERE lookup = 5", "lookup"),
    ],
)
def test_token_that_does_not_fit_is_named(text: str, token: str) -> None:
    with pytest.raises(SalesforceError) as caught:
        parse(text)
    assert caught.value.code == "MALFORMED_QUERY"
    assert caught.value.message.endswith(f"unexpected token: '{token}'")


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("SELECT Id Name Type, Id FROM A", "Type"),
        ("SELECT Id Name a.Type", "a.Type"),
        ("SELECT Id FROM A USING LOOKUP", "<EOF>"),
        ("SELECT Id FROM A USING LOOKUP ORDER BY Id", "ORDER"),
        ("SELECT Id FROM A WHERE Id IN ('a', 'b' AND Name = 'c'", "AND"),
        ("SELECT Id FROM A WHERE Id IN (SELECT Id FROM b", "<EOF>"),
        ("SELECT Id FROM A WHERE Id INCLUDES ('a'", "<EOF>"),
        ("SELECT Id FROM A x ORDER Name", "Name"),
        ("SELECT Id FROM A x GROUP Name", "Name"),
        ("SELECT Id FROM A GROUP BY ROLLUP Name", "Name"),
        ("SELECT Id FROM A ORDER BY Name NULLS LIMIT 5", "LIMIT"),
        ("SELECT Id FROM A UPDATE", "<EOF>"),
        ("SELECT Id FROM A WITH DATA CATEGORY a OVER b", "OVER"),
        ("SELECT Id FROM A WITH foo (a 5)", "5"),
        ("SELECT Id FROM A BIND a 5", "5"),
        ("SELECT Id FROM A WHERE a = LAST_N_DAYS: ORDER BY b", "ORDER"),
        ("SELECT Id FROM A WHERE (a = 5 LIMIT 5", "LIMIT"),
        ("SELECT Id FROM A WHERE (NOT a = 5 AND b = 6)", "AND"),
        ("SELECT (SELECT Id FROM b, Id FROM A", "FROM"),
        ("SELECT FORMAT(MAX(Id), Id FROM A", ","),
        ("SELECT Id FROM A ORDER BY FORMAT(MAX(Id) DESC", "DESC"),
        ("SELECT TYPEOF a WHEN b c END FROM A", "c"),
        ("SELECT TYPEOF a WHEN b THEN c ELSE d FROM A", "FROM"),
        ("SELECT DISTANCE(a, GEOLOCATION(1 2), 'km') FROM A", "2"),
    ],
)
def test_token_before_which_one_is_missing_is_named(text: str, token: str) -> None:
    with pytest.raises(SalesforceError) as caught:
        parse(text)
    assert caught.value.code == "MALFORMED_QUERY"
    assert caught.value.message.endswith(f"missing value at '{token}'")


def test_nodes_are_ordinary_frozen_dataclasses() -> None:
    path = Path(parts=("Id",), at=7)
    assert (path, hash(path)) == (Path(("Id",)), hash(Path(("Id",))))
    assert repr(path) == "Path(parts=('Id',), at=7)"
    assert replace(path, at=9).at == 9
    assert [each.name for each in fields(nodes.Order)] == ["operand", "descending", "nulls"]
    assert nodes.Order(path, nulls="LAST") == nodes.Order(path, False, "LAST")
    assert str(signature(nodes.Order)).startswith("(operand: ")
    with pytest.raises(FrozenInstanceError):
        path.at = 9  # type: ignore[misc]  # that is the point
    with pytest.raises(TypeError):
        Path()  # type: ignore[call-arg]  # that, too


@pytest.mark.parametrize(
    "condition", ["a = :b", "a = b", "a IN (1, b.c)", "a IN :b", "lower(a) = lower('x')"]
)
def test_variable_of_apex_is_named_if_nothing_else_is_wrong(condition: str) -> None:
    with pytest.raises(SalesforceError) as caught:
        parse(f"SELECT Id FROM A WHERE {condition}")
    assert caught.value.message == "Bind variables only allowed in Apex code"


def test_error_of_syntax_comes_before_a_variable_of_apex() -> None:
    with pytest.raises(SalesforceError, match="unexpected token: 'LIMIT'"):
        parse("SELECT Id FROM A WHERE a = :b AND LIMIT 1")
