"""What faults ask of a call: who makes it, which grant it wants, whether it writes."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from sfmock.routing import Call
from sfmock.versions import OLDEST_LIVE

JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SAML = "urn:ietf:params:oauth:grant-type:saml2-bearer"
_READS = frozenset({"query", "query_all", "query_more", "search", "parameterized_search"})
"""Routes that read, whatever their method."""
_SOAP_CREATES = frozenset({"convertLead", "create", "upsert"})
_SOAP_WRITES = _SOAP_CREATES | {"delete", "emptyRecycleBin", "merge", "undelete", "update"}
"""Operations of SOAP that change records."""


def has_session(call: Call, options: Any) -> bool:
    """Whether it carries a live session."""
    return call.session is not None


def grant_of(call: Call) -> str | None:
    """The grant that a token request asks for; None for every other request."""
    known = call.known
    if known is None or known.name != "token":
        return None
    return call.form().get("grant_type", "")


def username_of(call: Call) -> str | None:
    """The username that a log-in names, in a form or in an envelope."""
    if call.family == "soap":
        return None if call.envelope is None else call.envelope.argument("username") or None
    return call.form().get("username") if call.family == "oauth" else None


def by_password(call: Call, options: Any) -> bool:
    """Whether somebody logs in by a password: SOAP `login()`, or the grant of that name."""
    return grant_of(call) in (None, "password")


def by_assertion(call: Call, options: Any) -> bool:
    """Whether a token is asked for by an assertion."""
    return grant_of(call) in (JWT, SAML)


def by_jwt(call: Call, options: Any) -> bool:
    """Whether a token is asked for by a JWT."""
    return grant_of(call) == JWT


def by_client_credentials(call: Call, options: Any) -> bool:
    """Whether an app asks for a token in its own name."""
    return grant_of(call) == "client_credentials"


def by_refresh(call: Call, options: Any) -> bool:
    """Whether a token is asked for by a refresh token."""
    return grant_of(call) in ("refresh_token", "hybrid_refresh")


def writes(call: Call, options: Any) -> bool:
    """Whether it would change records."""
    if call.family == "soap":
        return call.envelope is not None and call.envelope.name in _SOAP_WRITES
    known = call.known
    if call.request.method in ("GET", "HEAD", "OPTIONS"):
        return False
    return known is None or known.name not in _READS


def creates(call: Call, options: Any) -> bool:
    """Whether it would create records: a PATCH may, by an external id."""
    if call.envelope is not None:
        return call.envelope.name in _SOAP_CREATES
    return call.request.method in ("POST", "PUT", "PATCH") and writes(call, options)


def reads_query(call: Call, options: Any) -> bool:
    """Whether it asks for rows by SOQL."""
    if call.envelope is not None:
        return call.envelope.name in ("query", "queryAll")
    known = call.known
    return known is not None and known.name in ("query", "query_all")


def reads_next_page(call: Call, options: Any) -> bool:
    """Whether it asks for a page behind the first one."""
    if call.envelope is not None:
        return call.envelope.name == "queryMore"
    return call.route is not None and call.route.name == "query_more"


def error_id(call: Call) -> Mapping[str, str]:
    """An ErrorId in Salesforce's form; the same requests of equal orgs get the same ones."""
    return {"error_id": make_error_id(f"{call.org.seed}/{len(call.org.journal)}")}


def make_error_id(key: str) -> str:
    """`1452464078-314667 (-1173371248)`: digits made of a key."""
    rng = random.Random(key)
    return f"{rng.randrange(10**9, 2 * 10**9)}-{rng.randrange(10**6)} ({rng.randrange(-(2**31), 2**31)})"


def illegal_session(call: Call) -> Mapping[str, str]:
    """What SOAP says of a session that it does not take (oauth.md 8.2)."""
    return {"detail": "Illegal Session"}


def soap_version(call: Call) -> Mapping[str, str]:
    """The version in a SOAP path, and the oldest one that lives."""
    number = call.params.get("number", "")
    version = number if "." in number else f"{number}.0"
    return {"version": version, "minimum": f"{OLDEST_LIVE}.0"}
