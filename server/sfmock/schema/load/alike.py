"""Field files that are alike: of the tens of thousands of a large source, many differ in name and label only. They are parsed once.

Whatever XML can hide a name or a label in is parsed: comments, CDATA, references, anything that stands twice.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from sfmock.schema.load.definitions import FieldDefinition

_HEAD = re.compile(
    rb"""
    (?P<root> (?:<\?xml[^<>]*\?>)? \s* <CustomField[^<>]*> \s*) <fullName>(?P<name>[A-Za-z]\w*__c)</fullName>
    (?P<between> (?:\s*<(\w+)>[^<>]*</\4>)*? \s*) <label>(?P<label>[!-%'-;=?-~](?:[ -%'-;=?-~]*[!-%'-;=?-~])?)</label>
    """,
    re.ASCII | re.VERBOSE,
)
"""Name and label as the tools of Salesforce write them: children of the root, with flat elements before and between; a label of
printable ASCII that means itself in XML, with no white space around it."""
_OWNER_COUNTS = b"Hierarchy"
"""A type whose meaning the object decides."""


class Words(NamedTuple):
    """The content of a field's file: what it may share with others, and its own name and label."""

    rest: bytes
    name: str
    label: str


def words_of(data: bytes) -> Words | None:
    """The file taken apart; None for one that only a parser can."""
    found = _HEAD.match(data)
    if found is None or b"<!" in data or _OWNER_COUNTS in data:
        return None
    values = 1 + data.count(b"<value>")  # those of a picklist have a name and a label each
    if data.count(b"<fullName") != values or data.count(b"<label") != values:
        return None
    root, name, between, label = found.group("root", "name", "between", "label")
    rest = b"\0".join((root, between, data[found.end() :]))
    return Words(rest, name.decode(), label.decode())


class AlikeFields:
    """The definitions of one load by what they share."""

    def __init__(self) -> None:
        self._known: dict[bytes, FieldDefinition] = {}

    def find(self, words: Words, file: str) -> FieldDefinition | None:
        """The definition of a field that is like one that was parsed."""
        known = self._known.get(words.rest)
        if known is None:
            return None
        properties = {**known.properties, "label": words.label}
        return FieldDefinition(words.name, known.type, properties, file, known.value_set)

    def keep(self, words: Words, parsed: FieldDefinition) -> None:
        """Take note of a field that was parsed, if its file was taken apart at the right places."""
        if (parsed.name, parsed.properties.get("label")) == (words.name, words.label):
            self._known[words.rest] = parsed
