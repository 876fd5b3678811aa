"""The command `sfmock`, and the suite that it writes."""

import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Self

import pytest

from sfmock.__main__ import main

FILES = [
    "README.md",
    "conftest.py",
    "test_outage.py",
    "test_query.py",
    "test_records.py",
    "test_simple_salesforce.py",
]


def _files(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir() if each.is_file())


def test_demo_writes_the_suite_and_runs_it(tmp_path: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-m", "sfmock", "demo", str(tmp_path / "demo")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert found.returncode == 0, found.stdout
    assert _files(tmp_path / "demo") == FILES
    first, *_, last = found.stdout.strip().splitlines()
    assert first == f"Wrote a test suite to {tmp_path / 'demo'}; running it:"
    assert last.startswith("Start with README.md, then test_query.py.")
    assert "test_a_token_that_expires_between_two_pages_loses_no_record PASSED" in found.stdout
    assert found.stderr == ""


def test_the_suite_passes_over_plain_http_where_its_client_can(pytester: pytest.Pytester) -> None:
    assert main(["init", str(pytester.path)]) == 0
    (pytester.path / "test_simple_salesforce.py").unlink()

    result = pytester.runpytest("--sfmock-transport=http", "--import-mode=importlib")

    assert result.ret == 0


def test_demo_answers_with_the_exit_code_of_pytest(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "-k nothing_of_this_name")

    assert main(["demo", str(tmp_path)]) == pytest.ExitCode.NO_TESTS_COLLECTED
    assert "deselected" in capfd.readouterr().out


def test_demo_without_a_folder_takes_a_temporary_one(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("PYTEST_ADDOPTS", "--collect-only -q")

    assert main(["demo"]) == 0
    [folder] = tmp_path.glob("sfmock-demo-*")
    assert _files(folder) == FILES
    assert str(folder) in capfd.readouterr().out


def test_init_writes_the_suite_and_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "unrelated.py").touch()

    assert main(["init", str(tmp_path)]) == 0
    assert _files(tmp_path) == sorted([*FILES, "unrelated.py"])
    assert "Put your own client into conftest.py" in capsys.readouterr().out


def test_init_overwrites_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "conftest.py").write_text("mine")

    with pytest.raises(SystemExit) as caught:
        main(["init", str(tmp_path)])

    assert caught.value.code == 2
    assert f"{tmp_path} already has conftest.py: nothing was written" in capsys.readouterr().err
    assert _files(tmp_path) == ["conftest.py"]
    assert (tmp_path / "conftest.py").read_text() == "mine"


def test_init_into_a_file_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(SystemExit) as caught:
        main(["init", str(tmp_path / "file")])

    assert caught.value.code == 2
    assert "file is not a folder" in capsys.readouterr().err


def test_routes_prints_names_methods_and_paths(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["routes"]) == 0

    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert rows[0] == ["name", "methods", "path"]
    assert ["create", "POST", "/services/data/<version>/sobjects/<sobject>"] in rows
    assert ["limits", "GET", "/services/data/<version>/limits"] in rows
    assert "tooling" not in [row[0] for row in rows]


def test_faults_prints_kinds_with_options_and_scenarios(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["faults"]) == 0

    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert rows[0] == ["kind", "group", "options", "what", "happens"]
    assert ["slow", "service", "seconds=5.0,", "moves_clock=False"] in [row[:4] for row in rows]
    assert {"bad_afternoon", "release_weekend", "token_storm"} < {row[0] for row in rows if row}


def test_faults_prints_all_about_one_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["faults", "edge_420"]) == 0

    assert capsys.readouterr().out == (
        "edge_420\n\n"
        "option:      `form='empty'`, 'empty' or 'page': no body, or the page of a new org\n"
        "on the wire: everywhere: 420 without a body\n"
        "on the wire: without a body; `form='page'`: with a page\n"
        "state:       nothing is written\n"
        "reaction:    repeat twice, then report that the org is gone\n"
        "source:      error-catalogue.md 9, fault 19\n"
    )


def test_a_fault_that_is_none_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["faults", "earthquake"])

    assert caught.value.code == 2
    assert "unknown fault 'earthquake': use one of any_error, " in capsys.readouterr().err


def test_errors_prints_rows_that_fit_a_screen(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["errors"]) == 0

    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split() == ["code", "status", "message", "certainty"]
    assert max(map(len, rows)) < 220
    assert any("…" in row for row in rows)
    assert "  503     Server too busy  " in next(row for row in rows if "SERVER_UNAVAILABLE" in row)


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "sfmock", "errors"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as command:
        assert command.stdout is not None
        assert command.stderr is not None
        command.stdout.close()
        assert command.stderr.read() == b""
    assert command.returncode == 0


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--version"])

    assert caught.value.code == 0
    assert capsys.readouterr().out == f"sfmock {version('pytest-sfmock')}\n"


@pytest.mark.parametrize(
    "arguments",
    [[], ["nonsense"], ["--nonsense"], ["init"], ["routes", "extra"], ["demo", "a", "b"]],
)
def test_a_wrong_command_line_is_a_usage_error(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)

    assert caught.value.code == 2
    assert capsys.readouterr().err.startswith("usage: sfmock")


def test_ctrl_c_leaves_the_last_word_to_pytest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Interrupted:
        waits: Iterator[KeyboardInterrupt | int] = iter([KeyboardInterrupt(), 2])

        def __init__(self, *_: object, **__: object) -> None:
            """Start nothing."""

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            """Nothing to close."""

        def wait(self) -> int:
            found = next(self.waits)
            if isinstance(found, KeyboardInterrupt):
                raise found
            return found

    monkeypatch.setattr(subprocess, "Popen", Interrupted)
    assert main(["demo", str(tmp_path / "suite")]) == 2
    assert "The tests are yours to read" in capsys.readouterr().out
