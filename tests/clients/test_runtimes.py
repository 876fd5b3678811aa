"""The environments of real clients: installed once, anew where they are half done, and never silently missing."""

from __future__ import annotations

import configparser
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import runtimes


@pytest.fixture
def pinned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SFMOCK_CLIENTS_CACHE", str(tmp_path / "cache"))
    file = tmp_path / "requirements.txt"
    file.write_text("some-client==1.0\n")
    return file


def test_an_environment_is_made_once_for_all_who_ask_at_once(pinned: Path) -> None:
    installed: list[Path] = []
    together = threading.Barrier(4)

    def ask(_: int) -> Path:
        together.wait(timeout=10)
        return runtimes.environment("some", [pinned], installed.append, "3.11")

    with ThreadPoolExecutor(4) as pool:
        asked = set(pool.map(ask, range(4)))
    assert [*asked] == installed


def test_another_version_or_another_interpreter_is_another_environment(pinned: Path) -> None:
    first = runtimes.environment("some", [pinned], lambda _: None, "3.11")
    other = runtimes.environment("some", [pinned], lambda _: None, "3.12")
    pinned.write_text("some-client==1.1\n")
    newer = runtimes.environment("some", [pinned], lambda _: None, "3.11")
    assert len({first, other, newer}) == 3
    assert {each.parent for each in (first, other, newer)} == {runtimes.cache()}


def test_a_half_filled_environment_begins_anew(pinned: Path) -> None:
    def fail(target: Path) -> None:
        (target / "half").touch()
        runtimes.run("sh", "-c", "echo no such version; exit 3")

    with pytest.raises(runtimes.InstallationFailed, match=r"ended with 3:\nno such version"):
        runtimes.environment("some", [pinned], fail)
    target = runtimes.environment("some", [pinned], lambda folder: (folder / "whole").touch())
    assert sorted(each.name for each in target.iterdir()) == [".installed", "whole"]


@pytest.mark.parametrize("told", [("CI", "true"), ("SFMOCK_CLIENTS", "required")])
@pytest.mark.parametrize("name", sorted(runtimes.ALWAYS))
def test_four_clients_are_never_skipped_in_ci(
    name: str, told: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(*told)
    with pytest.raises(pytest.fail.Exception, match="may be missing neither in CI nor under tox"):
        runtimes.absent(name)
    with pytest.raises(pytest.skip.Exception, match="go is not on this machine"):
        runtimes.absent("go")


def test_elsewhere_a_client_that_is_missing_skips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("SFMOCK_CLIENTS", raising=False)
    for name in runtimes.ALWAYS:
        with pytest.raises(pytest.skip.Exception):
            runtimes.absent(name)
    with pytest.raises(pytest.skip.Exception, match="no-such-program"):
        runtimes.program("no-such-program")
    with pytest.raises(pytest.skip.Exception, match="no-such-module"):
        runtimes.module("no-such-module")


def test_tox_may_miss_none_of_the_four_and_runs_the_others_in_an_environment_of_their_own() -> None:
    tox = configparser.ConfigParser(interpolation=None)
    tox.read(Path(__file__).parents[2] / "tox.ini")
    assert tox["testenv"]["set_env"] == "SFMOCK_CLIENTS = required"
    assert "clients" in re.split(r",\s*", tox["tox"]["env_list"])
    for name in ("coverage", "clients"):
        assert "{[testenv]set_env}" in tox[f"testenv:{name}"]["set_env"]
