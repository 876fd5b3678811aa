"""Fakes for a class or a module: set up once, and no test leaves a trace."""

import pytest

SET_UP = """
    import pytest, requests

    @pytest.fixture(scope="class")
    def big(sfmock_class):
        sfmock_class.org.create("Account", 20)
        sfmock_class.client().create("Account", {"Name": "Acme"})
        with open("set_up.txt", "a") as file:
            print("once", file=file)
        return sfmock_class

    def ask_for_tooling(sfmock):
        return requests.get(
            f"{sfmock.instance_url}/services/data/v60.0/tooling?q=x",
            headers={"Authorization": f"Bearer {sfmock.access_token}"},
        )
"""


def _lines(pytester: pytest.Pytester, name: str) -> list[str]:
    return (pytester.path / name).read_text().splitlines()


def test_a_class_is_set_up_once_and_its_tests_leave_no_trace(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        SET_UP
        + """
    class TestBig:
        @pytest.fixture
        def more(self, big):
            big.org.create("Contact")
            yield
            big.org.create("Lead")  # the test is over only after its fixtures

        @pytest.mark.parametrize("turn", range(3))
        def test_it(self, big, more, turn):
            org = big.org
            assert (org.count("Account"), org.count("Contact"), org.count("Lead")) == (21, 1, 0)
            assert (len(big.requests), len(big.faults)) == (0, 0)
            assert big.limits["DailyApiRequests"].used == 1
            assert [each.used for each in big.limits.history] == [1]
            before = big.clock.now
            big.clock.advance(hours=3)
            big.faults.add("server_unavailable", on="limits")
            big.client().limits()
            big.client().create("Account", {"Name": "Globex"})
            org.schema.add_field("Account", "Turn__c", "string")
            org.sessions.revoke()
            chance, account = org.random.random(), org.create("Account").id
            assert (len(big.requests), big.limits["DailyApiRequests"].used) == (5, 3)
            with open("seen.txt", "a") as file:
                print(chance, account, before.date(), file=file)

    class TestNext:
        def test_it(self, big):
            assert big.org.count("Account") == 21
            assert big.org.count("Contact") == 0
    """
    )

    pytester.runpytest("-p", "no:randomly").assert_outcomes(passed=4)

    assert _lines(pytester, "set_up.txt") == ["once", "once"]
    assert len(set(_lines(pytester, "seen.txt"))) == 1


def test_a_module_shares_its_fake_over_classes_and_functions(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.fixture(scope="module", autouse=True)
        def acme(sfmock_module):
            return sfmock_module.org.create("Account", Name="Acme")

        class TestOne:
            def test_it(self, sfmock_module, acme):
                sfmock_module.org.delete(acme.id)
                assert sfmock_module.org.count("Account") == 0

            def test_beside_a_fake_of_its_own(self, sfmock, sfmock_client, sfmock_module, acme):
                sfmock_client.create("Account", {"Name": "Globex"})
                sfmock_module.client().delete("Account", acme.id)
                assert (sfmock.org.count("Account"), sfmock_module.org.count("Account")) == (1, 0)
                assert len(sfmock.requests) == len(sfmock_module.requests) == 2

        def test_function(sfmock_module, acme):
            assert sfmock_module.org.get(acme.id) == acme

        def test_that_does_not_ask(acme, request):
            request.getfixturevalue("sfmock_module").org.delete(acme.id)

        def test_last(sfmock_module, acme):
            assert sfmock_module.org.get(acme.id) == acme
        """
    )

    pytester.runpytest("-p", "no:randomly").assert_outcomes(passed=5)


def test_markers_of_the_class_make_it_and_those_of_a_test_are_for_the_test(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.sfmock(seed=7, limits={"DailyApiRequests": 50}, now="2026-01-31T12:00:00+00:00")
        @pytest.mark.sfmock_records({"Account": {"@ref": "acme", "Name": "Acme"}})
        @pytest.mark.sfmock_fault("server_unavailable", on="limits")
        class TestIt:
            @pytest.mark.sfmock(limits={"DailyApiRequests": {"used": 48}}, api_version="58.0", token_lifetime=60)
            @pytest.mark.sfmock_records({"Contact": {"LastName": "Ray", "AccountId": "@acme"}})
            @pytest.mark.sfmock_fault("session_expired", on="limits")
            def test_own(self, sfmock_class):
                (contact,) = sfmock_class.org.query("SELECT Account.Name FROM Contact")
                assert contact["Account"]["Name"] == "Acme"
                assert sfmock_class.limits["DailyApiRequests"].remaining == 2
                assert sfmock_class.api_version == sfmock_class.client().api_version == "58.0"
                assert sfmock_class.org.sessions.lifetime == 60
                sfmock_class.client().limits()
                codes = [each.status for each in sfmock_class.requests.matching("limits")]
                assert codes == [503, 401, 200]

            def test_next(self, sfmock_class):
                assert (sfmock_class.org.count("Account"), sfmock_class.org.count("Contact")) == (1, 0)
                assert sfmock_class.limits["DailyApiRequests"].remaining == 50
                assert (sfmock_class.api_version, sfmock_class.seed) == ("60.0", 7)
                assert sfmock_class.org.sessions.lifetime == 7200
                assert f"{sfmock_class.clock.now:%F}" == "2026-01-31"
                sfmock_class.client().limits()

            @pytest.mark.sfmock(user="ada@example.com")
            def test_user(self, sfmock_class):
                ada = sfmock_class.org.user("Ada", Username="ada@example.com")
                assert sfmock_class.credentials.username == "ada@example.com"
                assert sfmock_class.user == ada
                sfmock_class.client().limits()

            def test_last(self, sfmock_class):
                assert sfmock_class.user.name == "Ada Admin"
                sfmock_class.client().limits()
        """
    )

    pytester.runpytest().assert_outcomes(passed=4)


def test_faults_and_refusals_are_told_for_each_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        SET_UP
        + """
    @pytest.fixture(scope="class")
    def planned(sfmock_class):
        sfmock_class.faults.add("server_unavailable", on="query")
        return sfmock_class

    class TestFaults:
        def test_unmet(self, planned): pass
        def test_met(self, planned): list(planned.client().query("SELECT Id FROM Account"))
        def test_unmet_again(self, planned): pass
        def test_that_does_not_ask(self): pass

    class TestRefusals:
        def test_refused(self, sfmock_class): ask_for_tooling(sfmock_class)
        def test_none(self, sfmock_class): pass
        @pytest.mark.sfmock(allow_refused=["tooling"])
        def test_allowed(self, sfmock_class): ask_for_tooling(sfmock_class)
        def test_refused_again(self, sfmock_class):
            with sfmock_class.fresh():
                ask_for_tooling(sfmock_class)
    """
    )

    result = pytester.runpytest("-p", "no:randomly", "-rA")

    result.assert_outcomes(passed=4, failed=4)
    result.stdout.fnmatch_lines(
        [
            "PASSED *::TestFaults::test_met",
            "PASSED *::TestFaults::test_that_does_not_ask",
            "PASSED *::TestRefusals::test_none",
            "PASSED *::TestRefusals::test_allowed",
            "FAILED *::TestFaults::test_unmet",
            "FAILED *::TestFaults::test_unmet_again",
            "FAILED *::TestRefusals::test_refused",
            "FAILED *::TestRefusals::test_refused_again",
        ]
    )


def test_what_goes_wrong_in_the_set_up_fails_the_first_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        SET_UP
        + """
    import urllib.request

    @pytest.fixture(scope="class")
    def careless(sfmock_class):
        ask_for_tooling(sfmock_class)
        try:
            urllib.request.urlopen("https://login.salesforce.com/services/data")
        except Exception:
            pass
        yield sfmock_class

    class TestIt:
        def test_first(self, careless): assert len(careless.requests) == 0
        def test_second(self, careless): pass
    """
    )

    result = pytester.runpytest("-p", "no:randomly", "--sfmock-transport=intercept")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        ["*TestIt.test_first*", "pytest-sfmock blocked *", "the fake refused GET *"]
    )


def test_what_goes_wrong_at_the_end_of_a_class_is_an_error_there(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        SET_UP
        + """
    @pytest.fixture(scope="class")
    def careless(sfmock_class):
        yield sfmock_class
        ask_for_tooling(sfmock_class)

    class TestIt:
        def test_it(self, careless): pass

    class TestNext:
        def test_it(self, sfmock_class): pass
    """
    )

    result = pytester.runpytest("-p", "no:randomly")

    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*ERROR at teardown of TestIt.test_it*", "the fake refused GET *"])


def test_reset_and_fresh_go_back_to_the_start_of_the_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        SET_UP
        + """
    class TestIt:
        @pytest.mark.sfmock_records({"Contact": {"LastName": "Ray"}})
        @pytest.mark.parametrize("turn", [1, 2])
        def test_it(self, big, turn):
            mine = big.org.snapshot()
            for _ in range(3):
                with big.fresh():
                    assert (big.org.count("Account"), big.org.count("Contact")) == (21, 1)
                    big.client().create("Account", {"Name": "Globex"})
                    assert big.org.count("Account") == 22
                    assert len(big.requests) == 2
                assert len(big.requests) == 0
                assert [each.used for each in big.limits.history] == [1]
            with pytest.raises(ValueError, match="gone"):
                big.org.restore(mine)

        def test_older_snapshots_are_out_of_reach(self, big, old):
            big.org.create("Account")
            with pytest.raises(ValueError, match="older than the running test: take another"):
                big.org.restore(old)
            assert big.org.count("Account") == 22
            with pytest.raises(ValueError, match="older than the running test"):
                big.org.changes(since=old)

        @pytest.fixture(scope="class")
        def old(self, big):
            return big.org.snapshot()

        def test_last(self, big):
            assert big.org.count("Account") == 21
    """
    )

    pytester.runpytest("-p", "no:randomly").assert_outcomes(passed=4)


def test_a_setting_that_comes_too_late_is_a_usage_error(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        class TestIt:
            @pytest.mark.sfmock(org="bare")
            def test_both(self, sfmock, sfmock_class): pass

            @pytest.mark.sfmock(transport="http")
            def test_it(self, sfmock_class): pass
        """
    )

    result = pytester.runpytest()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["*test_it: marker sfmock(transport) comes too late for sfmock_class, *put it on the class"]
    )


def test_without_a_class_the_fixture_is_for_the_function(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.fixture(scope="class")
        def globex(sfmock_class):
            return sfmock_class.org.create("Account", Name="Globex")

        @pytest.mark.sfmock(seed=9, limits={"MassEmail": 3})
        @pytest.mark.sfmock_records({"Account": {"Name": "Acme"}})
        @pytest.mark.sfmock_fault("session_expired", on="limits")
        @pytest.mark.parametrize("turn", [1, 2])
        def test_it(sfmock_class, globex, turn):
            assert (sfmock_class.seed, sfmock_class.limits["MassEmail"].max) == (9, 3)
            assert sfmock_class.org.count("Account") == 2
            sfmock_class.org.delete(globex.id)
            sfmock_class.client().limits()
        """
    )

    pytester.runpytest().assert_outcomes(passed=2)


def test_unittest_classes_and_xunit_methods_use_them(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import unittest, pytest

        @pytest.fixture(scope="class")
        def on_class(request, sfmock_class):
            request.cls.sf = sfmock_class
            sfmock_class.org.create("Account")

        @pytest.mark.usefixtures("on_class")
        class Case(unittest.TestCase):
            def setUp(self): self.sf.org.create("Account")
            def tearDown(self): self.sf.org.create("Account")
            def test_one(self): self.assertEqual(self.sf.org.count("Account"), 2)
            def test_two(self): self.assertEqual(self.sf.org.count("Account"), 2)

        @pytest.mark.usefixtures("on_class")
        class TestMethods:
            def setup_method(self): self.sf.org.create("Account")
            def test_one(self): assert self.sf.org.count("Account") == 2
            def test_two(self): assert self.sf.org.count("Account") == 2
        """
    )

    pytester.runpytest().assert_outcomes(passed=4)


def test_a_prepared_org_and_a_file_serve_classes_and_tests(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        from pytest_sfmock import Org

        @pytest.fixture(scope="session")
        def sfmock_org(tmp_path_factory):
            path = tmp_path_factory.mktemp("orgs") / "mine.org"
            with Org.new() as org:
                org.create("Account", 3)
                org.save(path)
            return path

        class TestFile:
            @pytest.mark.parametrize("turn", [1, 2])
            def test_it(self, sfmock_class, sfmock, make_sfmock, turn):
                fakes = sfmock_class, sfmock, make_sfmock()
                assert len({each.instance_url for each in fakes}) == 3
                for each in fakes:
                    assert each.org.count("Account") == 3
                    each.client().create("Account", {"Name": "Acme"})
                    assert each.org.count("Account") == 4

        PREPARED = Org.new(seed=5)
        PREPARED.create("Account")

        @pytest.mark.sfmock(org=PREPARED)
        class TestPrepared:
            @pytest.mark.parametrize("turn", [1, 2])
            def test_class(self, sfmock_class, turn):
                sfmock_class.org.create("Account")
                assert sfmock_class.org.count("Account") == 2

        @pytest.mark.sfmock(org=PREPARED)
        def test_after(sfmock):
            assert sfmock.org.count("Account") == 1
            assert len(PREPARED.db._snapshots) == 2  # the pool's and the start of this test

        def test_durable(make_sfmock, sfmock_org):
            with Org.open(sfmock_org, durable=True) as owner:
                with pytest.raises(pytest.UsageError, match="owns its file and would keep what they write"):
                    make_sfmock(org=owner)
            (broken := sfmock_org.with_name("broken.org")).write_text("nothing")
            with pytest.raises(pytest.UsageError, match="is not an org file: .* is no org file"):
                make_sfmock(org=broken)
        """
    )

    pytester.runpytest("-p", "no:randomly").assert_outcomes(passed=6)


def test_workers_each_have_their_own(pytester: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    pytester.makepyfile(
        SET_UP
        + """
    class TestIt:
        @pytest.mark.parametrize("turn", range(6))
        def test_it(self, big, turn):
            big.client().create("Account", {"Name": "Globex"})
            assert big.org.count("Account") == 22

        def test_unmet(self, big):
            big.faults.add("slow", on="query")
    """
    )

    result = pytester.runpytest_subprocess("-n", "2")

    result.assert_outcomes(passed=6, failed=1)
    assert 1 <= len(_lines(pytester, "set_up.txt")) <= 2
