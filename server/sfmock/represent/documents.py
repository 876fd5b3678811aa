"""Identity documents in other forms than JSON: XML, and JavaScript that calls a function (oauth.md 5.4)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sfmock import errors
from sfmock.represent.json import encode
from sfmock.represent.xml import escape
from sfmock.wire import JSON, Reply

_HEAD = '<?xml version="1.0" encoding="UTF-8"?><user xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
_XML = "application/xml;charset=UTF-8"
_JAVASCRIPT = "application/javascript;charset=UTF-8"
_NAME = re.compile(r"[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*")


def xml(document: Mapping[str, JSON]) -> Reply:
    """The document as the element `user`; what is null is nil."""
    return Reply(body=f"{_HEAD}{_elements(document)}</user>", content_type=_XML)


def jsonp(callback: str, value: JSON) -> Reply:
    """JavaScript that calls a function with a value; refused for what is no function's name."""
    if _NAME.fullmatch(callback) is None:
        raise errors.refuse("a JSONP callback that is no name of a function")
    return Reply(body=f"{callback}({encode(value)});", content_type=_JAVASCRIPT)


def _elements(values: Mapping[str, JSON]) -> str:
    return "".join(_element(name, value) for name, value in values.items())


def _element(name: str, value: JSON) -> str:
    if value is None:
        return f'<{name} xsi:nil="true"/>'
    if isinstance(value, dict):
        return f"<{name}>{_elements(value)}</{name}>"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"<{name}>{escape(text)}</{name}>"
