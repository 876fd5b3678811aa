import http.server
import io
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter

from sfmock.transport.guard import GUARD, Guard
from sfmock.transport.intercept import INTERCEPT, Intercept, intercepting
from sfmock.transport.prepared import BodyTooLarge
from sfmock.transport.switchboard import OrgNotFound, Switchboard
from sfmock.wire import MAX_BODY, Rendered, Request

MADE_AT_IMPORT = requests.Session()
URL = "https://acme.my.salesforce.com"
MIB = 1024 * 1024


def ok(body: bytes = b"{}", *headers: tuple[str, str]) -> Rendered:
    sized = (("Content-Type", "application/json"), ("Content-Length", str(len(body))))
    return Rendered(200, (*sized, *headers), body)


class Org:
    """A live org that keeps what it was asked and answers as told."""

    def __init__(
        self, name: str = "acme", answer: Callable[[Request], Rendered] | None = None
    ) -> None:
        self.hosts = frozenset({f"{name}.my.salesforce.com"})
        self.asked: list[Request] = []
        self._answer = answer

    def turns_away(self, request: Request) -> bool:
        return False

    def claims(self, request: Request) -> bool:
        return any(host.encode() in request.body for host in self.hosts)

    def exchange(self, request: Request) -> Rendered:
        self.asked.append(request)
        return self._answer(request) if self._answer else ok(min(self.hosts).encode())


@pytest.fixture
def org() -> Iterator[Org]:
    member = Org()
    with intercepting(member):
        yield member
    assert GUARD.drain() == []


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """A server of somebody else, on loopback."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "9")
            self.end_headers()
            self.wfile.write(b"elsewhere")

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_request_arrives_as_it_was_sent(org: Org) -> None:
    requests.post(
        f"{URL}/services/data/v60.0/a%20b%2Fc/?q=SELECT+Id%2CName&empty=",
        json={"Name": "Äcme"},
        headers={"Authorization": "Bearer x", "X-Raw": b"raw"},
    )

    (request,) = org.asked
    assert (request.method, request.scheme, request.host) == (
        "POST",
        "https",
        "acme.my.salesforce.com",
    )
    assert request.path == "/services/data/v60.0/a%20b%2Fc/"
    assert request.query == "q=SELECT+Id%2CName&empty="
    assert request.body == b'{"Name": "\\u00c4cme"}'
    assert request.headers.get("authorization") == "Bearer x"
    assert request.headers.get("x-raw") == "raw"
    assert request.headers.get("host") == "acme.my.salesforce.com"


def test_the_reply_is_a_whole_requests_response(org: Org) -> None:
    session = requests.Session()

    response = session.get(URL)

    assert (response.status_code, response.reason, response.text) == (
        200,
        "OK",
        "acme.my.salesforce.com",
    )
    assert response.headers["content-type"] == "application/json"
    assert response.url == f"{URL}/"
    assert response.raw.version == 11
    assert response.history == []


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"])
def test_every_method_is_answered(org: Org, method: str) -> None:
    assert requests.request(method, URL).status_code == 200
    assert org.asked[0].method == method


def test_a_session_made_at_import_time_is_answered(org: Org) -> None:
    assert MADE_AT_IMPORT.get(URL).text == "acme.my.salesforce.com"


def test_an_adapter_that_calls_its_base_is_answered_with_its_headers(org: Org) -> None:
    class Stamping(HTTPAdapter):
        def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
            request.headers["X-Sent"] = "1"
            return super().send(request, *args, **kwargs)

        def add_headers(self, request: requests.PreparedRequest, **kwargs: Any) -> None:
            request.headers["X-Added"] = "1"

    session = requests.Session()
    session.mount(URL, Stamping())

    session.get(URL)

    assert [org.asked[0].headers.get(name) for name in ("X-Sent", "X-Added")] == ["1", "1"]


def test_another_host_is_left_to_the_network(org: Org, elsewhere: str) -> None:
    assert requests.get(elsewhere, timeout=5).text == "elsewhere"
    assert org.asked == []


def test_arguments_by_position_are_understood(org: Org, elsewhere: str) -> None:
    ours = requests.Request("GET", URL).prepare()
    theirs = requests.Request("GET", elsewhere).prepare()
    adapter = HTTPAdapter()

    assert adapter.send(ours, False, 5).text == "acme.my.salesforce.com"
    assert adapter.send(theirs, False, 5).text == "elsewhere"
    adapter.close()


def test_verify_false_and_a_proxy_still_meet_the_fake(org: Org) -> None:
    proxy = {"https": "http://127.0.0.1:9", "http": "http://127.0.0.1:9"}

    assert requests.get(URL, proxies=proxy, verify=False).text == "acme.my.salesforce.com"
    plain = URL.replace("https:", "http:")
    assert requests.get(plain, proxies=proxy).text == "acme.my.salesforce.com"
    assert org.asked[1].scheme == "http"


def test_cookies_survive() -> None:
    cookies = (("Set-Cookie", "BrowserId=abc; path=/"), ("Set-Cookie", "Consent=1; path=/"))
    org = Org(answer=lambda _: ok(b"{}", *cookies))
    session = requests.Session()

    with intercepting(org):
        session.get(URL)
        session.get(URL)

    assert session.cookies.get_dict() == {"BrowserId": "abc", "Consent": "1"}
    assert org.asked[1].headers.get("Cookie") == "BrowserId=abc; Consent=1"


def test_a_head_reply_has_headers_and_no_body() -> None:
    with intercepting(Org(answer=lambda _: ok(b"12345"))):
        response = requests.head(URL)

    assert (response.headers["Content-Length"], response.content) == ("5", b"")


def test_a_reply_without_content_is_empty() -> None:
    with intercepting(Org(answer=lambda _: Rendered(204, (), b""))):
        response = requests.delete(URL)

    assert (response.status_code, response.reason, response.content) == (204, "No Content", b"")


def test_a_redirect_is_followed_by_requests() -> None:
    def answer(request: Request) -> Rendered:
        if request.path == "/old":
            return Rendered(302, (("Location", "/new"), ("Content-Length", "0")), b"")
        return ok(request.path.encode())

    with intercepting(Org(answer=answer)):
        response = requests.get(f"{URL}/old")

    assert (response.text, [each.status_code for each in response.history]) == ("/new", [302])


def test_a_streamed_reply_is_read_in_pieces() -> None:
    lines = b"".join(b"%d,row\n" % number for number in range(5000))
    with intercepting(Org(answer=lambda _: ok(lines))):
        with requests.get(URL, stream=True) as response:
            chunks = list(response.iter_content(1000))
        with requests.get(URL, stream=True) as response:
            read = list(response.iter_lines())
        with requests.get(URL, stream=True) as response:
            raw = response.raw.read(7)

    assert b"".join(chunks) == lines
    assert {len(chunk) for chunk in chunks[:-1]} == {1000}
    assert (len(read), read[-1]) == (5000, b"4999,row")
    assert raw == b"0,row\n1"


def test_ten_megabytes_travel_both_ways() -> None:
    with intercepting(Org(answer=lambda request: ok(request.body))):
        response = requests.put(URL, data=b"x" * (10 * MIB))

    assert response.content == b"x" * (10 * MIB)


@pytest.mark.parametrize(
    ("data", "arrives"),
    [
        (None, b""),
        ("Ä", "Ä".encode()),
        (b"bytes", b"bytes"),
        (bytearray(b"array"), b"array"),
        ({"a": "b c"}, b"a=b+c"),
        (io.BytesIO(b"file"), b"file"),
        (io.StringIO("text file"), b"text file"),
        (iter([b"it", b"era", "tor"]), b"iterator"),
    ],
)
def test_every_kind_of_body_arrives(org: Org, data: Any, arrives: bytes) -> None:
    requests.post(URL, data=data)

    assert org.asked[0].body == arrives


def test_a_generator_is_sent_chunked(org: Org) -> None:
    requests.post(URL, data=(part for part in (b"a,b\n", b"1,2\n")))

    assert org.asked[0].body == b"a,b\n1,2\n"
    assert org.asked[0].headers.get("Transfer-Encoding") == "chunked"


def test_a_multipart_upload_arrives(org: Org) -> None:
    requests.post(URL, files={"file": ("a.csv", io.BytesIO(b"Id\n1\n"))})

    assert b'filename="a.csv"' in org.asked[0].body
    assert b"Id\n1\n" in org.asked[0].body


def test_a_body_without_end_is_refused(org: Org) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield bytes(MIB)

    with pytest.raises(BodyTooLarge, match="larger than 64 MiB"):
        requests.post(URL, data=endless())

    assert org.asked == []
    assert MAX_BODY == 64 * MIB


def test_a_body_of_a_wrong_kind_is_refused(org: Org) -> None:
    with pytest.raises(TypeError, match="a part of the request body is int, not bytes"):
        requests.post(URL, data=iter([1]))  # type: ignore[arg-type]  # the mistake under test


def test_several_orgs_answer_for_their_own_hosts() -> None:
    orgs = [Org(name) for name in ("acme", "other", "third")]
    with ExitStack() as stack:
        for org in orgs:
            stack.enter_context(intercepting(org))
        texts = [requests.get(f"https://{min(org.hosts)}/").text for org in orgs]
        login = requests.post("https://login.salesforce.com/", data=b"third.my.salesforce.com")

    assert texts == ["acme.my.salesforce.com", "other.my.salesforce.com", "third.my.salesforce.com"]
    assert login.text == "third.my.salesforce.com"


def test_eight_threads_and_two_orgs_never_mix() -> None:
    names = ["acme", "other"] * 100
    with (
        intercepting(Org("acme")),
        intercepting(Org("other")),
        ThreadPoolExecutor(8) as pool,
        requests.Session() as session,
    ):
        urls = [f"https://{name}.my.salesforce.com/" for name in names]
        texts = list(pool.map(lambda url: session.get(url).text, urls))

    assert texts == [f"{name}.my.salesforce.com" for name in names]


def test_a_host_of_no_live_org_is_an_error_that_the_guard_keeps() -> None:
    with (
        intercepting(Org()),
        pytest.raises(OrgNotFound, match=r"no live org answers for prod\.my\."),
    ):
        requests.get("https://prod.my.salesforce.com/services/data")

    (note,) = GUARD.drain()
    assert "take instance_url from the fixture" in note


def test_what_an_org_raises_comes_out_unchanged() -> None:
    def crash(_: Request) -> Rendered:
        raise OSError("the fake's own disk is full")

    with intercepting(Org(answer=crash)), pytest.raises(OSError, match="own disk") as caught:
        requests.get(URL)

    assert type(caught.value) is OSError


@pytest.mark.parametrize("first_out", [0, 1])
def test_the_last_org_to_leave_restores_send(first_out: int) -> None:
    before = HTTPAdapter.send
    orgs = [Org("acme"), Org("other")]
    for org in orgs:
        INTERCEPT.add(org)
    hooked = HTTPAdapter.send
    leaving = orgs.pop(first_out)
    INTERCEPT.remove(leaving)
    still = requests.get(f"https://{min(orgs[0].hosts)}/").status_code
    INTERCEPT.remove(orgs[0])

    assert hooked is not before
    assert still == 200
    assert HTTPAdapter.send is before
    assert not GUARD.active


def test_a_replacement_by_somebody_else_is_left_alone_and_our_hook_turns_inert(
    elsewhere: str,
) -> None:
    before = HTTPAdapter.send
    interception = Intercept(Switchboard(), Guard())
    org = Org()
    interception.add(org)
    ours = HTTPAdapter.send

    def theirs(self: HTTPAdapter, *args: Any, **kwargs: Any) -> requests.Response:
        return ours(self, *args, **kwargs)

    try:
        HTTPAdapter.send = theirs  # type: ignore[method-assign]  # as two mocks in wrong order do
        interception.remove(org)
        left = HTTPAdapter.send
        through_it = requests.get(elsewhere, timeout=5).text
    finally:
        HTTPAdapter.send = before  # type: ignore[method-assign]  # as it was

    assert left is theirs
    assert through_it == "elsewhere"
    assert org.asked == []


def test_an_org_that_was_refused_leaves_nothing_behind() -> None:
    interception = Intercept(Switchboard(), Guard())
    first = Org()
    interception.add(first)
    with pytest.raises(ValueError, match="answers for"):
        interception.add(Org())
    interception.remove(first)

    assert repr(interception) == "<Intercept 0 live orgs>"
    with pytest.raises(LookupError):
        interception.remove(first)


def test_many_threads_open_and_close_orgs() -> None:
    before = HTTPAdapter.send

    def use(number: int) -> str:
        with intercepting(Org(f"org{number}")), requests.Session() as session:
            return session.get(f"https://org{number}.my.salesforce.com/").text

    with ThreadPoolExecutor(8) as pool:
        texts = list(pool.map(use, range(40)))

    assert texts == [f"org{number}.my.salesforce.com" for number in range(40)]
    assert HTTPAdapter.send is before
