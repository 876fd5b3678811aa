"""`sfmock_server`: clients that are built once reach the org of whichever test is running."""

from __future__ import annotations

import pytest

CLIENT = '''
import json
import urllib.request
import pytest
import requests
from sfmock_reference import Client, ClientCredentials, JwtBearer

class Plain:
    """Built once, with a token; by the standard library, which knows no interception."""

    def __init__(self, url, token):
        self.url, self.token = url, token

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/services/data/v60.0/{path}", data, method=method)
        request.add_header("Authorization", f"Bearer {self.token}")
        request.add_header("Content-Type", "application/json")
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=20) as reply:
            return json.load(reply)

    def create(self, name):
        return self.ask("POST", "sobjects/Account", {"Name": name})

    def names(self):
        found = self.ask("GET", "query?q=SELECT+Name+FROM+Account+ORDER+BY+Name")
        return [each["Name"] for each in found["records"]]

@pytest.fixture(scope="session")
def app(sfmock_server):
    return Plain(sfmock_server.url, sfmock_server.access_token)
'''


@pytest.fixture(autouse=True)
def _client(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(CLIENT)


def test_each_test_sees_its_own_records_through_one_client(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("name", ["One", "Two", "Three"])
        def test_own(app, sfmock, name):
            assert app.names() == []
            app.create(name)
            assert app.names() == [name]
            assert sfmock.org.count("Account") == 1
            assert [each.shortcut for each in sfmock.requests] == ["query", "create Account", "query"]

        @pytest.mark.sfmock_records({"Account": [{"Name": "Of the marker"}]})
        def test_marker(sfmock, app):
            assert app.names() == ["Of the marker"]
            assert len(sfmock.org.sessions) == 1
            assert sfmock.org.count("User", "Profile.Name = 'System Administrator'") == 1
        """
    )
    pytester.runpytest().assert_outcomes(passed=4)


def test_each_worker_of_a_run_has_its_own(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("name", list("abcdefgh"))
        def test_own(app, sfmock, name):
            app.create(name)
            assert app.names() == [name]
        """
    )
    pytester.runpytest_subprocess("-n", "2").assert_outcomes(passed=8)


def test_every_way_to_log_in_works_in_every_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        import requests
        from sfmock_reference import Client, ClientCredentials, JwtBearer, RefreshToken

        @pytest.fixture(scope="session")
        def clients(sfmock_server):
            login, url = sfmock_server.credentials, sfmock_server.url
            session = requests.Session()
            session.trust_env = False
            ways = [
                ClientCredentials(url, login.client_id, login.client_secret),
                JwtBearer(url, login.client_id, username=login.username, private_key=login.private_key),
                RefreshToken(url, login.client_id, client_secret=login.client_secret, refresh_token=login.refresh_token),
            ]
            return [Client(each, session=session) for each in ways]

        @pytest.mark.parametrize("number", range(3))
        def test_login(clients, sfmock, number):
            for client in clients:
                client.create("Account", {"Name": "Acme"})
            assert sfmock.org.count("Account") == 3
            assert sfmock.requests.count("token") == 3
            made = [each for each in sfmock.requests.matching("create") if each.status == 201]
            assert [each.user for each in made] == [sfmock.user.id] * 3
        """
    )
    pytester.runpytest().assert_outcomes(passed=3)


def test_salesforce_s_host_names_stay_the_same_for_clients_of_this_process(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        """
        import pytest
        import requests

        @pytest.fixture(scope="session")
        def session(sfmock_server):
            session = requests.Session()
            session.headers["Authorization"] = f"Bearer {sfmock_server.access_token}"
            session.base = sfmock_server.instance_url
            return session

        @pytest.mark.sfmock(org="sales", seed=3)
        def test_another_pack(session, sfmock, sfmock_server):
            assert session.base.endswith(".my.salesforce.com")
            assert sfmock_server.login_url == "https://login.salesforce.com"
            assert session.get(session.base + "/services/data/v60.0/limits").status_code == 200
            assert len(sfmock.requests) == 1

        def test_the_usual_one(session, sfmock):
            assert session.base == sfmock.instance_url
            assert session.get(session.base + "/services/data/v60.0/limits").status_code == 200
            assert len(sfmock.requests) == 1
        """
    )
    pytester.runpytest().assert_outcomes(passed=2)


@pytest.mark.parametrize("transport", ["http", "https"])
def test_other_transports_have_the_address_of_the_server(
    pytester: pytest.Pytester, transport: str
) -> None:
    pytester.makepyfile(
        f"""
        def test_address(sfmock_server, app, sfmock):
            expected = sfmock_server.{"url" if transport == "http" else "tls_url"}
            assert sfmock_server.instance_url == sfmock_server.login_url == expected
            assert sfmock.instance_url != expected
            app.create("Acme")
            assert sfmock.org.count("Account") == 1
        """
    )
    result = pytester.runpytest(f"--sfmock-transport={transport}")
    result.assert_outcomes(passed=1)


def test_an_org_of_another_pack_gets_the_user_and_the_app(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        import requests
        from sfmock_reference import Client, ClientCredentials

        def log_in(server):
            login = server.credentials
            form = {
                "grant_type": "password",
                "client_id": login.client_id,
                "client_secret": login.client_secret,
                "username": login.username,
                "password": login.password + login.security_token,
            }
            with requests.Session() as session:
                session.trust_env = False
                return session.post(f"{server.url}/services/oauth2/token", data=form).json()

        @pytest.mark.sfmock(seed=7)
        def test_another_seed(sfmock_server, sfmock, app):
            assert "access_token" in log_in(sfmock_server)
            assert app.names() == []

        @pytest.mark.sfmock(org="sales")
        def test_another_pack(sfmock_server, sfmock, app):
            assert "access_token" in log_in(sfmock_server)
            assert len(app.names()) > 5

        @pytest.mark.sfmock(org="bare")
        def test_a_pack_without_users(sfmock_server, sfmock, app):
            assert "access_token" in log_in(sfmock_server)
            assert app.names() == []

        @pytest.mark.sfmock(org="sales")
        def test_one_that_does_not_ask_for_the_server_is_left_alone(sfmock):
            assert sfmock.org.users.get("admin@" + sfmock.org.domain + ".sfmock.example")
            assert len(sfmock.org.sessions) == 0
        """
    )
    pytester.runpytest("-p", "no:randomly").assert_outcomes(passed=4)


def test_a_class_s_org_answers_until_a_test_has_its_own(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        class TestShared:
            @pytest.fixture(autouse=True, scope="class")
            def set_up(self, sfmock_class):
                sfmock_class.org.insert("Account", {"Name": "Shared"})

            def test_one(self, app, sfmock_class):
                app.create("One")
                assert app.names() == ["One", "Shared"]

            def test_two(self, app, sfmock_class):
                assert app.names() == ["Shared"]

            def test_own(self, app, sfmock, sfmock_class):
                assert app.names() == []
                app.create("Own")
                assert sfmock.org.count("Account") == 1
                assert sfmock_class.org.count("Account") == 1
                assert sfmock.requests.count("create") == 1

        def test_later(app, sfmock, make_sfmock):
            assert app.names() == []
            other = make_sfmock()
            app.create("Mine")
            assert (sfmock.org.count("Account"), other.org.count("Account")) == (1, 0)
        """
    )
    pytester.runpytest().assert_outcomes(passed=4)


def test_asked_for_in_the_middle_of_a_test_it_leads_to_that_test_s_org(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        """
        def test_late(sfmock, request):
            server = request.getfixturevalue("sfmock_server")
            app = request.getfixturevalue("app")
            app.create("Late")
            assert sfmock.org.count("Account") == 1
            assert server.credentials.username == sfmock.credentials.username

        def test_next(sfmock, app):
            assert app.names() == []
        """
    )
    pytester.runpytest().assert_outcomes(passed=2)


def test_without_an_org_a_request_fails_the_test_and_says_what_is_missing(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        """
        import json
        import urllib.error
        import pytest
        import requests

        def test_none(app):
            with pytest.raises(urllib.error.HTTPError) as caught:
                app.names()
            assert caught.value.code == 421
            [error] = json.load(caught.value)
            assert error["errorCode"] == "SFMOCK_NO_ORG"
            assert "fixture sfmock, sfmock_class or sfmock_module" in error["message"]
            print("so far all is well")

        def test_by_name(app, sfmock_server):
            reply = requests.get(sfmock_server.instance_url + "/services/data")
            assert reply.status_code == 421
            print("so far all is well")

        def test_by_itself(app):
            with pytest.raises(urllib.error.HTTPError):
                app.names()
            raise KeyError("its own")

        def test_nothing(app):
            pass

        def test_next(app, sfmock):
            assert app.names() == []
        """
    )
    result = pytester.runpytest("-p", "no:randomly")
    result.assert_outcomes(failed=3, passed=2)
    told = result.stdout.str()
    assert told.count("so far all is well") == 2
    assert told.count("sfmock_server leads to the org of the running test, and there is none") == 2
    assert "KeyError: 'its own'" in told


def test_what_the_fake_refuses_fails_the_test_that_asked(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import urllib.error

        def test_refused(app, sfmock):
            try:
                app.ask("GET", "tooling")
            except urllib.error.HTTPError:
                pass
        """
    )
    result = pytester.runpytest()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*the fake refused GET /services/data/v60.0/tooling*"])


def test_an_org_without_users_to_begin_with_is_told(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_bare(sfmock_server): pass")
    result = pytester.runpytest("--sfmock-org=bare")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*sfmock_server needs an org with a user, which 'bare' has not*"])


def test_a_program_that_is_started_once_comes_there_by_its_environment(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        """
        import subprocess
        import sys
        import pytest

        ASK = '''
        import os, requests
        url = os.environ["SFMOCK_URL"] + "/services/data/v60.0/limits"
        headers = {"Authorization": "Bearer " + os.environ["SFMOCK_ACCESS_TOKEN"]}
        print(requests.get(url, headers=headers, timeout=20).status_code)
        '''

        def test_env(sfmock_server, sfmock):
            env = sfmock_server.env()
            assert env["SFMOCK_URL"] == sfmock_server.instance_url
            assert env["SFMOCK_ACCESS_TOKEN"] == sfmock_server.access_token
            line = [sys.executable, "-c", "\\n".join(each.strip() for each in ASK.splitlines())]
            found = subprocess.run(line, env=env, capture_output=True, text=True, check=True)
            assert found.stdout == "200\\n"
            assert sfmock.requests.count("limits") == 1
        """
    )
    pytester.runpytest().assert_outcomes(passed=1)


def test_its_repr_holds_no_secret(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_repr(sfmock_server):
            assert repr(sfmock_server) == f"<SfmockServer {sfmock_server.url}>"
            assert sfmock_server.credentials.password not in repr(sfmock_server.credentials)
        """
    )
    pytester.runpytest().assert_outcomes(passed=1)
