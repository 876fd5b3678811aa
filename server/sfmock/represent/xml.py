"""XML as text: elements out of Python values, and documents read without document types and entities."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser
from xml.sax.saxutils import escape as _escape

XSI = "http://www.w3.org/2001/XMLSchema-instance"
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""The characters that no XML document can hold."""

Content: TypeAlias = (
    "str | bool | int | Markup | Typed | Mapping[str, Content] | Sequence[Content] | None"
)
"""What an element holds: text, a truth value, a number, its children, or None for `xsi:nil`; a list repeats the element."""


@dataclass(frozen=True, slots=True)
class Markup:
    """Elements that were written already, in the place of this one."""

    text: str


@dataclass(frozen=True, slots=True)
class Typed:
    """The content of an element with an `xsi:type`."""

    type: str
    content: Content


def element(name: str, content: Content, attributes: str = "") -> str:
    """An element as text; children keep their order."""
    match content:
        case None:
            return f'<{name} xsi:nil="true"/>'
        case bool():
            return f"<{name}{attributes}>{'true' if content else 'false'}</{name}>"
        case int():
            return f"<{name}{attributes}>{content}</{name}>"
        case str():
            return f"<{name}{attributes}>{escape(content)}</{name}>"
        case Markup():
            return content.text
        case Typed():
            return element(name, content.content, f' xsi:type="{content.type}"')
        case Mapping():
            inner = children(content)
            return f"<{name}{attributes}>{inner}</{name}>" if inner else f"<{name}{attributes}/>"
        case _:
            return "".join([element(name, each, attributes) for each in content])


def children(content: Mapping[str, Content]) -> str:
    """The elements of a mapping, one behind the other."""
    return "".join([element(key, value) for key, value in content.items()])


def escape(text: str) -> str:
    """Text as the service escapes it: `'` becomes `&apos;`, `"` becomes `&quot;`; what XML cannot hold is left out."""
    return _escape(NOT_XML.sub("", text), {"'": "&apos;", '"': "&quot;"})


def read_xml(body: bytes) -> Element:
    """The root of a document without document type; raises ValueError for what is none."""
    parser = XMLParser(target=_NoDoctype())
    try:
        parser.feed(body)
        root: Element = parser.close()
    except (ParseError, LookupError, ValueError) as error:  # LookupError: an encoding nobody knows
        raise ValueError(str(error)) from None
    return root


def local_name(element: Element) -> str:
    """The name of an element without its namespace."""
    return split(element.tag)[1]


def split(tag: str) -> tuple[str, str]:
    """Namespace and local name of an element's tag."""
    uri, brace, name = tag.rpartition("}")
    return (uri[1:], name) if brace else ("", tag)


def child(parent: Element, name: str) -> Element | None:
    """The first child of this local name."""
    return next((each for each in parent if local_name(each) == name), None)


def is_nil(element: Element) -> bool:
    """Whether an element says that it is null."""
    return element.get(f"{{{XSI}}}nil", "").strip() in ("true", "1")


class _NoDoctype(TreeBuilder):
    """A tree builder that stops at a document type, before any entity of it exists."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        """Refuse the document, as SOAP demands."""
        raise ValueError("SOAP message MUST NOT contain a Document Type Declaration(DTD)")
