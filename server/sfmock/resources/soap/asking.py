"""What an operation is asked, and the tables that operations stand in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TypeAlias

from sfmock import errors
from sfmock.org.org import Org
from sfmock.represent.soap import Operation, reply, truth
from sfmock.represent.xml import Content
from sfmock.routing import Call
from sfmock.schema.model import SObject
from sfmock.versions import Version
from sfmock.wire import Reply


@dataclass(frozen=True)
class Asked:
    """One call of an operation."""

    call: Call
    operation: Operation
    version: Version

    @property
    def org(self) -> Org:
        """The org that answers."""
        return self.call.org

    @property
    def user_id(self) -> str:
        """The calling user."""
        return self.call.user_id

    @property
    def all_or_none(self) -> bool:
        """Whether one bad record takes back all of the call."""
        return self.operation.flag("AllOrNoneHeader", "allOrNone")

    @cached_property
    def types(self) -> dict[str, SObject]:
        """The sobjects that this call has named so far."""
        return {}

    def text(self, name: str) -> str:
        """An argument that must be there."""
        found = self.operation.argument(name).strip()
        if not found:
            raise errors.refuse(f"the fault for {self.operation.name}() without {name}")
        return found

    def moment(self, name: str) -> datetime:
        """An argument that is a date and time with its zone."""
        try:
            found = datetime.fromisoformat(self.text(name))
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            raise errors.refuse(f"the fault for a {name} that is no date and time with a zone")
        return found

    def flag(self, name: str) -> bool:
        """An argument that is a truth value, false where there is none."""
        return truth(self.operation.argument(name) or None, name)

    def sobject(self, name: str) -> SObject:
        """The sobject of this name; raises INVALID_TYPE, or refuses one that the fake lacks."""
        found = self.find(name)
        if found is None:
            raise errors.NO_SUCH_SOBJECT(name=name)
        return found

    def find(self, name: str) -> SObject | None:
        """The sobject of this name, or None."""
        found = self.types.get(name) or self.org.describes.get(name)
        if found is not None:
            self.types[name] = found
        return found

    def viewed(self, sobject: SObject, record_id: str) -> None:
        """A record becomes the user's most recent one only where the caller asks for it."""
        if self.operation.flag("MruHeader", "updateMru"):
            self.org.recent.add(sobject, record_id, self.user_id)

    def answer(self, result: Content = ()) -> Reply:
        """The reply, with the limit header where a session asked."""
        call, usage = self.call, None
        if call.session is not None:
            usage = self.org.limits.seen()
        return reply(call.request.path, self.operation.name, result, usage)


Handler: TypeAlias = Callable[[Asked], Reply]


class Operations(Mapping[str, Handler]):
    """The operations of one module, by their names on the wire."""

    def __init__(self, *groups: Mapping[str, Handler]) -> None:
        self._all: dict[str, Handler] = {}
        for each in groups:
            self._all |= each

    def operation(self, name: str) -> Callable[[Handler], Handler]:
        """Declare a handler."""

        def declare(handler: Handler) -> Handler:
            self._all[name] = handler
            return handler

        return declare

    def __getitem__(self, name: str) -> Handler:
        return self._all[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


def stamp(moment: str) -> str:
    """A moment as SOAP writes it: `2022-03-02T02:52:39.000Z`."""
    return moment.replace("+0000", "Z")
