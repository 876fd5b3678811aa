"""Where an org says it lives, and who a user says to be: instance and identity URLs, userinfo, identity document.

URLs carry the authority that the caller used, so that clients that follow them come back to the fake; only on
Salesforce's own host names they are what the service writes (oauth.md 1).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sfmock.org.org import Org
from sfmock.org.sessions import Session
from sfmock.org.users import User
from sfmock.store.database import Value
from sfmock.wire import JSON, LOGIN_HOSTS, Request

# `web` with them: the sf command and the Mobile SDK ask for `api web refresh_token` alone, and then who logged in.
_IDENTITY_SCOPES = frozenset(
    {"id", "openid", "profile", "email", "address", "phone", "full", "web"}
)
_PATHS = {
    "enterprise": "/services/Soap/c/{version}/<org>",
    "metadata": "/services/Soap/m/{version}/<org>",
    "partner": "/services/Soap/u/{version}/<org>",
    "rest": "/services/data/v{version}/",
    "sobjects": "/services/data/v{version}/sobjects/",
    "search": "/services/data/v{version}/search/",
    "query": "/services/data/v{version}/query/",
    "recent": "/services/data/v{version}/recent/",
    "tooling_soap": "/services/Soap/T/{version}/<org>",
    "tooling_rest": "/services/data/v{version}/tooling/",
    "profile": "/<user>",
    "feeds": "/services/data/v{version}/chatter/feeds",
    "groups": "/services/data/v{version}/chatter/groups",
    "users": "/services/data/v{version}/chatter/users",
    "feed_items": "/services/data/v{version}/chatter/feed-items",
    "feed_elements": "/services/data/v{version}/chatter/feed-elements",
    "custom_domain": "",
}


def on_login_host(request: Request) -> bool:
    """Whether the caller used `login.` or `test.salesforce.com`."""
    return request.hostname in LOGIN_HOSTS


def on_foreign_login_host(org: Org, request: Request) -> bool:
    """Whether the caller used the login host that does not know the org: production is at `login.`, sandboxes at `test.`"""
    return on_login_host(request) and request.hostname not in org.login_hosts


def instance_url(org: Org, request: Request) -> str:
    """Scheme and host of the org's data: the My Domain, or a local address as the caller wrote it."""
    return f"https://{org.my_domain}" if request.on_salesforce else request.authority


def soap_instance_url(org: Org, request: Request) -> str:
    """The same for SOAP replies, which never name a plain HTTP address where there is a TLS one."""
    if request.scheme == "http" and org.tls_authority and not request.on_salesforce:
        reached = request.hostname if org.tls_authority.startswith(":") else ""
        return f"https://{reached}{org.tls_authority}"
    return instance_url(org, request)


def identity_url(org: Org, request: Request, user_id: str) -> str:
    """A user's identity URL, which on Salesforce's hosts names the login host (oauth.md 4)."""
    base = request.authority
    if request.on_salesforce:
        asked = request.hostname if on_login_host(request) else org.hosts.login_host
        base = f"https://{asked}"
    return f"{base}/id/{org.id}/{user_id}"


def issuer(request: Request) -> str:
    """Who signs: the host that was asked, as discovery says."""
    return f"https://{request.hostname}" if request.on_salesforce else request.authority


def allows_identity(session: Session) -> bool:
    """Whether the identity service answers this session: not SOAP, and `id`, a part of it or `web` in scope (oauth.md 5.3)."""
    return session.kind != "soap" and not _IDENTITY_SCOPES.isdisjoint(session.scopes)


def allows_identity_of(session: Session, user: User | None) -> bool:
    """Whether a session may see the identity of another user: an internal one who works with the API may see all."""
    if user is None or user.id == session.user_id:
        return user is not None
    return session.allows_api and session.bar is None


def organization(org: Org) -> dict[str, str]:
    """The org's own row as text, without its empty fields; `{}` in an org without rows (pack `bare`)."""
    org.tables.ensure(org.schema["Organization"])
    columns = ("Name", "DefaultLocaleSidKey", "UiSkin", "IsSandbox")
    row = org.db.row(f"SELECT {', '.join(columns)} FROM Organization LIMIT 1") or ()
    return {
        name: str(value) for name, value in zip(columns, row, strict=False) if value is not None
    }


def userinfo(org: Org, request: Request, user_id: str) -> dict[str, JSON]:
    """The OpenID Connect document, in the key order of the 2026 recording."""
    base = instance_url(org, request)
    user = org.users.row(user_id)
    photos: dict[str, JSON] = _photos(base)
    return {
        "sub": identity_url(org, request, user_id),
        "user_id": user_id,
        "organization_id": org.id,
        "preferred_username": user["Username"],
        "nickname": user["CommunityNickname"],
        "name": user["Name"],
        "email": user["Email"],
        "email_verified": True,
        "given_name": user["FirstName"],
        "family_name": user["LastName"],
        "zoneinfo": user["TimeZoneSidKey"],
        "photos": photos,
        "profile": f"{base}/{user_id}",
        "picture": photos["picture"],
        "address": _address(user),
        "is_salesforce_integration_user": False,
        "urls": _urls(org, base, user_id),
        **_tail(org, user),
        "updated_at": str(user["LastModifiedDate"]).partition(".")[0] + "Z",
    }


def document(
    org: Org, request: Request, user_id: str, *, session: Session, version: str | None = None
) -> dict[str, JSON]:
    """The body of the identity URL; a version takes the place of `{version}` in its URLs (oauth.md 5.4)."""
    base = instance_url(org, request)
    user = org.users.row(user_id)
    urls: dict[str, JSON] = _urls(org, base, user_id)
    status: dict[str, JSON] = {"created_date": None, "body": None}
    if version is not None:
        urls |= {key: str(url).replace("{version}", version) for key, url in urls.items()}
    return {
        "id": identity_url(org, request, user_id),
        "asserted_user": user_id == session.user_id,
        "user_id": user_id,
        "organization_id": org.id,
        "username": user["Username"],
        "nick_name": user["CommunityNickname"],
        "display_name": user["Name"],
        "email": user["Email"],
        "email_verified": True,
        "first_name": user["FirstName"],
        "last_name": user["LastName"],
        "timezone": user["TimeZoneSidKey"],
        "photos": _photos(base),
        "addr_street": user["Street"],
        "addr_city": user["City"],
        "addr_state": user["State"],
        "addr_country": user["Country"],
        "addr_zip": user["PostalCode"],
        "mobile_phone": user["MobilePhone"],
        "mobile_phone_verified": False,
        "is_lightning_login_user": False,
        "status": status,
        "urls": urls,
        **_tail(org, user),
        "last_modified_date": user["LastModifiedDate"],
        **_app(org, session),
    }


def _app(org: Org, session: Session) -> dict[str, JSON]:
    """What tells that the app is installed through which the token was issued; nothing where it is not, or there is none."""
    app = org.apps.by_id(session.app_id)
    return {"is_app_installed": True} if app is not None and app.installed else {}


def _tail(org: Org, user: dict[str, Value]) -> dict[str, JSON]:
    """The keys that both documents have before their dates."""
    return {
        "active": user["IsActive"] == 1,
        "user_type": str(user["UserType"] or "Standard").upper(),
        "language": user["LanguageLocaleKey"],
        "locale": user["LocaleSidKey"],
        "utcOffset": _utc_offset(str(user["TimeZoneSidKey"] or "GMT"), org.clock.now),
    }


def _urls(org: Org, base: str, user_id: str) -> dict[str, JSON]:
    return {
        key: base + path.replace("<org>", org.id[:15]).replace("<user>", user_id)
        for key, path in _PATHS.items()
    }


def _photos(base: str) -> dict[str, JSON]:
    return {"picture": f"{base}/profilephoto/005/F", "thumbnail": f"{base}/profilephoto/005/T"}


def _address(user: dict[str, Value]) -> dict[str, JSON]:
    """The parts that the user has, by their OpenID names; `{}` without any."""
    parts = {
        "street_address": user["Street"],
        "locality": user["City"],
        "region": user["State"],
        "postal_code": user["PostalCode"],
        "country": user["Country"],
    }
    return {name: value for name, value in parts.items() if value is not None}


def _utc_offset(zone: str, now: datetime) -> int:
    """Milliseconds from UTC without daylight saving: the recordings show -28800000 for Los Angeles in May."""
    local = now.astimezone(ZoneInfo(zone))
    offset = (local.utcoffset() or timedelta()) - (local.dst() or timedelta())
    return int(offset.total_seconds() * 1000)
