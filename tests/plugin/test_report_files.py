"""What a run leaves for others: HAR files of failed tests, and numbers of each test for JUnit and its like."""

import json
import re
import xml.etree.ElementTree as ElementTree

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from har_schema import HAR

TESTS = """
    import pytest

    @pytest.mark.parametrize("name", ["a/b", "a b"])
    def test_fails(sfmock, sfmock_client, name):
        sfmock.faults.add("server_unavailable", on="limits")
        sfmock_client.limits()
        assert False

    def test_passes(sfmock_client):
        sfmock_client.limits()

    def test_asks_nothing(sfmock):
        assert False
"""


def har_files(pytester: pytest.Pytester, folder: str = "har") -> list[str]:
    """Their names, each checked against the schema."""
    validator = Draft202012Validator(HAR, format_checker=FormatChecker())
    found = sorted((pytester.path / folder).glob("*"))
    for each in found:
        validator.validate(json.loads(each.read_text("utf-8")))
    return [each.name for each in found]


@pytest.mark.parametrize("workers", [[], ["-n2"]], ids=["alone", "xdist"])
def test_each_failed_test_leaves_a_har_file(pytester: pytest.Pytester, workers: list[str]) -> None:
    path = pytester.makepyfile(TESTS)

    result = pytester.runpytest("--sfmock-har=har", *workers)

    result.assert_outcomes(passed=1, failed=3)
    names = har_files(pytester)
    assert [re.sub("-[0-9a-f]{8}[.]har$", "", name) for name in names] == [
        f"{path.name}-test_fails-a-b-",
        f"{path.name}-test_fails-a-b-",
    ]
    assert len(set(names)) == 2
    result.stdout.fnmatch_lines_random([f"HAR file: {pytester.path}/har/{name}" for name in names])
    log = json.loads((pytester.path / "har" / names[0]).read_text())["log"]
    assert [each["response"]["status"] for each in log["entries"]] == [200, 503, 200]
    assert log["pages"][0]["title"].startswith(f"{path.name}::test_fails[a")


def test_a_har_folder_of_the_ini_file_stands_below_the_root(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nsfmock_har = build/har")
    pytester.mkdir("inner").joinpath("test_inner.py").write_text(
        "def test_it(sfmock_client):\n    sfmock_client.limits()\n    assert False\n"
    )
    pytester.chdir()

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(pytester.path / "inner")
        pytester.runpytest().assert_outcomes(failed=1)
        pytester.runpytest("--sfmock-har=typed").assert_outcomes(failed=1)

    assert len(har_files(pytester, "build/har")) == 1
    assert len(har_files(pytester, "inner/typed")) == 1


def test_a_har_file_is_written_where_no_section_is_shown(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(TESTS)

    pytester.runpytest("--sfmock-har=har", "--sfmock-show=none").assert_outcomes(passed=1, failed=3)

    assert len(har_files(pytester)) == 2


def test_a_har_file_that_cannot_be_written_is_told(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(TESTS)
    (pytester.path / "file").write_text("")

    result = pytester.runpytest("--sfmock-har=file/har")

    result.assert_outcomes(passed=1, failed=3)
    result.stdout.fnmatch_lines(["no HAR file: [[]Errno 20[]] Not a directory: '*file/har'"])


def test_a_har_file_holds_all_fakes_and_what_came_in_the_teardown(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.fixture
        def late(sfmock_client):
            yield
            sfmock_client.describe("Account")
            raise ValueError("late")

        def test_it(late, make_sfmock, sfmock_client):
            make_sfmock(seed=1).client().limits()
            sfmock_client.limits()
        """
    )

    pytester.runpytest("--sfmock-har=har").assert_outcomes(passed=1, errors=1)

    [name] = har_files(pytester)
    log = json.loads((pytester.path / "har" / name).read_text())["log"]
    assert [each["_shortcut"] for each in log["entries"]] == [
        *("token", "limits"),
        *("token", "limits", "describe Account"),
    ]
    assert [each["id"] for each in log["pages"]] == ["page_1", "page_2"]


def properties(pytester: pytest.Pytester, *options: str) -> dict[str, dict[str, str]]:
    """The properties of each test case in the JUnit file."""
    pytester.runpytest("--junitxml=junit.xml", "-p", "no:randomly", *options)
    cases = ElementTree.parse(pytester.path / "junit.xml").iter("testcase")
    return {
        case.attrib["name"]: {
            each.attrib["name"]: each.attrib["value"] for each in case.iter("property")
        }
        for case in cases
    }


def numbers(seed: str, *values: int) -> dict[str, str]:
    names = ("requests", "api_calls", "errors", "faults", "refused", "crashes")
    counted = {f"sfmock_{name}": str(value) for name, value in zip(names, values, strict=True)}
    return {"sfmock_seed": seed, **counted}


@pytest.mark.parametrize("workers", [[], ["-n2"]], ids=["alone", "xdist"])
def test_each_test_with_a_fake_has_numbers(pytester: pytest.Pytester, workers: list[str]) -> None:
    pytester.makepyfile(
        """
        import pytest, requests

        def test_it(sfmock, sfmock_client, request):
            request.node.user_properties.append(("mine", 1))
            sfmock.faults.add("server_unavailable", on="limits", times=2)
            sfmock_client.limits()

        def test_several(sfmock, make_sfmock):
            make_sfmock(seed=7).client().limits()
            sfmock.client().limits()

        def test_rounds(sfmock, sfmock_client):
            for _ in range(3):
                with sfmock.fresh():
                    sfmock_client.limits()

        @pytest.mark.sfmock(allow_refused=["tooling"])
        def test_refused(sfmock):
            requests.get(f"{sfmock.instance_url}/services/data/v60.0/tooling?q=x",
                         headers={"Authorization": f"Bearer {sfmock.access_token}"})

        def test_crash(sfmock, monkeypatch):
            monkeypatch.setattr("sfmock.org.limits.Limits.body", lambda *_: 1 / 0)
            requests.get(f"{sfmock.instance_url}/services/data/v60.0/limits",
                         headers={"Authorization": f"Bearer {sfmock.access_token}"})

        class TestClass:
            def test_one(self, sfmock_class): sfmock_class.client().limits()
            def test_two(self, sfmock_class): pass

        def test_set_up(broken): pass

        @pytest.fixture
        def broken(sfmock_client):
            sfmock_client.limits()
            raise ValueError("broken")

        @pytest.fixture
        def late(sfmock_client):
            yield
            sfmock_client.limits()

        def test_late(late): pass
        def test_none(): pass
        """
    )

    assert properties(pytester, *workers) == {
        "test_it": {"mine": "1", **numbers("0", 4, 1, 2, 2, 0, 0)},
        "test_several": numbers("0 7", 4, 2, 0, 0, 0, 0),
        "test_rounds": numbers("0", 8, 3, 2, 0, 0, 0),
        "test_refused": numbers("0", 1, 1, 1, 0, 1, 0),
        "test_crash": numbers("0", 1, 0, 1, 0, 0, 1),
        "test_one": numbers("0", 2, 1, 0, 0, 0, 0),
        "test_two": numbers("0", 0, 0, 0, 0, 0, 0),
        "test_set_up": numbers("0", 2, 1, 0, 0, 0, 0),
        "test_late": numbers("0", 2, 1, 0, 0, 0, 0),
        "test_none": {},
    }


def test_a_test_that_ran_again_has_the_numbers_of_its_last_run(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        runs = []

        def test_it(sfmock, sfmock_client):
            runs.append(1)
            for _ in runs:
                sfmock_client.limits()
            assert len(runs) == 2
        """
    )

    assert properties(pytester, "--reruns=1")["test_it"] == numbers("0", 3, 2, 0, 0, 0, 0)
