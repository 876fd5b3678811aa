"""What a search says (sosl.md 2): the term as a tree, and a query for each object that it returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeGuard

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
    """Both are found in a record, perhaps in different fields; `written`: an AND stands between them."""

    left: Term
    right: Term
    written: bool = True


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


Join: TypeAlias = Both | Either | Without


def is_join(term: Term) -> TypeGuard[Join]:
    """Whether a term joins two others."""
    return isinstance(term, Both | Either | Without)


def inside(term: Term) -> list[Term]:
    """A term and all those inside of it, each before its parts; backwards, left parts come before right ones."""
    found: list[Term] = []
    todo = [term]  # thousands may stand inside one another
    while todo:
        here = todo.pop()
        found.append(here)
        if is_join(here):
            todo += (here.left, here.right)
    return found


@dataclass(frozen=True, slots=True)
class Search:
    """A whole search; `term` is None for one that is too long to find anything."""

    term: Term | None
    group: Group = "ALL"
    returning: tuple[Query, ...] = ()
    limit: int | None = None
    labels: bool = False
    """WITH METADATA = 'LABELS'."""
    highlight: bool = False
    """WITH HIGHLIGHT."""
