"""The formatter: from nodes to canonical text: one line, keywords in capitals, no parenthesis too many."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from sfmock.soql import nodes

_ESCAPES = str.maketrans(
    {"'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
)


def format_query(query: nodes.Query) -> str:
    """The query as text; parsed, it is the same query again."""
    words = [
        f"SELECT {_select(query.select)}",
        f"FROM {_list(_aliased(_path(each.path), each.alias) for each in query.sources)}",
    ]
    if query.using:
        words.append(f"USING {_list(f'{each.kind} {_path(each.name)}' for each in query.using)}")
    if query.where is not None:
        words.append(f"WHERE {_condition(query.where)}")
    words += [f"WITH {_with(each)}" for each in query.withs]
    if query.group is not None:
        words.append(f"GROUP BY {_group(query.group)}")
    if query.having is not None:
        words.append(f"HAVING {_condition(query.having)}")
    if query.order:
        words.append(f"ORDER BY {_list(map(_order, query.order))}")
    if query.limit is not None:
        words.append(f"LIMIT {query.limit}")
    if query.offset is not None:
        words.append(f"OFFSET {query.offset}")
    if query.binds:
        words.append(f"BIND {_list(map(_setting, query.binds))}")
    if query.viewing is not None:
        words.append(f"FOR {query.viewing}")
    if query.update:
        words += ["UPDATE", _list(query.update)]
    return " ".join(words)


def _select(select: nodes.Count | tuple[nodes.Item, ...]) -> str:
    return "COUNT()" if isinstance(select, nodes.Count) else _list(map(_item, select))


def _item(item: nodes.Item) -> str:
    match item:
        case nodes.Selected(operand, alias):
            return _aliased(_operand(operand), alias)
        case nodes.SubQuery(query, alias):
            return _aliased(f"({format_query(query)})", alias)
        case nodes.Fields(group, alias):
            return _aliased(f"FIELDS({group})", alias)
        case nodes.TypeOf(path, whens, otherwise, alias):
            parts = [
                f"WHEN {_path(each.sobject)} THEN {_list(map(_path, each.fields))}"
                for each in whens
            ]
            if otherwise:
                parts.append(f"ELSE {_list(map(_path, otherwise))}")
            return _aliased(f"TYPEOF {_path(path)} {' '.join(parts)} END", alias)
        case _:
            assert_never(item)


def _operand(operand: nodes.Operand) -> str:
    match operand:
        case nodes.Path():
            return _path(operand)
        case nodes.Function(name, argument):
            return f"{name}({_operand(argument)})"
        case nodes.Distance(location, nodes.Geolocation(latitude, longitude), unit):
            origin = f"GEOLOCATION({latitude.text}, {longitude.text})"
            return f"DISTANCE({_path(location)}, {origin}, {_text(unit)})"
        case _:
            assert_never(operand)


def _condition(condition: nodes.Condition) -> str:
    match condition:
        case nodes.And(items):
            return " AND ".join(map(_term, items))
        case nodes.Or(items):
            return " OR ".join(map(_term, items))
        case nodes.Not(item):
            return f"NOT {_term(item)}"
        case nodes.Comparison(operand, operator, nodes.Text(value)):
            text = _text(value, pattern=operator == "LIKE")
            return f"{_operand(operand)} {operator} {text}"
        case nodes.Comparison(operand, operator, value):
            return f"{_operand(operand)} {operator} {_constant(value)}"
        case nodes.Membership(operand, values, negated):
            word = "NOT IN" if negated else "IN"
            return f"{_operand(operand)} {word} ({_list(map(_constant, values))})"
        case nodes.SemiJoin(operand, query, negated):
            word = "NOT IN" if negated else "IN"
            return f"{_operand(operand)} {word} ({format_query(query)})"
        case nodes.Includes(operand, values, negated):
            word = "EXCLUDES" if negated else "INCLUDES"
            return f"{_operand(operand)} {word} ({_list(map(_constant, values))})"
        case _:
            assert_never(condition)


def _term(condition: nodes.Condition) -> str:
    """A condition beside others."""
    text = _condition(condition)
    return f"({text})" if isinstance(condition, nodes.And | nodes.Or | nodes.Not) else text


def _constant(value: nodes.Constant) -> str:
    match value:
        case nodes.Text(text):
            return _text(text)
        case nodes.Null():
            return "null"
        case nodes.Boolean(truth):
            return "true" if truth else "false"
        case nodes.DateLiteral(name, count):
            return name if count is None else f"{name}:{count}"
        case nodes.Currency(code, amount):
            return f"{code}{amount}"
        case nodes.Number(text) | nodes.Date(text) | nodes.DateTime(text) | nodes.Time(text):
            return text
        case _:
            assert_never(value)


def _text(value: str, *, pattern: bool = False) -> str:
    """A string; in a pattern every backslash is an escape already."""
    escaped = value if pattern else value.replace("\\", "\\\\")
    return f"'{escaped.translate(_ESCAPES)}'"


def _with(clause: nodes.With) -> str:
    match clause:
        case nodes.Mode(name):
            return _path(name)
        case nodes.Setting():
            return _setting(clause)
        case nodes.Context(name, settings):
            return f"{_path(name)} ({_list(map(_setting, settings))})"
        case nodes.DataCategories(categories):
            return f"DATA CATEGORY {' AND '.join(map(_category, categories))}"
        case _:
            assert_never(clause)


def _category(category: nodes.Category) -> str:
    names = _list(map(_path, category.names))
    several = len(category.names) > 1
    return f"{_path(category.group)} {category.operator} {f'({names})' if several else names}"


def _setting(setting: nodes.Setting) -> str:
    return f"{_path(setting.name)} = {_constant(setting.value)}"


def _group(group: nodes.Group) -> str:
    items = _list(map(_operand, group.items))
    return items if group.kind is None else f"{group.kind}({items})"


def _order(order: nodes.Order) -> str:
    end = "" if order.nulls is None else f" NULLS {order.nulls}"
    return f"{_operand(order.operand)}{' DESC' if order.descending else ''}{end}"


def _path(path: nodes.Path) -> str:
    return ".".join(path.parts)


def _aliased(text: str, alias: str | None) -> str:
    return text if alias is None else f"{text} {alias}"


def _list(items: Iterable[str]) -> str:
    return ", ".join(items)
