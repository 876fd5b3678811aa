"""The settings of a connected app or external client app: each with its default and how an option becomes one (oauth.md 9)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, TypeAlias, get_args
from urllib.parse import urlsplit

from sfmock.org.certificates import read_certificate
from sfmock.org.ip_ranges import require_range
from sfmock.org.rsa_keys import CLIENT_CERTIFICATE

AppKind: TypeAlias = Literal["connected_app", "external_client_app"]
PermittedUsers: TypeAlias = Literal["all", "admin_approved"]
"""Who may use an app: everybody approves it for herself, or an administrator did for profiles and permission sets."""
RefreshPolicy: TypeAlias = Literal["infinite", "zero", "specific_inactivity", "specific_lifetime"]
"""When refresh tokens end: never, at once, unused for so long, so long after their issue (Salesforce's names)."""
IpRelaxation: TypeAlias = Literal["enforce", "relax_for_refresh", "relax_for_activated", "relax"]

SCOPES = frozenset(
    {
        "api", "refresh_token", "offline_access", "full", "web", "id", "profile", "email", "address", "phone",
        "openid", "chatter_api", "content", "custom_permissions", "visualforce", "lightning", "wave_api",
        "eclair_api", "pardot_api", "cdp_ingest_api", "cdp_profile_api", "cdp_query_api", "sfap_api", "einstein_gpt_api",
        "mcp_api", "user_registration_api", "forgot_password", "pwdless_login_api",
    }
)  # fmt: skip
DEFAULT_SCOPES = ("api", "id", "refresh_token")


@dataclass(frozen=True, slots=True, kw_only=True)
class AppSettings:
    """What an administrator sets of an app; times are seconds of the org's clock."""

    kind: AppKind = "connected_app"
    installed: bool = True
    """False: nobody in this org has installed it."""
    blocked: bool = False
    known_after: float = 0.0
    """Seconds after it was made or changed for which its consumer key is unknown; the service takes 2 to 10 minutes."""
    callback_urls: tuple[str, ...] = ()
    scopes: tuple[str, ...] = DEFAULT_SCOPES
    require_secret: bool = True
    """Require Secret for Web Server Flow."""
    require_secret_for_refresh: bool = True
    """Require Secret for Refresh Token Flow."""
    require_pkce: bool = False
    client_credentials: bool = True
    """Enable Client Credentials Flow."""
    run_as: str | None = None
    """The id of the user whom the client credentials flow acts for."""
    device_flow: bool = True
    """Enable for Device Flow."""
    certificate: str | None = None
    """PEM: what assertions of the app are verified with."""
    permitted_users: PermittedUsers = "all"
    profiles: tuple[str, ...] = ()
    """Names or ids of the profiles whose users are pre-authorized, where `permitted_users` is `admin_approved`."""
    permission_sets: tuple[str, ...] = ()
    """The same for permission sets."""
    refresh_token_policy: RefreshPolicy = "infinite"
    refresh_token_validity: float | None = None
    """Seconds that the policies `specific_inactivity` and `specific_lifetime` speak of."""
    refresh_token_rotation: bool = False
    session_lifetime: float | None = None
    """Seconds that its sessions live; None leaves it to profile and org."""
    ip_relaxation: IpRelaxation = "enforce"
    ip_ranges: tuple[str, ...] = ()
    """Trusted IP ranges of the web server flow: `10.0.0.0/8`, or `10.0.0.1-10.0.0.9`."""
    logout_url: str | None = None
    """Single Logout URL."""
    jwt_access_tokens: bool = False
    introspect_all: bool = False
    """Introspect All Tokens: those of other apps, too."""
    custom_attributes: Mapping[str, str] | None = None
    id_token_lifetime: float = 120.0


_DEFAULTS = AppSettings()
NAMES = tuple(each.name for each in fields(AppSettings))
"""The settings, as options of `org.connected_app()`."""


def read_settings(options: Mapping[str, object]) -> dict[str, object]:
    """Options in the form of their settings; raises TypeError or ValueError that says what is allowed."""
    return {name: _READERS[name](name, value) for name, value in options.items()}


def require_whole(settings: AppSettings) -> None:
    """Raise ValueError where settings contradict one another."""
    timed = settings.refresh_token_policy in ("specific_inactivity", "specific_lifetime")
    if timed != (settings.refresh_token_validity is not None):
        raise ValueError(
            "refresh_token_validity goes with refresh_token_policy specific_inactivity or specific_lifetime"
        )
    if (settings.profiles or settings.permission_sets) and settings.permitted_users == "all":
        raise ValueError(
            "profiles and permission_sets pre-authorize users: they go with permitted_users='admin_approved'"
        )


def stored(settings: AppSettings) -> dict[str, Any]:
    """The settings that are not at their defaults, as JSON."""
    return {
        name: value
        for name in NAMES
        if (value := getattr(settings, name)) != getattr(_DEFAULTS, name)
    }


def restored(values: Mapping[str, Any]) -> dict[str, Any]:
    """What `stored` made, read from JSON."""
    return {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in values.items()
        if name in NAMES
    }


def _flag(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{name} of a connected app is True or False")
    return value


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError(f"{name} of a connected app is a text that is not empty")
    return value


def _certificate(name: str, value: object) -> str:
    pem = value.decode("ascii", "replace") if isinstance(value, bytes) else _text(name, value)
    if pem != CLIENT_CERTIFICATE:
        read_certificate(pem)
    return pem


def _seconds(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise ValueError(f"{name} is a positive number of seconds")
    return float(value)


def _seconds_or_none_yet(name: str, value: object) -> float:
    return 0.0 if value == 0 and not isinstance(value, bool) else _seconds(name, value)


def _list(name: str, value: object) -> tuple[str, ...]:
    """Texts; one text stands for a list of lines, as the setup page has it."""
    if isinstance(value, str):
        value = [line.strip() for line in value.splitlines()]
    if not isinstance(value, Iterable):
        raise TypeError(f"{name} of a connected app is a list of texts")
    return tuple(_text(name, each) for each in value)


def _urls(name: str, value: object) -> tuple[str, ...]:
    urls = _list(name, value)
    for each in urls:
        parts = urlsplit(each)
        if not parts.scheme or parts.fragment:
            raise ValueError(
                f"{each!r} is no callback URL: it needs a scheme, and has no #fragment"
            )
    return urls


def _scopes(name: str, value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        value = value.split()
    if not isinstance(value, Iterable):
        raise TypeError("scopes of a connected app are a list of texts, or one text with blanks")
    found = tuple(str(each) for each in value)
    unknown = sorted(set(found) - SCOPES)
    if unknown:
        raise ValueError(
            f"unknown {name}: {', '.join(unknown)}; known are {', '.join(sorted(SCOPES))}"
        )
    return found


def _ranges(name: str, value: object) -> tuple[str, ...]:
    ranges = _list(name, value)
    for each in ranges:
        require_range(each)
    return ranges


def _texts_by_name(name: str, value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise TypeError(f"{name} of a connected app is a mapping of texts")
    return {_text(name, key): _text(name, each) for key, each in value.items()}


def _one_of(choices: object) -> Callable[[str, object], str]:
    known = get_args(choices)

    def read(name: str, value: object) -> str:
        if value not in known:
            raise ValueError(f"{name} of a connected app is one of {', '.join(known)}")
        return str(value)

    return read


_READERS: dict[str, Callable[[str, object], object]] = {
    "kind": _one_of(AppKind),
    "installed": _flag,
    "blocked": _flag,
    "known_after": _seconds_or_none_yet,
    "callback_urls": _urls,
    "scopes": _scopes,
    "require_secret": _flag,
    "require_secret_for_refresh": _flag,
    "require_pkce": _flag,
    "client_credentials": _flag,
    "run_as": _text,
    "device_flow": _flag,
    "certificate": _certificate,
    "permitted_users": _one_of(PermittedUsers),
    "profiles": _list,
    "permission_sets": _list,
    "refresh_token_policy": _one_of(RefreshPolicy),
    "refresh_token_validity": _seconds,
    "refresh_token_rotation": _flag,
    "session_lifetime": _seconds,
    "ip_relaxation": _one_of(IpRelaxation),
    "ip_ranges": _ranges,
    "logout_url": _text,
    "jwt_access_tokens": _flag,
    "introspect_all": _flag,
    "custom_attributes": _texts_by_name,
    "id_token_lifetime": _seconds,
}
