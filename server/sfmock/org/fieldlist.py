"""The parameter `fields` of a row: names and dotted paths, checked with the errors of a query (rest.md 2.6)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sfmock import errors
from sfmock.schema.model import Field, SObject
from sfmock.soql import nodes
from sfmock.soql.errors import at_name

_PATH = re.compile(r"[A-Za-z]\w*(?:\.[A-Za-z]\w*)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class FieldList:
    """A list as it was sent, its paths with their places in it, and `Id` at the end if it is not among them."""

    text: str
    paths: tuple[nodes.Path, ...]

    @property
    def dotted(self) -> bool:
        """Whether any path leads over a parent."""
        return any(len(each.parts) > 1 for each in self.paths)

    def fields(self, sobject: SObject) -> tuple[Field, ...]:
        """The fields of a list without dots; raises for the first one that the sobject lacks."""
        found: list[Field] = []
        for each in self.paths:
            field = sobject.find(each.parts[0])
            if field is None:
                raise at_name(
                    self.text,
                    each.at,
                    errors.NO_SUCH_COLUMN_TO_READ(name=each.parts[0], sobject=sobject.name),
                )
            found.append(field)
        return tuple(found)


def field_list(text: str | None, sobject: SObject) -> FieldList | None:
    """The list that a request sends, None where it sends none; refuses what is no list of different fields."""
    if not text:
        return None
    paths: list[nodes.Path] = []
    seen: set[tuple[str, ...]] = set()
    at = 0
    for item in text.split(","):
        name = item.strip()
        if _PATH.fullmatch(name) is None:
            raise errors.refuse(f"{name!r} in the parameter `fields` of a row")
        parts = tuple(name.split("."))
        key = tuple(each.lower() for each in parts)
        if key in seen:
            raise errors.refuse("a field that stands twice in the parameter `fields` of a row")
        own = len(parts) > 1 and key[0] == sobject.name.lower()
        if own and key[0] not in sobject.by_relationship:
            raise errors.refuse("the sobject's own name in the parameter `fields` of a row")
        seen.add(key)
        paths.append(nodes.Path(parts, at + len(item) - len(item.lstrip())))
        at += len(item) + 1
    if ("id",) not in seen:
        paths.append(nodes.Path(("Id",), len(text)))
    return FieldList(text, tuple(paths))
