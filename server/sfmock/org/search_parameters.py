"""Parameters of a search as the SOSL that says the same (sosl.md 1.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Final

from sfmock import errors
from sfmock.schema.model import SObject
from sfmock.soql import nodes as soql
from sfmock.sosl.errors import NO_TERM
from sfmock.sosl.nodes import Both, Search, Term, Word
from sfmock.sosl.parser import parse
from sfmock.sosl.tokens import is_word, tokens
from sfmock.wire import JSON

_GLOBAL: Final = frozenset(
    {
        "q", "in", "fields", "sobject", "sobjects", "defaultlimit", "overalllimit", "offset", "spellcorrection", "metadata",
        "updatetracking", "updateviewstat",
    }
)  # fmt: skip
_OF_ONE: Final = frozenset({"name", "fields", "where", "orderby", "limit"})
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def statement(given: Mapping[str, JSON]) -> str:
    """The SOSL text of some parameters, those of GET or the body of POST; names count in any case."""
    known: dict[str, JSON] = {}
    single: dict[str, dict[str, JSON]] = {}
    for name, value in given.items():
        owner, dot, part = name.partition(".")
        if dot:
            single.setdefault(owner.lower(), {})[part.lower()] = value
        else:
            known[name.lower()] = value
    for name in known:
        if name not in _GLOBAL:
            raise errors.refuse(f"/parameterizedSearch with {name}")
    term = known.get("q")
    if not isinstance(term, str):
        raise NO_TERM()
    objects = _objects(known, single)
    parts = [f"FIND {{{term}}}"]
    if "in" in known:
        parts.append(f"IN {known['in']} FIELDS")
    if objects:
        parts.append(f"RETURNING {', '.join(objects)}")
    if str(known.get("metadata", "")):
        parts.append(f"WITH METADATA = '{known['metadata']}'")
    if "overalllimit" in known:
        parts.append(f"LIMIT {known['overalllimit']}")
    text = " ".join(parts)
    if len(parse(text).returning) != len(objects):
        raise errors.refuse("/parameterizedSearch with clauses that are none")
    return text


def _objects(known: Mapping[str, JSON], single: Mapping[str, Mapping[str, JSON]]) -> list[str]:
    """What RETURNING says."""
    asked: list[dict[str, JSON]] = []
    for each in _list(known.get("sobject")) + _list(known.get("sobjects")):
        about = {"name": each} if isinstance(each, str) else each
        if not isinstance(about, dict):
            raise errors.refuse("/parameterizedSearch with an sobject that is none")
        lower = {key.lower(): value for key, value in about.items()}
        asked.append({**lower, **single.get(str(lower.get("name")).lower(), {})})
    if not asked and any(each in known for each in ("fields", "defaultlimit", "offset")):
        raise errors.refuse(
            "/parameterizedSearch with fields, defaultLimit or offset and no sobject"
        )
    if "offset" in known and len(asked) != 1:
        raise errors.refuse("/parameterizedSearch with an offset and several sobjects")
    return [_object(each, known) for each in asked]


def _object(about: Mapping[str, JSON], known: Mapping[str, JSON]) -> str:
    name = str(about.get("name"))
    unknown = set(about) - _OF_ONE
    if unknown or not _NAME.fullmatch(name):
        raise errors.refuse(f"/parameterizedSearch with {', '.join(sorted(unknown)) or name}")
    fields = about.get("fields", known.get("fields", "Id"))
    listed = ", ".join(map(str, fields)) if isinstance(fields, list) else str(fields)
    clauses = [listed]
    if "where" in about:
        clauses.append(f"WHERE {about['where']}")
    if "orderby" in about:
        order = re.sub(r"\bNULLS_(FIRST|LAST)\b", r"NULLS \1", str(about["orderby"]))
        clauses.append(f"ORDER BY {order}")
    limit = about.get("limit", known.get("defaultlimit"))
    if limit is not None:
        clauses.append(f"LIMIT {limit}")
    if "offset" in known:
        clauses.append(f"OFFSET {known['offset']}")
    return f"{name}({' '.join(clauses)})"


def _list(value: JSON) -> list[JSON]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def suggestion(sobject: SObject, text: str, most: int) -> tuple[Search, tuple[str, str]]:
    """The search for names that begin with a text, and the object and field that hold them."""
    name = sobject.name_field
    words = [each for each in tokens(text) if is_word(each)]
    if name is None or not words:
        raise errors.refuse(f"suggestions of {sobject.name}")
    leaves: Sequence[Term] = [*map(Word, words[:-1]), Word(f"{words[-1]}*", wild=True)]
    fields = (soql.Selected(soql.Path(("Id",))), soql.Selected(soql.Path((name.name,))))
    order = (soql.Order(soql.Path((name.name,))),)
    query = soql.Query(fields, (soql.Source(soql.Path((sobject.name,))),), order=order, limit=most)
    return Search(reduce(Both, leaves), "NAME", (query,)), (sobject.name, name.name)
