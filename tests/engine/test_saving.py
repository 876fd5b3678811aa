"""An org in a file: all of it is there, private copies leave the file alone, and what is no org is told."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calling import Caller
from sfmock.errors import Refused, SalesforceError
from sfmock.org.org import Org
from sfmock.store import database
from sfmock.store.files import LAYOUT, OrgFileError


@pytest.fixture
def file(org: Org, tmp_path: Path) -> Path:
    org.insert("Account", [{"Name": "Acme"}, {"Name": "Globex"}])
    path = tmp_path / "saved.org"
    assert org.save(path) == ()
    return path


@pytest.fixture
def copy(file: Path) -> Iterator[Org]:
    with Org.open(file) as opened:
        yield opened


def test_everything_that_an_org_is_comes_back(org: Org, tmp_path: Path) -> None:
    call = Caller(org)
    org.schema.add_object("Thing__c", fields={"Key__c": {"type": "string", "unique": True}})
    org.schema.add_field("Account", "Thing__c", "reference", reference_to="Thing__c")
    thing = org.insert("Thing__c", {"Key__c": "a"})
    org.insert("Account", {"Name": "Acme", "Thing__c": thing})
    org.delete(org.insert("Account", {"Name": "Gone"}).id)
    ada = org.user("Ada Lovelace", password="secret", security_token="token")
    app = org.connected_app("Sync", run_as=ada)
    refresh = org.sessions.refresh_token(ada.id, app.id, ["api"]).token
    org.sessions.lifetime = 900
    session = org.sessions.open(ada.id)
    org.limits["DailyApiRequests"].max = 77
    org.limits["MassEmail"].used = 3
    org.insert("Contact", [{"LastName": f"Ray {each}"} for each in range(201)])
    page = call(
        "GET", "/query?q=SELECT+Id+FROM+Contact", headers={"Sforce-Query-Options": "batchSize=200"}
    ).json
    assert isinstance(page, dict)
    org.clock.freeze(datetime(2030, 1, 2, tzinfo=UTC))

    org.save(tmp_path / "saved.org")

    with Org.open(tmp_path / "saved.org") as copy:
        assert copy.digest() == org.digest()
        assert (copy.seed, copy.pod, copy.id, copy.admin_id) == (
            org.seed, org.pod, org.id, org.admin_id,
        )  # fmt: skip
        assert copy.clock.now == datetime(2030, 1, 2, tzinfo=UTC)
        assert copy.schema.changed == org.schema.changed
        assert copy.limits["DailyApiRequests"].max == 77
        assert copy.limits["MassEmail"].used == 3
        assert copy.users.login(ada.username, "secrettoken").id == ada.id
        assert copy.connected_app("Sync") == app
        assert copy.sessions.find_refresh(refresh) is not None
        assert copy.sessions.lifetime == 900
        copy.clock.travel(session.created)
        assert copy.sessions.get(session.token) == session
        rest = Caller(copy)("GET", str(page["nextRecordsUrl"]), token=call.token).json
        assert isinstance(rest, dict)
        assert (rest["totalSize"], rest["done"]) == (201, True)
        with pytest.raises(SalesforceError, match="DUPLICATE_VALUE"):
            copy.insert("Thing__c", {"Key__c": "A"})


def test_a_copy_goes_on_where_the_org_stood(org: Org, file: Path, copy: Org) -> None:
    mine, theirs = org.create("Contact", 3), copy.create("Contact", 3)

    assert [each.id for each in mine] == [each.id for each in theirs]
    assert [each["Email"] for each in mine] == [each["Email"] for each in theirs]
    assert org.sessions.open(org.admin_id).token != copy.sessions.open(copy.admin_id).token


def test_a_copy_keeps_its_host_unless_an_open_org_has_it(org: Org, file: Path) -> None:
    with Org.open(file) as beside:
        assert beside.my_domain != org.my_domain
    org.close()
    with Org.open(file) as alone, Org.open(file) as second:
        assert alone.my_domain == org.my_domain
        assert second.my_domain not in (org.my_domain, beside.my_domain)
        assert alone.digest() == second.digest() == beside_digest(file)


def beside_digest(file: Path) -> str:
    with Org.open(file) as opened:
        return opened.digest()


def test_a_copy_never_writes_to_the_file(file: Path, copy: Org) -> None:
    before = file.read_bytes()

    copy.create("Account", 50)
    copy.schema.add_field("Account", "New__c", "string")
    copy.restore(copy.snapshot())
    copy.close()

    assert file.read_bytes() == before
    assert [each.name for each in file.parent.iterdir()] == [file.name]


def test_a_copy_goes_back_to_what_the_file_holds(copy: Org) -> None:
    before = copy.digest()
    copy.create("Account", 5)
    copy.schema.add_field("Account", "New__c", "string")

    copy.db.reset()

    assert copy.digest() == before
    assert copy.schema["Account"].find("New__c") is None


def test_a_saved_copy_is_as_good_as_the_first(copy: Org, tmp_path: Path) -> None:
    copy.insert("Account", {"Name": "Initech"})
    copy.save(tmp_path / "second.org")
    with Org.open(tmp_path / "second.org") as second:
        assert second.digest() == copy.digest()
        assert second.count("Account") == 3


def test_the_file_opens_where_its_pack_is_not(tmp_path: Path) -> None:
    import sfmock_orgs

    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "standard.jsonl").write_bytes(
        (sfmock_orgs.developer.parent / "standard.jsonl").read_bytes()
    )
    (pack / "pack.json").write_text('{"name": "mine", "schema": "standard.jsonl"}')
    with Org.new(pack) as org:
        org.user("Ada Admin")
        org.insert("Account", {"Name": "Acme"})
        org.save(tmp_path / "mine.org")
    for each in (*pack.iterdir(), pack):
        each.rmdir() if each.is_dir() else each.unlink()
    script = (
        "import sys; from sfmock import Org\n"
        "with Org.open(sys.argv[1]) as org: print(org.query('SELECT Name FROM Account')[0]['Name'])"
    )

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, str(tmp_path / "mine.org")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.stdout, done.stderr) == ("Acme\n", "")


def test_saving_inside_a_transaction_keeps_what_is_not_committed_and_waits_for_nobody(
    org: Org, tmp_path: Path
) -> None:
    org.snapshot()
    org.insert("Account", {"Name": "Acme"})
    org.save(tmp_path / "saved.org")
    with Org.open(tmp_path / "saved.org") as copy:
        assert copy.count("Account") == 1
    with (
        pytest.raises(RuntimeError, match="not possible inside a transaction"),
        org.db.transaction(),
    ):
        org.save(tmp_path / "saved.org")
    assert org.db.alive


def test_row_by_row_saves_the_same(
    org: Org, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_image", lambda connection: None)
    org.save(tmp_path / "rows.org")
    with Org.open(tmp_path / "rows.org") as rows, Org.open(file) as image:
        assert rows.digest() == image.digest() == org.digest()
        names = "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite%' ORDER BY name"
        assert rows.db.rows(names) == image.db.rows(names)


def test_what_cannot_be_kept_is_named(org: Org, tmp_path: Path) -> None:
    Caller(org)
    account = org.create("Account")
    org.faults.add("slow", on="query", when=lambda request: True)
    org.schema.add_field("Account", "Loud__c", "string", formula=lambda record: "!")
    org.lock(account)

    assert org.save(tmp_path / "saved.org") == (
        "the planned fault 'slow' on 'query'",
        f"the lock on {account.id}",
        "the Python function of the formula Account.Loud__c",
    )

    with Org.open(tmp_path / "saved.org") as copy:
        assert "Loud__c" not in copy.get(account.id)
        with pytest.raises(Refused, match=r"formula of Account\.Loud__c: no Python function"):
            copy.query("SELECT Loud__c FROM Account")
        copy.records.update(
            copy.schema["Account"], account.id, {"Name": "Free"}, user_id=copy.admin_id
        )
        assert copy.count("Account", "Name = 'Free'") == 1


def test_saving_replaces_a_file_whole_or_not_at_all(
    org: Org, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = file.read_bytes()

    def fail(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "fsync", fail)
    org.create("Account")
    with pytest.raises(OSError, match="disk is full"):
        org.save(file)

    assert file.read_bytes() == before
    assert [each.name for each in file.parent.iterdir()] == [file.name]


def test_what_is_no_org_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.org"
    for durable in (False, True):
        with pytest.raises(
            FileNotFoundError,
            match=r"no org file .*x\.org: `sfmock org new` or org\.save\(path\) makes",
        ):
            Org.open(path, durable=durable)
        with pytest.raises(OrgFileError, match=r"is a folder: Org\.new\(path\)"):
            Org.open(tmp_path, durable=durable)
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE t (a)")
    contents = b"", b"hello", b"no org at all" * 1000, (tmp_path / "other.db").read_bytes()
    for content in contents:
        path.write_bytes(content)
        for durable in (False, True):
            with pytest.raises(OrgFileError, match=r"x\.org is no org file"):
                Org.open(path, durable=durable)
        assert path.read_bytes() == content
    assert {each.name for each in tmp_path.iterdir()} == {"other.db", "x.org"}


@pytest.mark.parametrize("kept", [99, 512, 1000, 4096, 40_000, -4096, -1])
def test_a_file_that_was_cut_off_is_told(file: Path, kept: int) -> None:
    file.write_bytes(file.read_bytes()[:kept])
    for durable in (False, True):
        with pytest.raises(OrgFileError, match=r"saved\.org is (damaged|no org file)"):
            Org.open(file, durable=durable)


def test_a_file_of_a_newer_layout_is_told(file: Path) -> None:
    with closing(sqlite3.connect(file)) as raw:
        raw.execute(f"PRAGMA user_version = {LAYOUT + 1}")
    with pytest.raises(OrgFileError, match=f"layout {LAYOUT + 1}, .* reads up to {LAYOUT}"):
        Org.open(file)


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["create", "update", "delete", "undelete", "field", "object", "user", "login"]
        ),
        st.integers(0, 7),
    ),
    max_size=12,
)


@given(steps=_STEPS)
@settings(max_examples=15)
def test_any_org_is_the_same_after_saving_and_opening(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    path = tmp_path_factory.mktemp("orgs") / "some.org"
    with Org.new() as org:
        org.clock.freeze()
        accounts = [org.create("Account").id for _ in range(3)]
        for step, number in steps:
            with_account = accounts[number % len(accounts)]
            with suppress(SalesforceError):  # a refusal is a step, too: what is deleted already
                _take(org, step, number, with_account, accounts)
        org.save(path)
        with Org.open(path) as copy:
            assert copy.digest() == org.digest()
            assert copy.create("Lead")["Name"] == org.create("Lead")["Name"]
            assert copy.digest() == org.digest()


def _take(org: Org, step: str, number: int, account: str, accounts: list[str]) -> None:
    if step == "create":
        accounts.append(org.create("Account", ParentId=account).id)
        org.create("Contact", AccountId=account)
    elif step == "update":
        org.update(account, Name=f"ÄÖ {number}", AnnualRevenue=number / 7)
    elif step == "delete":
        org.delete(account)
    elif step == "undelete":
        org.undelete(account)
    elif step == "field" and org.schema["Account"].find(f"F{number}__c") is None:
        org.schema.add_field("Account", f"F{number}__c", "double", default=number)
    elif step == "object" and f"O{number}__c" not in org.schema:
        org.schema.add_object(f"O{number}__c")
        org.create(f"O{number}__c")
    elif step == "user":
        org.user(f"User {number}")
    elif step == "login":
        org.sessions.open(org.admin_id)
