"""How much the section shows: by `-v` and `-vv`, by `--sfmock-show`, and of many requests."""

import pytest

FAILS = """
    import pytest

    def test_fails(sfmock_client):
        sfmock_client.create("Account", {"Name": "Acme"})
        list(sfmock_client.query("SELECT Id, Owner.Name FROM Account WHERE Name = 'Acme' ORDER BY Name LIMIT 0"))
        assert False
"""
TOKEN = "200 POST   /services/oauth2/token"
CREATE = "201 POST   /services/data/v60.0/sobjects/Account  1 API call"
QUERY = (
    "200 GET    /services/data/v60.0/query?q=SELECT Id, Owner.Name FROM Account WHERE Name = 'Acme'"
    " ORDER BY Name LIMIT 0  1 API call"
)
HEAD = "*- Salesforce requests -*"
OUTCOMES = """
    import pytest

    def test_fails(sfmock_client):
        sfmock_client.limits()
        assert False

    def test_passes(sfmock_client):
        sfmock_client.limits()

    @pytest.mark.xfail(strict=True)
    def test_is_expected_to_fail(sfmock_client):
        sfmock_client.limits()
        assert False

    def test_skips(sfmock_client):
        sfmock_client.limits()
        pytest.skip("here")

    def test_asks_nothing(sfmock): pass
    def test_without(): pass
"""


def section(result: pytest.RunResult) -> list[str]:
    """The lines of the only section."""
    lines = result.stdout.lines
    [start] = [place for place, line in enumerate(lines) if "- Salesforce requests -" in line]
    rest = lines[start + 1 :]
    return rest[: next(place for place, line in enumerate(rest) if line.startswith("===="))]


def titles(result: pytest.RunResult) -> list[str]:
    """The tests whose requests stand in our own part of the summary, and nowhere else."""
    lines = result.stdout.lines
    starts = [place for place, line in enumerate(lines) if "= Salesforce requests =" in line]
    if not starts:
        return []
    return [line.strip("_ ") for line in lines[starts[0] :] if line.startswith("____")]


def test_without_v_it_has_one_line_a_request(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(FAILS)

    assert section(pytester.runpytest()) == [
        "3 requests, 2 API calls, seed 0",
        TOKEN,
        CREATE,
        QUERY,
    ]


def test_v_adds_bodies(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(FAILS)

    result = pytester.runpytest("-v")

    result.stdout.fnmatch_lines(
        [
            HEAD,
            "3 requests, 2 API calls, seed 0",
            TOKEN,
            "      > grant_type=client_credentials&client_id=3MVG9*&client_secret=…",
            '      < {"access_token":"…","signature":"…",*"token_type":"Bearer",*}',
            CREATE,
            '      > {"Name": "Acme"}',
            '      < {"id":"001*","success":true,"errors":[[][]]}',
            QUERY,
            '      < {"totalSize":0,"done":true,"records":[[][]]}',
            "*= short test summary info =*",
        ],
        consecutive=True,
    )


def test_vv_adds_plan_sql_and_values_of_a_query_once(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(FAILS.replace("        assert", '        list(sfmock_client.query("SELECT Id, Owner.Name FROM Account WHERE Name = \'Acme\' ORDER BY Name LIMIT 0"))\n        assert'))  # fmt: skip

    lines = section(pytester.runpytest("-vv"))

    start = lines.index('      < {"totalSize":0,"done":true,"records":[]}')
    assert lines[start - 1] == QUERY
    sql = lines.pop(start + 6)
    assert sql.startswith(
        '      sql   SELECT t0."Id", t1."Id", t1."Name" FROM "Account" t0 LEFT JOIN "User" t1 ON '
    )
    assert lines[start + 1 :] == [
        "      plan  sobject: Account",
        "            joins: [Join(number=1, child=0, reference=OwnerId, sobject=User)]",
        "            where: Equals(column=t0.Name, value='Acme')",
        "            order: [Order(column=t0.Name)]",
        "            limit: 0",
        "      with  'ACME', 0, 0",
        QUERY,
        '      < {"totalSize":0,"done":true,"records":[]}',
    ]


def test_a_plan_is_that_of_the_calling_user(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_it(sfmock):
            rights = {"Account": {"read": True, "fields": {"Industry": {"read": False}}}}
            ada = sfmock.org.user("Ada Low", profile="Standard User", permissions=rights)
            client = sfmock.client(ada)
            list(client.query("SELECT Name FROM Account"))
            list(client.query("SELECT Industry FROM Account"))
        """
    )

    lines = section(pytester.runpytest("-vv"))

    assert [line for line in lines if line.startswith(("      plan", "4"))] == [
        "      plan  sobject: Account",
        "400 GET    /services/data/v60.0/query?q=SELECT Industry FROM Account  INVALID_FIELD · 1 API call",
    ]


def test_bodies_are_cut_in_their_middle(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_it(sfmock_client):
            sfmock_client.create("Account", {"Name": "Acme", "Description": "a" * 500 + "b" * 3_000})
            assert False
        """
    )

    short, long = section(pytester.runpytest("-v")), section(pytester.runpytest("-vv"))

    start = '      > {"Name": "Acme", "Description": "'
    assert short[5] == f'{start}{"a" * 233}…{"b" * 131}"}} (3535 bytes)'
    assert long[5] == f'{start}{"a" * 500}{"b" * 800}…{"b" * 664}"}} (3535 bytes)'


def test_many_equal_lines_are_told_once_and_of_many_the_first_and_last(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        """
        def test_it(sfmock_client):
            for _ in range(5):
                sfmock_client.limits()
            sfmock_client.describe("Account")
            for _ in range(6):
                sfmock_client.limits()
            for name in range(70):
                list(sfmock_client.query(f"SELECT Id FROM Account WHERE Name = 'n{name}'"))
            assert False
        """
    )

    lines = section(pytester.runpytest("--sfmock-n-plus-one=0"))

    limits = "200 GET    /services/data/v60.0/limits  1 API call"
    query = "200 GET    /services/data/v60.0/query?q=SELECT Id FROM Account WHERE Name = 'n{}'  1 API call"
    assert lines[:2] == ["83 requests, 82 API calls, seed 0", TOKEN]
    assert lines[2:7] == [limits] * 5
    assert lines[7] == "200 GET    /services/data/v60.0/sobjects/Account/describe  1 API call"
    assert lines[8:10] == [limits, "… 5 more like it"]
    assert lines[10:21] == [query.format(each) for each in range(11)]
    assert lines[21] == "… 19 lines left out (-vv shows all)"
    assert lines[22:] == [query.format(each) for each in range(30, 70)]
    assert len(section(pytester.runpytest("-vv", "--sfmock-n-plus-one=0"))) > 83 * 2


def test_what_the_journal_no_longer_keeps_is_told(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_it(sfmock_client, monkeypatch):
            monkeypatch.setattr("sfmock.org.journal.KEPT", 3)
            for _ in range(4):
                sfmock_client.limits()
            assert False
        """
    )

    limits = "200 GET    /services/data/v60.0/limits  1 API call"
    assert section(pytester.runpytest()) == [
        "5 requests, 4 API calls, seed 0",
        "… 2 earlier requests are no longer kept",
        *[limits] * 3,
    ]


def test_a_reply_that_was_lost_has_no_status(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_it(sfmock, sfmock_client):
            sfmock.faults.add("connection_reset", on="limits")
            sfmock_client.limits()
            assert False
        """
    )

    assert section(pytester.runpytest())[2:] == [
        "--- GET    /services/data/v60.0/limits  fault connection_reset",
        "200 GET    /services/data/v60.0/limits  1 API call",
    ]


def test_a_long_query_keeps_its_begin_and_end(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_it(sfmock_client):
            fields = ", ".join(["Id"] + ["Name", "Industry", "Phone", "Website", "Fax", "Site", "Sic", "Description"])
            list(sfmock_client.query(f"SELECT {fields}, BillingCity, BillingCountry FROM Account WHERE Name = 'the end'"))
            assert False
        """
    )

    line = section(pytester.runpytest())[-1]

    assert len(line) == 160
    assert line.startswith("200 GET    …/query?q=SELECT Id, Name, Industry, Phone, Website, ")
    assert line.endswith("Country FROM Account WHERE Name = 'the end'  1 API call")


@pytest.mark.parametrize(
    ("options", "inline", "summary"),
    [
        ([], 1, []),
        (["-rA"], 1, []),
        (["--sfmock-show=none"], 0, []),
        (["--sfmock-show=all"], 1, ["test_passes", "test_is_expected_to_fail", "test_skips"]),
        (["--sfmock-show=all", "-rP"], 2, ["test_is_expected_to_fail", "test_skips"]),
        (["--show-capture=no"], 0, ["test_fails"]),
        (["--tb=no"], 0, []),
        (["--sfmock-show=all", "--tb=no"], 0, []),
        (["--sfmock-show=all", "-n2"], 1, ["test_is_expected_to_fail", "test_passes", "test_skips"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)  # fmt: skip
def test_whose_requests_are_shown_is_a_setting(
    pytester: pytest.Pytester, options: list[str], inline: int, summary: list[str]
) -> None:
    pytester.makepyfile(OUTCOMES)

    result = pytester.runpytest("-p", "no:randomly", *options)

    result.assert_outcomes(passed=3, failed=1, skipped=1, xfailed=1)
    assert result.stdout.str().count("- Salesforce requests -") == inline
    found = titles(result)
    assert (sorted(found) if "-n2" in options else found) == summary
    shown = result.stdout.str().count("2 requests, 1 API call, seed 0")
    assert shown == inline + len(summary)


def test_the_ini_file_says_it_too(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nsfmock_show = none")
    pytester.makepyfile(OUTCOMES)

    pytester.runpytest().stdout.no_fnmatch_line("*Salesforce requests*")
    pytester.runpytest("--sfmock-show=failed").stdout.fnmatch_lines([HEAD])


def test_requests_of_a_set_up_that_failed_are_shown(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.fixture(scope="class")
        def big(sfmock_class):
            sfmock_class.client().limits()
            raise ValueError("broken set-up")

        class TestIt:
            def test_it(self, big): pass

        @pytest.fixture
        def small(sfmock):
            sfmock.client().limits()
            raise ValueError("broken set-up")

        def test_small(small): pass
        """
    )

    result = pytester.runpytest("-p", "no:randomly")

    result.assert_outcomes(errors=2)
    limits = "200 GET    /services/data/v60.0/limits  1 API call"
    lines = [HEAD, "2 requests, 1 API call, seed 0", TOKEN, limits]
    result.stdout.fnmatch_lines([*lines, *lines])


def test_members_of_a_composite_request_are_indented() -> None:
    from datetime import UTC, datetime

    from sfmock.org.journal import Exchange
    from sfmock.org.lines import lines
    from sfmock.wire import Headers

    none = Headers()
    root = "/services/data/v60.0"
    at = datetime(2026, 1, 31, tzinfo=UTC)
    whole = Exchange("POST", f"{root}/composite", "x", none, b"", 200, none, b"", at, 0.0, api_calls=1)  # fmt: skip
    member = Exchange("GET", f"{root}/limits", "x", none, b"", 200, none, b"", at, 0.0, parent=whole)  # fmt: skip

    assert list(lines([whole, member])) == [
        f"200 POST   {root}/composite  1 API call",
        f"  200 GET    {root}/limits",
    ]
