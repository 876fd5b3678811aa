"""What clients find out before they log in: `/.well-known/openid-configuration` and `/id/keys` (oauth.md 5.6, 4)."""

from __future__ import annotations

from sfmock.org.app_settings import SCOPES
from sfmock.org.identity import issuer, on_login_host
from sfmock.org.jwt_tokens import key_set
from sfmock.routing import Call, Router
from sfmock.wire import JSON, Reply

router = Router(family="identity")

_ENDPOINTS = {
    "authorization_endpoint": "/services/oauth2/authorize",
    "token_endpoint": "/services/oauth2/token",
    "revocation_endpoint": "/services/oauth2/revoke",
    "userinfo_endpoint": "/services/oauth2/userinfo",
    "jwks_uri": "/id/keys",
    "registration_endpoint": "/services/oauth2/register",
    "introspection_endpoint": "/services/oauth2/introspect",
}
_CLAIMS = (
    "active", "address", "email", "email_verified", "family_name", "given_name", "is_app_installed", "language", "locale",
    "name", "nickname", "organization_id", "photos", "picture", "preferred_username", "profile", "sub", "updated_at",
    "urls", "user_id", "user_type", "zoneinfo",
)  # fmt: skip


@router.route(
    "GET", "/.well-known/openid-configuration", name="openid_configuration", auth=False, counted=False
)  # fmt: skip
def openid_configuration(call: Call) -> Reply:
    """Where everything is; every URL has the host that was asked."""
    base = issuer(call.request)
    endpoints: dict[str, JSON] = {name: f"{base}{path}" for name, path in _ENDPOINTS.items()}
    scopes: list[JSON] = [*sorted(SCOPES)]
    claims: list[JSON] = [*_CLAIMS]
    body: dict[str, JSON] = {
        "issuer": base,
        **endpoints,
        "scopes_supported": scopes,
        "response_types_supported": ["code", "token", "token id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "display_values_supported": ["page", "popup", "touch"],
        "token_endpoint_auth_methods_supported": [
            "client_secret_post",
            "client_secret_basic",
            "private_key_jwt",
        ],
        "claims_supported": claims,
        "frontchannel_logout_supported": True,
        "frontchannel_logout_session_supported": False,
    }
    return Reply(body=body)


@router.route("GET", "/id/keys", name="keys", auth=False, counted=False)
def keys(call: Call) -> Reply:
    """The keys that id tokens and, of a My Domain, access tokens in JWT format are verified with."""
    return Reply(body=key_set(None if on_login_host(call.request) else call.org.id))
