"""What a good token request is answered: the keys of each flow in their recorded order (oauth.md 4, wire-facts.md 2)."""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sfmock.org import jwt_tokens
from sfmock.org.apps import ConnectedApp
from sfmock.org.identity import identity_url, instance_url, issuer
from sfmock.org.org import Org
from sfmock.org.sessions import Session
from sfmock.wire import JSON, Request

_EPOCH = datetime.fromtimestamp(0, UTC)
_API_INSTANCE = "https://api.salesforce.com"


@dataclass(frozen=True, slots=True)
class Granted:
    """What a token request was granted."""

    app: ConnectedApp
    session: Session
    refresh_token: str | None = None
    """The one that the reply shows."""
    nonce: str | None = None
    """That of the authorize request, for the id token."""
    authenticated: datetime | None = None
    """When the user logged in, where that was not now."""

    def __repr__(self) -> str:
        return f"<Granted {self.app!r} {self.session!r}>"


def full_reply(org: Org, request: Request, granted: Granted) -> dict[str, JSON]:
    """The reply of the web server flow, which has every key; all values are texts, and nothing says when the token expires."""
    app, session = granted.app, granted.session
    identity = identity_url(org, request, session.user_id)
    issued_at = str((session.created - _EPOCH) // timedelta(milliseconds=1))
    reply: dict[str, JSON] = {"access_token": session.token}
    if granted.refresh_token is not None:
        reply["refresh_token"] = granted.refresh_token
    reply["signature"] = signature(app.client_secret, identity, issued_at)
    if session.is_jwt:
        reply["token_format"] = "jwt"
    reply["scope"] = " ".join(session.scopes)
    if "openid" in session.scopes:
        reply["id_token"] = _id_token(request, granted, identity)
    reply |= {
        "instance_url": instance_url(org, request),
        "id": identity,
        "token_type": "Bearer",
        "issued_at": issued_at,
    }
    if "sfap_api" in session.scopes:
        reply["api_instance_url"] = _API_INSTANCE
    return reply


def client_credentials_reply(org: Org, request: Request, granted: Granted) -> dict[str, JSON]:
    """The same with `token_format` in any case."""
    reply = full_reply(org, request, granted)
    first = {name: reply.pop(name) for name in ("access_token", "signature")}
    return first | {"token_format": reply.pop("token_format", "opaque")} | reply


def password_reply(org: Org, request: Request, granted: Granted) -> dict[str, JSON]:
    """The same without `scope`; the signature stands last."""
    reply = full_reply(org, request, granted)
    del reply["scope"]
    return reply | {"signature": reply.pop("signature")}


def jwt_bearer_reply(org: Org, request: Request, granted: Granted) -> dict[str, JSON]:
    """The same without `issued_at` and signature."""
    reply = full_reply(org, request, granted)
    del reply["issued_at"], reply["signature"]
    return reply


def signature(client_secret: str, identity: str, issued_at: str) -> str:
    """The signature of a token reply: HMAC-SHA256 of `id` and `issued_at` under the client secret."""
    message = f"{identity}{issued_at}".encode()
    return base64.b64encode(hmac.digest(client_secret.encode(), message, "sha256")).decode()


def _id_token(request: Request, granted: Granted, identity: str) -> str:
    app, session = granted.app, granted.session
    at = session.created.timestamp()
    authenticated = granted.authenticated or session.created
    return jwt_tokens.id_token(
        jwt_tokens.Issue(app.client_id, session.user_id, at, app.id_token_lifetime),
        issuer=issuer(request),
        subject=identity,
        access_token=session.token,
        nonce=granted.nonce,
        authenticated=authenticated.timestamp(),
        custom_attributes=app.custom_attributes,
    )
