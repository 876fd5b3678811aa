"""The verdict reaches the test however it is run: xfail, reruns, unittest, async tests, subtests, several fakes."""

import pytest

PROBLEMS = """
    import asyncio, unittest
    import pytest, requests

    def refused(sf):
        requests.get(f"{sf.instance_url}/services/data/v60.0/tooling?q=x",
                     headers={"Authorization": f"Bearer {sf.access_token}"})

    def unmet(sf):
        sf.faults.add("server_unavailable", on="query")

    def crashed(sf):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("sfmock.org.limits.Limits.body", lambda *_: 1 / 0)
            reply = requests.get(f"{sf.instance_url}/services/data/v60.0/limits",
                                 headers={"Authorization": f"Bearer {sf.access_token}"})
        assert reply.status_code == 500
"""
REFUSED = (
    "the fake refused GET /services/data/v60.0/tooling: it does not implement the resource /tooling"
)


@pytest.mark.parametrize("problem", ["refused", "unmet", "crashed"])
def test_xfail_sees_it(pytester: pytest.Pytester, problem: str) -> None:
    pytester.makepyfile(
        PROBLEMS
        + f"""
    @pytest.mark.xfail(strict=False)
    def test_loose(sfmock): {problem}(sfmock)

    @pytest.mark.xfail(strict=True)
    def test_strict(sfmock): {problem}(sfmock)

    @pytest.mark.xfail(strict=True, raises=pytest.fail.Exception)
    def test_raises(sfmock): {problem}(sfmock)

    @pytest.mark.xfail(strict=True, raises=KeyError)
    def test_raises_another(sfmock): {problem}(sfmock)

    @pytest.mark.xfail(strict=True)
    def test_without_a_problem(sfmock): pass

    @pytest.mark.xfail(strict=False)
    def test_loose_without_a_problem(sfmock): pass

    def test_imperative(sfmock):
        {problem}(sfmock)
        pytest.xfail("not yet")
    """
    )

    result = pytester.runpytest("-p", "no:randomly", "-rA")

    result.assert_outcomes(xfailed=4, failed=2, xpassed=1)
    result.stdout.fnmatch_lines(
        [
            "XPASS *::test_loose_without_a_problem*",
            "FAILED *::test_raises_another*",
            "FAILED *::test_without_a_problem*",
        ]
    )


def test_a_rerun_starts_anew_and_may_pass(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        PROBLEMS
        + """
    runs = {"function": 0, "class": 0}

    def test_function(sfmock):
        runs["function"] += 1
        assert (len(sfmock.requests), len(sfmock.faults)) == (0, 0)
        sfmock.org.create("Account")
        assert sfmock.org.count("Account") == 1
        if runs["function"] < 3:
            refused(sfmock)

    @pytest.fixture(scope="class")
    def big(sfmock_class):
        sfmock_class.org.create("Account", 3)
        return sfmock_class

    class TestClass:
        @pytest.mark.sfmock_fault("session_expired", on="limits", optional=True)
        def test_it(self, big):
            runs["class"] += 1
            assert len(big.requests) == 0
            big.client().limits()
            assert [each.status for each in big.requests.matching("limits")] == [401, 200]
            big.org.create("Account")
            assert big.org.count("Account") == 4
            if runs["class"] < 3:
                refused(big)

        def test_next(self, big):
            assert big.org.count("Account") == 3
            assert runs["class"] == 3
    """
    )

    result = pytester.runpytest("--reruns=2", "-p", "no:randomly", "--sfmock-show=all", "-rR")

    assert result.ret == 0
    result.stdout.fnmatch_lines(["*= 3 passed, 4 rerun in *"])
    lines = result.stdout.lines
    assert sum(line.startswith("501 GET") for line in lines) == 4
    assert sum(line.startswith("also: ") for line in lines) == 0


def test_a_rerun_that_fails_for_good_is_failed(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        PROBLEMS
        + """
    @pytest.mark.flaky(reruns=1)
    @pytest.mark.parametrize("problem", [refused, unmet, crashed])
    def test_it(sfmock, problem): problem(sfmock)

    @pytest.mark.flaky(reruns=1, only_rerun=["AssertionError"])
    def test_only(sfmock): refused(sfmock)
    """
    )

    result = pytester.runpytest("-p", "no:randomly")

    result.stdout.fnmatch_lines([f"{REFUSED} *", "*= 4 failed, 3 rerun in *"])


def test_unittest_classes_fail_and_keep_their_own_failures(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        PROBLEMS
        + """
    class Case(unittest.TestCase):
        @pytest.fixture(autouse=True)
        def reach(self, sfmock):
            self.sf = sfmock

        def test_a_refusal(self): refused(self.sf)

        def test_b_own_failure(self):
            refused(self.sf)
            self.assertEqual(1, 2)

        def test_c_own_error(self):
            refused(self.sf)
            raise ValueError("mine")

        def test_d_skip(self):
            refused(self.sf)
            self.skipTest("not today")

        @unittest.expectedFailure
        def test_e_expected(self):
            refused(self.sf)
            self.assertEqual(1, 2)

        @pytest.mark.xfail(strict=True)
        def test_f_xfail(self): refused(self.sf)

        def test_g_clean_up(self): self.addCleanup(refused, self.sf)

        def test_h_fine(self): self.sf.client().limits()
    """
    )

    result = pytester.runpytest("-p", "no:randomly")

    result.assert_outcomes(passed=1, failed=4, skipped=1, xfailed=2)
    result.stdout.fnmatch_lines(
        [
            "*_ Case.test_a_refusal _*",
            f"{REFUSED} *",
            "*_ Case.test_b_own_failure _*",
            "E *AssertionError: 1 != 2",
            "*- Salesforce requests -*",
            "501 GET *",
            f"also: {REFUSED} *",
            "*_ Case.test_c_own_error _*",
            "E *ValueError: mine",
            "*- Salesforce requests -*",
            f"also: {REFUSED} *",
            "*_ Case.test_g_clean_up _*",
            f"{REFUSED} *",
        ]
    )
    assert sum(line.startswith(REFUSED) for line in result.stdout.lines) == 2


def test_subtests_keep_their_own_failures(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        PROBLEMS
        + """
    class Case(unittest.TestCase):
        @pytest.fixture(autouse=True)
        def reach(self, sfmock):
            self.sf = sfmock

        def test_it(self):
            refused(self.sf)
            for number in (1, 2):
                with self.subTest(number=number):
                    self.assertEqual(number, 2)
    """
    )

    result = pytester.runpytest()

    assert result.ret == 1
    result.stdout.fnmatch_lines(["E *AssertionError: 1 != 2"])
    result.stdout.fnmatch_lines([f"*{REFUSED} *"])


@pytest.mark.parametrize(
    ("plugin", "marker"), [("asyncio", "pytest.mark.asyncio"), ("anyio", "pytest.mark.anyio")]
)
def test_async_tests_see_it(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, plugin: str, marker: str
) -> None:
    pytester.makepyfile(
        PROBLEMS
        + f"""
    @pytest.fixture
    def anyio_backend(): return "asyncio"

    @{marker}
    @pytest.mark.parametrize("problem", [refused, unmet, crashed])
    async def test_it(sfmock, problem):
        await asyncio.sleep(0)
        await asyncio.get_running_loop().run_in_executor(None, problem, sfmock)

    @{marker}
    @pytest.mark.xfail(strict=True)
    async def test_expected(sfmock): unmet(sfmock)

    @{marker}
    async def test_own_failure(sfmock):
        unmet(sfmock)
        assert 1 == 2

    @{marker}
    async def test_fine(sfmock):
        await asyncio.get_running_loop().run_in_executor(None, sfmock.client().limits)
    """
    )
    if plugin == "asyncio":  # the other runs of this suite go without it
        monkeypatch.setenv("PYTEST_ADDOPTS", "-o asyncio_default_fixture_loop_scope=function")

    result = pytester.runpytest_subprocess("-p", "no:randomly")

    result.assert_outcomes(passed=1, failed=4, xfailed=1)
    result.stdout.fnmatch_lines(
        [
            f"{REFUSED} *",
            "the planned fault 'server_unavailable' *",
            "the fake crashed on GET /services/data/v60.0/limits: ZeroDivisionError: division by zero",
            "E *assert 1 == 2",
            "also: the planned fault 'server_unavailable' *",
        ]
    )


def test_fakes_of_every_scope_in_one_test_are_told(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        PROBLEMS
        + """
    class TestIt:
        def test_it(self, sfmock, sfmock_class, sfmock_module, make_sfmock):
            refused(sfmock_class)
            unmet(sfmock_module)
            crashed(sfmock)
            refused(make_sfmock())

        def test_next(self, sfmock_class, sfmock_module):
            assert len(sfmock_class.requests) == len(sfmock_module.faults) == 0
    """
    )

    result = pytester.runpytest("-p", "no:randomly")

    result.assert_outcomes(passed=1, failed=1)
    lines = result.stdout.lines
    assert sum(line.startswith(REFUSED) for line in lines) == 1  # each text is said once
    assert sum(line.startswith("the planned fault") for line in lines) == 1
    assert sum(line.startswith("the fake crashed on GET") for line in lines) == 1
    assert sum(line.startswith("https://sfmock-") for line in lines) == 4
    assert sum(line.startswith("501 GET") for line in lines) == 2
