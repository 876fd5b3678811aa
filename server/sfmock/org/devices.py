"""Device codes: what a device polls with, and what its user types elsewhere (oauth.md 3.5)."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from sfmock import login_errors
from sfmock.clock import Clock
from sfmock.org import tokens
from sfmock.store.database import Database, Value

DDL = (
    "CREATE TABLE IF NOT EXISTS sf_device (device_code TEXT PRIMARY KEY, user_code TEXT NOT NULL,"
    " app_id TEXT NOT NULL, scope TEXT NOT NULL, created REAL NOT NULL, polled REAL, user_id TEXT, answer TEXT)",
)
LIFETIME = 600.0
INTERVAL = 5
"""Seconds that a device waits between two polls."""


@dataclass(frozen=True, slots=True)
class Device:
    """A device that waits for its user."""

    device_code: str
    user_code: str
    app_id: str
    scopes: tuple[str, ...]
    user_id: str | None = None
    answer: str | None = None
    """`approved`, `denied`, or None while nobody has answered."""

    def __repr__(self) -> str:
        return (
            f"<Device {tokens.masked(self.user_code)} app={self.app_id} {self.answer or 'waiting'}>"
        )


class Devices:
    """The devices that wait, or whose users have answered."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def begin(self, random: Random, app_id: str, scopes: tuple[str, ...]) -> Device:
        """A new pair of codes."""
        made = Device(tokens.device_code(random), tokens.user_code(random), app_id, scopes)
        self._db.execute(
            "INSERT INTO sf_device (device_code, user_code, app_id, scope, created) VALUES (?, ?, ?, ?, ?)",
            (made.device_code, made.user_code, app_id, " ".join(scopes), self._clock.timestamp()),
        )
        return made

    def of_user_code(self, user_code: str) -> Device | None:
        """The device of a user code, as its user types it, while it waits."""
        typed = user_code.strip().upper().replace("-", "").replace(" ", "")
        found = self._one("user_code = ?", typed)
        return None if found is None or found.answer is not None else found

    def knows(self, code: str) -> bool:
        """Whether this is a device code or a user code of this org."""
        sql = "SELECT 1 FROM sf_device WHERE device_code = ? OR user_code = ?"
        return self._db.value(sql, (code, code)) is not None

    def answer(self, device: Device, user_id: str, *, approved: bool) -> None:
        """What the user says."""
        self._db.execute(
            "UPDATE sf_device SET answer = ?, user_id = ? WHERE device_code = ?",
            ("approved" if approved else "denied", user_id, device.device_code),
        )

    def poll(self, device_code: str, app_id: str) -> Device:
        """The device once its user has approved, and once only; raises what the device is told until then."""
        found = self._one("device_code = ?", device_code)
        if found is None or found.app_id != app_id:
            raise login_errors.INVALID_DEVICE_CODE()
        if found.answer == "approved" and found.user_id is not None:
            self._db.execute("DELETE FROM sf_device WHERE device_code = ?", (device_code,))
            return found
        if found.answer == "denied":
            raise login_errors.ACCESS_DENIED()
        polled = self._db.value(
            "SELECT polled FROM sf_device WHERE device_code = ?", (device_code,)
        )
        too_fast = polled is not None and self._clock.timestamp() < float(polled) + INTERVAL
        kind = login_errors.SLOW_DOWN if too_fast else login_errors.AUTHORIZATION_PENDING
        raise kind().leaving(lambda: self._note_poll(device_code))

    def _note_poll(self, device_code: str) -> None:
        self._db.execute(
            "UPDATE sf_device SET polled = ? WHERE device_code = ?",
            (self._clock.timestamp(), device_code),
        )

    def _one(self, where: str, value: str) -> Device | None:
        row = self._db.row(
            "SELECT device_code, user_code, app_id, scope, user_id, answer FROM sf_device"
            f" WHERE created > ? AND {where}",
            (self._clock.timestamp() - LIFETIME, value),
        )
        return None if row is None else _device(row)


def _device(row: tuple[Value, ...]) -> Device:
    device_code, user_code, app_id, scope, user_id, answer = row
    return Device(
        str(device_code),
        str(user_code),
        str(app_id),
        tuple(str(scope).split()),
        None if user_id is None else str(user_id),
        None if answer is None else str(answer),
    )
