"""Rich text: Salesforce keeps the tags that its editor knows; what it makes of others is not known to us."""

from __future__ import annotations

import re

from sfmock.errors import refuse

_TAGS = frozenset(
    [
        "a", "abbr", "acronym", "address", "b", "bdo", "big", "blockquote", "br", "caption", "cite", "code", "col",
        "colgroup", "dd", "del", "dfn", "div", "dl", "dt", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i",
        "img", "ins", "kbd", "li", "ol", "p", "param", "pre", "q", "s", "samp", "small", "span", "strong", "sub", "sup",
        "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var",
    ]
)  # fmt: skip
"""The tags of a rich text area."""
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)|<([!?])")
_SCRIPT = re.compile(r"<[^>]*\s(on[a-z]+)\s*=|(javascript):", re.IGNORECASE)


def check_rich_text(text: str) -> None:
    """Refuse markup that Salesforce would take out or rewrite."""
    for name, mark in _TAG.findall(text):
        if mark or name.lower() not in _TAGS:
            raise refuse(f"rich text with <{name or mark}>, which Salesforce would change")
    found = _SCRIPT.search(text)
    if found is not None:
        raise refuse(f"rich text with {found[1] or found[2]}, which Salesforce would change")
