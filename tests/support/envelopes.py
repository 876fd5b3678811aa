"""SOAP envelopes as clients write them, and replies as the service does."""

from __future__ import annotations

import re
from dataclasses import dataclass

from calling import Answer, Caller

PARTNER = "urn:partner.soap.sforce.com"
ENTERPRISE = "urn:enterprise.soap.sforce.com"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
HEAD = f'<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="{ENVELOPE}"'
DECLARED = {
    "xsd": ' xmlns:xsd="http://www.w3.org/2001/XMLSchema"',
    "xsi": f' xmlns:xsi="{XSI}"',
    "sf": ' xmlns:sf="urn:sobject.partner.soap.sforce.com"',
}
_TAG = re.compile(r"<(/?)(?=[A-Za-z])")


@dataclass(frozen=True)
class Style:
    """How a client writes its envelopes: the prefix of SOAP's own elements, of the API's, of the arguments."""

    soap: str
    api: str
    arguments: str | None
    """None: they are in no namespace."""

    def envelope(self, operation: str, header: str, namespace: str = PARTNER) -> str:
        """The envelope around an operation and header blocks that are written without namespaces."""
        soap = f"{self.soap}:" if self.soap else ""
        declared = f' xmlns{":" if self.soap else ""}{self.soap}="{ENVELOPE}" xmlns:xsi="{XSI}"'
        api = f' xmlns{":" if self.api else ""}{self.api}="{namespace}"'
        return (
            f'<?xml version="1.0" encoding="utf-8"?><{soap}Envelope{declared}>'
            f"<{soap}Header>{self._spelled(header, api)}</{soap}Header>"
            f"<{soap}Body>{self._spelled(operation, api)}</{soap}Body></{soap}Envelope>"
        )

    def _spelled(self, markup: str, declared: str) -> str:
        """The elements with their prefixes; the outermost ones are the API's in any case."""
        depth, found = 0, []
        for part in re.split(r"(<[^>]*>)", markup):
            if not part.startswith("<"):
                found.append(part)
                continue
            depth -= part.startswith("</")
            prefix = self.api if depth == 0 else self.arguments
            mark = f"{prefix}:" if prefix else ""
            tag = _TAG.sub(rf"<\1{mark}", part)
            if depth == 0 and not part.startswith("</"):
                tag = re.sub(r"(/?>)$", rf"{declared}\1", tag)
            found.append(tag)
            depth += not part.startswith("</") and not part.endswith("/>")
        return "".join(found)


STYLES = (
    Style("soapenv", "urn", "urn"),
    Style("se", "", ""),
    Style("env", "n1", None),
    Style("", "p", "p"),
)


def ask(
    call: Caller, operation: str, header: str = "", *, token: str | None = "", style: Style = STYLES[0],
    api: str = "u", version: str = "59.0", rest: str = "",
) -> Answer:  # fmt: skip
    """The answer to an operation; without `token` as the administrator, with None without a session."""
    namespace = ENTERPRISE if api == "c" else PARTNER
    if token is not None:
        session = f"<SessionHeader><sessionId>{token or call.token}</sessionId></SessionHeader>"
        header = session + header
    return call(
        "POST",
        f"/services/Soap/{api}/{version}{rest}",
        body=style.envelope(operation, header, namespace).encode(),
        headers={"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": '""'},
        token=None,
    )


def reply(body: str, used: int, declared: str = "", namespace: str = PARTNER) -> str:
    """The whole of a reply to a call with a session; `declared` names the other namespaces, in their order."""
    names = "".join(DECLARED[each] for each in declared.split())
    limit = f"<current>{used}</current><limit>15000</limit><type>API REQUESTS</type>"
    header = f"<LimitInfoHeader><limitInfo>{limit}</limitInfo></LimitInfoHeader>"
    return (
        f'{HEAD} xmlns="{namespace}"{names}><soapenv:Header>{header}</soapenv:Header>'
        f"<soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>"
    )


def fault(code: str, message: str, kind: str = "UnexpectedErrorFault", place: str = "") -> str:
    """The whole of a fault of the partner API; `place` is `row,column` where it tells one."""
    row, _, column = place.partition(",")
    more = f"<sf:row>{row}</sf:row><sf:column>{column}</sf:column>" if place else ""
    return (
        f'{HEAD} xmlns:sf="urn:fault.partner.soap.sforce.com"{DECLARED["xsi"]}><soapenv:Body><soapenv:Fault>'
        f"<faultcode>sf:{code}</faultcode><faultstring>{code}: {message}</faultstring>"
        f'<detail><sf:{kind} xsi:type="sf:{kind}"><sf:exceptionCode>{code}</sf:exceptionCode>'
        f"<sf:exceptionMessage>{message}</sf:exceptionMessage>{more}</sf:{kind}></detail>"
        "</soapenv:Fault></soapenv:Body></soapenv:Envelope>"
    )


def client_fault(message: str) -> str:
    """The whole of a fault that is the client's."""
    return (
        f"{HEAD}><soapenv:Body><soapenv:Fault><faultcode>soapenv:Client</faultcode>"
        f"<faultstring>{message}</faultstring></soapenv:Fault></soapenv:Body></soapenv:Envelope>"
    )
