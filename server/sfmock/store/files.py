"""The file of an org: how it is told from others, read without touching it, owned by one, and replaced whole.

A file is only ever opened by SQLite itself: closing another handle of it would drop SQLite's locks in this process (POSIX).
Its owner holds a lock on `<file>-owner`, which ends with the process, whatever ends that.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

APPLICATION = 0x73666D6B
"""`sfmk`, SQLite's application id of an org file."""
LAYOUT = 1
"""The layout of the system tables, SQLite's user version of the file; a newer one is not read."""

_MOST_IMAGES = 8
_images: dict[tuple[str, ...], bytes] = {}
"""The databases that statements make."""
_PATIENCE = 5.0
_SIDE_FILES = ("-wal", "-shm")


class OrgFileError(ValueError):
    """A file that is no org, is damaged or newer than this version, or that another org owns."""


class OwnedError(OrgFileError):
    """A file that another org owns."""


def connect(target: str, *, timeout: float = _PATIENCE, uri: bool = False) -> sqlite3.Connection:
    """A connection as all of an org's are: no transaction but those that are begun in so many words."""
    return sqlite3.connect(
        target,
        timeout=timeout,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=512,
        uri=uri,
    )


def prepared(statements: tuple[str, ...]) -> sqlite3.Connection:
    """A connection to a database in memory that these statements made; after the first time it is a copy, in a tenth of the time."""
    made, image = connect(":memory:"), _images.get(statements)
    if image is None:
        for statement in statements:
            made.execute(statement)
        serialize: Callable[[], bytes] | None = getattr(made, "serialize", None)
        if serialize is not None:  # SQLite may be built without it
            if len(_images) >= _MOST_IMAGES:
                _images.clear()
            _images[statements] = serialize()
    else:
        with closing(connect(":memory:")) as source:
            source.deserialize(image)
            source.backup(made)
    return made


def require(path: Path) -> None:
    """Raise FileNotFoundError or OrgFileError unless there is a file at this path."""
    if path.is_dir():
        raise OrgFileError(f"{path} is a folder: Org.new(path) starts from the pack in one")
    if not path.is_file():
        raise FileNotFoundError(
            f"there is no org file {path}: `sfmock org new` or org.save(path) makes one"
        )


def check(path: Path) -> None:
    """Raise FileNotFoundError or OrgFileError for what is no whole org file."""
    with _explained(path), closing(_existing(path, "ro")) as file:
        _check(path, file)


def read_copy(path: Path) -> sqlite3.Connection:
    """What an org file holds, in memory; its owner may go on writing meanwhile."""
    with _explained(path), closing(_existing(path, "ro")) as file:
        file.execute(
            "BEGIN"
        )  # so that a lock is an error after a while: backup would wait for ever
        _check(path, file)
        copy = connect(":memory:")
        file.backup(copy)
    return copy


def open_owned(path: Path) -> sqlite3.Connection:
    """The file itself, for the one that has claimed it: each commit is in it before the call returns."""
    with _explained(path):
        file = _existing(path, "rw")
        try:
            _check(path, file)
            if file.execute("PRAGMA journal_mode = WAL").fetchone() != ("wal",):
                raise OrgFileError(f"{path}: its file system has no shared memory for SQLite's WAL")
            # A power cut may take the last commits, a killed process takes none.
            file.execute("PRAGMA synchronous = NORMAL")
        except BaseException:
            file.close()
            raise
    return file


def claim(path: Path) -> sqlite3.Connection:
    """Own a file until `unclaim`, or until the process ends; raises OrgFileError where another does."""
    lock = path.with_name(f"{path.name}-owner")
    while True:
        held = connect(str(lock), timeout=0)
        try:
            held.execute("PRAGMA journal_mode = OFF")  # nothing is ever written to it
            held.execute("BEGIN EXCLUSIVE")
            if not _free(lock):
                return held  # nobody has taken the lock's file away since
        except sqlite3.OperationalError as error:
            held.close()
            if "locked" not in str(error):
                raise OrgFileError(f"{path} cannot be owned: {error}") from error
            raise OwnedError(
                f"{path} is owned by another org that was opened with durable=True, as `sfmock serve --org`"
                " does: end that one, or open a private copy by Org.open(path)"
            ) from None
        held.close()


def unclaim(path: Path, held: sqlite3.Connection) -> None:
    """Give up a claim; the lock's file goes first, while nobody else can have it."""
    with suppress(OSError):  # where an open file cannot be removed, an empty one stays
        path.with_name(f"{path.name}-owner").unlink(missing_ok=True)
    held.close()


def publish(
    path: Path, write: Callable[[Path], None], finish: Callable[[sqlite3.Connection], None]
) -> None:
    """Put a new org file in the place of `path`, whole or not at all: `write` makes it, `finish` completes its rows."""
    path = path.resolve()
    made = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        write(made)
        with closing(connect(str(made))) as file:
            file.execute("PRAGMA journal_mode = MEMORY")
            file.execute(f"PRAGMA application_id = {APPLICATION}")
            file.execute(f"PRAGMA user_version = {LAYOUT}")
            file.execute("BEGIN")
            finish(file)
            file.execute("COMMIT")
        _sync(made)
        held = claim(path)
        try:
            for each in _SIDE_FILES:  # left by an owner that was killed: no part of the new file
                path.with_name(f"{path.name}{each}").unlink(missing_ok=True)
            made.replace(path)
        finally:
            unclaim(path, held)
    finally:
        made.unlink(missing_ok=True)


def copy_rows(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """All tables, rows and indexes, one by one: the way out of a transaction where SQLite lacks `serialize`."""
    made = source.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
        " ORDER BY type = 'table' DESC, rowid"
    ).fetchall()
    target.execute("BEGIN")
    for kind, name, sql in made:
        target.execute(sql)
        if kind == "table":
            rows = source.execute(f'SELECT * FROM "{name}"')
            marks = ", ".join("?" * len(rows.description))
            target.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)
    target.execute("COMMIT")


def _existing(path: Path, mode: str) -> sqlite3.Connection:
    require(path)
    return connect(f"{path.resolve().as_uri()}?mode={mode}", uri=True)


def _check(path: Path, file: sqlite3.Connection) -> None:
    """Raise OrgFileError for what is no whole org of a layout that we know."""
    (tables,) = file.execute("SELECT count(*) FROM sqlite_master").fetchone()
    (application,) = file.execute("PRAGMA application_id").fetchone()
    (layout,) = file.execute("PRAGMA user_version").fetchone()
    (page_size,) = file.execute("PRAGMA page_size").fetchone()
    if not tables or application != APPLICATION:
        raise OrgFileError(f"{path} is no org file: `sfmock org new` or org.save(path) makes one")
    if layout > LAYOUT:
        raise OrgFileError(
            f"{path} has layout {layout}, and this version of pytest-sfmock reads up to {LAYOUT}:"
            " install a newer one"
        )
    if path.stat().st_size % page_size:
        raise OrgFileError(f"{path} is damaged: its last page is cut off")


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """What SQLite says of a file, in words that name it."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        text = str(error)
        if "not a database" in text:
            raise OrgFileError(
                f"{path} is no org file: `sfmock org new` or org.save(path) makes one"
            ) from error
        if "malformed" in text:
            raise OrgFileError(f"{path} is damaged or cut off: {text}") from error
        raise OrgFileError(f"{path} cannot be opened: {text}") from error


def _free(lock: Path) -> bool:
    """Whether the lock that is found at a path can be had, besides the one that we hold."""
    with closing(connect(str(lock), timeout=0)) as other:
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
    return True


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
