"""Where settings come from, in which order, and what a bad one says."""

import pytest

SHOW = """
    import pytest

    def test_show(sfmock_settings):
        print(f"org={sfmock_settings.org} version={sfmock_settings.api_version}"
              f" transport={sfmock_settings.transport} seed={sfmock_settings.seed}"
              f" mode={sfmock_settings.mode} allowed={sfmock_settings.allow_refused}")
"""
OVERRIDE = """
    import pytest

    @pytest.fixture
    def sfmock_org():
        return "bare"
"""


def test_defaults(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(SHOW)

    result = pytester.runpytest("-s")

    result.stdout.fnmatch_lines(
        ["*org=developer version=60.0 transport=auto seed=0 mode=fake allowed=()*"]
    )


def test_ini_keys_come_before_defaults(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(SHOW)
    pytester.makeini(
        """
        [pytest]
        sfmock_mode = fake
        sfmock_org = bare
        sfmock_api_version = 58.0
        sfmock_transport = http
        sfmock_seed = 7
        sfmock_allow_refused =
            search
            GET */tooling/*
        """
    )

    result = pytester.runpytest("-s")

    result.stdout.fnmatch_lines(
        [
            "*org=bare version=58.0 transport=http seed=7 mode=fake"
            " allowed=('search', 'GET [*]/tooling/[*]')*"
        ]
    )


def test_an_overridden_fixture_comes_before_the_ini_key(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(OVERRIDE)
    pytester.makepyfile(SHOW)
    pytester.makeini("[pytest]\nsfmock_org = developer")

    pytester.runpytest("-s").stdout.fnmatch_lines(["*org=bare *"])


def test_an_overriding_fixture_may_ask_for_what_it_overrides(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.fixture
        def sfmock_org(sfmock_org):
            return sfmock_org

        def test_it(sfmock_settings):
            assert sfmock_settings.org == "bare"
        """
    )
    pytester.makeini("[pytest]\nsfmock_org = bare")

    pytester.runpytest().assert_outcomes(passed=1)


def test_a_marker_comes_before_an_overridden_fixture(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(OVERRIDE)
    pytester.makepyfile(SHOW + "\n    pytestmark = pytest.mark.sfmock(org='developer')\n")

    pytester.runpytest("-s").stdout.fnmatch_lines(["*org=developer *"])


def test_the_command_line_comes_first(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        SHOW
        + "\n    pytestmark = pytest.mark.sfmock(org='developer', seed=1, api_version='55.0')\n"
    )

    result = pytester.runpytest(
        "-s", "--sfmock-org=bare", "--sfmock-seed=2", "--sfmock-api-version=59.0"
    )

    result.stdout.fnmatch_lines(["*org=bare version=59.0 * seed=2 *"])


def test_the_nearest_marker_wins_key_by_key(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        pytestmark = pytest.mark.sfmock(seed=1, api_version="50.0", transport="http")

        @pytest.mark.sfmock(api_version="51.0")
        class TestIt:
            @pytest.mark.sfmock(transport="intercept")
            def test_it(self, sfmock_settings):
                found = sfmock_settings
                assert (found.seed, found.api_version, found.transport) == (1, "51.0", "intercept")
        """
    )

    pytester.runpytest().assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("option", "allowed"),
    [
        ("--sfmock-mode=live", "*--sfmock-mode*invalid choice: 'live' (choose from *fake*)*"),
        ("--sfmock-transport=pigeon", "*invalid choice: 'pigeon' (choose from *auto*https*)*"),
        ("--sfmock-org=nowhere", "*--sfmock-org: 'nowhere' is not an org pack*bare, developer*"),
        ("--sfmock-api-version=12", "*--sfmock-api-version: '12' is not a live*31.0 to 67.0*"),
        ("--sfmock-seed=many", "*--sfmock-seed: 'many' is not a whole number*"),
    ],
)
def test_a_bad_option_is_a_usage_error(
    pytester: pytest.Pytester, option: str, allowed: str
) -> None:
    pytester.makepyfile("def test_plain(): pass")

    result = pytester.runpytest(option)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([allowed])
    assert "Traceback" not in result.stderr.str()


@pytest.mark.parametrize(
    ("line", "allowed"),
    [
        ("sfmock_transport = pigeon", "*ini key sfmock_transport: 'pigeon' is not one of auto, *"),
        ("sfmock_org = nowhere", "*ini key sfmock_org: 'nowhere' is not an org pack: *"),
        (
            "sfmock_allow_refused = nonsense",
            "*ini key sfmock_allow_refused: *unknown request pattern*",
        ),
    ],
)
def test_a_bad_ini_key_is_a_usage_error(pytester: pytest.Pytester, line: str, allowed: str) -> None:
    pytester.makepyfile("def test_plain(): pass")
    pytester.makeini(f"[pytest]\n{line}")

    result = pytester.runpytest()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([allowed])
    assert "Traceback" not in result.stderr.str()
