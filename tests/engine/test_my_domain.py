"""Where an org lives, and which login host knows it (oauth.md 1)."""

from __future__ import annotations

from pathlib import Path

import pytest

from calling import Caller
from oauth_calls import TOKEN, basic, login_operation, post_form, soap
from sfmock.control.credentials import make_credentials
from sfmock.org.org import Org

LOGIN, TEST = "login.salesforce.com", "test.salesforce.com"


@pytest.mark.parametrize(
    ("given", "host", "sandbox"),
    [
        ("acme", "acme.my.salesforce.com", False),
        ("Acme.my.salesforce.com", "acme.my.salesforce.com", False),
        ("https://acme.my.salesforce.com/", "acme.my.salesforce.com", False),
        ("acme--uat.sandbox", "acme--uat.sandbox.my.salesforce.com", True),
        ("acme.scratch", "acme.scratch.my.salesforce.com", True),
        ("acme-dev-ed.develop", "acme-dev-ed.develop.my.salesforce.com", False),
        ("acme.trailblaze", "acme.trailblaze.my.salesforce.com", False),
        ("acme.demo", "acme.demo.my.salesforce.com", False),
    ],
)
def test_a_my_domain_says_where_an_org_lives_and_whether_it_is_a_sandbox(
    given: str, host: str, sandbox: bool
) -> None:
    with Org.new(my_domain=given) as org:
        assert org.my_domain == host
        assert org.query("SELECT IsSandbox FROM Organization")[0]["IsSandbox"] is sandbox  # type: ignore[index]
        assert org.login_hosts == frozenset({TEST if sandbox else LOGIN})
        photo = org.get(org.admin_id)["FullPhotoUrl"]
        assert str(photo).startswith(f"https://{host}/")
        assert str(org.get(org.user("Ann").id)["FullPhotoUrl"]).startswith(f"https://{host}/")


@pytest.mark.parametrize(
    "given",
    ["", "acme.example.com", "acme.nowhere", "-acme", "acme--uat", "acme.sandbox", "a b", "acme.develop.my"],
)  # fmt: skip
def test_what_is_no_my_domain_is_told(given: str) -> None:
    with pytest.raises(ValueError, match="My Domain"):
        Org.new(my_domain=given)


def test_two_live_orgs_cannot_have_one_my_domain() -> None:
    with Org.new(my_domain="acme"), pytest.raises(ValueError, match="acme already"):
        Org.new(my_domain="acme.scratch")
    with Org.new(my_domain="acme") as again:
        assert again.my_domain == "acme.my.salesforce.com"


def test_a_file_keeps_the_my_domain_unless_it_is_taken(tmp_path: Path) -> None:
    with Org.new(my_domain="acme--uat.sandbox") as org:
        org.save(tmp_path / "acme.org")
        with Org.open(tmp_path / "acme.org") as copy:
            assert copy.my_domain != org.my_domain
            assert copy.login_hosts == frozenset({LOGIN, TEST})
    with Org.open(tmp_path / "acme.org") as copy:
        assert copy.my_domain == "acme--uat.sandbox.my.salesforce.com"
        assert copy.login_hosts == frozenset({TEST})


def test_an_org_whose_my_domain_nobody_chose_is_known_at_both_login_hosts(org: Org) -> None:
    assert org.login_hosts == frozenset({LOGIN, TEST})


AUTHENTICATION = '{"error":"invalid_grant","error_description":"authentication failure"}'
CLIENT = '{"error":"invalid_client_id","error_description":"client identifier invalid"}'


@pytest.mark.parametrize(("my_domain", "right", "wrong"), [("acme", LOGIN, TEST), ("acme--uat.sandbox", TEST, LOGIN)])  # fmt: skip
def test_the_other_login_host_has_never_heard_of_user_app_and_token(
    my_domain: str, right: str, wrong: str
) -> None:
    with Org.new(my_domain=my_domain) as org:
        call, keys = Caller(org), make_credentials(org, org.users.find(org.admin_id))
        client = {"client_id": keys.client_id, "client_secret": keys.client_secret}
        whole = keys.password + keys.security_token
        password = {"grant_type": "password", "username": keys.username, "password": whole}
        refresh = {"grant_type": "refresh_token", "refresh_token": keys.refresh_token}
        good = post_form(call, TOKEN, {**client, **refresh}, host=right)
        assert isinstance(good.json, dict)
        assert good.json["id"] == f"https://{right}/id/{org.id}/{org.admin_id}"
        token = str(good.json["access_token"])
        assert post_form(call, TOKEN, {**client, **password}, host=wrong).text == AUTHENTICATION
        assert post_form(call, TOKEN, {**client, **refresh}, host=wrong).text == CLIENT
        assert soap(call, login_operation(keys.username, whole), host=wrong).status == 500
        introspect = post_form(call, "/services/oauth2/introspect", {"token": token}, host=wrong, headers=basic(*client.values()))  # fmt: skip
        assert introspect.status == 401
        userinfo = call("GET", "/services/oauth2/userinfo", token=token, host=wrong)
        assert userinfo.text == "Bad_OAuth_Token"
        revoke = post_form(call, "/services/oauth2/revoke", {"token": token}, host=wrong)
        assert revoke.status == 400
        assert call("GET", "/limits", token=token).status == 200
        assert soap(call, login_operation(keys.username, whole), host=right).status == 200


def test_the_identity_url_names_the_login_host_of_the_org_on_its_my_domain() -> None:
    with Org.new(my_domain="acme--uat.sandbox") as org:
        keys = make_credentials(org, org.users.find(org.admin_id))
        fields = {"grant_type": "client_credentials"}
        answer = post_form(Caller(org), TOKEN, fields, headers=basic(keys.client_id, keys.client_secret))  # fmt: skip
        assert isinstance(answer.json, dict)
        assert answer.json["id"] == f"https://{TEST}/id/{org.id}/{org.admin_id}"
        assert answer.json["instance_url"] == "https://acme--uat.sandbox.my.salesforce.com"
