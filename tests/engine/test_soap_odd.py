"""SOAP messages that no honest client sends, and passwords that an honest one may have."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from calling import Caller
from oauth_calls import soap
from sfmock.control.credentials import make_credentials
from sfmock.org.org import Org

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
BOMB = '<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'


def send(call: Caller, body: bytes) -> str:
    headers = {"Content-Type": "text/xml", "SOAPAction": '""'}
    answer = call("POST", "/services/Soap/u/59.0", body=body, headers=headers, token=None)
    assert answer.status == 500
    return answer.text.partition("<faultcode>")[2].partition("</faultcode>")[0]


def envelope(content: str) -> str:
    return f'<e:Envelope xmlns:e="{ENVELOPE}"><e:Body>{content}</e:Body></e:Envelope>'


@pytest.mark.parametrize(
    "body",
    [
        (BOMB + envelope("<x>&c;</x>")).encode(),
        ('<!DOCTYPE x SYSTEM "file:///etc/passwd">' + envelope("<x/>")).encode(),
        envelope("<login>&nope;</login>").encode(),
        envelope("<login/>").encode(),
        envelope('<login xmlns="urn:nope"/>').encode(),
        envelope("<a>" * 100_000 + "</a>" * 100_000).encode(),
        envelope("text").encode(),
        b'<?xml version="1.0" encoding="rot13"?><x/>',
        b'<?xml version="1.0" encoding="nope"?><x/>',
        b"\0" * 9,
        b"",
    ],
)
def test_what_no_honest_client_sends_is_a_client_fault(call: Caller, org: Org, body: bytes) -> None:
    assert send(call, body) == "soapenv:Client"
    assert org.journal.problems == []


@pytest.mark.parametrize(
    "written",
    ["<![CDATA[a<&>]]>&quot;'b", "a&lt;&amp;&gt;&#34;&#x27;b", "a&lt;<!-- c -->&amp;&gt;\"'b"],
)
def test_a_password_may_be_written_in_any_way_of_xml(call: Caller, org: Org, written: str) -> None:
    org.user("ann@example.com", password="a<&>\"'b", security_token="")
    login = (
        '<login xmlns="urn:partner.soap.sforce.com"><username>ann@example.com</username>'
        f"<password>{written}</password></login>"
    )
    assert soap(call, login).status == 200


def test_a_reply_is_xml_whatever_the_names_are(call: Caller, org: Org) -> None:
    user = org.user("bob@example.com", password="pw", security_token="", LastName="B\x01\x0b<&'\">")
    login = (
        '<login xmlns="urn:partner.soap.sforce.com"><username>bob@example.com</username>'
        "<password>pw</password></login>"
    )
    root = ElementTree.fromstring(soap(call, login).text)
    names = [each.text for each in root.iter("{urn:partner.soap.sforce.com}userFullName")]
    assert names == ["B<&'\">"]
    assert org.users.find(user.id).name.startswith("B\x01")


def test_the_only_credentials_are_those_of_the_envelope(call: Caller, org: Org) -> None:
    keys = make_credentials(org, org.users.find(org.admin_id))
    login = '<login xmlns="urn:partner.soap.sforce.com"/>'
    assert soap(call, login, rest=f"?username={keys.username}&password={keys.password}").status == 500  # fmt: skip


def test_of_several_operations_none_is_chosen_in_silence(call: Caller, org: Org) -> None:
    org.user("ann@example.com", password="secret-1", security_token="")
    login = (
        '<login xmlns="urn:partner.soap.sforce.com"><username>ann@example.com</username>'
        "<password>secret-1</password></login>"
    )
    before = len(org.sessions)

    answer = soap(call, login + login)

    assert answer.status == 501
    assert "several operations in one SOAP message" in answer.text
    assert len(org.sessions) == before
