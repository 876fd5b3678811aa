"""What fails a test although its code saw nothing wrong, and how it is told."""

import pytest

REFUSED = """
    import pytest, requests

    def ask_for_tooling(sfmock):
        return requests.get(
            f"{sfmock.instance_url}/services/data/v60.0/tooling?q=x",
            headers={"Authorization": f"Bearer {sfmock.access_token}"},
        )
"""


def test_a_refused_request_fails_the_test_even_if_the_client_swallows_it(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        REFUSED
        + """
    def test_it(sfmock):
        reply = ask_for_tooling(sfmock)
        assert reply.status_code == 501
        assert reply.json()[0]["errorCode"] == "SFMOCK_NOT_IMPLEMENTED"
    """
    )

    result = pytester.runpytest()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "the fake refused GET /services/data/v60.0/tooling: it does not implement the resource /tooling"
            " (expected here? allow_refused=[[]'tooling'[]])",
            "*Salesforce requests*",
            "501 GET    /services/data/v60.0/tooling[?]q=x  SFMOCK_NOT_IMPLEMENTED *",
            "FAILED *::test_it*",
        ]
    )
    result.stdout.no_fnmatch_line("*raceback*")


@pytest.mark.parametrize("pattern", ["tooling", "GET */tooling?*", "*"])
def test_a_refusal_that_the_test_allows_is_none(pytester: pytest.Pytester, pattern: str) -> None:
    pytester.makepyfile(
        REFUSED
        + f"""
    @pytest.mark.sfmock(allow_refused=[{pattern!r}])
    def test_it(sfmock):
        ask_for_tooling(sfmock)
    """
    )

    pytester.runpytest().assert_outcomes(passed=1)


def test_only_the_refusal_that_is_allowed_is_none(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        REFUSED
        + """
    @pytest.mark.sfmock(allow_refused=["composite", "metadata"])
    def test_it(sfmock):
        ask_for_tooling(sfmock)
    """
    )

    pytester.runpytest().assert_outcomes(failed=1)


def test_the_ini_file_allows_refusals_for_all_tests(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nsfmock_allow_refused =\n    composite\n    tooling")
    pytester.makepyfile(REFUSED + "\n    def test_it(sfmock): ask_for_tooling(sfmock)")

    pytester.runpytest().assert_outcomes(passed=1)


def test_clearing_the_journal_hides_no_refusal(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        REFUSED
        + """
    def test_cleared(sfmock):
        ask_for_tooling(sfmock)
        sfmock.requests.clear()

    def test_reset(sfmock):
        ask_for_tooling(sfmock)
        sfmock.reset()
        assert len(sfmock.requests) == 0

    def test_fresh(sfmock):
        with sfmock.fresh():
            ask_for_tooling(sfmock)
    """
    )

    pytester.runpytest().assert_outcomes(failed=3)


def test_a_planned_fault_that_is_not_met_fails_the_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_it(sfmock):
            sfmock.faults.add("server_unavailable", on="query", times=2)
        """
    )

    result = pytester.runpytest()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "the planned fault 'server_unavailable' on 'query' should have fired 2 time(s) and fired 0: *"
        ]
    )


def test_optional_and_removed_faults_need_not_be_met(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_it(sfmock):
            sfmock.faults.add("server_unavailable", optional=True)
            sfmock.faults.add("slow", rate=0.5)
            sfmock.faults.add("session_expired")
            sfmock.faults.clear()
        """
    )

    result = pytester.runpytest()

    result.assert_outcomes(passed=1)


def test_a_fault_that_was_not_met_before_a_reset_fails_the_test(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        """
        import pytest

        def test_it(sfmock):
            sfmock.faults.add("server_unavailable", on="query")
            sfmock.reset()
            assert len(sfmock.faults) == 0

        @pytest.mark.sfmock_fault("server_unavailable", on="query")
        @pytest.mark.parametrize("rounds", [0, 1, 2])
        def test_marker(sfmock, sfmock_client, rounds):
            for _ in range(rounds):
                sfmock_client.limits()
                sfmock.reset()
        """
    )

    pytester.runpytest().assert_outcomes(failed=4)


def test_a_crash_of_the_fake_fails_the_test_and_tells_its_traceback(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        """
        from sfmock.org.limits import Limits
        from sfmock_reference import ApiError

        def crash(self, version):
            return 1 / 0

        def test_it(sfmock, sfmock_client, monkeypatch):
            monkeypatch.setattr(Limits, "body", crash)
            try:
                sfmock_client.limits()
            except ApiError as error:
                assert error.status == 500
        """
    )

    result = pytester.runpytest()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*_ test_it _*",
            "the fake crashed on GET /services/data/v60.0/limits: ZeroDivisionError: division by zero",
            "",
            "Traceback (most recent call last):",
            '  File "*app.py", line *, in exchange',
        ],
        consecutive=True,
    )
    result.stdout.fnmatch_lines(
        [
            '  File "*test_a_crash_*.py", line 5, in crash',
            "    return 1 / 0",
            "ZeroDivisionError: division by zero",
            "*- Salesforce requests -*",
            "5 requests, 0 API calls, seed 0",
            "200 POST   /services/oauth2/token",
            "500 GET    /services/data/v60.0/limits  UNKNOWN_EXCEPTION",
            "FAILED *::test_it*",
        ]
    )
    result.stdout.no_fnmatch_line("*Captured*")


def test_a_client_stopped_on_its_way_to_the_real_salesforce_fails_the_test(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        """
        import urllib.request

        def test_it(sfmock):
            try:
                urllib.request.urlopen("https://login.salesforce.com/services/data")
            except Exception:
                pass
        """
    )

    result = pytester.runpytest("--sfmock-transport=intercept")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "pytest-sfmock blocked *the real Salesforce host login.salesforce.com in *test_it*, line 5.*"
        ]
    )


def test_a_test_that_failed_by_itself_shows_the_problems_in_our_section_only(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        REFUSED
        + """
    def test_it(sfmock):
        sfmock.faults.add("slow", on="query")
        ask_for_tooling(sfmock)
        assert 1 == 2
    """
    )

    result = pytester.runpytest()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*assert 1 == 2",
            "*Salesforce requests*",
            "501 GET *",
            "also: the fake refused GET *",
            "also: the planned fault 'slow' *",
        ]
    )


def test_a_skipped_test_stays_skipped_and_an_expected_failure_expected(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        """
        import pytest

        def test_skipped(sfmock):
            sfmock.faults.add("slow")
            pytest.skip("not today")

        @pytest.mark.xfail(strict=True)
        def test_expected(sfmock):
            sfmock.faults.add("slow")
        """
    )

    pytester.runpytest().assert_outcomes(skipped=1, xfailed=1)


def test_a_setup_that_fails_is_one_error_and_no_more(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.fixture
        def broken(sfmock):
            sfmock.faults.add("slow")
            raise ValueError("broken set-up")

        def test_it(broken): pass
        def test_next(sfmock): assert len(sfmock.faults) == 0
        """
    )

    result = pytester.runpytest("-p", "no:randomly")

    result.assert_outcomes(errors=1, passed=1)
    result.stdout.fnmatch_lines(["*ValueError: broken set-up"])


def test_a_refusal_while_another_fixture_is_torn_down_is_an_error_there(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        REFUSED
        + """
    @pytest.fixture
    def careless(sfmock):
        yield
        ask_for_tooling(sfmock)

    def test_it(careless): pass
    """
    )

    result = pytester.runpytest()

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        ["*ERROR at teardown*", "the fake refused GET *", "*Salesforce requests*", "501 GET *"]
    )


def test_problems_of_every_fake_of_a_test_are_told(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        REFUSED
        + """
    def test_it(sfmock, make_sfmock):
        other = make_sfmock()
        ask_for_tooling(other)
        sfmock.faults.add("slow")
    """
    )

    result = pytester.runpytest()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "the planned fault 'slow' *",
            "the fake refused *",
            "https://sfmock-*: 0 requests, 0 API calls, seed 0",
            "https://sfmock-*: 1 request, 1 API call, seed 0",
            "501 GET *",
        ]
    )
