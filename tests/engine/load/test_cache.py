"""The cache of loads: who finds what in it, and what happens to it when things go wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sfmock.org.org import Org
from sfmock.schema.load import cache as module
from sfmock.schema.load import fresh, read
from sfmock.schema.load.cache import VARIABLE

OBJECT = (
    '<CustomObject xmlns="http://soap.sforce.com/2006/04/metadata"><fields><fullName>Size__c</fullName>'
    "<label>{label}</label><precision>5</precision><scale>0</scale><type>Number</type></fields>"
    "<label>Thing</label><nameField><label>Name</label><type>Text</type></nameField></CustomObject>"
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    write(folder, "Size")
    return folder


def write(source: Path, label: str, *, age: int = 60) -> None:
    """Write the object so that its file looks some seconds old."""
    path = source / "Thing__c.object"
    path.write_text(OBJECT.format(label=label))
    about = path.stat()
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns - age * 10**9))


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is read of sources and not taken from the cache."""
    found: list[str] = []

    def counted(*arguments: object) -> object:
        found.append("read")
        return read.read_definitions(*arguments)  # type: ignore[arg-type]  # passed on as they are

    monkeypatch.setattr(fresh, "read_definitions", counted)
    return found
    return found


def label(source: Path, pack: str = "bare") -> str:
    """The field's label in a new org that loads the source."""
    with Org.new(pack) as org:
        report = org.schema.load(source)
        assert report.fields == ("Thing__c.Size__c",)
        return org.schema["Thing__c"].by_name["size__c"].label


def test_a_second_load_reads_nothing(source: Path, cache: Path, reads: list[str]) -> None:
    assert [label(source), label(source)] == ["Size", "Size"]
    assert reads == ["read"]
    assert len(list(cache.iterdir())) == 1


def test_the_report_from_the_cache_is_the_same(
    project: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SETTLED", -(10**18))
    with Org.new() as one, Org.new() as other:
        assert one.schema.load(project, strict=False) == other.schema.load(project, strict=False)
        for name in ("Invoice__c", "Account", "Task"):
            assert one.schema[name] == other.schema[name]
        assert one.query("SELECT Id FROM RecordType") == other.query("SELECT Id FROM RecordType")
    assert reads == ["read"]


def test_a_changed_file_is_read_again(source: Path, reads: list[str]) -> None:
    assert label(source) == "Size"
    write(source, "Shoe", age=50)
    assert label(source) == "Shoe"
    write(source, "Coat", age=40)  # as long as the other, and older than the cache
    assert label(source) == "Coat"
    assert reads == ["read"] * 3


def test_a_file_that_was_written_this_moment_is_not_trusted(
    source: Path, cache: Path, reads: list[str]
) -> None:
    write(source, "Size", age=0)

    assert [label(source), label(source)] == ["Size", "Size"]
    assert reads == ["read"] * 2
    assert list(cache.iterdir()) == []


def test_another_pack_below_is_another_entry(source: Path, tmp_path: Path, cache: Path) -> None:
    label(source)
    with Org.new("bare") as org:
        org.schema.load(source)
        other = tmp_path / "other"
        other.mkdir()
        (other / "Thing__c.object").write_text(OBJECT.format(label="Again"))
        os.utime(other / "Thing__c.object", (1, 1))
        org.schema.load(other)
        assert org.schema["Thing__c"].by_name["size__c"].label == "Again"
    assert len(list(cache.iterdir())) == 2


def test_an_org_whose_schema_a_test_has_changed_uses_no_cache(source: Path, cache: Path) -> None:
    with Org.new("bare") as org:
        org.schema.add_object("Mine__c")
        org.schema.load(source)
    assert not cache.exists()


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "cut off": lambda content: content[:-20],
    "no line": lambda content: content.replace(b"\n", b""),
    "a flipped bit": lambda content: content[:-30] + bytes([content[-30] ^ 1]) + content[-29:],
    "another format": lambda content: content.replace(b'"format":', b'"format":9', 1),
    "not JSON": lambda content: b"{" + content,
    "no head": lambda content: b"[]\n" + content,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_entry_is_built_again(
    source: Path, cache: Path, reads: list[str], damage: str
) -> None:
    label(source)
    [entry] = cache.iterdir()
    whole = entry.read_bytes()
    entry.write_bytes(DAMAGES[damage](whole))
    module.forget()

    assert label(source) == "Size"
    assert reads == ["read"] * 2
    assert entry.read_bytes() == whole


def test_no_cache_can_be_chosen(
    source: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "")

    assert [label(source), label(source)] == ["Size", "Size"]
    assert reads == ["read"] * 2
    assert module.cache_folder() is None


def test_a_folder_that_cannot_be_written_is_no_cache(
    source: Path, tmp_path: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(VARIABLE, str(tmp_path / "file"))

    assert [label(source), label(source)] == ["Size", "Size"]
    assert reads == ["read"] * 2


@pytest.mark.parametrize(
    ("platform", "variables", "folder"),
    [
        ("linux", {"XDG_CACHE_HOME": "/caches"}, "/caches/sfmock"),
        ("linux", {}, "/home/ada/.cache/sfmock"),
        ("darwin", {}, "/home/ada/Library/Caches/sfmock"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/sfmock"),
        ("win32", {}, "/home/ada/AppData/Local/sfmock"),
    ],
)
def test_the_cache_is_in_the_users_folder(
    monkeypatch: pytest.MonkeyPatch, platform: str, variables: dict[str, str], folder: str
) -> None:
    for name in (VARIABLE, "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(Path, "home", lambda: Path("/home/ada"))

    assert module.cache_folder() == Path(folder)


def test_old_entries_make_room(source: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_KEPT", 2)
    for age in (90, 80, 70, 60):
        write(source, f"Size {age}", age=age)
        label(source)

    assert len(list(cache.iterdir())) == 2


def test_many_threads_fill_the_cache_at_once(source: Path, cache: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert {*pool.map(label, [source] * 16)} == {"Size"}
    assert [each.name[0] != "." for each in cache.iterdir()] == [True]


def test_processes_that_start_together_share_the_cache(source: Path, cache: Path) -> None:
    """As the workers of xdist do."""
    script = (
        "import sys; from sfmock import Org\n"
        "with Org.new('bare') as org:\n"
        "    org.schema.load(sys.argv[1]); print(org.schema['Thing__c'].by_name['size__c'].label)\n"
    )
    command = [sys.executable, "-W", "error", "-c", script, str(source)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert [each.communicate()[0] for each in started] == ["Size\n"] * 3
    assert [each.returncode for each in started] == [0] * 3
    assert len(list(cache.iterdir())) == 1
