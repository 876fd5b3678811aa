"""The section "Salesforce requests": what it shows, and what it never shows."""

import pytest


def test_it_has_one_line_a_request_with_status_error_cost_and_fault(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        """
        def test_it(sfmock, sfmock_client):
            sfmock.faults.add("server_unavailable", on="limits")
            sfmock_client.limits()
            sfmock_client.create("Account", {"Name": "Acme"})
            assert False
        """
    )

    result = pytester.runpytest()

    result.stdout.fnmatch_lines(
        [
            "*- Salesforce requests -*",
            "4 requests, 2 API calls, seed 0",
            "200 POST   /services/oauth2/token",
            "503 GET    /services/data/v60.0/limits  SERVER_UNAVAILABLE · fault server_unavailable",
            "200 GET    /services/data/v60.0/limits  1 API call",
            "201 POST   /services/data/v60.0/sobjects/Account  1 API call",
        ],
        consecutive=True,
    )


def test_a_soql_error_stands_there_with_its_caret(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_it(sfmock_client):
            list(sfmock_client.query("SELECT Nmae FROM Account"))
        """
    )

    result = pytester.runpytest("--tb=short")

    result.stdout.fnmatch_lines(
        [
            "400 GET    /services/data/v60.0/query?q=SELECT Nmae FROM Account  INVALID_FIELD · 1 API call",
            "      SELECT Nmae FROM Account",
            "             ^",
            "      ERROR at Row:1:Column:8",
            "      No such column 'Nmae' on entity 'Account'.*",
        ],
        consecutive=True,
    )


def test_a_test_that_passes_or_asks_nothing_has_no_section(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_passes(sfmock_client): sfmock_client.limits()
        def test_asks_nothing(sfmock): assert False
        """
    )

    result = pytester.runpytest()

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.no_fnmatch_line("*Salesforce requests*")


def test_it_holds_no_secret(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import json, requests

        def test_it(sfmock, sfmock_client, tmp_path):
            login = sfmock.credentials
            secrets = [sfmock.access_token, login.password, login.security_token,
                       login.client_secret, login.refresh_token]
            with open("secrets.json", "w") as file:
                json.dump(secrets, file)
            sfmock_client.limits()
            url = sfmock.instance_url + "/services/oauth2"
            requests.get(f"{url}/userinfo?access_token={sfmock.access_token}")
            requests.get(f"{url}/userinfo?oauth_token={sfmock.access_token}&x=1")
            requests.get(f"{url}/revoke?token={sfmock.access_token}")
            requests.get(f"{sfmock.instance_url}/services/data/v60.0/limits/{sfmock.access_token}")
            requests.post(f"{url}/token?client_secret={login.client_secret}&password=x{login.password}",
                          data={"grant_type": "password", "username": login.username})
            print(sfmock, sfmock.org, login, list(sfmock.requests), sfmock.org.sessions, sfmock.app)
            print(list(sfmock.org.sessions), sfmock_client, sfmock.user, sfmock.faults, sfmock.limits)
            assert False, sfmock
        """
    )

    result = pytester.runpytest("-vv")

    result.assert_outcomes(failed=1)
    import json
    from urllib.parse import quote

    secrets = json.loads((pytester.path / "secrets.json").read_text())
    shown = result.stdout.str()
    assert "Salesforce requests" in shown
    for secret in secrets:
        assert secret not in shown
        assert quote(secret) not in shown
