"""Metadata XML, read within bounds: no document type, so no entities and nothing that is fetched or expanded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, fromstring

MAX_BYTES = 64 * 1024 * 1024
"""The largest file that is read, of XML or JSON."""
MAX_DEPTH = 16
"""How deep elements may stand in one another; metadata needs six."""

_NAMESPACE = b' xmlns="http://soap.sforce.com/2006/04/metadata"'
_ENCODING = re.compile(rb"""\sencoding\s*=\s*["']([^"']*)["']""")


class Unreadable(ValueError):
    """A file that is not read, and why."""


def parse(data: bytes) -> Element:
    """The root element; tags of the metadata namespace are without it. Raises `Unreadable`."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    declared = _ENCODING.search(data[: data.find(b"?>")]) if data.startswith(b"<?xml") else None
    if b"\0" in data or (declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii")):
        raise Unreadable("it is not written in UTF-8")
    if (
        b"<!DOCTYPE" in data
    ):  # in UTF-8, this is the only way to write one, and without one there are no entities
        raise Unreadable("it has a document type (DTD), which is not read")
    try:
        root = fromstring(data.replace(_NAMESPACE, b"", 1))
    except ParseError as error:
        raise Unreadable(f"it is not well-formed XML: {error}") from error
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise Unreadable(f"its elements stand more than {MAX_DEPTH} deep in one another")
        level = [child for each in level for child in each]
    return root


def content(element: Element) -> str:
    """The text of an element without white space around it."""
    text = element.text
    return text.strip() if text else ""


def text(element: Element, tag: str) -> str | None:
    """The text of the first child of this tag, or None where it is missing or empty."""
    found = element.find(tag)
    return (None if found is None else content(found)) or None


def flag(element: Element, tag: str, default: bool = False) -> bool:
    """Whether the child of this tag says `true`."""
    found = text(element, tag)
    return default if found is None else found.lower() == "true"


def tags(element: Element) -> Iterator[str]:
    """The tags of the children, each once, in order."""
    yield from dict.fromkeys(child.tag for child in element)
