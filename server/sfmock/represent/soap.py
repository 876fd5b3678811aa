"""SOAP envelopes: reading requests, writing replies in the exact text that clients search (soap-apis.md 1, oauth.md 7)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from sfmock import errors, login_errors
from sfmock.represent.xml import Content, child, element, is_nil, local_name, read_xml, split
from sfmock.versions import NEWEST, Version
from sfmock.wire import Reply

MEDIA_TYPE = "text/xml; charset=utf-8"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
MAX_BYTES = 52_428_800
"""The largest SOAP message that Salesforce takes."""

HEAD = f'<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="{ENVELOPE}"'
XSI_PREFIX = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
_XSD_PREFIX = ' xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
TAIL = "</soapenv:Body></soapenv:Envelope>"
_PATH = re.compile(r"/services/Soap/([^/]+)(?:/(\d+))?")
_TRUTH = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Api:
    """One of the SOAP APIs, by the first segment of its path."""

    letter: str
    namespace: str
    faults: str
    """The namespace of `sf:` in faults."""
    records: str | None = None
    """The namespace of `sf:` in records."""
    detailed: bool = True
    """Faults have a `detail`."""


APIS = {
    each.letter: each
    for each in (
        Api("u", "urn:partner.soap.sforce.com", "urn:fault.partner.soap.sforce.com", "urn:sobject.partner.soap.sforce.com"),
        Api("c", "urn:enterprise.soap.sforce.com", "urn:fault.enterprise.soap.sforce.com", "urn:sobject.enterprise.soap.sforce.com"),
        Api("T", "urn:tooling.soap.sforce.com", "urn:fault.tooling.soap.sforce.com"),
        *(
            Api(letter, uri, uri, detailed=False)  # oauth.md 8.2
            for letter, uri in (
                ("m", "http://soap.sforce.com/2006/04/metadata"),
                ("s", "http://soap.sforce.com/2006/08/apex"),
            )
        ),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Operation:
    """What an envelope asks for: the operation is the first child of Body. Arguments are found by their local names."""

    namespace: str
    name: str
    _element: Element
    _header: Element | None

    def argument(self, name: str) -> str:
        """The text of an argument; empty where there is none."""
        return _text(self._element, name) or ""

    def arguments(self, name: str) -> list[str]:
        """The texts of an argument that may come several times."""
        return [each.text or "" for each in self.elements(name)]

    def elements(self, name: str) -> Iterator[Element]:
        """The elements of an argument."""
        return (each for each in self._element if local_name(each) == name)

    def header(self, block: str, name: str) -> str | None:
        """The text of an element inside a header block (`SessionHeader`), or None."""
        found = None if self._header is None else child(self._header, block)
        return None if found is None else _text(found, name)

    def has_header(self, block: str) -> bool:
        """Whether a header block is there."""
        return self._header is not None and child(self._header, block) is not None

    def flag(self, block: str, name: str) -> bool:
        """A truth value inside a header block, False where there is none."""
        return truth(self.header(block, name), f"{block}/{name}")


def truth(text: str | None, what: str) -> bool:
    """A truth value as XML writes it, in any case (soap-apis.md 1); no text is False."""
    found = _TRUTH.get((text or "false").strip().lower())
    if found is None:
        raise errors.refuse(f"the fault for a {what} that is no boolean")
    return found


def api_of(path: str) -> Api:
    """The API at a path; the partner API where nobody knows it."""
    found = _PATH.match(path)
    return APIS.get(found[1], APIS["u"]) if found else APIS["u"]


def version_of(path: str) -> Version:
    """The version of a SOAP path, `59.0` or `59`; the newest where it has none."""
    found = _PATH.match(path)
    return Version(int(found[2]) if found and found[2] else NEWEST)


def read(body: bytes) -> Operation:
    """The call in an envelope; raises the `soapenv:Client` fault where there is none. DTDs and entities are refused."""
    if len(body) > MAX_BYTES:
        raise errors.refuse("SOAP requests above 50 MB")
    try:
        root = read_xml(body)
    except ValueError as error:
        raise login_errors.SOAP_CLIENT(text=str(error)) from None
    content = child(root, "Body") if root.tag == f"{{{ENVELOPE}}}Envelope" else None
    if content is None or len(content) == 0:
        raise login_errors.SOAP_CLIENT(
            text="No operation available for request, please check the WSDL for the service."
        )
    if len(content) > 1:
        raise errors.refuse("several operations in one SOAP message")
    uri, name = split(content[0].tag)
    return Operation(uri, name, content[0], child(root, "Header"))


def reply(
    path: str, operation: str, result: Content = (), usage: tuple[int, int] | None = None
) -> Reply:
    """The reply of an operation: one line, elements without prefix in the API's namespace.

    Other namespaces are declared where they are used, as recorded; `usage` is what the limit header says of API requests.
    """
    api, inner = api_of(path), element("result", result)
    body = (
        f"<{operation}Response>{inner}</{operation}Response>"
        if inner
        else f"<{operation}Response/>"
    )
    namespaces = f' xmlns="{api.namespace}"'
    if 'xsi:type="xsd:' in body:
        namespaces += _XSD_PREFIX
    if ' xsi:nil="' in body or ' xsi:type="' in body:
        namespaces += XSI_PREFIX
    if "<sf:" in body or 'xsi:type="sf:' in body:
        namespaces += f' xmlns:sf="{api.records}"'
    header = "" if usage is None else _limit_header(*usage)
    return Reply(
        200, f"{HEAD}{namespaces}>{header}<soapenv:Body>{body}{TAIL}", content_type=MEDIA_TYPE
    )


def _limit_header(used: int, maximum: int) -> str:
    info: Content = {"current": used, "limit": maximum, "type": "API REQUESTS"}
    block = element("LimitInfoHeader", {"limitInfo": info})
    return f"<soapenv:Header>{block}</soapenv:Header>"


def _text(parent: Element, name: str) -> str | None:
    found = child(parent, name)
    return None if found is None or is_nil(found) else found.text or ""
