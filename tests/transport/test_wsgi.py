"""The app as a WSGI application: bodies that break off or are too large, compressed replies, absolute targets."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from wsgiref.util import setup_testing_defaults

import pytest

from sfmock.app import App
from sfmock.org.org import Org
from sfmock.transport.body import BrokenBody, RequestBody
from sfmock.wire import MAX_BODY, Disconnect

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment


@pytest.fixture
def org() -> Iterator[Org]:
    with Org.new() as made:
        yield made


class Wsgi:
    """Calls an app as a WSGI server does."""

    def __init__(self, org: Org) -> None:
        self.app = App(org)
        self.token = org.sessions.open(org.admin_id).token
        self.status = ""
        self.headers: dict[str, str] = {}

    def __call__(self, method: str, path: str, **fields: object) -> bytes:
        environ: WSGIEnvironment = {}
        setup_testing_defaults(environ)
        environ |= {"REQUEST_METHOD": method, "PATH_INFO": path, "HTTP_AUTHORIZATION": f"Bearer {self.token}"}  # fmt: skip
        environ |= fields
        return b"".join(self.app(environ, self._start))

    def _start(
        self, status: str, headers: list[tuple[str, str]], _: object = None, /
    ) -> Callable[[bytes], object]:
        self.status, self.headers = status, dict(headers)
        return print


@pytest.fixture
def wsgi(org: Org) -> Wsgi:
    return Wsgi(org)


CREATE = "/services/data/v60.0/sobjects/Account"


def test_half_a_body_breaks_the_connection_and_leaves_no_trace(wsgi: Wsgi, org: Org) -> None:
    body = io.BytesIO(b'{"Name": "Acme"}')
    with pytest.raises(Disconnect):
        wsgi("POST", CREATE, CONTENT_LENGTH="99", **{"wsgi.input": body})
    assert (org.count("Account"), len(org.journal), wsgi.status) == (0, 0, "")


@pytest.mark.parametrize("length", [99, None], ids=["length", "chunked"])
def test_a_broken_stream_of_our_own_server_passes_through(
    wsgi: Wsgi, org: Org, length: int | None
) -> None:
    body = RequestBody(io.BufferedReader(io.BytesIO(b'5\r\n{"Nam')), length)
    with pytest.raises(BrokenBody):
        wsgi("POST", CREATE, **{"wsgi.input": body, "wsgi.input_terminated": True})
    assert (org.count("Account"), len(org.journal), wsgi.status) == (0, 0, "")


@pytest.mark.parametrize("terminated", [True, False])
def test_a_body_over_64_mib_is_413(wsgi: Wsgi, org: Org, terminated: bool) -> None:
    body = io.BytesIO(bytes(MAX_BODY + 10))
    length = {} if terminated else {"CONTENT_LENGTH": str(MAX_BODY + 10)}
    wsgi("POST", CREATE, **{"wsgi.input": body, "wsgi.input_terminated": terminated}, **length)
    assert wsgi.status == "413 Request Entity Too Large"
    assert [each.status for each in org.journal] == [413]


def test_a_reply_is_compressed_for_who_takes_it(wsgi: Wsgi) -> None:
    plain = wsgi("GET", f"{CREATE}/describe")
    assert "Content-Encoding" not in wsgi.headers
    tag = wsgi.headers["ETag"]
    packed = wsgi("GET", f"{CREATE}/describe", HTTP_ACCEPT_ENCODING="gzip, deflate")
    assert wsgi.headers["Content-Encoding"] == "gzip"
    assert wsgi.headers["ETag"] == f'{tag[:-1]}--gzip"'
    assert gzip.decompress(packed) == plain
    again = wsgi("GET", f"{CREATE}/describe", HTTP_IF_NONE_MATCH=wsgi.headers["ETag"])
    assert (wsgi.status, again) == ("304 Not Modified", b"")


@pytest.mark.parametrize("accepted", ["identity", "gzip;q=0", "deflate, gzip; q=0.0", "br"])
def test_a_reply_is_not_compressed_for_who_does_not(wsgi: Wsgi, accepted: str) -> None:
    wsgi("GET", f"{CREATE}/describe", HTTP_ACCEPT_ENCODING=accepted)
    assert "Content-Encoding" not in wsgi.headers


def test_head_has_no_body(wsgi: Wsgi) -> None:
    assert wsgi("HEAD", f"{CREATE}/describe", HTTP_ACCEPT_ENCODING="gzip") == b""
    assert wsgi.status == "200 OK"


def test_a_path_may_hold_a_url(wsgi: Wsgi, org: Org) -> None:
    org.schema.add_field("Account", "Site__c", "string", length=80, external_id=True)
    made = org.insert("Account", {"Name": "Acme", "Site__c": "http:x"})
    target = f"{CREATE}/Site__c/http:x?fields=Id,a://b"
    wsgi("GET", f"{CREATE}/Site__c/http:x", REQUEST_URI=target.partition("?")[0])
    assert wsgi.status == "200 OK"
    wsgi("GET", "/x", REQUEST_URI=f"{CREATE}/Site__c/http://x")
    assert org.journal[-1].path == f"{CREATE}/Site__c/http://x"
    wsgi("GET", "/x", REQUEST_URI=f"https://{org.my_domain}{CREATE}/{made.id}?a=b")
    assert (wsgi.status, org.journal[-1].path) == ("200 OK", f"{CREATE}/{made.id}")


def test_every_status_has_its_phrase(wsgi: Wsgi, org: Org) -> None:
    host = "login.salesforce.com"
    https = {"wsgi.url_scheme": "https"}
    wsgi("GET", f"/id/{org.id}/{org.admin_id}", HTTP_HOST=host, **https)
    assert wsgi.status == "302 Found"
