"""What takes secrets out of texts: by place, by form, and by value once it was seen; and it takes its time from nobody."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from sfmock.org.journal import Exchange
from sfmock.org.known_secrets import PLACES
from sfmock.org.masking import Mask
from sfmock.org.org import Org
from sfmock.org.secret_places import is_secret
from sfmock.wire import Headers

JSON = Headers([("Content-Type", "application/json;charset=UTF-8")])
FORM = Headers([("Content-Type", "application/x-www-form-urlencoded")])
XML = Headers([("Content-Type", "text/xml")])
HTML = Headers([("Content-Type", "text/html;charset=UTF-8")])
TOKEN = "00D551000000001!AQ8AQxyz._123"


def exchange(
    url: str = "https://x.my.salesforce.com/x", headers: Headers | None = None, body: bytes = b""
) -> Exchange:
    return Exchange(
        method="POST",
        path="/x",
        url=url,
        headers=headers or Headers(),
        body=body,
        status=200,
        reply_headers=Headers(),
        reply=b"",
        started=datetime(2026, 1, 31, tzinfo=UTC),
        elapsed=0.0,
    )


@pytest.mark.parametrize(
    "name",
    ["token", "access_token", "X-Auth-Token", "Api_Token__c", "sessionId", "sid", "password", "NewPassword", "pwd", "pw",
     "client_secret", "code", "device_code", "user_code", "code_verifier", "assertion", "signature", "SAMLResponse",
     "Authorization", "Cookie", "Set-Cookie", "X-Api-Key", "private_key", "passphrase", "id_token", "credentials"],
)  # fmt: skip
def test_a_name_that_says_so_bears_a_secret(name: str) -> None:
    assert is_secret(name)


@pytest.mark.parametrize(
    "name",
    ["token_type", "token_format", "issued_token_type", "token_endpoint", "passwordExpired", "errorCode", "statusCode",
     "PostalCode", "CurrencyIsoCode", "client_id", "code_challenge", "keys", "KeyPrefix", "Name", "Description"],
)  # fmt: skip
def test_a_name_that_only_sounds_like_it_bears_none(name: str) -> None:
    assert not is_secret(name)


@pytest.mark.parametrize(
    ("headers", "body", "shown"),
    [
        (JSON, '{"a":1.50, "token":"x", "b":[]}', '{"a":1.50, "token":"…", "b":[]}'),
        (JSON, '{"pin" : 1234,"n":null}', '{"pin" : "…","n":null}'),
        (JSON, '{"secret":true,"token":null}', '{"secret":true,"token":null}'),
        (JSON, '{"secrets":["x",{"y":2}],"z":"w"}', '{"secrets": ["…", {"y": "…"}], "z": "w"}'),
        (JSON, r'{"pass\u0077ord":"x"}', '{"password": "…"}'),
        (JSON, '{"token":"begun and never end', '{"token":"…"'),
        (JSON, '[{"message":"bad sid=abc&x=1"}]', '[{"message":"bad sid=…&x=1"}]'),
        (JSON, '{"a":"\\"token\\":","b":"x"}', '{"a":"\\"token\\":","b":"x"}'),
        (FORM, "grant_type=password&password=a%20b&x=%C3%A4", "grant_type=password&password=…&x=ä"),
        (XML, "<a><n:sessionId>x</n:sessionId><b>x</b></a>", "<a><n:sessionId>…</n:sessionId><b>x</b></a>"),
        (XML, "<passwordExpired>false</passwordExpired><token/>", "<passwordExpired>false</passwordExpired><token/>"),
        (HTML, '<input name="n" value="x"><p>y</p>', '<input name="n" value="…"><p>y</p>'),
        (HTML, "<a href='/x?sid=abc'>", "<a href='/x?sid=…'>"),
        (Headers([("Content-Type", "multipart/form-data; boundary=x")]), "--x--", "<multipart/form-data, 5 bytes>"),
        (Headers([("Content-Type", "text/csv")]), "a,b", "<text/csv, 3 bytes>"),
        (Headers(), "\0\1", "<bytes, 2 bytes>"),
        (Headers(), f"it is {TOKEN}.", "it is …"),
        (Headers(), "", ""),
    ],
)  # fmt: skip
def test_a_body_is_shown_without_what_stands_in_secret_places(
    headers: Headers, body: str, shown: str
) -> None:
    assert Mask().body(headers, body.encode()) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"x {TOKEN} y", "x … y"),
        ("00D551000000001%21AQ8AQxyz", "…"),
        ("5Aep861TSESvWeug_xvFHRBTTbf", "…"),
        ("eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIzTVZHOSJ9.c2ln", "…"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMII-x\n-----END RSA PRIVATE KEY-----!", "…!"),
        ("-----BEGIN PRIVATE KEY-----\nMII and no end", "…"),
        ("https://me:pw@host/x", "https://…@host/x"),
        ("SELECT Id FROM A WHERE Api_Token__c = 'x' AND B='y'", "SELECT Id FROM A WHERE Api_Token__c = '…' AND B='y'"),
        ("WHERE P.Password__c NOT IN ('x', 'y\\'') OR A IN ('z')", "WHERE P.Password__c NOT IN ('…') OR A IN ('z')"),
        ("WHERE Token__c LIKE 'x%'", "WHERE Token__c LIKE '…'"),
        ("Set-Cookie: sid=abc; path=/", "Set-Cookie: sid=…; path=/"),
        ("/services/oauth2/token and client_id=3MVG9x", "/services/oauth2/token and client_id=3MVG9x"),
    ],
)  # fmt: skip
def test_a_text_is_shown_without_what_looks_like_a_secret(text: str, shown: str) -> None:
    assert Mask().text(text) == shown


@pytest.mark.parametrize(
    "seen",
    [
        exchange(headers=Headers([("Authorization", "Bearer hunter-2!/")])),
        exchange(headers=Headers([("Authorization", "Basic bWU6aHVudGVyLTIhLw==")])),
        exchange(headers=Headers([("Cookie", "a=b; sid=hunter-2!/")])),
        exchange(headers=Headers([("Set-Cookie", "sid=hunter-2!/; Domain=.salesforce.com")])),
        exchange(url="https://x/x?access_token=hunter-2%21%2F"),
        exchange(headers=FORM, body=b"password=hunter-2%21%2F"),
        exchange(headers=JSON, body=b'{"a":{"secrets":["hunter-2!\\/"]}}'),
        exchange(headers=JSON, body=b'{"client_secret":"hunter-2!/'),
        exchange(headers=XML, body=b"<x><password>hunter-2!/</password></x>"),
        exchange(headers=HTML, body=b'<input type="hidden" name="x" value="hunter-2!/">'),
    ],
)
def test_a_secret_that_was_seen_is_known_wherever_it_stands(seen: Exchange) -> None:
    mask = Mask().learn([seen])

    text = "hunter-2!/ HUNTER-2!/ hunter-2%21%2F 'hunter-2!/' .salesforce.com"
    assert mask.text(text) == "… … … '…' .salesforce.com"
    assert mask.path("/a%20b/hunter-2%21%2F/c") == "/a%20b/…/c"


def test_secrets_and_fields_may_be_known_from_elsewhere() -> None:
    mask = Mask(["correct horse 1"], ["Tax_Number__c"])

    assert mask.text("a correct horse 1 b") == "a … b"
    assert mask.body(JSON, b'{"tax_number__c":"12"}') == '{"tax_number__c":"…"}'
    assert mask.text("WHERE Tax_Number__c = '12'") == "WHERE Tax_Number__c = '…'"
    assert repr(mask).startswith("<Mask ")


def test_a_plain_word_does_not_blot_out_the_text() -> None:
    mask = Mask(["Account", "12345", "abc"])

    assert mask.text("Account 12345 abc") == "Account 12345 abc"


def test_of_headers_only_the_well_known_show_their_value() -> None:
    sent = [("Accept", "*/*"), ("X-One", "1"), ("Sforce-Limit-Info", "api-usage=1/15000"), ("authorization", "x"),
            ("Location", "https://x/?code=abc")]  # fmt: skip

    assert Mask().headers(Headers(sent)) == [
        ("Accept", "*/*"),
        ("X-One", "…"),
        ("Sforce-Limit-Info", "api-usage=1/15000"),
        ("authorization", "…"),
        ("Location", "https://x/?code=…"),
    ]


@pytest.mark.parametrize(
    "text",
    ["x" * 65_536, '"' * 65_536, "<" * 65_536, "a=" * 32_768, "'" * 65_536, "<input " * 9_000, "eyJaaaaaa." * 6_500,
     "00D" + "a" * 65_536, "{" + '"a":"b",' * 8_000, "-----BEGIN PRIVATE KEY-----" * 2_000, "://" * 20_000,
     '{"' + '\\"' * 30_000, "a in ('x'," * 6_000, "<a " * 20_000, " " * 65_536, "<input " + "type=hidden " * 5_000, "a='" + "\\" * 60_000],
    ids=lambda text: text[:9],
)  # fmt: skip
def test_no_text_takes_long(text: str) -> None:
    body, began = text.encode(), time.process_time()
    for headers in (JSON, FORM, XML):
        mask = Mask(["hunter-2"]).learn([exchange(headers=headers, body=body)])
        mask.body(headers, body)

    assert time.process_time() - began < 5


def test_every_secret_that_the_org_keeps_is_known(org: Org) -> None:
    tables = org.db.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'sf_%'")
    columns = {
        (str(table), str(column))
        for (table,) in tables
        for (column,) in org.db.rows("SELECT name FROM pragma_table_info(?)", (table,))
        if is_secret(str(column))
    }
    harmless = {
        ("sf_schema_token", "token"),
        ("sf_search", "Token"),  # a word
        ("sf_blob", "Key"),
        ("sf_session", "refresh_token"),  # which stands in sf_refresh
    }

    # A new one belongs into PLACES if it is a secret, else into the list above.
    assert columns - harmless - set(PLACES) == set()
    assert {table for table, _ in PLACES} <= {str(table) for (table,) in tables}
