"""Two workers: the same verdicts and sections, and no clash."""

import pytest

pytest.importorskip("xdist")


def test_workers_do_not_meet_and_reports_come_home(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("turn", range(4))
        @pytest.mark.parametrize("transport", ["intercept", "http"])
        def test_it(make_sfmock, transport, turn):
            fake = make_sfmock(transport=transport)
            fake.client().create("Account", {"Name": "Acme"})
            assert fake.org.count("Account") == 1

        def test_unmet(sfmock, sfmock_client):
            sfmock.faults.add("slow", on="query")
            sfmock_client.limits()
        """
    )

    result = pytester.runpytest_subprocess("-n", "2", "-p", "no:randomly")

    result.assert_outcomes(passed=8, failed=1)
    result.stdout.fnmatch_lines(
        [
            "the planned fault 'slow' *",
            "*Salesforce requests*",
            "200 GET    /services/data/v60.0/limits*",
        ]
    )


def test_a_wrong_marker_fails_the_test_with_the_usage_error(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.sfmock(colour="red")
        def test_wrong(sfmock): pass
        def test_right(sfmock): pass
        """
    )

    result = pytester.runpytest_subprocess("-n", "2")

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*::test_wrong: marker sfmock has no key 'colour'; allowed are *"])
    result.stdout.no_fnmatch_line("*INTERNALERROR*")


def test_a_bad_option_is_a_usage_error_of_the_controller(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_plain(): pass")

    result = pytester.runpytest_subprocess("-n", "2", "--sfmock-org=nowhere")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--sfmock-org: 'nowhere' is not an org pack*"])
