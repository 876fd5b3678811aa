"""Loading the plugin costs nothing and promises exactly what it lists."""

import subprocess
import sys

import pytest

import pytest_sfmock
import sfmock

_LOADED = """
import sys, pytest
before = set(sys.modules)
import pytest_sfmock.plugin
new = {name.partition(".")[0] for name in set(sys.modules) - before}
print(sorted(new - sys.stdlib_module_names))
print("sfmock_reference" in sys.modules, "requests" in sys.modules)
"""


def test_loading_the_plugin_imports_only_the_standard_library_and_pytest() -> None:
    found = subprocess.run(
        [sys.executable, "-c", _LOADED], capture_output=True, text=True, check=True
    )

    assert found.stdout.splitlines() == ["['pytest_sfmock']", "False False"]


def test_a_run_that_asks_for_nothing_of_ours_loads_no_engine(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_plain():
            ours = [name for name in sys.modules if name.startswith("sfmock.")]
            assert ours == []
            assert "werkzeug" not in sys.modules
        """
    )

    pytester.runpytest_subprocess().assert_outcomes(passed=1)


@pytest.mark.parametrize("package", [pytest_sfmock, sfmock])
def test_a_package_has_exactly_what_its_all_lists(package: object) -> None:
    expected = [
        "Exchange",
        "Fault",
        "Org",
        "Record",
        "SalesforceError",
        "Sfmock",
        "bridge",
        "intercept",
        "serve",
    ]

    if package is pytest_sfmock:
        expected.insert(expected.index("bridge"), "SfmockServer")

    assert vars(package)["__all__"] == expected
    assert [getattr(package, name).__name__ for name in expected] == expected
    assert set(expected) <= set(dir(package))


@pytest.mark.parametrize("package", [pytest_sfmock, sfmock])
def test_an_unknown_name_is_an_attribute_error(package: object) -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        _ = package.nonsense  # type: ignore[attr-defined]  # that is the point


def test_no_fixture_is_autouse_and_each_has_a_docstring(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest("--fixtures", "-p", "sfmock")

    result.stdout.fnmatch_lines(
        [
            "*fixtures defined from pytest_sfmock.fixtures*",
            "sfmock_org*",
            "sfmock *",
            "sfmock_client *",
        ]
    )
    result.stdout.no_fnmatch_line("*sfmock*no docstring available*")


def test_markers_are_declared(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest("--markers")

    result.stdout.fnmatch_lines(
        [
            "@pytest.mark.sfmock(org=, api_version=, *",
            "@pytest.mark.sfmock_records({sobject: [[]fields, ...[]]}):*",
            "@pytest.mark.sfmock_fault(kind, *",
        ]
    )


def test_help_names_the_ini_key_and_the_default_of_each_option(pytester: pytest.Pytester) -> None:
    text = " ".join(pytester.runpytest("--help").stdout.str().split())

    for name, default in (
        ("mode", "fake"),
        ("org", "developer"),
        ("api_version", "60.0"),
        ("transport", "auto"),
        ("seed", "0"),
    ):
        assert f"--sfmock-{name.replace('_', '-')}" in text
        assert f"ini: sfmock_{name}; default: {default}" in text
