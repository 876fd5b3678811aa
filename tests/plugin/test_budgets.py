"""What calls may cost: a budget fails a test, calls that differ in one literal only where they shall."""

import pytest

LOOP = """
    import pytest

    def loop(client, times):
        for name in range(times):
            list(client.query(f"SELECT Id FROM Account WHERE Name = 'n{name}'"))
"""
SPENT = [
    "the test made 4 API calls, its budget is 3 (api_budget):",
    "      4  query  SELECT Id FROM Account WHERE Name = …",
]
REPEATED = (
    "N+1: {} queries differ in one literal: SELECT Id FROM Account WHERE Name = …:"
    " consider one query with IN (…)"
)


def test_a_spent_budget_fails_the_test_and_names_what_ate_it(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        LOOP
        + """
    @pytest.mark.sfmock(api_budget=3)
    @pytest.mark.parametrize("times", [3, 4])
    def test_it(sfmock_client, times):
        loop(sfmock_client, times)
    """
    )

    result = pytester.runpytest("-p", "no:randomly")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*_ test_it[[]4[]] _*",
            *SPENT,
            "*- Salesforce requests -*",
            "5 requests, 4 API calls, seed 0",
        ],
        consecutive=True,
    )


def test_the_ini_file_sets_a_budget_and_a_marker_another(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nsfmock_api_budget = 3")
    pytester.makepyfile(
        LOOP
        + """
    def test_ini(sfmock_client): loop(sfmock_client, 4)

    @pytest.mark.sfmock(api_budget=4)
    def test_marker(sfmock_client): loop(sfmock_client, 4)

    @pytest.mark.sfmock(api_budget=0)
    def test_nothing(sfmock_client): pass

    @pytest.mark.sfmock(api_budget=0)
    def test_one(sfmock_client): sfmock_client.limits()
    """
    )

    result = pytester.runpytest("-p", "no:randomly", "-rA")

    result.assert_outcomes(passed=2, failed=2)
    result.stdout.fnmatch_lines(
        [*SPENT, "the test made 1 API calls, its budget is 0 (api_budget):"]
    )
    result.stdout.fnmatch_lines(["PASSED *::test_marker", "PASSED *::test_nothing"])


def test_a_budget_is_for_what_the_journal_counts_in_each_round(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        LOOP
        + """
    pytestmark = pytest.mark.sfmock(api_budget=3)

    def test_set_up_is_cleared_away(sfmock, sfmock_client):
        loop(sfmock_client, 9)
        sfmock.requests.clear()
        loop(sfmock_client, 3)

    def test_each_round_has_its_own(sfmock, sfmock_client):
        for _ in range(3):
            with sfmock.fresh():
                loop(sfmock_client, 3)

    def test_one_round_is_too_dear(sfmock, sfmock_client):
        for times in (1, 4, 2):
            with sfmock.fresh():
                loop(sfmock_client, times)

    @pytest.fixture(scope="class")
    def big(sfmock_class): loop(sfmock_class.client(), 9)

    @pytest.mark.usefixtures("big")
    class TestClass:
        def test_cheap(self, sfmock_class): loop(sfmock_class.client(), 3)
        def test_dear(self, sfmock_class): loop(sfmock_class.client(), 4)
        @pytest.mark.sfmock(api_budget=4)
        def test_allowed(self, sfmock_class): loop(sfmock_class.client(), 4)

    def test_each_fake_has_its_own(make_sfmock, sfmock_client):
        loop(make_sfmock().client(), 3)
        loop(make_sfmock(api_budget=5).client(), 5)
        loop(sfmock_client, 3)
    """
    )

    result = pytester.runpytest("-p", "no:randomly", "-rA")

    result.assert_outcomes(passed=5, failed=2)
    result.stdout.fnmatch_lines(
        ["*_ test_one_round_is_too_dear _*", *SPENT, "*_ TestClass.test_dear _*", *SPENT]
    )


def test_a_budget_does_not_hide_a_failure_of_the_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        LOOP
        + """
    @pytest.mark.sfmock(api_budget=3)
    def test_it(sfmock_client):
        loop(sfmock_client, 4)
        assert 1 == 2
    """
    )

    result = pytester.runpytest()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E *assert 1 == 2", "*Salesforce requests*", f"also: {SPENT[0]}"])


@pytest.mark.parametrize(
    ("ini", "option", "marker", "told"),
    [
        ("", "", "", [10, 11]),
        ("", "--sfmock-n-plus-one=3", "", [3, 10, 11]),
        ("", "--sfmock-n-plus-one=0", "n_plus_one=1", []),
        ("sfmock_n_plus_one = 11", "", "", [11]),
        ("sfmock_n_plus_one = 11", "", "n_plus_one=3", [3, 10, 11]),
    ],
)  # fmt: skip
def test_calls_that_differ_in_one_literal_are_told_and_fail_nothing(
    pytester: pytest.Pytester, ini: str, option: str, marker: str, told: list[int]
) -> None:
    pytester.makeini(f"[pytest]\n{ini}")
    pytester.makepyfile(
        LOOP
        + f"""
    @pytest.mark.sfmock({marker})
    @pytest.mark.parametrize("times", [2, 3, 10, 11])
    def test_it(sfmock_client, times):
        loop(sfmock_client, times)
    """
    )

    result = pytester.runpytest(
        "--sfmock-show=all", "-p", "no:randomly", *([option] if option else [])
    )

    result.assert_outcomes(passed=4)
    lines = [line for line in result.stdout.lines if line.startswith("N+1")]
    assert lines == [REPEATED.format(each) for each in told]


def test_calls_that_differ_in_one_literal_fail_the_test_where_they_shall(
    pytester: pytest.Pytester,
) -> None:
    pytester.makeini("[pytest]\nsfmock_fail_n_plus_one = true")
    pytester.makepyfile(
        LOOP
        + """
    def test_ini(sfmock_client): loop(sfmock_client, 10)
    def test_few(sfmock_client): loop(sfmock_client, 9)

    @pytest.mark.sfmock(fail_n_plus_one=False)
    def test_marker(sfmock_client): loop(sfmock_client, 10)
    """
    )

    result = pytester.runpytest("-p", "no:randomly")

    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        ["*_ test_ini _*", f"{REPEATED.format(10)} (fail_n_plus_one)", REPEATED.format(10)]
    )


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--sfmock-show=some"], "*--sfmock-show: invalid choice: 'some' (choose from *failed*all*none*)*"),
        (["-o", "sfmock_show=some"], "*ini key sfmock_show: 'some' is not one of failed, all, none"),
        (["-o", "sfmock_api_budget=-1"], "*ini key sfmock_api_budget: '-1' is not a whole number, 0 or more"),
        (["--sfmock-n-plus-one=x"], "*--sfmock-n-plus-one: 'x' is not a whole number, 0 or more"),
        (["-o", "sfmock_fail_n_plus_one=maybe"], "*ini key sfmock_fail_n_plus_one: 'maybe' is not true or false"),
        (["--sfmock-har=test_it.py"], "*--sfmock-har: 'test_it.py' is not a folder, or the path of one to be made"),
    ],
)  # fmt: skip
def test_a_bad_value_is_a_usage_error(
    pytester: pytest.Pytester, options: list[str], told: str
) -> None:
    pytester.makepyfile(test_it="def test_plain(): pass")

    result = pytester.runpytest(*options)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([told])


@pytest.mark.parametrize("marker", ["api_budget='3x'", "api_budget=True", "n_plus_one=-1", "show='all'", "har='x'"])  # fmt: skip
def test_a_bad_marker_is_a_usage_error(pytester: pytest.Pytester, marker: str) -> None:
    pytester.makepyfile(
        f"import pytest\n@pytest.mark.sfmock({marker})\ndef test_it(sfmock): pass\n"
    )

    assert pytester.runpytest().ret == pytest.ExitCode.USAGE_ERROR


def test_intercept_takes_a_budget_without_pytest() -> None:
    from sfmock import Org, intercept
    from sfmock.control.problems import ProblemsFound
    from sfmock_reference import AccessToken, Client

    with Org.new() as org:
        spending = intercept(org, api_budget=1)
        sf = spending.__enter__()
        client = Client(AccessToken(sf.access_token, sf.instance_url))
        client.limits()
        client.limits()
        client.close()

        with pytest.raises(
            ProblemsFound, match=r"made 2 API calls, its budget is 1 \(api_budget\)"
        ):
            spending.__exit__(None, None, None)
