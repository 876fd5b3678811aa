"""What markers do, and what is a usage error."""

import pytest


def _usage_error(pytester: pytest.Pytester, source: str) -> str:
    pytester.makepyfile(source)
    result = pytester.runpytest()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "INTERNALERROR" not in result.stdout.str()
    return result.stderr.str()


@pytest.mark.parametrize(
    ("marker", "text"),
    [
        (
            "sfmock(colour='red')",
            "marker sfmock has no key 'colour'; allowed are org, api_version, ",
        ),
        ("sfmock('bare')", "marker sfmock takes keywords only: org, api_version, "),
        ("sfmock(org='nowhere')", "marker sfmock(org): 'nowhere' is not an org pack"),
        ("sfmock(api_version='99.0')", "'99.0' is not a live API version, 31.0 to 67.0"),
        (
            "sfmock(transport='pigeon')",
            "'pigeon' is not one of auto, intercept, redirect, http, https",
        ),
        ("sfmock(mode='fake')", "marker sfmock has no key 'mode'"),
        ("sfmock(now='yesterday')", "'yesterday' is not an aware datetime"),
        ("sfmock(token_lifetime=0)", "0 is not a timedelta, or seconds above 0"),
        ("sfmock(limits={'Sandwiches': 1})", "there is no limit 'Sandwiches', only "),
        ("sfmock(limits={'DailyApiRequests': 'many'})", "maximum or {"),
        ("sfmock(allow_refused='search')", "'search' is not a list of request patterns"),
        ("sfmock(allow_refused=['nonsense'])", "unknown request pattern 'nonsense'"),
        ("sfmock_records([])", "marker sfmock_records takes {sobject: "),
        ("sfmock_records({'Account': ['Acme']})", "not 'Acme'"),
        ("sfmock_records({'Contact': [{'AccountId': '@x'}]})", 'no row has "@ref": x'),
        (
            "sfmock_records({'Account': [{'@ref': 'a'}, {'@ref': 'a'}]})",
            'several rows have "@ref": a',
        ),
        (
            "sfmock_records({'Account': [{'@ref': 'a', 'ParentId': '@a'}]})",
            "rows point to each other in a circle: @a",
        ),
        ("sfmock_fault('earthquake')", "unknown fault 'earthquake': use one of any_error, "),
        ("sfmock_fault('slow', minutes=1)", "unknown option 'minutes' of the fault 'slow'"),
        ("sfmock_fault('slow', on='nonsense')", "unknown request pattern 'nonsense'"),
        ("sfmock_fault('slow', seconds='5')", "seconds= is a number, not '5'"),
        ("sfmock_fault('token_storm', rate=1)", "the scenario 'token_storm' takes no options"),
        ("sfmock_fault()", "takes the kind of a fault or the name of a scenario"),
    ],
)
def test_a_wrong_marker_is_a_usage_error(pytester: pytest.Pytester, marker: str, text: str) -> None:
    source = f"import pytest\n@pytest.mark.{marker}\ndef test_it(sfmock): pass"

    found = _usage_error(pytester, source)

    assert text in found
    assert "::test_it: " in found


def test_a_marker_on_a_test_without_our_fixtures_is_a_usage_error(
    pytester: pytest.Pytester,
) -> None:
    found = _usage_error(
        pytester, "import pytest\n@pytest.mark.sfmock(seed=1)\ndef test_it(tmp_path): pass"
    )

    assert "marker sfmock stands on a test that uses no fixture of pytest-sfmock" in found
    assert (
        "make_sfmock, sfmock, sfmock_class, sfmock_client, sfmock_module, sfmock_settings" in found
    )


def test_a_marker_of_a_module_may_cover_tests_without_our_fixtures(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        """
        import pytest
        pytestmark = pytest.mark.sfmock(seed=3)

        def test_plain(): pass
        def test_seeded(sfmock): assert sfmock.seed == 3
        """
    )

    pytester.runpytest("-p", "no:randomly").assert_outcomes(passed=2)


def test_records_add_up_outermost_first_and_point_to_each_other(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        """
        import pytest
        pytestmark = pytest.mark.sfmock_records({"Account": [{"@ref": "acme", "Name": "Acme"}]})

        @pytest.mark.sfmock_records({
            "Contact": [{"LastName": "Lovelace", "AccountId": "@globex"},
                        {"LastName": "Hopper", "AccountId": "@acme", "Title": "@@home"}],
            "Account": [{"@ref": "globex", "Name": "Globex", "ParentId": "@acme"}],
        })
        def test_it(sfmock):
            rows = sfmock.org.query(
                "SELECT LastName, Title, Account.Name, Account.Parent.Name FROM Contact ORDER BY LastName")
            assert [(row["LastName"], row["Title"], row["Account"]["Name"]) for row in rows] == [
                ("Hopper", "@home", "Acme"), ("Lovelace", None, "Globex")]
            assert rows[1]["Account"]["Parent"]["Name"] == "Acme"
            assert len(sfmock.requests) == 0
        """
    )

    pytester.runpytest().assert_outcomes(passed=1)


def test_a_record_that_the_org_refuses_is_named(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.sfmock_records({"Contact": [{"FirstName": "Ada"}]})
        def test_it(sfmock): pass
        """
    )

    result = pytester.runpytest()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        [
            "*sfmock_records: Contact row {'FirstName': 'Ada'}: REQUIRED_FIELD_MISSING: *[[]LastName]*"
        ]
    )


def test_faults_of_markers_are_planned(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.sfmock_fault("server_unavailable", on="limits", times=2)
        @pytest.mark.sfmock_fault("session_expired", on="limits")
        def test_it(sfmock, sfmock_client):
            sfmock_client.limits()
            codes = [each.error_code for each in sfmock.requests.errors]
            assert codes == ["SERVER_UNAVAILABLE", "SERVER_UNAVAILABLE", "INVALID_SESSION_ID"]
        """
    )

    pytester.runpytest().assert_outcomes(passed=1)


def test_a_marker_plans_a_scenario_too(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        import requests

        @pytest.mark.sfmock_fault("release_weekend")
        def test_it(sfmock):
            sfmock.clock.advance(minutes=5)
            assert requests.get(f"{sfmock.instance_url}/services/data").status_code == 503
            assert sfmock.requests.last.fault == "maintenance"
        """
    )

    pytester.runpytest().assert_outcomes(passed=1)


def test_settings_of_the_marker_reach_the_org(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        from datetime import UTC, datetime, timedelta
        import pytest

        @pytest.mark.sfmock(
            now="2030-01-31T12:00:00+01:00", token_lifetime=timedelta(minutes=10), seed=5,
            limits={"DailyApiRequests": {"max": 100, "remaining": 3}, "DataStorageMB": 7},
            api_version=61,
        )
        def test_it(sfmock):
            start = datetime(2030, 1, 31, 11, tzinfo=UTC)
            assert start <= sfmock.clock.now < start + timedelta(seconds=30)
            assert sfmock.limits["DailyApiRequests"].max == 100
            assert sfmock.limits["DailyApiRequests"].remaining == 3
            assert sfmock.limits["DataStorageMB"].max == 7
            assert (sfmock.api_version, sfmock.seed) == ("61.0", 5)
            token = sfmock.access_token
            sfmock.clock.advance(minutes=11)
            assert sfmock.org.sessions.get(token) is None
            assert sfmock.access_token != token

        def test_the_next_test_has_none_of_it(sfmock):
            assert sfmock.clock.now.year < 2030
            assert sfmock.limits["DailyApiRequests"].max == 15_000
            assert sfmock.org.sessions.lifetime == 7200
        """
    )

    pytester.runpytest().assert_outcomes(passed=2)


def test_the_user_of_the_marker_is_the_default_user(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        from sfmock import Org

        org = Org.new()
        ada = org.user("Ada Lovelace")

        @pytest.fixture
        def sfmock_org():
            return org

        @pytest.mark.sfmock(user=ada.username)
        def test_it(sfmock, sfmock_client):
            assert sfmock.user == ada
            account = sfmock_client.create("Account", {"Name": "Acme"})
            assert sfmock.org.get(account)["CreatedById"] == ada.id
            assert sfmock.credentials.username == ada.username

        def test_a_prepared_org_is_put_back(sfmock):
            assert sfmock.org.count("Account") == 0
            assert sfmock.user != ada
        """
    )

    pytester.runpytest("-p", "no:randomly").assert_outcomes(passed=2)
