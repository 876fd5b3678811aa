"""The access log of `sfmock serve`: one line a request, text or JSON, and never a secret.

A request only leaves a note: a thread of its own makes the lines, many at once where they come fast.
"""

from __future__ import annotations

import json
import logging
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from queue import SimpleQueue
from types import TracebackType
from typing import NamedTuple, Self, TextIO

from sfmock.clock import Clock
from sfmock.org.journal import Exchange
from sfmock.org.known_secrets import known_secrets
from sfmock.org.lines import target
from sfmock.org.masking import Mask
from sfmock.org.org import Org
from sfmock.org.requestlog import text

_GATHERING = 0.05  # seconds that a line may wait for others, with which it costs less
_FAREWELL = 2.0  # seconds that the last lines have, where nobody reads them


class _Note(NamedTuple):
    at: float
    what: Exchange | logging.LogRecord


class AccessLog(logging.Handler):
    """Writes inside its `with` block; also what Python's loggers say from level WARNING on."""

    def __init__(self, org: Org, stream: TextIO, form: str) -> None:
        super().__init__(logging.WARNING)
        self._org = org
        self._clock = Clock()  # the org's own may be moved
        self._stream = stream
        self._line: Callable[[_Note, Mask], str] = _json_line if form == "json" else _text_line
        self._notes: SimpleQueue[_Note | None] = SimpleQueue()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sfmock access log", daemon=True)

    def tell(self, exchange: Exchange) -> None:
        """Note an exchange."""
        self._notes.put(_Note(self._clock.timestamp(), exchange))

    def emit(self, record: logging.LogRecord) -> None:
        """Note a record of the standard library's logging."""
        self._notes.put(_Note(record.created, record))

    def __enter__(self) -> Self:
        self._thread.start()
        logging.getLogger().addHandler(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        logging.getLogger().removeHandler(self)
        self._ending.set()
        self._notes.put(None)
        self._thread.join(_FAREWELL)

    def _run(self) -> None:
        for batch in self._batches():
            try:
                self._stream.write("".join(f"{each}\n" for each in self._lines(batch)))
                self._stream.flush()
            except (OSError, ValueError):  # nobody reads it any more, which is no reason to stop
                self._line = _nothing

    def _batches(self) -> Iterator[list[_Note]]:
        """What has come in the meantime, for as long as something may come."""
        while (note := self._notes.get()) is not None:
            batch = [note]
            self._ending.wait(_GATHERING)
            while not self._notes.empty() and (more := self._notes.get()) is not None:
                batch.append(more)
            yield batch
            if self._ending.is_set() and self._notes.empty():
                return

    def _lines(self, batch: Sequence[_Note]) -> Iterator[str]:
        # Bodies are not shown, so what is secret in them need not be known.
        heads = [
            replace(each.what, body=b"", reply=b"")
            for each in batch
            if isinstance(each.what, Exchange)
        ]
        known = known_secrets(self._org, heads)
        mask = Mask(known.secrets, known.names)
        for head in heads:
            _let_requests_go_first()
            mask.learn([head])
        for each in batch:
            _let_requests_go_first()
            yield self._line(each, mask)


def _let_requests_go_first() -> None:
    """Else one that has just come waits for the interpreter until it takes the turn away, 5 ms."""
    time.sleep(0)


def _text_line(note: _Note, mask: Mask) -> str:
    at = datetime.fromtimestamp(note.at).astimezone()
    if isinstance(note.what, Exchange):
        shown = f"{text(note.what, mask)}  {note.what.elapsed * 1000:.1f} ms"
    else:
        shown = f"{note.what.levelname} {mask.text(note.what.getMessage())}"
    return "\n".join(filter(None, (f"{at:%Y-%m-%d %H:%M:%S} {shown}", _trace(note, mask))))


def _json_line(note: _Note, mask: Mask) -> str:
    at = datetime.fromtimestamp(note.at, UTC)
    told: dict[str, object] = {"time": at.isoformat(timespec="milliseconds")}
    if isinstance(note.what, Exchange):
        each = note.what
        told |= {
            "status": each.status,
            "method": each.method,
            "target": target(each, mask),
            "ms": round(each.elapsed * 1000, 1),
            "api_calls": each.api_calls,
            "user": each.user,
            "error": each.error_code,
            "fault": each.fault,
            "refused": None if each.refused is None else mask.text(each.refused),
        }
    else:
        told |= {"level": note.what.levelname, "message": mask.text(note.what.getMessage())}
    told["traceback"] = _trace(note, mask)
    return json.dumps({name: value for name, value in told.items() if value is not None})


def _nothing(_note: _Note, _mask: Mask) -> str:
    return ""


def _trace(note: _Note, mask: Mask) -> str | None:
    """Where it failed, without secrets."""
    if isinstance(note.what, Exchange):
        error = note.what.crash
    else:
        error = note.what.exc_info[1] if note.what.exc_info else None
    if error is None:
        return None
    return mask.known("".join(traceback.format_exception(error))).rstrip()
