"""Token requests and SOAP envelopes, as the tests of logging in send them."""

from __future__ import annotations

import base64
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from calling import Answer, Caller

FORM = "application/x-www-form-urlencoded"
TOKEN = "/services/oauth2/token"
PARTNER = "urn:partner.soap.sforce.com"
ENTERPRISE = "urn:enterprise.soap.sforce.com"


def post_form(
    call: Caller, path: str, fields: dict[str, str], *, host: str | None = None, scheme: str = "https",
    headers: dict[str, str] | None = None,
) -> Answer:  # fmt: skip
    sent = {"Content-Type": FORM} | (headers or {})
    body = urlencode(fields).encode()
    return call("POST", path, body=body, headers=sent, token=None, host=host, scheme=scheme)


def basic(client_id: str, client_secret: str) -> dict[str, str]:
    text = base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()
    return {"Authorization": f"Basic {text}"}


def soap(
    call: Caller, operation: str, *, header: str = "", version: str = "59.0", api: str = "u",
    host: str | None = None, scheme: str = "https", rest: str = "",
) -> Answer:  # fmt: skip
    envelope = (
        '<?xml version="1.0" encoding="utf-8"?><env:Envelope'
        ' xmlns:env="http://schemas.xmlsoap.org/soap/envelope/">'
        f"<env:Header>{header}</env:Header><env:Body>{operation}</env:Body></env:Envelope>"
    )
    headers = {"Content-Type": "text/xml", "SOAPAction": "login"}
    path = f"/services/Soap/{api}/{version}{rest}"
    return call(
        "POST", path, body=envelope.encode(), headers=headers, token=None, host=host, scheme=scheme
    )


def login_operation(username: str, password: str, namespace: str = PARTNER) -> str:
    return (
        f'<n1:login xmlns:n1="{namespace}"><n1:username>{escape(username)}</n1:username>'
        f"<n1:password>{escape(password)}</n1:password></n1:login>"
    )
