"""The examples of the documentation run as they stand there."""

import re
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


@pytest.mark.parametrize(
    ("page", "tests"),
    [
        ("README.md", 1),
        ("docs/tutorial/first-tests.md", 5),
        ("docs/how-to/expire-tokens.md", 1),
        ("docs/how-to/test-retries.md", 1),
    ],
)
def test_the_tests_on_a_page_pass(pytester: pytest.Pytester, page: str, tests: int) -> None:
    blocks = [block for block in _blocks(page) if "def test_" in block]
    pytester.makepyfile("import pytest\n\n" + "\n\n".join(blocks))

    pytester.runpytest("-p", "no:randomly").assert_outcomes(passed=tests)


def test_the_script_without_pytest_runs(capsys: pytest.CaptureFixture[str]) -> None:
    script, _ = _blocks("docs/how-to/without-pytest.md")

    exec(compile(script, "without-pytest.md", "exec"), {})

    assert capsys.readouterr().out == "{'Max': 15000, 'Remaining': 14999}\n"


def test_the_unittest_case_of_the_documentation_runs(pytester: pytest.Pytester) -> None:
    _, case = _blocks("docs/how-to/without-pytest.md")
    pytester.makepyfile(
        "import unittest\nfrom sfmock import Org, intercept\n\n"
        + case
        + "\n    def test_it(self):\n        self.assertEqual(self.sf.org.count('Account'), 0)\n"
    )

    pytester.runpytest().assert_outcomes(passed=1)
