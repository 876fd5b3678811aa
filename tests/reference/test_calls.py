"""What each method of the reference client sends, and what it makes of the reply."""

import json
from collections.abc import Callable

import pytest
import requests
import responses

from sfmock_reference import AccessToken, ApiError, Client

HOST = "https://acme.my.salesforce.com"
DATA = f"{HOST}/services/data/v60.0"
ID = "001000000000001AAA"

Sent = Callable[[], list[str]]


def body_of(mock: responses.RequestsMock) -> object:
    body = mock.calls[-1].request.body
    assert isinstance(body, bytes)
    return json.loads(body)


def test_query_sends_the_soql_as_parameter_q(
    mock: responses.RequestsMock, sent: Sent, client: Client
) -> None:
    mock.get(f"{DATA}/query", json={"totalSize": 1, "done": True, "records": [{"Name": "Acme"}]})
    assert list(client.query("SELECT Name FROM Account")) == [{"Name": "Acme"}]
    assert sent() == [f"GET {DATA}/query?q=SELECT+Name+FROM+Account"]


def test_query_asks_for_a_page_only_when_its_first_record_is_wanted(
    mock: responses.RequestsMock, sent: Sent, client: Client
) -> None:
    more = "/services/data/v60.0/query/0r8000000000001AAA-2"
    first = {"totalSize": 3, "done": False, "nextRecordsUrl": more, "records": [{"n": 1}, {"n": 2}]}
    mock.get(f"{DATA}/query", json=first)
    mock.get(HOST + more, json={"totalSize": 3, "done": True, "records": [{"n": 3}]})
    records = client.query("SELECT n FROM X")
    assert sent() == []
    assert [next(records), next(records)] == [{"n": 1}, {"n": 2}]
    assert sent() == [f"GET {DATA}/query?q=SELECT+n+FROM+X"]
    assert list(records) == [{"n": 3}]
    assert sent() == [f"GET {DATA}/query?q=SELECT+n+FROM+X", f"GET {HOST}{more}"]


def test_query_follows_pages_to_the_last(
    mock: responses.RequestsMock, sent: Sent, client: Client
) -> None:
    pages = ["query", "query/0r8-2000", "query/0r8-4000"]
    for page, more in zip(pages, [*pages[1:], None], strict=True):
        following = {"nextRecordsUrl": f"/services/data/v60.0/{more}"} if more else {}
        mock.get(f"{DATA}/{page}", json={"done": not more, "records": [{"at": page}], **following})
    assert [record["at"] for record in client.query("SELECT at FROM X")] == pages
    assert [line.partition("?")[0] for line in sent()] == [f"GET {DATA}/{page}" for page in pages]


def test_a_count_yields_no_records(mock: responses.RequestsMock, client: Client) -> None:
    mock.get(f"{DATA}/query", json={"totalSize": 17, "done": True, "records": []})
    assert list(client.query("SELECT COUNT() FROM Account")) == []


def test_get_reads_the_whole_record(
    mock: responses.RequestsMock, sent: Sent, client: Client
) -> None:
    mock.get(f"{DATA}/sobjects/Account/{ID}", json={"Id": ID, "Name": "Acme"})
    assert client.get("Account", ID) == {"Id": ID, "Name": "Acme"}
    assert sent() == [f"GET {DATA}/sobjects/Account/{ID}"]


def test_get_names_the_fields_it_wants(
    mock: responses.RequestsMock, sent: Sent, client: Client
) -> None:
    mock.get(f"{DATA}/sobjects/Account/{ID}", json={"Name": "Acme", "Id": ID})
    client.get("Account", ID, fields=["Name", "Owner.Name"])
    assert sent() == [f"GET {DATA}/sobjects/Account/{ID}?fields=Name%2COwner.Name"]


def test_create_returns_the_id(mock: responses.RequestsMock, sent: Sent, client: Client) -> None:
    mock.post(f"{DATA}/sobjects/Account", status=201, json={"id": ID, "success": True})
    assert client.create("Account", {"Name": "Acme"}) == ID
    assert sent() == [f"POST {DATA}/sobjects/Account"]
    assert body_of(mock) == {"Name": "Acme"}


def test_update_patches_the_record(
    mock: responses.RequestsMock, sent: Sent, client: Client
) -> None:
    mock.patch(f"{DATA}/sobjects/Account/{ID}", status=204)
    client.update("Account", ID, {"Name": None})
    assert sent() == [f"PATCH {DATA}/sobjects/Account/{ID}"]
    assert body_of(mock) == {"Name": None}


@pytest.mark.parametrize(
    ("version", "status", "reply", "expected"),
    [
        ("60.0", 201, {"id": ID, "success": True, "errors": [], "created": True}, (ID, True)),
        ("60.0", 200, {"id": ID, "success": True, "errors": [], "created": False}, (ID, False)),
        ("45.0", 201, {"id": ID, "success": True, "errors": []}, (ID, True)),
        ("45.0", 204, None, (None, False)),
    ],
)
def test_upsert_tells_id_and_whether_the_record_was_created(
    mock: responses.RequestsMock,
    version: str,
    status: int,
    reply: dict[str, object] | None,
    expected: tuple[str | None, bool],
) -> None:
    client = Client(AccessToken("00D!token", HOST), api_version=version)
    url = f"{HOST}/services/data/v{version}/sobjects/Account/Key__c/k1"
    mock.patch(url, status=status, body=json.dumps(reply) if reply else "")
    assert client.upsert("Account", "Key__c", "k1", {"Name": "Acme"}) == expected
    assert body_of(mock) == {"Name": "Acme"}


def test_upsert_quotes_every_character_of_the_value(
    mock: responses.RequestsMock, sent: Sent, client: Client
) -> None:
    url = f"{DATA}/sobjects/Account/Key__c/a%2Fb%3Fc%23d%20%C3%BC%25%2B"
    mock.patch(url, status=200, json={"id": ID, "created": False})
    client.upsert("Account", "Key__c", "a/b?c#d ü%+", {})
    assert sent() == [f"PATCH {url}"]


def test_upsert_takes_a_number_as_value(
    mock: responses.RequestsMock, sent: Sent, client: Client
) -> None:
    mock.patch(f"{DATA}/sobjects/Account/Number__c/42", json={"id": ID, "created": False})
    assert client.upsert("Account", "Number__c", 42, {}) == (ID, False)
    assert sent() == [f"PATCH {DATA}/sobjects/Account/Number__c/42"]


def test_upsert_that_fits_several_records_lists_them(
    mock: responses.RequestsMock, sent: Sent, client: Client
) -> None:
    paths = [f"/services/data/v60.0/sobjects/Account/00100000000000{n}AAA" for n in (1, 2)]
    mock.patch(f"{DATA}/sobjects/Account/Key__c/k1", status=300, json=paths)
    with pytest.raises(ApiError) as caught:
        client.upsert("Account", "Key__c", "k1", {})
    assert type(caught.value) is ApiError
    assert str(caught.value) == f"300 HTTP_300: 2 records match: {paths[0]}, {paths[1]}"
    assert len(sent()) == 1


def test_delete_removes_the_record(
    mock: responses.RequestsMock, sent: Sent, client: Client
) -> None:
    mock.delete(f"{DATA}/sobjects/Account/{ID}", status=204)
    client.delete("Account", ID)
    assert sent() == [f"DELETE {DATA}/sobjects/Account/{ID}"]


def test_describe_reads_the_object(mock: responses.RequestsMock, client: Client) -> None:
    mock.get(f"{DATA}/sobjects/Account/describe", json={"name": "Account", "fields": []})
    assert client.describe("Account") == {"name": "Account", "fields": []}


def test_limits_reads_the_limits(mock: responses.RequestsMock, client: Client) -> None:
    limits = {"DailyApiRequests": {"Max": 15000, "Remaining": 14998}}
    mock.get(f"{DATA}/limits", json=limits)
    assert client.limits() == limits


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("sobjects", f"{DATA}/sobjects"),
        ("/sobjects", f"{DATA}/sobjects"),
        ("//evil.example/x", f"{DATA}/evil.example/x"),
        ("https://evil.example/x", f"{DATA}/https://evil.example/x"),
        ("/services/apexrest/Orders", f"{HOST}/services/apexrest/Orders"),
    ],
)
def test_request_stays_on_the_instance_and_pins_the_version(
    mock: responses.RequestsMock, sent: Sent, client: Client, path: str, url: str
) -> None:
    mock.get(url, json=[1])
    assert client.request("get", path) == [1]
    assert sent() == [f"GET {url}"]


def test_request_sends_parameters_and_body_and_answers_none_for_an_empty_reply(
    mock: responses.RequestsMock, sent: Sent, client: Client
) -> None:
    mock.post(f"{DATA}/anything", status=202)
    reply = client.request("POST", "anything", params={"a": "1 2"}, json=["x"])
    assert reply is None
    assert sent() == [f"POST {DATA}/anything?a=1+2"]
    assert body_of(mock) == ["x"]


def test_every_request_asks_for_json_with_the_token_and_time_limits(
    mock: responses.RequestsMock, client: Client
) -> None:
    mock.get(f"{DATA}/limits", json={})
    client.limits()
    request = mock.calls[0].request
    assert request.headers["Accept"] == "application/json"
    assert request.headers["Authorization"] == "Bearer 00D!token"
    # responses keeps requests' keyword arguments here
    assert getattr(request, "req_kwargs")["timeout"] == (5.0, 60.0)  # noqa: B009 not declared


def test_timeouts_and_session_can_be_brought(mock: responses.RequestsMock) -> None:
    mock.get(f"{DATA}/limits", json={})
    session = requests.Session()
    session.headers["X-Team"] = "sync"
    client = Client(AccessToken("00D!token", HOST), session=session, timeout=(1.0, 2.0))
    client.limits()
    request = mock.calls[0].request
    assert request.headers["X-Team"] == "sync"
    assert getattr(request, "req_kwargs")["timeout"] == (1.0, 2.0)  # noqa: B009 not declared


def test_the_instance_url_of_the_client_overrules_the_one_of_the_token(
    mock: responses.RequestsMock, sent: Sent
) -> None:
    mock.get("http://127.0.0.1:8080/services/data/v60.0/limits", json={})
    Client(AccessToken("00D!token", HOST), instance_url="http://127.0.0.1:8080/").limits()
    assert sent() == ["GET http://127.0.0.1:8080/services/data/v60.0/limits"]


@pytest.mark.parametrize("segment", ["", ".", ".."])
def test_an_id_that_would_leave_its_place_in_the_path_is_refused_before_sending(
    mock: responses.RequestsMock, client: Client, segment: str
) -> None:
    with pytest.raises(ValueError, match="cannot stand in a path"):
        client.delete("Account", segment)
    assert len(mock.calls) == 0


def test_a_netrc_entry_does_not_take_the_place_of_the_token(
    mock: responses.RequestsMock, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("requests.sessions.get_netrc_auth", lambda url: ("somebody", "else"))
    mock.get(f"{DATA}/limits", json={})
    client.limits()
    assert mock.calls[0].request.headers["Authorization"] == "Bearer 00D!token"


def test_close_closes_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    session = requests.Session()
    closed: list[bool] = []
    monkeypatch.setattr(session, "close", lambda: closed.append(True))
    Client(AccessToken("00D!token", HOST), session=session).close()
    assert closed == [True]
