"""The fixtures, through tests that use them."""

import pytest


def test_every_test_gets_a_clean_org(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("turn", [1, 2, 3])
        def test_it(sfmock, sfmock_client, turn, record_property):
            assert sfmock.org.count("Account") == 0
            assert len(sfmock.requests) == len(sfmock.faults) == 0
            assert sfmock.limits["DailyApiRequests"].used == 0
            assert "Turn__c" not in [field.name for field in sfmock.org.schema["Account"].fields]
            sfmock.org.schema.add_field("Account", "Turn__c", "string", length=10)
            sfmock.clock.advance(days=1)
            account = sfmock_client.create("Account", {"Name": "Acme", "Turn__c": str(turn)})
            chance = sfmock.org.random.random()
            person = sfmock.org.create("Contact")
            with open("seen.txt", "a") as file:
                print(account, person["Name"], person["Email"], sfmock.credentials.client_id, chance, file=file)
        """
    )

    pytester.runpytest().assert_outcomes(passed=3)

    seen = (pytester.path / "seen.txt").read_text().splitlines()
    assert len(seen) == 3
    assert len(set(seen)) == 1  # the same seed, the same ids and chances


def test_a_second_fake_has_its_own_org_and_address(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_it(sfmock, sfmock_client, make_sfmock):
            other = make_sfmock(seed=7, api_version="58.0")
            theirs = other.client()
            sfmock_client.create("Account", {"Name": "Mine"})
            theirs.create("Account", {"Name": "Theirs"})

            assert other.instance_url != sfmock.instance_url
            assert other.org.id != sfmock.org.id
            assert [row["Name"] for row in sfmock.org.query("SELECT Name FROM Account")] == ["Mine"]
            assert [row["Name"] for row in other.org.query("SELECT Name FROM Account")] == ["Theirs"]
            assert theirs.api_version == "58.0"

        def test_same_seed_twice(make_sfmock):
            one, two = make_sfmock(), make_sfmock()
            assert one.instance_url != two.instance_url
            one.client().create("Account", {"Name": "One"})
            assert (one.org.count("Account"), two.org.count("Account")) == (1, 0)
        """
    )

    pytester.runpytest().assert_outcomes(passed=2)


def test_make_sfmock_checks_its_keywords(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        def test_it(make_sfmock):
            with pytest.raises(pytest.UsageError, match="no key 'colour'; allowed are org, "):
                make_sfmock(colour="red")
            with pytest.raises(pytest.UsageError, match="bare, developer"):
                make_sfmock(org="nowhere")
        """
    )

    pytester.runpytest().assert_outcomes(passed=1)


def test_a_project_puts_its_own_client_in_place(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest, requests

        class MyClient:
            def __init__(self, url, token):
                self.url, self.token = url, token

            def limits(self):
                headers = {"Authorization": f"Bearer {self.token}"}
                return requests.get(f"{self.url}/services/data/v60.0/limits", headers=headers).json()

        @pytest.fixture
        def sfmock_client(sfmock):
            return MyClient(sfmock.instance_url, sfmock.access_token)

        def test_it(sfmock_client):
            assert sfmock_client.limits()["DailyApiRequests"] == {"Max": 15000, "Remaining": 14999}
        """
    )

    pytester.runpytest().assert_outcomes(passed=1)


@pytest.mark.parametrize("transport", ["auto", "intercept", "redirect", "http", "https"])
def test_every_transport_leads_to_the_org(pytester: pytest.Pytester, transport: str) -> None:
    pytester.makepyfile(
        f"""
        def test_it(sfmock, sfmock_client):
            scheme = {{"http": "http://127.0.0.1:", "https": "https://localhost:"}}.get(
                {transport!r}, "https://sfmock-")
            assert sfmock.transport == {transport!r}
            assert sfmock.instance_url.startswith(scheme)
            account = sfmock_client.create("Account", {{"Name": "Acme"}})
            assert sfmock.org.get(account)["Name"] == "Acme"
            assert sfmock.requests.count("create Account") == 1
            assert (sfmock.ca_file is not None) == ({transport!r} == "https")
        """
    )

    pytester.runpytest(f"--sfmock-transport={transport}").assert_outcomes(passed=1)


def test_reset_goes_back_to_the_start_of_the_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.sfmock_records({"Account": [{"Name": "Acme"}]})
        @pytest.mark.sfmock_fault("server_unavailable", on="limits")
        @pytest.mark.sfmock(limits={"DailyApiRequests": 10})
        def test_it(sfmock, sfmock_client):
            before = sfmock.org.digest()
            for _ in range(3):
                with sfmock.fresh() as same:
                    assert same is sfmock
                    assert sfmock.limits["DailyApiRequests"].remaining == 10
                    sfmock_client.limits()
                    sfmock_client.create("Account", {"Name": "Globex"})
                    sfmock.clock.advance(days=3)
                    assert sfmock.org.count("Account") == 2
                    assert [each.status for each in sfmock.requests.matching("limits")][0] == 503
                assert len(sfmock.requests) == 0
                assert sfmock.org.digest() == before
        """
    )

    pytester.runpytest().assert_outcomes(passed=1)


def test_a_client_of_another_user_acts_as_that_user(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_it(sfmock):
            ada = sfmock.org.user("Ada Lovelace")
            account = sfmock.client(user=ada).create("Account", {"Name": "Acme"})
            assert sfmock.org.get(account)["CreatedById"] == ada.id
            assert sfmock.client(user=ada.username, api_version="58.0").api_version == "58.0"
        """
    )

    pytester.runpytest().assert_outcomes(passed=1)


def test_the_bare_pack_has_no_user_until_the_test_makes_one(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.sfmock(org="bare")
        def test_it(sfmock):
            with pytest.raises(LookupError, match="org.user"):
                sfmock.access_token
            sfmock.org.user("Ada Admin")
            assert sfmock.client().limits()["DailyApiRequests"]["Remaining"] == 14_999
        """
    )

    pytester.runpytest().assert_outcomes(passed=1)


def test_the_handle_says_where_and_what_it_is(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        from pytest_sfmock import Org, Sfmock

        def test_it(sfmock):
            assert isinstance(sfmock, Sfmock)
            assert isinstance(sfmock.org, Org)
            assert sfmock.instance_url == f"https://{sfmock.org.my_domain}"
            assert sfmock.login_url == "https://login.salesforce.com"
            assert (sfmock.mode, sfmock.transport, sfmock.seed) == ("fake", "auto", 0)
            assert (sfmock.api_version, sfmock.ca_file) == ("60.0", None)
            assert sfmock.clock is sfmock.org.clock
            assert sfmock.limits is sfmock.org.limits
            assert sfmock.requests is sfmock.org.journal
            assert sfmock.faults is sfmock.org.faults
            assert sfmock.access_token == sfmock.access_token
            sfmock.org.sessions.expire()
            assert sfmock.org.sessions.get(sfmock.access_token) is not None
            assert repr(sfmock) == f"<Sfmock {sfmock.instance_url} over auto, 0 requests>"
        """
    )

    pytester.runpytest().assert_outcomes(passed=1)


def test_without_the_fixture_nothing_is_intercepted(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import socket
        from requests.adapters import HTTPAdapter

        before = HTTPAdapter.send, socket.getaddrinfo

        def test_with(sfmock): assert before != (HTTPAdapter.send, socket.getaddrinfo)
        def test_without(): assert before == (HTTPAdapter.send, socket.getaddrinfo)
        """
    )

    pytester.runpytest("-p", "no:randomly").assert_outcomes(passed=2)
