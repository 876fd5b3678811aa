"""The examples of the documentation run as they stand there."""

import re
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(
    not (ROOT / "docs").is_dir(), reason="the documentation is not here"
)


def _blocks(page: str) -> list[str]:
    return re.findall(
        r"^```python\n(.*?)^```", (ROOT / page).read_text("utf-8"), re.DOTALL | re.MULTILINE
    )


def _tests(page: str) -> str:
    blocks = [block for block in _blocks(page) if "def test_" in block]
    return "import pytest\n\n" + "\n\n".join(blocks)


@pytest.mark.parametrize(
    ("page", "tests"),
    [
        ("README.md", 1),
        ("docs/reference/handle.md", 1),
        ("docs/how-to/read-a-failure.md", 3),
        ("docs/tutorial/first-tests.md", 5),
        ("docs/how-to/alert-before-the-cap.md", 4),
        ("docs/how-to/expire-tokens.md", 1),
        ("docs/how-to/test-retries.md", 4),
        ("docs/how-to/jwt-in-tests.md", 5),
        ("docs/how-to/call-salesforce-well.md", 17),
        ("docs/how-to/use-with-httpx.md", 3),
        ("docs/how-to/use-with-hypothesis.md", 2),
        ("docs/how-to/use-with-unittest.md", 4),
        ("docs/how-to/web-server-flow.md", 1),
        ("docs/how-to/use-a-client-built-once.md", 2),
    ],
)
def test_the_tests_on_a_page_pass(pytester: pytest.Pytester, page: str, tests: int) -> None:
    pytester.makepyfile(_tests(page))

    pytester.runpytest("-p", "no:randomly", "-W", "error").assert_outcomes(passed=tests)


@pytest.mark.parametrize(
    ("page", "tests"),
    [("docs/how-to/async-tests.md", 4), ("docs/how-to/client-built-at-import.md", 3)],
)
def test_the_tests_of_a_page_pass_in_a_process_of_their_own(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, page: str, tests: int
) -> None:
    monkeypatch.delenv("PYTEST_ADDOPTS")
    pytester.makepyfile(_tests(page))

    result = pytester.runpytest_subprocess(
        "-p", "no:randomly", "-W", "error", "-o", "asyncio_default_fixture_loop_scope=function"
    )

    result.assert_outcomes(passed=tests)


def test_the_tests_of_the_own_schema_pass(pytester: pytest.Pytester) -> None:
    page = "docs/how-to/use-your-own-schema.md"
    shutil.copytree(ROOT / "tests" / "sources" / "sfdx", pytester.path / "my-project")
    pytester.makepyfile("import pytest\n\n" + "\n\n".join(_blocks(page)))

    pytester.runpytest("-p", "no:randomly").assert_outcomes(passed=2)


def test_the_script_without_pytest_runs(capsys: pytest.CaptureFixture[str]) -> None:
    script, *_ = _blocks("docs/how-to/without-pytest.md")

    exec(compile(script, "without-pytest.md", "exec"), {})

    assert capsys.readouterr().out == "{'Max': 15000, 'Remaining': 14999}\n"


def test_the_org_without_pytest_outlives_its_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    *_, script = _blocks("docs/how-to/without-pytest.md")
    monkeypatch.chdir(tmp_path)

    exec(f"from sfmock import Org, intercept\n{script}", {})

    assert [each.name for each in tmp_path.iterdir()] == ["sales.org"]


def test_the_unittest_case_of_the_documentation_runs(pytester: pytest.Pytester) -> None:
    _, case, *_ = _blocks("docs/how-to/without-pytest.md")
    pytester.makepyfile(
        "import unittest\nfrom sfmock import Org, intercept\n\n"
        + case
        + "\n    def test_it(self):\n        self.assertEqual(self.sf.org.count('Account'), 0)\n"
    )

    pytester.runpytest().assert_outcomes(passed=1)


def test_the_unittest_cases_run_without_pytest(pytester: pytest.Pytester) -> None:
    own, shared, _ = _blocks("docs/how-to/use-with-unittest.md")
    pytester.makepyfile(test_cases=f"{own}\n\n{shared}")

    done = pytester.run(sys.executable, "-W", "error", "-m", "unittest", "test_cases")

    done.stderr.fnmatch_lines(["Ran 3 tests in *", "OK"])
