"""What the real clients together force on the server (clients.md 0), a test for each row of that table, over real sockets.

Row 2, a proxy, is a way in which the clients themselves are proven (proven.py). Rows 9 and parts of 5, 7, 10 are about the Bulk APIs: those are refused until they are built.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
import pytest
import urllib3

from local_drivers import trusting
from pytest_sfmock import Sfmock

pytestmark = pytest.mark.sfmock(transport="http")
DATA = "/services/data/v60.0"
XML = {"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": '""'}

Ask = Callable[..., urllib3.BaseHTTPResponse]


@pytest.fixture
def ask(sfmock: Sfmock) -> Iterator[Ask]:
    """Asks the org over loopback, with the session of its user unless other headers are given."""
    trust = trusting(sfmock.ca_file) if sfmock.ca_file else None
    with urllib3.PoolManager(ssl_context=trust, retries=False) as pool:

        def ask(
            method: str, path: str, headers: dict[str, str] | None = None, **more: Any
        ) -> urllib3.BaseHTTPResponse:
            if headers is None:
                headers = {"Authorization": f"Bearer {sfmock.access_token}"}
            return pool.request(method, sfmock.instance_url + path, headers=headers, **more)

        yield ask


def login(sfmock: Sfmock, prefix: str = "env") -> str:
    keys = sfmock.credentials
    return (
        f'<{prefix}:Envelope xmlns:{prefix}="http://schemas.xmlsoap.org/soap/envelope/"><{prefix}:Body>'
        f'<n1:login xmlns:n1="urn:partner.soap.sforce.com"><n1:username>{keys.username}</n1:username>'
        f"<n1:password>{keys.password}{keys.security_token}</n1:password></n1:login>"
        f"</{prefix}:Body></{prefix}:Envelope>"
    )


def token_form(sfmock: Sfmock) -> dict[str, str]:
    keys = sfmock.credentials
    app = {"client_id": keys.client_id, "client_secret": keys.client_secret}
    return app | {"grant_type": "client_credentials"}


NAMES = (
    "localhost",
    "127.0.0.1",
    "login.salesforce.com",
    "acme.my.salesforce.com",
    "acme--qa.sandbox.my.salesforce.com",
    "acme.develop.my.salesforce.com",
)


@pytest.mark.sfmock(transport="https")
@pytest.mark.parametrize("name", NAMES)
def test_1_one_org_answers_http_and_https_under_every_name(sfmock: Sfmock, name: str) -> None:
    at, authority = urlsplit(sfmock.instance_url), sfmock.ca_file
    assert authority
    context = trusting(authority)
    with (
        urllib3.HTTPConnectionPool("127.0.0.1", at.port) as plain,
        urllib3.HTTPSConnectionPool(
            "127.0.0.1", at.port, ssl_context=context, server_hostname=name, assert_hostname=name
        ) as secure,
    ):
        told = [pool.request("GET", "/services/data").data for pool in (plain, secure)]
    assert told[0] == told[1]


@pytest.mark.parametrize(
    "scheme", ["http", pytest.param("https", marks=pytest.mark.sfmock(transport="https"))]
)
def test_3_every_url_in_a_log_in_has_the_authority_that_the_client_used(
    sfmock: Sfmock, ask: Ask, scheme: str
) -> None:
    here = sfmock.instance_url
    assert urlsplit(here).scheme == scheme
    form = {"fields": token_form(sfmock), "encode_multipart": False}
    granted = ask("POST", "/services/oauth2/token", {}, **form).json()
    assert granted["instance_url"] == here
    assert granted["id"].startswith(f"{here}/id/00D")
    shown = ask("GET", urlsplit(granted["id"]).path).json()
    assert {urlsplit(url).netloc for url in shown["urls"].values()} == {urlsplit(here).netloc}
    envelope = ask("POST", "/services/Soap/u/60.0", XML, body=login(sfmock)).data.decode()
    port = urlsplit(here).port
    for name in ("serverUrl", "metadataServerUrl"):  # always on TLS, as Salesforce's are
        url = re.search(f"<{name}>(.*?)</{name}>", envelope)
        assert url
        assert url[1].startswith(f"https://localhost:{port}/services/Soap/")


@pytest.mark.parametrize("version", ["v50.0", "v60.0", "v66.0"])
def test_4_relative_urls_begin_with_the_version_of_the_request(
    sfmock: Sfmock, ask: Ask, version: str
) -> None:
    rows = [{"Id": f"001{n:012}", "Name": f"Account {n}"} for n in range(201)]
    sfmock.org.load({"Account": rows})
    data = f"/services/data/{version}"
    headers = {"Authorization": f"Bearer {sfmock.access_token}"}
    options = headers | {"Sforce-Query-Options": "batchSize=200"}
    page = ask("GET", f"{data}/query?{urlencode({'q': 'SELECT Id FROM Account'})}", options).json()
    assert page["nextRecordsUrl"].startswith(f"{data}/query/0r8")
    assert page["records"][0]["attributes"]["url"].startswith(f"{data}/sobjects/Account/001")
    described = ask("GET", f"{data}/sobjects/Account").json()
    told = [*described["objectDescribe"]["urls"].values()]
    assert all(url.startswith(f"{data}/") for url in told)


def test_5_content_types_are_written_as_clients_match_them(sfmock: Sfmock, ask: Ask) -> None:
    for path in (f"{DATA}/limits", f"{DATA}/query?q=SELECT", f"{DATA}/sobjects/Account/001x"):
        assert ask("GET", path).headers["Content-Type"] == "application/json;charset=UTF-8"
    soap = ask("POST", "/services/Soap/u/60.0", XML, body=login(sfmock))
    assert soap.headers["Content-Type"] == "text/xml; charset=utf-8"


@pytest.mark.parametrize(
    "path",
    ["query/?q=SELECT+Id+FROM+User", "search/?q=FIND+%7Bab%7D", "limits/", "sobjects/Account/",
     "sobjects/", "sobjects/Account/describe/", "/"],
)  # fmt: skip
def test_6_a_slash_at_the_end_is_the_same_resource(ask: Ask, path: str) -> None:
    with_slash = ask("GET", f"{DATA}/{path}".replace("//", "/"), redirect=False)
    without = ask("GET", f"{DATA}/{path}".replace("//", "/").replace("/?", "?").rstrip("/"))
    assert (with_slash.status, without.status) == (200, 200)
    assert [*with_slash.json()] == [*without.json()]


def test_7_the_scheme_oauth_is_as_good_as_bearer(sfmock: Sfmock, ask: Ask) -> None:
    for scheme in ("Bearer", "OAuth", "bearer", "oauth"):
        given = {"AUTHORIZATION": f"{scheme} {sfmock.access_token}"}
        assert ask("GET", f"{DATA}/limits", given).status == 200


def test_8_the_usage_stands_on_every_answer_to_a_session_and_on_no_other(
    sfmock: Sfmock, ask: Ask
) -> None:
    told = "Sforce-Limit-Info"
    for method, path, status in (
        ("GET", f"{DATA}/limits", 200),
        ("GET", f"{DATA}/query?q=SELECT", 400),
        ("GET", f"{DATA}/sobjects/Account/001000000000000AAA", 404),
        ("DELETE", f"{DATA}/sobjects/Account/{sfmock.org.create('Account').id}", 204),
    ):
        answer = ask(method, path)
        assert answer.status == status
        assert re.fullmatch(r"api-usage=\d+/15000", answer.headers[told])
    form = {"fields": token_form(sfmock), "encode_multipart": False}
    for answer in (
        ask("GET", f"{DATA}/limits", {"Authorization": "Bearer 00Ddead"}),
        ask("GET", "/services/data", {}),
        ask("POST", "/services/oauth2/token", {}, **form),
        ask("POST", "/services/Soap/u/60.0", XML, body=login(sfmock)),
    ):
        assert told not in answer.headers


@pytest.mark.sfmock(allow_refused=["*"])
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", f"{DATA}/jobs/query"), ("POST", f"{DATA}/jobs/ingest"),
     ("POST", "/services/async/60.0/job"), ("GET", f"{DATA}/jobs/query/750/results")],
)  # fmt: skip
def test_9_the_bulk_apis_are_refused_until_they_are_built(
    ask: Ask, sfmock: Sfmock, method: str, path: str
) -> None:
    headers = {"X-SFDC-SESSION": sfmock.access_token}
    headers |= {"Authorization": f"Bearer {sfmock.access_token}"}
    answer = ask(method, path, headers, body=b"{}" if method == "POST" else None)
    assert answer.status == 501
    assert b"SFMOCK_NOT_IMPLEMENTED" in answer.data


def test_10_a_dead_token_is_told_as_each_api_family_does(sfmock: Sfmock, ask: Ask) -> None:
    rest = ask("GET", f"{DATA}/limits", {"Authorization": "Bearer 00Ddead"})
    assert rest.status == 401
    assert rest.data == (
        b'[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]'
    )
    header = "<SessionHeader><sessionId>00Ddead</sessionId></SessionHeader>"
    soap = ask("POST", "/services/Soap/u/60.0", XML, body=envelope("<logout/>", header))
    assert soap.status == 500
    assert b"<faultcode>sf:INVALID_SESSION_ID</faultcode>" in soap.data


def envelope(body: str, header: str = "") -> str:
    names = (
        'xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com"'
    )
    return f"<e:Envelope {names}><e:Header>{header}</e:Header><e:Body>{body}</e:Body></e:Envelope>"


def test_11_soap_is_written_with_the_prefixes_that_clients_search_for(
    sfmock: Sfmock, ask: Ask
) -> None:
    good = ask("POST", "/services/Soap/u/60.0", XML, body=login(sfmock)).data.decode()
    for part in ("<soapenv:Envelope ", "<soapenv:Body>", "<loginResponse><result>"):
        assert part in good
    for name in ("sessionId", "serverUrl", "userId", "organizationId", "sessionSecondsValid"):
        assert re.search(f"<{name}>[^<]+</{name}>", good)
    keys = sfmock.credentials
    wrong = login(sfmock).replace(keys.password, "wrong")
    bad = ask("POST", "/services/Soap/u/60.0", XML, body=wrong).data.decode()
    for part in ("<soapenv:Fault><faultcode>", "<detail><sf:LoginFault ", "<sf:exceptionCode>"):
        assert part in bad


@pytest.mark.parametrize("how", ["chunked", "gzip", "as it is"])
def test_12_bodies_come_in_every_dress(sfmock: Sfmock, ask: Ask, how: str) -> None:
    body = json.dumps({"Name": "Ünïcödé"}, ensure_ascii=False).encode()
    more = {"Content-Type": "application/json", "Authorization": f"Bearer {sfmock.access_token}"}
    if how == "chunked":
        made = ask(
            "POST", f"{DATA}/sobjects/Account", more, body=iter([body[:9], body[9:]]), chunked=True
        )
    elif how == "gzip":
        more["Content-Encoding"] = "gzip"
        made = ask("POST", f"{DATA}/sobjects/Account", more, body=gzip.compress(body))
    else:
        made = ask("POST", f"{DATA}/sobjects/Account", more, body=body)
    assert made.status == 201
    more["Accept-Encoding"] = "gzip"
    read = ask("GET", f"{DATA}/sobjects/Account/{made.json()['id']}", more, decode_content=False)
    assert read.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(read.data))["Name"] == "Ünïcödé"


def test_12_a_log_in_form_comes_chunked_without_a_length(sfmock: Sfmock, ask: Ask) -> None:
    form = urlencode(token_form(sfmock)).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    granted = ask("POST", "/services/oauth2/token", headers, body=iter([form]), chunked=True)
    assert granted.status == 200


def test_13_versions_are_in_ascending_order_and_hold_all_that_clients_begin_with(ask: Ask) -> None:
    listed = [float(each["version"]) for each in ask("GET", "/services/data", {}).json()]
    assert listed == sorted(listed)
    assert listed[0] == 31.0
    assert {36, 40, 50, 51, 53, 59, 60, 61, 62, 65, 66} <= set(listed)
    assert set(listed) == {float(number) for number in range(31, int(listed[-1]) + 1)}


def test_14_access_tokens_hold_the_org_id_and_fit_the_pattern_of_clients(sfmock: Sfmock) -> None:
    matched = re.fullmatch(r"(00D\w{12})!([A-Za-z0-9_.]+)", sfmock.access_token)
    assert matched
    assert matched[1] == sfmock.org.id[:15]


def claims(**more: Any) -> Callable[[Sfmock], dict[str, Any]]:
    def of(sfmock: Sfmock) -> dict[str, Any]:
        keys, soon = sfmock.credentials, int(sfmock.clock.now.timestamp()) + 60
        made = {"iss": keys.client_id, "sub": keys.username, "exp": soon}
        made["aud"] = "https://login.salesforce.com"
        return made | {name: value(soon) for name, value in more.items()}

    return of


ASSERTIONS: dict[str, Callable[[Sfmock], dict[str, Any]]] = {
    "a number": claims(),
    "a string (simple-salesforce, Camel)": claims(exp=str),
    "milliseconds (@salesforce/core)": claims(exp=lambda soon: (soon - 60) * 1000 + 300),
    "this second (CumulusCI)": claims(exp=lambda soon: soon - 60),
    "for test.": claims(aud=lambda _: "https://test.salesforce.com"),
    "with a slash (@salesforce/core)": claims(aud=lambda _: "https://login.salesforce.com/"),
    "for a bare host (restforce)": claims(aud=lambda _: "login.salesforce.com"),
    "with a stray claim (CumulusCI)": claims(alg=lambda _: "RS256"),
}


@pytest.mark.parametrize("how", ASSERTIONS)
def test_15_assertions_as_clients_write_them(sfmock: Sfmock, ask: Ask, how: str) -> None:
    sfmock.clock.freeze(datetime(2026, 1, 5, 12, tzinfo=UTC))
    signed = jwt.encode(ASSERTIONS[how](sfmock), sfmock.credentials.private_key, "RS256")
    grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    form = {"grant_type": grant, "assertion": signed}
    granted = ask("POST", "/services/oauth2/token", {}, fields=form, encode_multipart=False)
    assert granted.status == 200, granted.data


def test_16_unknown_parameters_and_headers_hurt_nobody(sfmock: Sfmock, ask: Ask) -> None:
    stray = {
        "Authorization": f"Bearer {sfmock.access_token}",
        "X-PrettyPrint": "1",
        "Sforce-Call-Options": "client=sfdx toolbelt:",
        "Sforce-Line-Ending": "LF",
        "charset": "UTF-8",
        "X-Whatever": "yes",
    }
    rows = [{"Id": f"001{n:012}", "Name": f"Account {n}"} for n in range(2_001)]
    sfmock.org.load({"Account": rows})
    asked = urlencode({"q": "SELECT Id FROM Account", "format": "json", "oauth_token": "x"})
    page = ask("GET", f"{DATA}/query?{asked}", stray).json()
    again = urlencode({"q": "SELECT Id FROM Account"})  # tap-salesforce sends it along
    assert ask("GET", f"{page['nextRecordsUrl']}?{again}", stray).json()["done"] is True
    assert ask("GET", f"{DATA}/limits?charset=UTF-8&_HttpMethod=x", stray).status == 200


def test_17_reason_phrases_empty_204_and_one_connection(sfmock: Sfmock, ask: Ask) -> None:
    id_ = sfmock.org.create("Account").id
    reasons = {}
    for method, path in (
        ("GET", f"{DATA}/limits"),
        ("DELETE", f"{DATA}/sobjects/Account/{id_}"),
        ("GET", f"{DATA}/query?q=SELECT"),
        ("DELETE", f"{DATA}/sobjects/Account/{id_}"),
        ("DELETE", f"{DATA}/limits"),
    ):
        answer = ask(method, path)
        reasons[answer.status] = answer.reason
        assert answer.version == 11
        assert bool(answer.data) is (answer.status != 204)
    assert reasons == {
        200: "OK", 204: "No Content", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed"
    }  # fmt: skip
