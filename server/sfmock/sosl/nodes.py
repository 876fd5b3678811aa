"""What a search says (sosl.md 2): the term as a tree, and a query for each object that it returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from sfmock.soql.nodes import Query

Group: TypeAlias = Literal["ALL", "NAME", "EMAIL", "PHONE"]


@dataclass(frozen=True, slots=True)
class Word:
    """One token, folded; `*` and `?` are wildcards where `wild`."""

    text: str
    wild: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens next to each other in this order, punctuation among them."""

    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Both:
    """Both are found in a record, perhaps in different fields."""

    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Either:
    """At least one is found."""

    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Without:
    """The left one is found and the right one is not."""

    left: Term
    right: Term


Term: TypeAlias = Word | Phrase | Both | Either | Without


@dataclass(frozen=True, slots=True)
class Search:
    """A whole search; `term` is None for one that is too long to find anything."""

    term: Term | None
    group: Group = "ALL"
    returning: tuple[Query, ...] = ()
    limit: int | None = None
    labels: bool = False
    """WITH METADATA = 'LABELS'."""
