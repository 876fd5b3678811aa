"""Steps of the cases of logging in about users and SOAP: `logins`, `passwords` and `soap login`.

    {"logins": ["freeze", "{ann}"]}, {"logins": ["change", {"caller": "203.0.113.7"}]}
    {"soap login": {"username": "…", "password": "…", "version": "60.0", "api": "u", "host": "login", "has": {"passwordExpired": "false"}}}
    {"soap login": {…, "fault": ["INVALID_LOGIN", "Invalid username, …"], "element": "LoginFault", "prefix": ""}}

A good login keeps its session id as `{session}`. A fault is compared whole; `elements` names the recorded exchange that has the
same elements in the same order.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from oauth_calls import ENTERPRISE, PARTNER, login_operation, soap
from oauth_cases import ACTIONS, HOSTS, Story

_RECORDED = Path(__file__).parents[1] / "engine" / "recorded" / "logins.jsonl"
_XSI = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
)


def fault(api: str, code: str, message: str, element: str = "LoginFault", prefix: str = "") -> str:
    """A fault in the exact text of the service."""
    uri = {"u": "partner", "c": "enterprise"}[api]
    text = escape(message, {"'": "&apos;", '"': "&quot;"})
    return (
        f'{_HEAD} xmlns:sf="urn:fault.{uri}.soap.sforce.com"{_XSI}><soapenv:Body><soapenv:Fault>'
        f"<faultcode>{prefix}{code}</faultcode><faultstring>{code}: {text}</faultstring><detail>"
        f'<sf:{element} xsi:type="sf:{element}"><sf:exceptionCode>{code}</sf:exceptionCode>'
        f"<sf:exceptionMessage>{text}</sf:exceptionMessage></sf:{element}></detail>"
        "</soapenv:Fault></soapenv:Body></soapenv:Envelope>"
    )


def first(text: str, name: str) -> str:
    """What the first element of this name holds."""
    return text.partition(f"<{name}>")[2].partition(f"</{name}>")[0]


def elements(text: str) -> list[str]:
    """The names of the elements without a prefix, in their order."""
    return re.findall(r'<(\w+)(?: xsi:nil="true"\s*)?/?>', text)


def recorded(exchange: str) -> dict[str, Any]:
    """What is known of a recorded exchange (tests/engine/recorded/logins.jsonl)."""
    return next(
        each
        for each in map(json.loads, _RECORDED.read_text().splitlines())
        if each["id"] == exchange
    )


def _soap_login(story: Story, given: Mapping[str, Any]) -> None:
    api, host = given.get("api", "u"), given.get("host", "my")
    namespace = ENTERPRISE if api == "c" else PARTNER
    answer = soap(
        story.call,
        login_operation(given["username"], given["password"], namespace),
        header=given.get("header", ""),
        version=given.get("version", "60.0"),
        api=api,
        host=HOSTS.get(host, None if host == "my" else host),
    )
    if "fault" in given:
        code, message = given["fault"]
        kind, prefix = given.get("element", "LoginFault"), given.get("prefix", "")
        expected = fault(api, code, message, kind, prefix)
        assert (answer.status, answer.text) == (500, expected)
        return
    if "refused" in given:
        assert answer.status == 501
        assert first(answer.text, "sf:exceptionMessage").endswith(given["refused"])
        return
    assert answer.status == 200, answer.text
    for name, value in given.get("has", {}).items():
        assert (f"<{name}>" in answer.text) is (value is not None), name
        assert value is None or first(answer.text, name) == value
    if "elements" in given:
        assert elements(answer.text) == recorded(given["elements"])["elements"]
    story.names["session"] = first(answer.text, "sessionId")


def _logins(story: Story, call: Sequence[Any]) -> None:
    method, *arguments = call
    options = arguments.pop() if isinstance(arguments[-1], dict) else {}
    getattr(story.org.logins, method)(*arguments, **options)


def _passwords(story: Story, call: Sequence[str]) -> None:
    method, *arguments = call
    getattr(story.org.passwords, method)(*arguments)


ACTIONS |= {"soap login": _soap_login, "logins": _logins, "passwords": _passwords}
