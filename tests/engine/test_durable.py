"""An org that owns its file: what was acknowledged survives a killed process, and a second owner is told."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from calling import Caller
from sfmock.errors import SalesforceError
from sfmock.org.org import Org
from sfmock.store.files import OrgFileError
from sfmock.transport.wiring import intercept

_WRITER = """
import sys
from sfmock.app import App
from sfmock.org.org import Org
from sfmock.wire import Headers, Request

org = Org.open(sys.argv[1], durable=True)
app = App(org)
token = org.sessions.open(org.admin_id).token
print("token", token, flush=True)
org.clock.advance(hours=1)
print("hours", 1, flush=True)
headers = Headers([("Authorization", f"Bearer {token}"), ("Content-Type", "application/json")])
path = "/services/data/v60.0/sobjects/Account"
while True:
    app.exchange(Request("POST", path, "", headers, b'{"Name": "Acme"}', org.my_domain, "https"))
    print("posted", org.limits["DailyApiRequests"].used, flush=True)
    print("made", org.create("Contact").id, flush=True)
    print("token", org.sessions.open(org.admin_id).token, flush=True)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "own.org"
    with Org.new() as org:
        org.save(path)
    return path


@pytest.fixture
def owner(file: Path) -> Iterator[Org]:
    with Org.open(file, durable=True) as org:
        yield org


@pytest.mark.parametrize("lines", [4, 23])
def test_nothing_acknowledged_is_lost_when_the_process_is_killed(file: Path, lines: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(file)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        told = [writer.stdout.readline().split() for _ in range(lines)]
        with pytest.raises(OrgFileError, match="is owned by another org"):
            Org.open(file, durable=True)
        with Org.open(file) as reader:  # a private copy of what is being written
            assert reader.count("Account") >= sum(what == "posted" for what, _ in told)
        writer.send_signal(signal.SIGKILL)
        told += [line.split() for line in writer.stdout if line.endswith("\n")]

    with Org.open(file, durable=True) as org:
        said = {kind: [value for what, value in told if what == kind] for kind, _ in told}
        assert org.clock._offset == 3600
        assert all(org.sessions.get(token) for token in said["token"])
        assert len(set(said["token"])) == len(said["token"])
        assert org.sessions.open(org.admin_id).token not in said["token"]
        assert org.count("Account") in (len(said["posted"]), len(said["posted"]) + 1)
        assert org.limits["DailyApiRequests"].used == org.count("Account")
        assert all(org.get(each) for each in said.get("made", []))
        assert org.create("Contact").id not in said.get("made", [])


def test_each_reply_is_in_the_file_before_it_is_given(owner: Org, file: Path) -> None:
    call = Caller(owner)
    assert call("POST", "/sobjects/Account", {"Name": "Acme"}).status == 201
    assert call("POST", "/sobjects/Account", {"Industry": "Energy"}).status == 400
    with Org.open(file) as copy:
        assert copy.count("Account") == 1
        assert copy.limits["DailyApiRequests"].used == 2
        assert copy.digest() == owner.digest()


def test_a_closed_owner_leaves_one_whole_file(owner: Org, file: Path) -> None:
    account = owner.create("Account")
    owner.close()
    owner.close()
    assert [each.name for each in file.parent.iterdir()] == [file.name]
    with Org.open(file, durable=True) as again:
        assert again.get(account.id) == account
        assert again.my_domain == owner.my_domain


def test_a_second_owner_is_told_and_harms_nothing(owner: Org, file: Path) -> None:
    for _ in range(2):
        with pytest.raises(OrgFileError, match=r"own\.org is owned by another org .* private copy"):
            Org.open(file, durable=True)
        with pytest.raises(OrgFileError, match="is owned by another org"), Org.new() as other:
            other.save(file)
    owner.create("Account")
    with Org.open(file) as copy:
        assert copy.count("Account") == 1


def test_a_killed_owners_leavings_are_no_part_of_a_file_saved_over_it(
    owner: Org, file: Path, tmp_path: Path
) -> None:
    owner.create("Account", 3)
    killed = tmp_path / "killed.org"
    for end in ("", "-wal"):  # what a killed process leaves
        Path(f"{killed}{end}").write_bytes(Path(f"{file}{end}").read_bytes())
    with Org.new() as org:
        org.create("Account")
        org.save(killed)
    with Org.open(killed) as copy:
        assert copy.count("Account") == 1


def test_a_failed_write_leaves_the_file_as_it_was(owner: Org) -> None:
    before = owner.digest()
    with pytest.raises(SalesforceError):
        owner.insert("Account", [{"Name": "Acme"}, {"Name": "x" * 256}])
    assert owner.digest() == before
    assert owner.db.alive


def test_snapshots_of_an_owner_are_copies(owner: Org, file: Path) -> None:
    first, empty = owner.snapshot(), owner.digest()
    owner.schema.add_field("Account", "Extra__c", "string")
    account = owner.create("Account")
    second, one = owner.snapshot(), owner.digest()
    owner.delete(account.id)
    owner.limits["DailyApiRequests"].used = 7
    assert owner.changes(since=second).deleted == {"Account": (account.id,)}

    owner.restore(second)
    assert owner.digest() == one
    owner.restore(first)
    assert owner.digest() == empty
    assert owner.schema["Account"].find("Extra__c") is None
    assert owner.limits["DailyApiRequests"].used == 7
    with pytest.raises(ValueError, match="gone"):
        owner.restore(second)
    with Org.open(file) as copy:
        assert copy.digest() == empty
    with pytest.raises(RuntimeError, match="snapshot is not possible inside a transaction"):
        _in_transaction(owner, owner.snapshot)


def test_an_owner_saves_elsewhere_and_not_inside_a_transaction(owner: Org, tmp_path: Path) -> None:
    owner.create("Account")
    owner.save(tmp_path / "copy.org")
    with Org.open(tmp_path / "copy.org") as copy:
        assert copy.digest() == owner.digest()
    with pytest.raises(RuntimeError, match="saving is not possible inside a transaction"):
        _in_transaction(owner, lambda: owner.save(tmp_path / "copy.org"))


def test_an_owner_does_not_go_back_to_a_start(owner: Org) -> None:
    with pytest.raises(RuntimeError, match="owns its file has no start to go back to"):
        owner.db.reset()
    with intercept(owner) as sf:
        sf.org.create("Account")
        with pytest.raises(RuntimeError, match=r"no start to go back to: .* its org owns a file"):
            sf.reset()
    assert owner.count("Account") == 1


def test_an_owner_is_known_by_any_name_of_its_file(owner: Org, file: Path) -> None:
    link = file.with_name("link.org")
    link.symlink_to(file)
    with pytest.raises(ValueError, match=r"this org owns .*link\.org"):
        owner.save(link)
    with pytest.raises(OrgFileError, match="owned by another org"):
        Org.open(link, durable=True)
    with Org.new() as other, pytest.raises(OrgFileError, match="owned by another org"):
        other.save(link)


@pytest.mark.parametrize("durable", [False, True])
def test_eight_threads_that_write_lose_nothing(file: Path, durable: bool) -> None:
    with Org.open(file, durable=durable) as org:
        call = Caller(org)
        assert call.token
        answers: list[int] = []

        def write(thread: int) -> None:
            for number in range(20):
                name = f"{thread}/{number}" if number % 10 else "x" * 256
                answers.append(call("POST", "/sobjects/Account", {"Name": name}).status)

        threads = [threading.Thread(target=write, args=(each,)) for each in range(8)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()

        assert (answers.count(201), answers.count(400)) == (144, 16)
        found = org.query("SELECT Name FROM Account")
        assert isinstance(found, list)
        expected = {
            f"{thread}/{number}" for thread in range(8) for number in range(20) if number % 10
        }
        assert {each["Name"] for each in found} == expected
        assert len(found) == 144
        assert org.limits["DailyApiRequests"].used == 160
        assert [each.used for each in org.limits.history] == list(range(1, 161))
        assert org.db.alive


def _in_transaction(org: Org, action: object) -> None:
    assert callable(action)
    with org.db.transaction():
        action()
