"""WITH HIGHLIGHT: the words of a search, marked in the fields that it returns (the form is that of the SOSL guide)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sfmock import errors
from sfmock.org.search_index import searched_fields
from sfmock.schema.model import Field, SObject
from sfmock.soql import plan
from sfmock.soql.shape import Row
from sfmock.sosl.nodes import Both, Either, Phrase, Term, Without, Word
from sfmock.sosl.tokens import places
from sfmock.versions import HIGHLIGHT, HIGHLIGHT_CUSTOM, Version

_SOBJECTS: Final = frozenset(
    {"Account", "Campaign", "Contact", "Lead", "Opportunity", "Quote", "User"}
)
"""The standard objects whose words are marked; those of others are not."""
_TYPES: Final = frozenset({"email", "string", "textarea"})
_MOST: Final = 25
_LONGEST: Final = 300
"""Of a longer text an excerpt may be shown, and nobody has recorded which."""
_ESCAPED: Final = frozenset("<>&\"'")


def check_highlight(sobject: SObject, version: Version) -> None:
    """Refuse what came with later versions."""
    if not version.has(HIGHLIGHT_CUSTOM if sobject.custom else HIGHLIGHT):
        raise errors.refuse(f"SOSL WITH HIGHLIGHT on {sobject.name} in version {version.major}.0")


def highlights(
    sobject: SObject, term: Term | None, tree: plan.Branch | None, rows: Sequence[Row]
) -> list[Mapping[str, str]]:
    """What each row shows beside its fields: the first 25 of them, in the order of the fields' names."""
    known = tree is not None and (sobject.custom or sobject.name in _SOBJECTS)
    words = _words(term) if known and term is not None else frozenset[str]()
    leaves = [each for each in tree.items if isinstance(each, plan.Leaf)] if tree else []
    shown = sorted(
        (each for each in leaves if not each.shown and _is_marked(sobject, each.field)),
        key=lambda each: each.key,
    )
    found: list[Mapping[str, str]] = []
    for place, row in enumerate(rows):
        marked: dict[str, str] = {}
        for leaf in shown if place < _MOST and words else ():
            text = _marked(str(row[leaf.index] or ""), words)
            if text is not None:
                marked[f"highlight.{leaf.key}"] = text
        found.append(marked)
    return found


def _is_marked(sobject: SObject, field: Field) -> bool:
    compound = field.name_field and sobject.find("FirstName") is not None
    searched = any(each is field for each in searched_fields(sobject))
    return searched and field.type in _TYPES and not field.html_formatted and not compound


def _words(term: Term) -> frozenset[str]:
    """The words that make a record one that is found; those with wildcards are not marked."""
    words: set[str] = set()
    todo = [term]
    while todo:
        match todo.pop():
            case Word(text, wild):
                words |= set() if wild else {text}
            case Both(left, right) | Either(left, right):
                todo += (left, right)
            case Without(left, _):
                todo.append(left)
            case Phrase():
                raise errors.refuse("SOSL WITH HIGHLIGHT of a phrase, or of words with punctuation")
    return frozenset(words)


def _marked(text: str, words: frozenset[str]) -> str | None:
    """The text with its words marked, None where it has none of them."""
    written, end = "", 0
    for token, start, behind in places(text):
        if token in words:
            written += f"{text[end:start]}<mark>{text[start:behind]}</mark>"
            end = behind
    if not written:
        return None
    if len(text) > _LONGEST or _ESCAPED.intersection(text):
        raise errors.refuse("SOSL WITH HIGHLIGHT of long texts, or of those with marks of HTML")
    return written + text[end:]
