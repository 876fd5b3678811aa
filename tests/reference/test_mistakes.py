"""The battery of `docs/how-to/test-your-client.md`: the reference client passes it, and each planted mistake fails one test."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "how-to" / "test-your-client.md"
MISTAKES = Path(__file__).with_name("mistakes")

pytestmark = pytest.mark.skipif(not PAGE.is_file(), reason="the documentation is not here")

OWN_CLIENT = """
import pytest
from {module} import {name}


@pytest.fixture
def alerts():
    return []


@pytest.fixture
def sfmock_client(sfmock, alerts):
    login = sfmock.credentials
    return {name}(
        sfmock.login_url,
        login.client_id,
        login.client_secret,
        login.refresh_token,
        sleep=lambda seconds: sfmock.clock.advance(seconds=seconds),
        alert=lambda used, allowed: alerts.append(used),
    )
"""

CAUGHT = {
    "no_refresh": (
        "test_an_expired_session_is_renewed",
        "small_client.SalesforceError: 401",
    ),
    "endless_refresh": (
        "test_a_session_that_stays_refused_is_renewed_once",
        "Failed: DID NOT RAISE *Exception*",
    ),
    "refresh_in_every_thread": ("test_threads_share_one_refresh", "assert 9 == 2"),
    "post_repeated_after_lost_reply": (
        "test_a_create_whose_reply_is_lost_is_not_repeated",
        "assert 2 == 1",
    ),
    "bad_request_repeated": ("test_a_bad_request_is_not_repeated", "assert 4 == 1"),
    "no_back_off": (
        "test_a_busy_service_is_given_time",
        "assert datetime.timedelta(0) > datetime.timedelta(0)",
    ),
    "first_page_only": ("test_all_pages_are_read", "assert 2000 == 2001"),
    "row_errors_ignored": (
        "test_a_row_that_is_not_saved_is_told",
        "Failed: DID NOT RAISE *Exception*",
    ),
    "html_taken_for_data": (
        "test_a_page_of_html_is_not_taken_for_data",
        "assert [] == ['Acme']",
    ),
    "rotated_token_dropped": (
        "test_a_refresh_token_is_used_once_where_tokens_rotate",
        'small_client.SalesforceError: no token: {"error":"invalid_grant",'
        '"error_description":"expired access/refresh token"}',
    ),
    "secret_in_url": ("test_no_secret_is_in_a_url", "assert not ['https://login.salesforce.com/*"),
    "limits_never_read": ("test_the_daily_limit_is_told_before_it_is_reached", "assert []"),
}


ALSO = {
    "no_refresh": {  # these meet an expired session, too
        "test_threads_share_one_refresh",
        "test_a_refresh_token_is_used_once_where_tokens_rotate",
    }
}


def blocks() -> tuple[str, str]:
    """The page's conftest and its tests."""
    conftest, tests = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.S | re.M)
    return conftest, tests


def run(pytester: pytest.Pytester, conftest: str) -> pytest.RunResult:
    pytester.makeconftest(conftest)
    pytester.makepyfile(test_client=blocks()[1])
    return pytester.runpytest("-p", "no:randomly", "-W", "error", "-p", "no:cacheprovider")


def test_the_reference_client_passes_the_battery_as_the_page_has_it(
    pytester: pytest.Pytester,
) -> None:
    run(pytester, blocks()[0]).assert_outcomes(passed=len(CAUGHT))


def test_a_small_client_without_mistakes_passes_the_battery(pytester: pytest.Pytester) -> None:
    own = OWN_CLIENT.format(module="small_client", name="SmallClient")
    run(pytester, own).assert_outcomes(passed=len(CAUGHT))


@pytest.mark.parametrize("mistake", CAUGHT)
def test_a_mistake_fails_the_test_that_is_for_it(pytester: pytest.Pytester, mistake: str) -> None:
    pytester.makepyfile(**{mistake: (MISTAKES / f"{mistake}.py").read_text("utf-8")})

    result = run(pytester, OWN_CLIENT.format(module=mistake, name="Client"))

    test, complaint = CAUGHT[mistake]
    failed = re.findall(r"^FAILED test_client.py::(\w+)", result.stdout.str(), re.M)
    assert set(failed) == {test} | ALSO.get(mistake, set())
    result.assert_outcomes(passed=len(CAUGHT) - len(failed), failed=len(failed))
    result.stdout.fnmatch_lines([f"*_ {test} _*", f"E  *{complaint.replace('[', '[[]')}*"])


def test_there_are_twelve_mistakes_and_each_is_caught() -> None:
    assert sorted(CAUGHT) == sorted(each.stem for each in MISTAKES.glob("*.py"))
    assert len(CAUGHT) == len({test for test, _ in CAUGHT.values()}) == 12
    tests = re.findall(r"^def (test_\w+)", blocks()[1], re.M)
    assert sorted(tests) == sorted(test for test, _ in CAUGHT.values())
