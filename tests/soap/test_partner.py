"""The partner API around its operations: spellings, sessions, limits, faults, pages, compressed bodies."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calling import Answer, Caller
from envelopes import DECLARED, HEAD, STYLES, Style, ask, client_fault, fault, reply
from sfmock.errors import SalesforceError
from sfmock.org.lines import lines
from sfmock.org.org import Org
from sfmock.wire import Headers, Request
from sfmock.wsgi import write_reply

NAMES = "<query><queryString>SELECT Name FROM Account ORDER BY Name</queryString></query>"
CREATE = "<create><sObjects><type>Account</type><Name>{}</Name></sObjects></create>"
ILLEGAL = "Invalid Session ID found in SessionHeader: Illegal Session"
SF = "{urn:sobject.partner.soap.sforce.com}"


@pytest.fixture
def org() -> Iterator[Org]:
    with Org.new() as made:
        yield made


def names_in(answer: Answer) -> list[str]:
    return re.findall("<sf:Name>([^<]*)</sf:Name>", answer.text)


def one(answer: Answer, tag: str) -> str:
    found = re.search(f"<{tag}>([^<]*)</{tag}>", answer.text)
    assert found is not None, answer.text
    return found[1]


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.soap or "default")
def test_prefixes_and_default_namespaces_do_not_matter(
    call: Caller, org: Org, style: Style
) -> None:
    made = ask(call, CREATE.format("Acme"), style=style)
    id_ = one(made, "id")
    assert made.text == reply(
        f"<createResponse><result><id>{id_}</id><success>true</success></result></createResponse>",
        1,
    )
    assert org.get(id_)["Name"] == "Acme"


@pytest.mark.parametrize("rest", ["", "/", "/00D000000000001", "/anything/else"])
@pytest.mark.parametrize("version", ["31.0", "60", "65.0", "67.0"])
def test_what_follows_the_version_is_ignored(call: Caller, version: str, rest: str) -> None:
    answer = ask(call, "<getServerTimestamp/>", version=version, rest=rest)
    assert answer.status == 200


def test_a_wrong_version_is_told(call: Caller) -> None:
    answer = ask(call, NAMES, version="99.0")
    expected = fault("UNSUPPORTED_API_VERSION", "Invalid Api version specified on URL")
    assert (answer.status, answer.text) == (500, expected)


def test_user_info_is_what_login_says(call: Caller, org: Org) -> None:
    answer = ask(call, "<getUserInfo/>")
    keys = org.users.secrets(org.admin_id)
    assert keys.password is not None
    login = (
        f"<login><username>{org.users.find(org.admin_id).username}</username>"
        f"<password>{keys.password}{keys.security_token}</password></login>"
    )
    logged_in = ask(call, login, token=None)
    info = re.search("<userInfo>(.*)</userInfo>", logged_in.text)
    assert info is not None
    assert answer.text == reply(
        f"<getUserInfoResponse><result>{info[1]}</result></getUserInfoResponse>", 1, "xsi"
    )


# -- sessions, limits, faults -----------------------------------------------------------------------------------


def test_a_dead_session_is_told_before_a_refusal(call: Caller) -> None:
    for operation in (NAMES, "<describeTabs/>"):
        answer = ask(call, operation, token="garbage")
        assert (answer.status, answer.text) == (500, fault("INVALID_SESSION_ID", ILLEGAL))


def test_no_session_at_all(call: Caller) -> None:
    answer = ask(call, NAMES, token=None)
    message = ILLEGAL.replace("Illegal Session", "null")
    assert (answer.status, answer.text) == (500, fault("INVALID_SESSION_ID", message))


def test_an_unknown_operation_is_told_without_a_session(call: Caller) -> None:
    answer = ask(call, "<foo/>", token=None)
    name = "{urn:partner.soap.sforce.com}foo"
    text = f"No operation available for request {name}, please check the WSDL for the service."
    assert (answer.status, answer.text) == (500, client_fault(text))


def test_a_session_ends_by_the_clock(call: Caller, org: Org) -> None:
    assert ask(call, NAMES).status == 200
    org.clock.advance(hours=3)
    answer = ask(call, NAMES)
    assert answer.status == 500
    assert "<faultcode>sf:INVALID_SESSION_ID</faultcode>" in answer.text
    assert "Session not found, missing session hash: " in answer.text
    assert org.journal[-1].api_calls == 0


def test_the_login_host_has_no_data(call: Caller, org: Org) -> None:
    envelope = STYLES[0].envelope(
        NAMES, f"<SessionHeader><sessionId>{call.token}</sessionId></SessionHeader>"
    )
    answer = call(
        "POST",
        "/services/Soap/u/59.0",
        body=envelope.encode(),
        headers={"SOAPAction": ""},
        token=None,
        host="login.salesforce.com",
    )
    message = (
        "Destination URL not reset. The URL returned from login must be set in the SforceService"
    )
    assert (answer.status, answer.text) == (500, fault("UNKNOWN_EXCEPTION", message))


def test_an_expired_password_must_be_set_first(call: Caller, org: Org) -> None:
    user = org.user("Jane Doe", password="Sesame-1234", security_token="")
    token = org.sessions.open(user.id).token
    org.passwords.expire(user)
    message = "The users password has expired, you must call SetPassword before attempting any other API operations"
    answer = ask(call, NAMES, token=token)
    assert answer.text == fault("INVALID_OPERATION_WITH_EXPIRED_PASSWORD", message)
    new = f"<setPassword><userId>{user.id}</userId><password>Other-5678</password></setPassword>"
    answer = ask(call, new, token=token)
    assert answer.text == reply("<setPasswordResponse><result/></setPasswordResponse>", 1)
    assert org.users.secrets(user.id).password == "Other-5678"


def test_a_reset_password_is_told(call: Caller, org: Org) -> None:
    user = org.user("Jane Doe", password="Sesame-1234", security_token="")
    answer = ask(call, f"<resetPassword><userId>{user.id}</userId></resetPassword>")
    password = one(answer, "password")
    assert org.users.secrets(user.id).password == password
    assert answer.text == reply(
        f"<resetPasswordResponse><result><password>{password}</password></result></resetPasswordResponse>",
        1,
    )


def test_a_user_without_the_api_is_told(call: Caller, org: Org) -> None:
    org.logins.change(api_enabled=False)
    answer = ask(call, NAMES)
    message = "API is not enabled for this Organization or Partner"
    assert answer.text == fault("API_DISABLED_FOR_ORG", message)


def test_calls_count_and_the_header_tells_it(call: Caller, org: Org) -> None:
    org.limits["DailyApiRequests"].used = 40
    answer = ask(call, "<getServerTimestamp/>")
    limit = "<current>41</current><limit>15000</limit><type>API REQUESTS</type>"
    assert f"<soapenv:Header><LimitInfoHeader><limitInfo>{limit}</limitInfo>" in answer.text
    assert answer.headers.get("Sforce-Limit-Info") is None
    assert org.journal[-1].api_calls == 1


def test_the_daily_limit_is_a_fault(call: Caller, org: Org) -> None:
    org.limits["DailyApiRequests"].remaining = 0
    before = org.digest()
    answer = ask(call, CREATE.format("Acme"))
    expected = fault("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
    assert (answer.status, answer.text) == (500, expected)
    assert org.digest() == before


@pytest.mark.parametrize(
    ("kind", "code", "message"),
    [
        ("server_unavailable", "SERVER_UNAVAILABLE", "Server too busy"),
        ("daily_limit", "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
    ],
)
def test_planned_faults_are_soap_faults(
    call: Caller, org: Org, kind: str, code: str, message: str
) -> None:
    org.faults.add(kind, on="soap create")
    assert ask(call, NAMES).status == 200
    answer = ask(call, CREATE.format("Acme"))
    assert (answer.status, answer.text) == (500, fault(code, message))
    assert ask(call, CREATE.format("Acme")).status == 200


def test_a_session_that_a_fault_ends(call: Caller, org: Org) -> None:
    org.faults.add("session_expired", on="soap")
    answer = ask(call, NAMES)
    assert "<faultcode>sf:INVALID_SESSION_ID</faultcode>" in answer.text
    assert ask(call, NAMES).status == 500


def test_faults_are_aimed_at_the_sobjects_of_a_call(call: Caller, org: Org) -> None:
    org.faults.add("server_unavailable", sobject="Contact", times=3)
    assert ask(call, CREATE.format("Acme")).status == 200
    assert ask(call, NAMES).status == 200
    contact = "<create><sObjects><type>Contact</type><LastName>D</LastName></sObjects></create>"
    for operation in (
        contact,
        "<query><queryString>SELECT Id FROM Contact</queryString></query>",
        "<describeSObject><sObjectType>Contact</sObjectType></describeSObject>",
    ):
        assert ask(call, operation).status == 500


def test_the_journal_knows_operations_and_queries(call: Caller, org: Org) -> None:
    ask(call, CREATE.format("Acme"))
    ask(call, NAMES)
    created, queried = org.journal[-2], org.journal[-1]
    assert (created.name, created.operation, created.shortcut) == ("soap", "create", "soap create")
    assert queried.soql == "SELECT Name FROM Account ORDER BY Name"
    assert [each.operation for each in org.journal.matching("soap query")] == ["query"]
    assert len(org.journal.matching("soap")) == 2


def test_the_lines_of_a_report_name_operations_and_show_what_is_wrong_with_a_query(
    call: Caller, org: Org
) -> None:
    ask(call, CREATE.format("Acme"))
    ask(call, "<query><queryString>SELECT Nix FROM Account</queryString></query>")
    first, *rest = lines(org.journal)
    assert first == "200 POST   /services/Soap/u/59.0 create  1 API call"
    assert rest[0] == "500 POST   /services/Soap/u/59.0 query  INVALID_FIELD · 1 API call"
    assert rest[1:4] == [
        "      SELECT Nix FROM Account",
        "             ^",
        "      ERROR at Row:1:Column:8",
    ]


# -- pages ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "sizes"),
    [
        ("", [500, 500, 150]),
        ("<QueryOptions><batchSize>2000</batchSize></QueryOptions>", [1150]),
        ("<QueryOptions><batchSize>200</batchSize></QueryOptions>", [200, 200, 200, 200, 200, 150]),
    ],
)
def test_pages_by_locator(call: Caller, org: Org, header: str, sizes: list[int]) -> None:
    wanted = [f"A{number:04}" for number in range(1150)]
    org.insert("Account", [{"Name": each} for each in wanted])
    answer = ask(call, NAMES, header)
    pages = [names_in(answer)]
    while "<done>false</done>" in answer.text:
        locator = one(answer, "queryLocator")
        assert re.fullmatch(rf"\w{{18}}-{sum(map(len, pages))}", locator)
        more = f"<queryMore><queryLocator>{locator}</queryLocator></queryMore>"
        answer = ask(call, more, header)
        assert one(answer, "size") == "1150"
        pages.append(names_in(answer))
    assert [len(each) for each in pages] == sizes
    assert [name for page in pages for name in page] == wanted
    assert '<done>true</done><queryLocator xsi:nil="true"/>' in answer.text


def test_children_have_pages_of_their_own(call: Caller, org: Org) -> None:
    acme = org.insert("Account", {"Name": "Acme"})
    org.insert("Contact", [{"LastName": f"C{n:03}", "AccountId": acme.id} for n in range(250)])
    soql = "SELECT Name, (SELECT LastName FROM Contacts ORDER BY LastName) FROM Account"
    header = "<QueryOptions><batchSize>200</batchSize></QueryOptions>"
    answer = ask(call, f"<query><queryString>{soql}</queryString></query>", header)
    assert len(re.findall("<sf:LastName>", answer.text)) == 200
    assert "<size>250</size></sf:Contacts></records><size>1</size>" in answer.text
    locator = one(answer, "queryLocator")
    rest = ask(call, f"<queryMore><queryLocator>{locator}</queryLocator></queryMore>", header)
    found = re.findall("<sf:LastName>([^<]*)<", rest.text)
    assert found == [f"C{n:03}" for n in range(200, 250)]


def test_a_fault_makes_pages_short(call: Caller, org: Org) -> None:
    org.insert("Account", [{"Name": f"A{n}"} for n in range(5)])
    org.faults.add("short_pages", size=2)
    answer = ask(call, NAMES)
    assert names_in(answer) == ["A0", "A1"]
    assert one(answer, "queryLocator").endswith("-2")


# -- describes --------------------------------------------------------------------------------------------------


def test_a_describe_has_the_facts_of_rest_in_the_order_of_the_wsdl(call: Caller, org: Org) -> None:
    root = ElementTree.fromstring(
        ask(call, "<describeSObjects><sObjectType>Account</sObjectType></describeSObjects>").text
    )
    (result,) = root.iter("{urn:partner.soap.sforce.com}result")
    rest: dict[str, object] = call("GET", "/sobjects/Account/describe", version="59.0").json  # type: ignore[assignment]  # an object
    elements = [each.tag.partition("}")[2] for each in result]
    once = list(dict.fromkeys(elements))
    assert once == sorted(once)
    lists = {key for key, value in rest.items() if isinstance(value, list)}
    for key in lists:
        assert elements.count(key) == len(rest[key])  # type: ignore[arg-type]  # a list
    plain = {
        key: value
        for key, value in rest.items()
        if key not in lists | {"urls", "sobjectDescribeOption"} and value is not None
    }
    for key, value in plain.items():
        text = result.findtext(f"{{urn:partner.soap.sforce.com}}{key}")
        assert text == (str(value).lower() if isinstance(value, bool) else value), key
    assert (
        result.findtext("{urn:partner.soap.sforce.com}urlNew") == f"https://{org.my_domain}/001/e"
    )


def test_fields_of_a_describe(call: Caller, org: Org) -> None:
    org.schema.add_object("Thing__c", label="Thing")
    org.schema.add_field("Thing__c", "Ready__c", "boolean", default=True)
    org.schema.add_field("Thing__c", "Colour__c", "picklist", values=["Blue"])
    text = ask(call, "<describeSObject><sObjectType>thing__c</sObjectType></describeSObject>").text
    ready = re.search("<fields>(?:(?!</fields>).)*<name>Ready__c</name>.*?</fields>", text)
    assert ready is not None
    assert '<defaultValue xsi:type="xsd:boolean">true</defaultValue>' in ready[0]
    assert "<soapType>xsd:boolean</soapType>" in ready[0]
    assert "<calculatedFormula" not in ready[0]
    assert (
        "<picklistValues><active>true</active><defaultValue>false</defaultValue><label>Blue</label>"
        "<value>Blue</value></picklistValues>" in text
    )
    assert text.startswith(f'{HEAD} xmlns="urn:partner.soap.sforce.com"{DECLARED["xsd"]}')


def test_the_global_describe_lists_what_rest_lists(call: Caller) -> None:
    text = ask(call, "<describeGlobal/>").text
    rest: dict[str, list[dict[str, str]]] = call("GET", "/sobjects", version="59.0").json  # type: ignore[assignment]  # an object
    assert re.findall("<name>([^<]*)</name>", text) == [each["name"] for each in rest["sobjects"]]
    assert "<result><encoding>UTF-8</encoding><maxBatchSize>200</maxBatchSize><sobjects>" in text
    assert '<activateable>false</activateable><associateEntityType xsi:nil="true"/>' in text


# -- bodies -----------------------------------------------------------------------------------------------------


def post(call: Caller, body: bytes, **headers: str) -> Answer:
    fields = {"Content-Type": "text/xml", "SOAPAction": '""', **headers}
    return call("POST", "/services/Soap/u/59.0", body=body, headers=fields, token=None)


def enveloped(call: Caller, operation: str) -> bytes:
    header = f"<SessionHeader><sessionId>{call.token}</sessionId></SessionHeader>"
    return STYLES[0].envelope(operation, header).encode()


def test_a_gzipped_request_is_read(call: Caller, org: Org) -> None:
    body = gzip.compress(enveloped(call, CREATE.format("Ünïcödé")))
    answer = post(call, body, **{"Content-Encoding": "gzip"})
    assert org.get(one(answer, "id"))["Name"] == "Ünïcödé"


def test_a_long_reply_is_gzipped_and_tells_its_length(call: Caller) -> None:
    rendered = ask(call, "<describeGlobal/>").rendered
    asked = Request("POST", "/services/Soap/u/59.0", headers=Headers([("Accept-Encoding", "gzip")]))
    status, fields, packed = write_reply(asked, rendered)
    headers = dict(fields)
    assert status == "200 OK"
    assert headers["Content-Encoding"] == "gzip"
    assert headers["Content-Length"] == str(len(packed))
    assert gzip.decompress(packed) == rendered.body
    plain = write_reply(Request("POST", asked.path), rendered)
    assert plain[2] == rendered.body


def test_a_bomb_is_not_unpacked(call: Caller) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(bytes(1024 * 1024)) for _ in range(80)) + packer.flush()
    answer = post(call, bomb, **{"Content-Encoding": "gzip"})
    assert answer.status == 413


@pytest.mark.parametrize(
    "kind",
    ['<!ENTITY a SYSTEM "file:///etc/passwd">', '<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">'],
)
def test_entities_are_off(call: Caller, kind: str) -> None:
    body = enveloped(call, CREATE.format("&a;")).replace(
        b"?>", f"?><!DOCTYPE x [{kind}]>".encode(), 1
    )
    answer = post(call, body)
    text = "SOAP message MUST NOT contain a Document Type Declaration(DTD)"
    assert (answer.status, answer.text) == (500, client_fault(text))


def test_deep_envelopes_are_read(call: Caller) -> None:
    body = enveloped(call, f"<foo>{'<a>' * 20_000}{'</a>' * 20_000}</foo>")
    answer = post(call, body)
    assert "No operation available for request" in answer.text


def test_records_inside_of_records_are_refused_at_any_depth(call: Caller, org: Org) -> None:
    nested = f"{'<Parent><type>Account</type>' * 20_000}{'</Parent>' * 20_000}"
    record = f"<sObjects><type>Account</type><Name>x</Name>{nested}</sObjects>"
    answer = post(call, enveloped(call, f"<create>{record}</create>"))
    assert answer.status == 501
    assert org.journal[-1].refused == "a parent inside of a parent, in a SOAP request"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<![CDATA[SELECT Name FROM Account WHERE Name < 'B']]>", ["A"]),
        ("SELECT Name <!-- only --> FROM Account\n ORDER <?pi x?> BY Name", ["A", "B"]),
        ("&#83;ELECT Name FROM Account WHERE Name = &apos;B&apos;", ["B"]),
    ],
)
def test_a_query_in_any_spelling_of_xml(
    call: Caller, org: Org, text: str, found: list[str]
) -> None:
    org.insert("Account", [{"Name": "A"}, {"Name": "B"}])
    body = enveloped(call, "<query><queryString>QUERY</queryString></query>")
    answer = post(call, body.replace(b"QUERY", text.encode()))
    assert names_in(answer) == found


@pytest.mark.parametrize(
    ("header", "refused"),
    [
        ("<OwnerChangeOptions/>", "the SOAP header OwnerChangeOptions"),
        ("<ConditionalRequestHeader/>", "the SOAP header ConditionalRequestHeader"),
        (
            "<LocaleOptions><language>de</language></LocaleOptions>",
            "the SOAP header LocaleOptions with the language de",
        ),
        ("<LocaleOptions><language>en_US</language></LocaleOptions>", None),
        ("<CallOptions><client>x/1</client></CallOptions>", None),
    ],
)
def test_headers_that_change_an_operation_are_refused(
    call: Caller, org: Org, header: str, refused: str | None
) -> None:
    answer = ask(call, NAMES, header)
    assert answer.status == (200 if refused is None else 501)
    assert org.journal[-1].refused == refused


def test_records_become_the_most_recent_ones_only_where_the_caller_asks(
    call: Caller, org: Org
) -> None:
    ask(call, CREATE.format("Quiet"))
    header = "<MruHeader><updateMru>true</updateMru></MruHeader>"
    ask(call, CREATE.format("Loud"), header)
    recent: list[dict[str, str]] = call("GET", "/recent").json  # type: ignore[assignment]  # a list
    assert [each["Name"] for each in recent] == ["Loud"]


def test_an_id_is_one_in_any_case(call: Caller, org: Org) -> None:
    acme = org.insert("Account", {"Name": "Acme"})
    record = f"<type>Account</type><id>{acme.id}</id><name>B</name>"
    assert ask(call, f"<update><sObjects>{record}</sObjects></update>").status == 200
    assert org.get(acme.id)["Name"] == "B"
    null = record.replace("<name>B</name>", "<fieldsToNull>Id</fieldsToNull>")
    assert ask(call, f"<update><sObjects>{null}</sObjects></update>").status == 501
    assert org.journal[-1].refused == "Id in fieldsToNull"


def test_the_soap_action_must_be_there_with_any_value(call: Caller) -> None:
    body = enveloped(call, NAMES)
    for action in ('""', "", "urn:whatever"):
        assert post(call, body, SOAPAction=action).status == 200
    answer = call("POST", "/services/Soap/u/59.0", body=body, token=None)
    assert (answer.status, answer.text) == (500, client_fault("SOAPAction HTTP header missing"))


# -- other APIs -------------------------------------------------------------------------------------------------


def test_the_enterprise_api_writes_records_and_refuses_to_read_them(call: Caller, org: Org) -> None:
    create = '<create><sObjects xsi:type="ens:Account"><Name>Acme</Name></sObjects></create>'
    made = ask(call, create, api="c")
    id_ = one(made, "id")
    assert made.text == reply(
        f"<createResponse><result><id>{id_}</id><success>true</success></result></createResponse>",
        1,
        namespace="urn:enterprise.soap.sforce.com",
    )
    assert org.get(id_)["Name"] == "Acme"
    for operation in ("query", "queryAll", "queryMore", "retrieve"):
        assert ask(call, f"<{operation}/>", api="c").status == 501
        assert org.journal[-1].refused == f"SOAP operation {operation}() of the enterprise API"


def test_a_fault_of_the_enterprise_api_has_its_namespace(call: Caller) -> None:
    answer = ask(call, "<getUserInfo/>", api="c", token="garbage")
    expected = fault("INVALID_SESSION_ID", ILLEGAL).replace("fault.partner", "fault.enterprise")
    assert answer.text == expected


@pytest.mark.parametrize(
    ("letter", "namespace", "faults"),
    [
        ("m", "http://soap.sforce.com/2006/04/metadata", "http://soap.sforce.com/2006/04/metadata"),
        ("s", "http://soap.sforce.com/2006/08/apex", "http://soap.sforce.com/2006/08/apex"),
        ("T", "urn:tooling.soap.sforce.com", "urn:fault.tooling.soap.sforce.com"),
    ],
)
def test_other_apis_tell_a_dead_session_and_refuse_the_rest(
    call: Caller, letter: str, namespace: str, faults: str
) -> None:
    def send(token: str) -> Answer:
        header = f"<SessionHeader><sessionId>{token}</sessionId></SessionHeader>"
        body = STYLES[0].envelope("<anything/>", header, namespace).encode()
        path = f"/services/Soap/{letter}/59.0"
        return call("POST", path, body=body, headers={"SOAPAction": ""}, token=None)

    dead = send("garbage")
    assert dead.status == 500
    told = f"<faultcode>sf:INVALID_SESSION_ID</faultcode><faultstring>INVALID_SESSION_ID: {ILLEGAL}</faultstring>"
    assert f' xmlns:sf="{faults}"' in dead.text
    assert told in dead.text
    assert ("<detail>" in dead.text) == (letter == "T")
    assert send(call.token).status == 501


# -- texts ------------------------------------------------------------------------------------------------------


ODD = st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters="\r\ufffe\uffff"), min_size=1
)


@pytest.fixture(scope="module")
def lasting() -> Iterator[Caller]:
    with Org.new() as org:
        yield Caller(org)


@settings(max_examples=60)
@given(text=ODD)
def test_odd_texts_come_back_as_they_were_sent(lasting: Caller, text: str) -> None:
    """What XML cannot hold is refused by name; what the org would trim is compared trimmed."""
    org, wanted = lasting.org, text.strip("".join(map(chr, range(33))))
    try:
        id_ = org.insert("Account", {"Name": "x", "Description": text}).id
    except SalesforceError:
        return
    operation = (
        "<retrieve><fieldList>Description</fieldList><sObjectType>Account</sObjectType>"
        f"<ids>{id_}</ids></retrieve>"
    )
    answer = ask(lasting, operation)
    if re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", wanted):
        assert answer.status == 501
        return
    found = ElementTree.fromstring(answer.text).findtext(f".//{SF}Description")
    assert found == wanted
    sent = ask(
        lasting,
        CREATE.format("x").replace("</Name>", f"</Name><Description>{_xml(text)}</Description>"),
    )
    if wanted and "<success>true</success>" in sent.text:
        assert org.get(one(sent, "id"))["Description"] == wanted


def _xml(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
