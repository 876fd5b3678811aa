"""Which error a reply of each shape becomes."""

import copy
import pickle

import pytest
import responses

from sfmock_reference import (
    ApiError,
    AuthError,
    Client,
    LimitExceeded,
    NotFound,
    RowsFailed,
    Unavailable,
)

DATA = "https://acme.my.salesforce.com/services/data/v60.0"


def error_of(mock: responses.RequestsMock, client: Client, status: int, body: object) -> ApiError:
    """The error of a POST, which is the method least often repeated."""
    if isinstance(body, str):
        mock.post(f"{DATA}/x", status=status, body=body, content_type="text/html;charset=UTF-8")
    else:
        mock.post(f"{DATA}/x", status=status, json=body)
    with pytest.raises(ApiError) as caught:
        client.request("POST", "x", json={})
    return caught.value


def entry(code: str, message: str = "m") -> list[object]:
    return [{"message": message, "errorCode": code}]


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "MALFORMED_QUERY", ApiError),
        (401, "INVALID_AUTH_HEADER", AuthError),
        (401, "INVALID_OPERATION_WITH_EXPIRED_PASSWORD", AuthError),
        (403, "API_DISABLED_FOR_ORG", ApiError),
        (403, "REQUEST_LIMIT_EXCEEDED", LimitExceeded),
        (404, "NOT_FOUND", NotFound),
        (404, "ENTITY_IS_DELETED", NotFound),
        (405, "METHOD_NOT_ALLOWED", ApiError),
        (410, "UNSUPPORTED_API_VERSION", ApiError),
        (500, "UNKNOWN_EXCEPTION", Unavailable),
        (500, "APEX_ERROR", ApiError),
        (501, "SFMOCK_NOT_IMPLEMENTED", ApiError),
        (503, "SERVER_UNAVAILABLE", Unavailable),
    ],
)
def test_status_and_code_choose_the_kind_of_error(
    mock: responses.RequestsMock, client: Client, status: int, code: str, kind: type[ApiError]
) -> None:
    error = error_of(mock, client, status, entry(code, "what happened"))
    assert type(error) is kind
    assert (error.status, error.code, error.message) == (status, code, "what happened")
    assert error.fields == ()
    assert str(error) == f"{status} {code}: what happened"


def test_the_fields_of_a_row_error_are_told(mock: responses.RequestsMock, client: Client) -> None:
    message = "Required fields are missing: [Name, Phone]"
    row = {"message": message, "errorCode": "REQUIRED_FIELD_MISSING", "fields": ["Name", "Phone"]}
    assert error_of(mock, client, 400, [row]).fields == ("Name", "Phone")


def test_all_errors_of_a_reply_are_told(mock: responses.RequestsMock, client: Client) -> None:
    rows = [
        {"message": "first", "errorCode": "A", "fields": ["F"]},
        {"message": "second", "errorCode": "B", "fields": ["G"]},
    ]
    error = error_of(mock, client, 400, rows)
    assert (error.code, error.message, error.fields) == ("A", "first; second", ("F", "G"))


@pytest.mark.parametrize(
    ("status", "kind"), [(401, AuthError), (404, NotFound), (418, ApiError), (502, Unavailable)]
)
def test_a_page_in_the_place_of_json_is_measured_not_quoted(
    mock: responses.RequestsMock, client: Client, status: int, kind: type[ApiError]
) -> None:
    error = error_of(mock, client, status, "<html>Down for Maintenance</html>")
    assert type(error) is kind
    outline = "unexpected body: text/html;charset=UTF-8, 33 bytes"
    assert (error.code, error.message) == (f"HTTP_{status}", outline)


@pytest.mark.parametrize("body", ["", {}, [], [1], {"hasErrors": True}, "7", [[]], '[{"a":'])
def test_a_body_of_no_known_shape_is_still_an_api_error(
    mock: responses.RequestsMock, client: Client, body: object
) -> None:
    error = error_of(mock, client, 400, body)
    assert (type(error), error.code) == (ApiError, "HTTP_400")
    assert error.message.startswith("unexpected body: ")


@pytest.mark.parametrize("fields", [None, "Name", 7, {"a": 1}])
def test_fields_that_are_no_list_do_no_harm(
    mock: responses.RequestsMock, client: Client, fields: object
) -> None:
    row = {"message": "m", "errorCode": "C", "fields": fields}
    assert error_of(mock, client, 400, [row]).fields == ()


def test_an_entry_without_a_message_is_shown_as_it_came(
    mock: responses.RequestsMock, client: Client
) -> None:
    error = error_of(mock, client, 400, [{"actionName": "x", "isSuccess": False}])
    assert (error.code, error.message) == ("HTTP_400", "{'actionName': 'x', 'isSuccess': False}")


def test_the_one_word_of_the_identity_service_is_told(
    mock: responses.RequestsMock, client: Client
) -> None:
    error = error_of(mock, client, 403, "Bad_OAuth_Token")
    assert str(error) == "403 HTTP_403: Bad_OAuth_Token"


def test_a_login_page_under_status_200_is_no_data(
    mock: responses.RequestsMock, client: Client
) -> None:
    error = error_of(mock, client, 200, "<html>Log in</html>")
    assert (error.status, error.code) == (200, "HTTP_200")


def test_a_redirect_is_an_error_not_a_get_without_body(
    mock: responses.RequestsMock, client: Client
) -> None:
    mock.post(f"{DATA}/x", status=302, headers={"Location": "https://elsewhere.example/"})
    with pytest.raises(ApiError) as caught:
        client.request("POST", "x", json={"Name": "Acme"})
    assert (caught.value.status, caught.value.code) == (302, "HTTP_302")
    assert len(mock.calls) == 1


def test_errors_survive_copying_and_pickling(mock: responses.RequestsMock, client: Client) -> None:
    error = error_of(mock, client, 404, entry("NOT_FOUND"))
    for twin in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert type(twin) is NotFound
        assert twin.args == (404, "NOT_FOUND", "m", ())
        assert str(twin) == str(error)


SAVED = {"id": "001000000000001AAA", "success": True, "errors": []}
MISSING = {
    "statusCode": "REQUIRED_FIELD_MISSING",
    "message": "Required fields are missing: [Name]",
    "fields": ["Name"],
}
UNSAVED = {"success": False, "errors": [MISSING]}


def test_rows_that_failed_in_a_good_reply_are_raised_and_the_others_told(
    mock: responses.RequestsMock, client: Client
) -> None:
    mock.post(f"{DATA}/composite/sobjects", json=[SAVED, UNSAVED, SAVED])
    with pytest.raises(RowsFailed) as caught:
        client.request("POST", "composite/sobjects", json={"records": [{}, {}, {}]})
    error = caught.value
    assert str(error) == "200 REQUIRED_FIELD_MISSING: Required fields are missing: [Name]"
    assert error.fields == ("Name",)
    assert error.results == (SAVED, UNSAVED, SAVED)
    assert len(mock.calls) == 1


def test_rows_that_failed_without_a_reason_are_raised_all_the_same(
    mock: responses.RequestsMock, client: Client
) -> None:
    rows = [{"success": False, "errors": []}, {"success": False}]
    mock.patch(f"{DATA}/composite/sobjects", json=rows)
    with pytest.raises(RowsFailed) as caught:
        client.request("PATCH", "composite/sobjects", json={})
    assert caught.value.results == tuple(rows)


@pytest.mark.parametrize("body", [[SAVED, SAVED], [1, "x", None, {}], [{"success": "no"}]])
def test_a_list_without_failed_rows_is_data(
    mock: responses.RequestsMock, client: Client, body: list[object]
) -> None:
    mock.get(f"{DATA}/anything", json=body)
    assert client.request("GET", "anything") == body
