"""Connected apps: every setting is taken, kept and checked; keys are replaced as applying staged ones does."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from sfmock.org.app_settings import NAMES, AppSettings
from sfmock.org.apps import OPTIONS
from sfmock.org.ip_ranges import within
from sfmock.org.org import Org
from sfmock.org.rsa_keys import CLIENT_CERTIFICATE

SETTINGS: dict[str, object] = {
    "kind": "external_client_app",
    "installed": False,
    "blocked": True,
    "known_after": 0.5,
    "callback_urls": ("https://acme.example/callback", "myapp://done"),
    "scopes": ("api", "openid", "cdp_query_api"),
    "require_secret": False,
    "require_secret_for_refresh": False,
    "require_pkce": True,
    "client_credentials": False,
    "device_flow": False,
    "certificate": CLIENT_CERTIFICATE,
    "permitted_users": "admin_approved",
    "profiles": ("System Administrator",),
    "permission_sets": ("Integration",),
    "refresh_token_policy": "specific_inactivity",
    "refresh_token_validity": 3600.0,
    "refresh_token_rotation": True,
    "session_lifetime": 900.0,
    "ip_relaxation": "relax_for_refresh",
    "ip_ranges": ("10.0.0.0/8", "192.0.2.1-192.0.2.9", "2001:db8::/32"),
    "logout_url": "https://acme.example/logout",
    "jwt_access_tokens": True,
    "introspect_all": True,
    "custom_attributes": {"team": "blue"},
    "id_token_lifetime": 60.0,
}


def test_every_setting_is_taken_kept_and_saved(org: Org, tmp_path: Path) -> None:
    assert {*SETTINGS, "run_as"} == set(NAMES)
    app = org.connected_app("Whole", **SETTINGS, run_as=org.admin_id)
    defaults = AppSettings()
    for name, value in SETTINGS.items():
        assert getattr(app, name) == value
        assert getattr(defaults, name) != value
    assert app.run_as == org.admin_id
    assert org.connected_app("Whole", **SETTINGS) == app
    org.save(tmp_path / "saved.org")
    with Org.open(tmp_path / "saved.org") as copy:
        assert copy.connected_app("Whole") == app


def test_callback_urls_may_be_lines_as_the_setup_page_has_them(org: Org) -> None:
    app = org.connected_app("Lines", callback_urls="https://a.example/x\nhttp://localhost:1717/y")
    assert app.callback_urls == ("https://a.example/x", "http://localhost:1717/y")


def test_every_option_has_a_default() -> None:
    assert (
        *("client_id", "client_secret"),
        *(each.name for each in fields(AppSettings)),
    ) == OPTIONS


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"require_pkce": "yes"}, TypeError, "require_pkce of a connected app is True or False"),
        ({"kind": "app"}, ValueError, "kind of a connected app is one of connected_app, external_client_app"),
        ({"permitted_users": "none"}, ValueError, "one of all, admin_approved"),
        ({"refresh_token_policy": "never"}, ValueError, "one of infinite, zero, specific_inactivity, specific_lifetime"),
        ({"refresh_token_policy": "specific_lifetime"}, ValueError, "refresh_token_validity goes with"),
        ({"refresh_token_validity": 60}, ValueError, "refresh_token_validity goes with"),
        ({"ip_relaxation": "off"}, ValueError, "one of enforce, relax_for_refresh, relax_for_activated, relax"),
        ({"ip_ranges": ["10.0.0.9-10.0.0.1"]}, ValueError, "is no IP range"),
        ({"ip_ranges": ["10.0.0.9-::1"]}, ValueError, "is no IP range"),
        ({"ip_ranges": ["here"]}, ValueError, "does not appear to be an IPv4 or IPv6 network"),
        ({"ip_ranges": 3}, TypeError, "ip_ranges of a connected app is a list of texts"),
        ({"callback_urls": "no-scheme"}, ValueError, "'no-scheme' is no callback URL"),
        ({"callback_urls": ["https://a.example/#x"]}, ValueError, "is no callback URL"),
        ({"callback_urls": [3]}, TypeError, "not empty"),
        ({"profiles": ["System Administrator"]}, ValueError, "they go with permitted_users='admin_approved'"),
        ({"custom_attributes": ["x"]}, TypeError, "a mapping of texts"),
        ({"known_after": -1}, ValueError, "known_after is a positive number of seconds"),
        ({"known_after": False}, ValueError, "known_after is a positive number of seconds"),
        ({"logout_url": ""}, TypeError, "not empty"),
    ],
)  # fmt: skip
def test_a_wrong_setting_says_what_is_allowed(
    org: Org, options: dict[str, object], error: type[Exception], message: str
) -> None:
    before = org.digest()
    with pytest.raises(error, match=message):
        org.connected_app("Nightly", **options)
    assert org.digest() == before


def test_an_app_that_is_there_is_changed_by_its_own_call(org: Org) -> None:
    org.connected_app("Nightly", require_pkce=True, logout_url="https://a.example/out")
    with pytest.raises(
        ValueError, match=r"change it by org\.apps\.change\('Nightly', require_pkce="
    ):
        org.connected_app("Nightly", require_pkce=False)
    changed = org.apps.change("Nightly", require_pkce=False, logout_url=None, blocked=True)
    assert (changed.require_pkce, changed.logout_url, changed.blocked) == (False, None, True)
    with pytest.raises(LookupError, match="no connected app 'Weekly'"):
        org.apps.change("Weekly", blocked=True)
    other = org.connected_app("Weekly")
    with pytest.raises(ValueError, match="'Weekly' has this client_id already"):
        org.apps.change("Nightly", client_id=other.client_id)


def test_replaced_keys_work_beside_the_new_ones_for_ten_minutes(org: Org) -> None:
    org.clock.freeze()
    old = org.connected_app("Nightly")
    new = org.apps.change("Nightly", client_id="new key", client_secret="new secret")
    found = org.apps.find(old.client_id)
    assert found is not None
    assert found.client_id == "new key"
    assert [found.accepts(each) for each in (old.client_secret, "new secret", "", None)] == [
        True,
        True,
        False,
        False,
    ]
    assert old.client_secret not in repr(found)
    org.clock.advance(minutes=10)
    assert org.apps.find(old.client_id) is None
    found = org.apps.find(new.client_id)
    assert found is not None
    assert found.accepts("new secret")
    assert not found.accepts(old.client_secret)


def test_a_new_app_may_be_unknown_for_some_minutes(org: Org) -> None:
    org.clock.freeze()
    app = org.connected_app("Nightly", known_after=120)
    assert org.apps.find(app.client_id) is None
    org.clock.advance(minutes=2)
    assert org.apps.find(app.client_id) == app


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("10.255.0.1", True),
        ("192.0.2.9", True),
        ("192.0.2.10", False),
        ("11.0.0.1", False),
        ("2001:db8::1", True),
        ("::1", False),
    ],
)
def test_an_ip_range_is_a_network_or_a_first_and_a_last_address(address: str, inside: bool) -> None:
    assert within(address, ("10.0.0.0/8", "192.0.2.1-192.0.2.9", "2001:db8::/32")) is inside
