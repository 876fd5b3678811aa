"""What a kind of fault is made of: the facts that the catalogue prints, options, and what it does to an exchange.

A module of `sfmock.faults` has one `KIND`. Most kinds only answer in the resource's place: `answers` says what, for each
door that can suffer them, and nothing else has to be written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any, Literal, TypeAlias

from sfmock.errors import Kind
from sfmock.routing import Call
from sfmock.wire import Effect, Reply

Group: TypeAlias = Literal["identity", "limits", "service", "transport", "data", "paging"]
GROUPS: tuple[Group, ...] = ("identity", "limits", "service", "transport", "data", "paging")
Door: TypeAlias = Literal["token", "oauth", "identity", "rest", "bulk1", "login", "soap"]
"""What a request knocks at: an API family, of which the token request and SOAP `login()` are doors of their own."""
DOORS: Mapping[Door, str] = {
    "token": "token endpoint",
    "oauth": "other OAuth endpoints",
    "identity": "userinfo, id",
    "rest": "REST",
    "bulk1": "Bulk 1.0",
    "login": "SOAP login()",
    "soap": "SOAP",
}
Answer: TypeAlias = "Kind | Reply"
"""An error, which each API family writes in its own form, or a reply that no API wrote."""
_TYPES: Mapping[type, str] = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "True or False",
}
_FACTS = "sfmock"


@dataclass(frozen=True, slots=True)
class _Allowed:
    """What an option takes."""

    help: str
    one_of: tuple[str, ...] = ()
    above: float | None = None
    at_least: float | None = None
    at_most: float | None = None

    def text(self, kind: type) -> str:
        """The allowed values in words."""
        if self.one_of:
            *rest, last = map(repr, self.one_of)
            return f"{', '.join(rest)} or {last}" if rest else last
        bounds = (
            (self.above, "more than {:g}"),
            (self.at_least, "at least {:g}"),
            (self.at_most, "at most {:g}"),
        )
        parts = [words.format(bound) for bound, words in bounds if bound is not None]
        return " and ".join(parts) or _TYPES[kind]

    def takes(self, value: Any) -> bool:
        """Whether a value of the right type is allowed."""
        if self.one_of:
            return value in self.one_of
        return (
            (self.above is None or value > self.above)
            and (self.at_least is None or value >= self.at_least)
            and (self.at_most is None or value <= self.at_most)
        )


def option(
    default: Any,
    help: str,  # noqa: A002 - what argparse calls it
    *,
    one_of: tuple[str, ...] = (),
    above: float | None = None,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Any:
    """A field of an options class: its default gives the type."""
    return field(
        default=default, metadata={_FACTS: _Allowed(help, one_of, above, at_least, at_most)}
    )


@dataclass(frozen=True, slots=True)
class Options:
    """The options of a kind; those of its own are fields of a subclass, each made by `option`."""

    def __post_init__(self) -> None:
        """Check all values; raises TypeError for one of another type, ValueError for one that is not allowed."""
        for each in fields(self):
            _check(each, getattr(self, each.name))

    @classmethod
    def rows(cls) -> list[tuple[str, str, str, str]]:
        """Name, default, allowed values and meaning of each option."""
        rows = []
        for each in fields(cls):
            allowed = _allowed(each)
            shown = each.name, repr(each.default), allowed.text(type(each.default)), allowed.help
            rows.append(shown)
        return rows


@dataclass(frozen=True, slots=True)
class EitherSide(Options):
    """When the answer takes its place: clients cannot know whether the work was done."""

    at: str = option(
        "before", "before the work, or after it was committed", one_of=("before", "after")
    )


def door_of(call: Call) -> Door:
    """Which door a request knocks at."""
    family = call.family
    if family == "oauth":
        known = call.known
        return "token" if known is not None and known.name == "token" else "oauth"
    if family == "soap" and call.envelope is not None and call.envelope.name == "login":
        return "login"
    return family


def everywhere(answer: Answer) -> dict[Door, Answer]:
    """The same answer at each door."""
    return dict.fromkeys(DOORS, answer)


Suffers: TypeAlias = Callable[[Call, Any], bool]
Acts: TypeAlias = Callable[[Call, Any], "Effect | None"]


@dataclass(frozen=True, kw_only=True)
class FaultKind:
    """One kind of fault. Without `before` and `after` of its own it gives the door's answer instead of the resource."""

    name: str
    group: Group
    happens: str
    """What happens, in one sentence."""
    state: str
    """What it leaves in the org."""
    reaction: str
    """What a client should do."""
    source: str
    """Where it is documented or quoted."""
    answers: Mapping[Door, Answer] = field(default_factory=dict)
    besides: tuple[Door, ...] = ()
    """Doors that can suffer it and have no answer of their own: the resource answers."""
    wire: str = ""
    """What is seen on the wire, where `answers` do not say it."""
    unverified: str = ""
    """What of it nobody has quoted or recorded."""
    also: tuple[str, ...] = ()
    """Other names, by which the tables of the sources know it."""
    options: type[Options] = Options
    suffers: Suffers | None = None
    """Which requests can meet it, of those whose door has an answer; without it, all of them."""
    ahead: Acts | None = None
    behind: Acts | None = None
    fill: Callable[[Call], Mapping[str, str]] | None = None
    """What the placeholders of the wording stand for."""

    def applies(self, call: Call, options: Any, /) -> bool:
        """Whether this request can suffer the fault at all."""
        if self.answers and door_of(call) not in {*self.answers, *self.besides}:
            return False
        return self.suffers is None or self.suffers(call, options)

    def before(self, call: Call, options: Any, /) -> Effect | None:
        """What happens before the request is carried out."""
        if self.ahead is not None:
            return self.ahead(call, options)
        return self.answer(call) if self.behind is None and not _comes_after(options) else None

    def after(self, call: Call, options: Any, /) -> Effect | None:
        """What happens once it was carried out."""
        if self.behind is not None:
            return self.behind(call, options)
        return self.answer(call) if self.ahead is None and _comes_after(options) else None

    def answer(self, call: Call) -> Effect:
        """The answer of the door that the request knocks at."""
        found = self.answers[door_of(call)]
        if isinstance(found, Reply):
            return Effect(reply=found)
        values: Mapping[str, str] = {} if self.fill is None else self.fill(call)
        return Effect(error=found(**values))


def _comes_after(options: Options) -> bool:
    return isinstance(options, EitherSide) and options.at == "after"


def _allowed(each: Field[Any]) -> _Allowed:
    found = each.metadata[_FACTS]
    if not isinstance(found, _Allowed):
        raise TypeError(f"{each.name} was not made by option()")
    return found


def _check(each: Field[Any], value: object) -> None:
    kind, allowed = type(each.default), _allowed(each)
    numbers = (int, float) if kind is float else kind
    if not isinstance(value, numbers) or (isinstance(value, bool) and kind is not bool):
        raise TypeError(f"{each.name}= is {_TYPES[kind]}, not {value!r}")
    if not allowed.takes(value):
        raise ValueError(f"{each.name}= is {allowed.text(kind)}, not {value!r}")
