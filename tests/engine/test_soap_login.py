"""SOAP login() and logout(): exact replies, exact faults, and XML that is not taken."""

from __future__ import annotations

import re

import pytest

from calling import Answer, Caller
from oauth_calls import ENTERPRISE, PARTNER, login_operation, soap
from sfmock.control.credentials import Credentials, make_credentials
from sfmock.org.org import Org

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope'
    ' xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
)
XSI = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
BAD_LOGIN = "Invalid username, password, security token; or user locked out."
NEW_LOCATION = (
    BAD_LOGIN
    + " Are you at a new location? When accessing Salesforce--either via a desktop client or the API--from"
    " outside of your company\N{RIGHT SINGLE QUOTATION MARK}s trusted networks, you must add a security token to your"
    " password to log in. To get your new security token, log in to Salesforce. From your personal settings, enter"
    " Reset My Security Token in the Quick Find box, then select Reset My Security Token."
)


@pytest.fixture
def keys(org: Org) -> Credentials:
    return make_credentials(org, org.users.find(org.admin_id))


def good(keys: Credentials, namespace: str = PARTNER) -> str:
    return login_operation(keys.username, keys.password + keys.security_token, namespace)


def first(answer: Answer, tag: str) -> str:
    found = re.search(f"<{tag}>([^<]*)</{tag}>", answer.text)
    assert found is not None
    return found[1]


def fault(code: str, message: str, kind: str, *, prefix: str = "", api: str = "partner") -> str:
    return (
        f'{HEAD} xmlns:sf="urn:fault.{api}.soap.sforce.com"{XSI}><soapenv:Body><soapenv:Fault>'
        f"<faultcode>{prefix}{code}</faultcode><faultstring>{code}: {message}</faultstring>"
        f'<detail><sf:{kind} xsi:type="sf:{kind}"><sf:exceptionCode>{code}</sf:exceptionCode>'
        f"<sf:exceptionMessage>{message}</sf:exceptionMessage></sf:{kind}></detail>"
        "</soapenv:Fault></soapenv:Body></soapenv:Envelope>"
    )


def client_fault(message: str) -> str:
    return (
        f"{HEAD}><soapenv:Body><soapenv:Fault><faultcode>soapenv:Client</faultcode>"
        f"<faultstring>{message}</faultstring></soapenv:Fault></soapenv:Body></soapenv:Envelope>"
    )


def test_login_reply_in_full(call: Caller, org: Org, keys: Credentials) -> None:
    answer = soap(call, good(keys), host="login.salesforce.com")
    server, org15 = f"https://{org.my_domain}/services/Soap", org.id[:15]
    session, user = first(answer, "sessionId"), org.users.find(keys.username)
    assert answer.status == 200
    assert answer.text == (
        f'{HEAD} xmlns="urn:partner.soap.sforce.com"{XSI}><soapenv:Body><loginResponse><result>'
        f"<metadataServerUrl>{server}/m/59.0/{org15}</metadataServerUrl>"
        "<passwordExpired>false</passwordExpired><sandbox>false</sandbox>"
        f"<serverUrl>{server}/u/59.0/{org15}</serverUrl><sessionId>{session}</sessionId>"
        f"<userId>{user.id}</userId><userInfo><accessibilityMode>false</accessibilityMode>"
        "<chatterExternal>false</chatterExternal><currencySymbol>$</currencySymbol>"
        "<orgAttachmentFileSizeLimit>26214400</orgAttachmentFileSizeLimit>"
        "<orgDefaultCurrencyIsoCode>USD</orgDefaultCurrencyIsoCode>"
        "<orgDefaultCurrencyLocale>en_US</orgDefaultCurrencyLocale>"
        "<orgDisallowHtmlAttachments>false</orgDisallowHtmlAttachments>"
        "<orgHasPersonAccounts>false</orgHasPersonAccounts>"
        f"<organizationId>{org.id}</organizationId>"
        "<organizationMultiCurrency>false</organizationMultiCurrency>"
        f"<organizationName>Sfmock</organizationName><profileId>{user.profile_id}</profileId>"
        '<roleId xsi:nil="true"/><sessionSecondsValid>7200</sessionSecondsValid>'
        '<userDefaultCurrencyIsoCode xsi:nil="true"/>'
        f"<userEmail>{user.email}</userEmail><userFullName>Ada Admin</userFullName>"
        f"<userId>{user.id}</userId><userLanguage>en_US</userLanguage>"
        f"<userLocale>en_US</userLocale><userName>{user.username}</userName>"
        "<userTimeZone>America/Los_Angeles</userTimeZone><userType>Standard</userType>"
        "<userUiSkin>Theme3</userUiSkin></userInfo></result></loginResponse>"
        "</soapenv:Body></soapenv:Envelope>"
    )
    assert answer.headers.get("Content-Type") == "text/xml; charset=utf-8"
    assert answer.headers.get("Content-Length") == str(len(answer.rendered.body))
    assert call("GET", "/limits", token=session).status == 200


def test_enterprise_login_has_its_own_namespace_and_url(
    call: Caller, org: Org, keys: Credentials
) -> None:
    answer = soap(call, good(keys, ENTERPRISE), api="c", version="60", rest="/00Dany/0DFany")
    assert 'xmlns="urn:enterprise.soap.sforce.com"' in answer.text
    pattern = f"https://{org.my_domain}/services/Soap/c/60.0/{org.id[:15]}/0DF\\w{{12}}"
    assert re.fullmatch(pattern, first(answer, "serverUrl"))


@pytest.mark.parametrize(
    ("scheme", "host", "tls", "expected"),
    [
        ("https", "localhost:8443", None, "https://localhost:8443"),
        ("http", "127.0.0.1:81", None, "http://127.0.0.1:81"),
        ("http", "127.0.0.1:81", "localhost:8443", "https://localhost:8443"),
        ("https", "localhost:1", "localhost:8443", "https://localhost:1"),
    ],
)
def test_server_url_is_the_tls_address_where_there_is_one(
    call: Caller,
    org: Org,
    keys: Credentials,
    scheme: str,
    host: str,
    tls: str | None,
    expected: str,
) -> None:
    org.tls_authority = tls
    answer = soap(call, good(keys), host=host, scheme=scheme)
    assert first(answer, "serverUrl") == f"{expected}/services/Soap/u/59.0/{org.id[:15]}"
    assert first(answer, "metadataServerUrl") == f"{expected}/services/Soap/m/59.0/{org.id[:15]}"


def test_values_are_escaped_both_ways(call: Caller, org: Org) -> None:
    org.users.add(
        "ann@acme.example", password="p<&>'\"é", security_token="", LastName='<O\'Hara & "Co">'
    )
    answer = soap(call, login_operation("ann@acme.example", "p<&>'\"é"))
    assert first(answer, "userFullName") == "&lt;O&apos;Hara &amp; &quot;Co&quot;&gt;"


@pytest.mark.parametrize(
    ("username", "password"),
    [("{0.username}", "wrong"), ("no@body.example", "{0.password}"), ("", "")],
)
def test_bad_credentials(call: Caller, keys: Credentials, username: str, password: str) -> None:
    answer = soap(call, login_operation(username.format(keys), password.format(keys)))
    assert answer.status == 500
    assert answer.text == fault("INVALID_LOGIN", BAD_LOGIN, "LoginFault")


def test_the_enterprise_fault_has_the_enterprise_namespace(call: Caller) -> None:
    answer = soap(call, login_operation("a", "b", ENTERPRISE), api="c")
    assert answer.text == fault("INVALID_LOGIN", BAD_LOGIN, "LoginFault", api="enterprise")


def test_a_missing_security_token_is_named(call: Caller, keys: Credentials) -> None:
    answer = soap(call, login_operation(keys.username, keys.password))
    assert answer.status == 500
    assert answer.text == fault("LOGIN_MUST_USE_SECURITY_TOKEN", NEW_LOCATION, "LoginFault")


def test_an_inactive_user_is_hidden_behind_invalid_login(call: Caller, org: Org) -> None:
    org.users.add("gone@acme.example", password="pw", security_token="", active=False)
    answer = soap(call, login_operation("gone@acme.example", "pw"))
    assert answer.text == fault("INVALID_LOGIN", BAD_LOGIN, "LoginFault")


@pytest.mark.parametrize(
    ("version", "code", "message"),
    [
        (
            "65.0",
            "INVALID_OPERATION",
            "The SOAP Login operation is not available in the API version specified (65.0). Refer to the documentation"
            " for supported versions.",
        ),
        (
            "30.0",
            "UNSUPPORTED_API_VERSION",
            "The API version that was specified (30.0) is below the minimum supported (31.0). Change the version number"
            " and run the request again.",
        ),
        ("99.0", "UNSUPPORTED_API_VERSION", "Invalid Api version specified on URL"),
        ("v59.0", "UNSUPPORTED_API_VERSION", "Invalid Api version specified on URL"),
    ],
)
def test_versions_that_do_not_log_in(
    call: Caller, keys: Credentials, version: str, code: str, message: str
) -> None:
    answer = soap(call, good(keys), version=version)
    login = code == "INVALID_OPERATION"
    kind = "LoginFault" if login else "UnexpectedErrorFault"
    assert answer.status == 500
    assert answer.text == fault(code, message, kind, prefix="" if login else "sf:")


def test_the_last_version_with_login_and_the_shortest_spelling(
    call: Caller, keys: Credentials
) -> None:
    answers = [soap(call, good(keys), version=version) for version in ("64.0", "64", "31.0")]
    assert [answer.status for answer in answers] == [200, 200, 200]


@pytest.mark.parametrize(
    ("block", "status", "code"),
    [
        ("<organizationId>{org}</organizationId>", 200, None),
        ("<organizationId>00D000000000001</organizationId>", 500, "INVALID_LOGIN"),
        ("<portalId>060000000000001</portalId>", 501, "SFMOCK_NOT_IMPLEMENTED"),
    ],
)
def test_the_login_scope_header(
    call: Caller, org: Org, keys: Credentials, block: str, status: int, code: str | None
) -> None:
    scope = f'<u:LoginScopeHeader xmlns:u="{PARTNER}">{block.format(org=org.id[:15])}</u:LoginScopeHeader>'
    answer = soap(call, good(keys), header=scope)
    assert answer.status == status
    assert code is None or first(answer, "sf:exceptionCode") == code


def logout(call: Caller, token: str | None) -> Answer:
    header = (
        "" if token is None else f"<SessionHeader><sessionId>{token}</sessionId></SessionHeader>"
    )
    return soap(call, f'<logout xmlns="{PARTNER}"/>', header=header, version="65.0")


def test_logout_ends_the_session(call: Caller, keys: Credentials) -> None:
    token = first(soap(call, good(keys)), "sessionId")
    answer = logout(call, token)
    assert answer.status == 200
    assert answer.text == (
        f'{HEAD} xmlns="urn:partner.soap.sforce.com"><soapenv:Header><LimitInfoHeader><limitInfo>'
        "<current>1</current><limit>15000</limit><type>API REQUESTS</type></limitInfo></LimitInfoHeader></soapenv:Header>"
        "<soapenv:Body><logoutResponse/></soapenv:Body></soapenv:Envelope>"
    )
    assert call("GET", "/limits", token=token).status == 401
    again = logout(call, token)
    assert again.status == 500
    assert re.search(
        r"<faultcode>sf:INVALID_SESSION_ID</faultcode><faultstring>INVALID_SESSION_ID: Invalid Session ID found in"
        r" SessionHeader: Illegal Session\. Session not found, missing session hash: [A-Za-z0-9+/]{43}=\n"
        r"This error usually occurs after a session expires or a user logs out\. </faultstring><detail>",
        again.text,
    )


@pytest.mark.parametrize(("token", "detail"), [("garbage", "Illegal Session"), (None, "null")])
def test_logout_without_a_session(call: Caller, token: str | None, detail: str) -> None:
    message = f"Invalid Session ID found in SessionHeader: {detail}"
    expected = fault("INVALID_SESSION_ID", message, "UnexpectedErrorFault", prefix="sf:")
    assert logout(call, token).text == expected


def test_an_operation_of_the_other_wsdl_is_unknown(call: Caller, keys: Credentials) -> None:
    answer = soap(call, good(keys, ENTERPRISE))
    assert answer.status == 500
    assert answer.text == client_fault(
        "No operation available for request {urn:enterprise.soap.sforce.com}login,"
        " please check the WSDL for the service."
    )


def test_the_soap_action_header_must_be_there(call: Caller) -> None:
    answer = call("POST", "/services/Soap/u/59.0", body=b"<a/>", token=None)
    assert (answer.status, answer.text) == (500, client_fault("SOAPAction HTTP header missing"))


DTD = "SOAP message MUST NOT contain a Document Type Declaration(DTD)"
BOMB = '<?xml version="1.0"{0}?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>'


@pytest.mark.parametrize(
    "body",
    [BOMB.format("").encode(), BOMB.format(' encoding="utf-16"').encode("utf-16")],
    ids=["utf-8", "utf-16"],
)
def test_a_document_type_is_refused_in_any_encoding(call: Caller, body: bytes) -> None:
    headers = {"SOAPAction": '""'}
    answer = call("POST", "/services/Soap/u/59.0", body=body, headers=headers, token=None)
    assert (answer.status, answer.text) == (500, client_fault(DTD))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not xml",
        b"<a",
        b"<a/>",
        b"\xff\xfe\x00",
        b'<?xml version="1.0" encoding="nope"?><a/>',
    ],
)
def test_what_is_no_envelope_is_a_client_fault(call: Caller, body: bytes) -> None:
    headers = {"SOAPAction": '""'}
    answer = call("POST", "/services/Soap/u/59.0", body=body, headers=headers, token=None)
    assert answer.status == 500
    assert "<faultcode>soapenv:Client</faultcode>" in answer.text
