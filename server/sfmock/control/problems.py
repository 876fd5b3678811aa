"""What a test must hear of even if its client swallowed it: refused requests, crashes of the fake, unmet faults."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sfmock.org.journal import Exchange
from sfmock.org.org import Org
from sfmock.org.planned import Plan


class ProblemsFound(AssertionError):
    """The fake could not do what was asked, or a planned fault was not met; the message has one line for each."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One line for the reader, and the exception behind it where the fake crashed."""

    text: str
    cause: BaseException | None = None


def crashes_and_refusals(
    org: Org, exchanges: Iterable[Exchange], allow_refused: Sequence[str] = ()
) -> list[Problem]:
    """What exchanges went wrong with; refused requests that fit a pattern of `allow_refused` did not."""
    return [_of_exchange(each) for each in exchanges if not _allowed(each, org, allow_refused)]


def unmet_faults(faults: Iterable[Plan]) -> list[Problem]:
    """What those of the faults complain of that did not fire as planned."""
    return [Problem(each.complaint()) for each in faults if not each.met]


def message(problems: Iterable[Problem]) -> str:
    """The problems as text, one a line, each said once."""
    return "\n".join(dict.fromkeys(each.text for each in problems))


def raise_problems(problems: Sequence[Problem]) -> None:
    """Raise ProblemsFound if there are any, with the first crash as its cause."""
    if problems:
        cause = next((each.cause for each in problems if each.cause is not None), None)
        raise ProblemsFound(message(problems)) from cause


def _of_exchange(exchange: Exchange) -> Problem:
    where = f"{exchange.method} {exchange.path}"
    if exchange.crash is not None:
        error = exchange.crash
        return Problem(f"the fake crashed on {where}: {type(error).__name__}: {error}", error)
    return Problem(
        f"the fake refused {where}: it does not implement {exchange.refused}"
        f" (expected here? allow_refused=[{exchange.name or f'{exchange.method} {exchange.path}'!r}])"
    )


def _allowed(exchange: Exchange, org: Org, patterns: Sequence[str]) -> bool:
    names = org.journal.names
    return exchange.crash is None and any(exchange.matches(each, names) for each in patterns)
