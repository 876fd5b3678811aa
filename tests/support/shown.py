"""How the Python clients show errors, which they do the same in this process and in another."""

from __future__ import annotations

from collections.abc import Callable

from battery import EXPIRED, INVALID, MALFORMED, MISSING, WRONG_PASSWORD, Shows
from line_driver import Told
from proven import SOAP

REASONS = {400: "Bad Request", 401: "Unauthorized", 404: "Not Found"}
REFUSED = {"error": "invalid_client", "error_description": "invalid client credentials"}


def body(error: tuple[str, str]) -> list[Told]:
    code, message = error
    return [{"message": message, "errorCode": code}]


def by_httpx(status: int, body: object) -> Told:
    return {
        "message": f"Client error '{status} {REASONS[status]}'",
        "status": status,
        "body": body,
    }


def by_hand(status: int, body: object) -> Told:
    return {"status": status, "reason": REASONS[status], "body": body}


def by_curl(status: int, body: object) -> Told:
    message = f"curl: (22) The requested URL returned error: {status}"
    return {"exit": 22, "message": message, "body": body}


def rest_shows(tell: Callable[[int, object], Told]) -> Shows:
    required = [{**body(INVALID)[0], "fields": ["Name"]}]
    return Shows(
        refused=tell(400, REFUSED),
        expired=tell(401, body(EXPIRED)),
        missing=tell(404, [{"errorCode": MISSING[0], "message": MISSING[1]}]),
        invalid=tell(400, required),
        malformed=tell(400, body(MALFORMED)),
    )


def told(kind: str, status: int, error: tuple[str, str], **more: object) -> Told:
    code, message = error
    body = [{"message": message, "errorCode": code, **more}]
    return {"type": kind, "status": status, "content": body}


ENDED = told("SalesforceExpiredSession", 401, EXPIRED)
SIMPLE_SALESFORCE = Shows(
    refused={
        "type": "SalesforceAuthenticationFailed",
        "code": "INVALID_LOGIN",
        "message": WRONG_PASSWORD,
    },
    refused_by=SOAP,
    expired=ENDED,
    missing=told("SalesforceResourceNotFound", 404, MISSING),
    invalid=told("SalesforceMalformedRequest", 400, INVALID, fields=["Name"]),
    malformed=told("SalesforceMalformedRequest", 400, MALFORMED),
)


def told_by_aiosalesforce(kind: str, code: str, message: str) -> dict[str, str]:
    text = f"[{code}] {message}"
    return {"type": kind, "message": text, "error_code": code, "error_message": message}


AIOSALESFORCE = Shows(
    refused=told_by_aiosalesforce(
        "AuthenticationError", "invalid_client", "invalid client credentials"
    ),
    expired=["query", "token", "query"],
    missing=told_by_aiosalesforce("NotFoundError", *MISSING),
    invalid=told_by_aiosalesforce("SalesforceError", *INVALID),
    malformed=told_by_aiosalesforce("SalesforceError", *MALFORMED),
)
