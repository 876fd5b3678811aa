"""SOAP envelopes: reading requests, writing replies and faults in the exact text that clients search (oauth.md 7)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser
from xml.sax.saxutils import escape as _escape

from sfmock import errors, login_errors
from sfmock.errors import Refused, SalesforceError
from sfmock.versions import NEWEST, PLAIN_LOGIN_FAULTS, Version
from sfmock.wire import Reply, Request

MEDIA_TYPE = "text/xml; charset=utf-8"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
MAX_BYTES = 52_428_800
"""The largest SOAP message that Salesforce takes."""

Content: TypeAlias = "str | Mapping[str, Content] | None"
"""What an element holds: text, None for `xsi:nil`, or its children."""

_HEAD = f'<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="{ENVELOPE}"'
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_XSI = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
_NUMBER = re.compile(r"/Soap/\w/(\d+)")
_TAIL = "</soapenv:Body></soapenv:Envelope>"
_APIS = {
    "u": ("urn:partner.soap.sforce.com", "urn:fault.partner.soap.sforce.com"),
    "c": ("urn:enterprise.soap.sforce.com", "urn:fault.enterprise.soap.sforce.com"),
}
_LOGIN_FAULTS = frozenset(
    {"INVALID_LOGIN", "LOGIN_MUST_USE_SECURITY_TOKEN", "INVALID_OPERATION", "LOGIN_RATE_EXCEEDED"}
)
"""Codes that `login()` answers: a LoginFault, and in newer versions no prefix before the fault code."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What an envelope asks for: the operation is the first child of Body."""

    namespace: str
    name: str
    _element: Element
    _header: Element | None

    def argument(self, name: str) -> str:
        """The text of an argument, found by its local name; empty where there is none."""
        return _text(self._element, name) or ""

    def header(self, block: str, name: str) -> str | None:
        """The text of an element inside a header block (`SessionHeader`), or None."""
        found = None if self._header is None else _child(self._header, block)
        return None if found is None else _text(found, name)


def namespace(path: str) -> str:
    """The namespace of the API at a path: partner or enterprise."""
    return _api(path)[0]


def read(body: bytes) -> Operation:
    """The call in an envelope; raises the `soapenv:Client` fault where there is none. DTDs and entities are refused."""
    if len(body) > MAX_BYTES:
        raise errors.refuse("SOAP requests above 50 MB")
    try:
        root = read_xml(body)
    except ValueError as error:
        raise login_errors.SOAP_CLIENT(text=str(error)) from None
    content = _child(root, "Body") if root.tag == f"{{{ENVELOPE}}}Envelope" else None
    if content is None or len(content) == 0:
        raise login_errors.SOAP_CLIENT(
            text="No operation available for request, please check the WSDL for the service."
        )
    uri, name = _split(content[0].tag)
    return Operation(uri, name, content[0], _child(root, "Header"))


def read_xml(body: bytes) -> Element:
    """The root of a document without document type; raises ValueError for what is none."""
    parser = XMLParser(target=_NoDoctype())
    try:
        parser.feed(body)
        root: Element = parser.close()
    except (ParseError, LookupError, ValueError) as error:  # LookupError: an encoding nobody knows
        raise ValueError(str(error)) from None
    return root


def reply(path: str, operation: str, result: Content = None) -> Reply:
    """The reply of an operation: one line, elements without prefix in the API's namespace."""
    body = f"<{operation}Response/>"
    if result is not None:
        body = f"<{operation}Response>{element('result', result)}</{operation}Response>"
    text = f'{_HEAD} xmlns="{namespace(path)}"{_XSI}><soapenv:Body>{body}{_TAIL}'
    return Reply(200, text, content_type=MEDIA_TYPE)


def fault(error: SalesforceError, request: Request) -> Reply:
    """The fault of an error; every status is 500 but that of what the fake does not do."""
    status = error.status if isinstance(error, Refused) else 500
    if error.code == login_errors.SOAP_CLIENT.code:
        body = f"<faultcode>soapenv:Client</faultcode><faultstring>{escape(error.message)}</faultstring>"
        return _fault(status, "", body)
    uri = _api(request.path)[1]
    login = error.code in _LOGIN_FAULTS
    plain = login and _version(request.path).has(PLAIN_LOGIN_FAULTS)
    kind = "sf:LoginFault" if login else "sf:UnexpectedErrorFault"
    code, message = escape(error.code), escape(error.message)
    body = (
        f"<faultcode>{'' if plain else 'sf:'}{code}</faultcode><faultstring>{code}: {message}</faultstring>"
        f'<detail><{kind} xsi:type="{kind}"><sf:exceptionCode>{code}</sf:exceptionCode>'
        f"<sf:exceptionMessage>{message}</sf:exceptionMessage></{kind}></detail>"
    )
    return _fault(status, f' xmlns:sf="{uri}"{_XSI}', body)


def element(name: str, content: Content) -> str:
    """An element as text; children keep their order."""
    if content is None:
        return f'<{name} xsi:nil="true"/>'
    if isinstance(content, str):
        return f"<{name}>{escape(content)}</{name}>"
    return f"<{name}>{''.join(element(key, value) for key, value in content.items())}</{name}>"


def escape(text: str) -> str:
    """Text as the service escapes it: `'` becomes `&apos;`, `"` becomes `&quot;`; what XML cannot hold is left out."""
    return _escape(_NOT_XML.sub("", text), {"'": "&apos;", '"': "&quot;"})


class _NoDoctype(TreeBuilder):
    """A tree builder that stops at a document type, before any entity of it exists."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        """Refuse the document, as SOAP demands."""
        raise ValueError("SOAP message MUST NOT contain a Document Type Declaration(DTD)")


def _fault(status: int, namespaces: str, body: str) -> Reply:
    text = f"{_HEAD}{namespaces}><soapenv:Body><soapenv:Fault>{body}</soapenv:Fault>{_TAIL}"
    return Reply(status, text, content_type=MEDIA_TYPE)


def _api(path: str) -> tuple[str, str]:
    """Namespace and fault namespace of a path `/services/Soap/<letter>/...`."""
    _, _, rest = path.partition("/Soap/")
    return _APIS.get(rest[:1], _APIS["u"])


def _version(path: str) -> Version:
    """The version of a SOAP path, `59.0` or `59`; the newest where it has none."""
    number = _NUMBER.search(path)
    return Version(int(number[1]) if number else NEWEST)


def _child(parent: Element, name: str) -> Element | None:
    return next((each for each in parent if _split(each.tag)[1] == name), None)


def _text(parent: Element, name: str) -> str | None:
    found = _child(parent, name)
    return None if found is None else found.text or ""


def _split(tag: str) -> tuple[str, str]:
    """Namespace and local name of an element's tag."""
    uri, brace, name = tag.rpartition("}")
    return (uri[1:], name) if brace else ("", tag)
