"""What a test must hear of even if its client swallowed it: refusals, crashes of the fake, unmet faults, spent budgets."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sfmock.control.costs import over_budget, repeated
from sfmock.control.rules import Rules
from sfmock.org.journal import Exchange
from sfmock.org.known_secrets import mask_of
from sfmock.org.masking import Mask
from sfmock.org.org import Org
from sfmock.org.planned import Plan


class ProblemsFound(AssertionError):
    """The fake could not do what was asked, or a planned fault was not met; the message has one line for each."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What the reader is told, and where the fake crashed the traceback without its secrets."""

    text: str
    traceback: str = ""


def crashes_and_refusals(
    org: Org, exchanges: Iterable[Exchange], allow_refused: Sequence[str] = ()
) -> list[Problem]:
    """What exchanges went wrong with; refused requests that fit a pattern of `allow_refused` did not."""
    found = [each for each in exchanges if not _allowed(each, org, allow_refused)]
    if not found:
        return []
    mask = mask_of(org).learn(found)
    return [_of_exchange(each, mask) for each in found]


def spendings(org: Org, rules: Rules) -> list[Problem]:
    """What calls cost more than the rules allow."""
    journal, budget = org.journal, rules.api_budget
    found: list[Problem] = []
    if budget is not None and journal.api_calls > budget:
        text = over_budget(journal, budget, journal.api_calls, mask_of(org))
        found.append(Problem(text))
    if rules.fail_n_plus_one:
        lines = repeated(journal, rules.n_plus_one, mask_of(org))
        found += (Problem(f"{line} (fail_n_plus_one)") for line in lines)
    return found


def unmet_faults(faults: Iterable[Plan]) -> list[Problem]:
    """What those of the faults complain of that did not fire as planned."""
    return [Problem(each.complaint()) for each in faults if not each.met]


def message(problems: Iterable[Problem]) -> str:
    """The problems as text, each said once, and the traceback of the first crash."""
    told = list(problems)
    crashes = (each.traceback for each in told if each.traceback)
    texts = dict.fromkeys(each.text for each in told)
    return "\n\n".join(filter(None, ("\n".join(texts), next(crashes, ""))))


def raise_problems(problems: Sequence[Problem]) -> None:
    """Raise ProblemsFound if there are any."""
    if problems:
        # Not from the crash, whose text and locals may hold secrets.
        raise ProblemsFound(message(problems)) from None


def _of_exchange(exchange: Exchange, mask: Mask) -> Problem:
    where = f"{exchange.method} {mask.path(exchange.path)}"
    if exchange.crash is not None:
        error = exchange.crash
        text = mask.text(f"{type(error).__name__}: {error}")
        lines = mask.known("".join(traceback.format_exception(error))).rstrip()
        return Problem(f"the fake crashed on {where}: {text}", lines)
    return Problem(
        f"the fake refused {where}: it does not implement {mask.text(str(exchange.refused))}"
        f" (expected here? allow_refused=[{_pattern(exchange) or where!r}])"
    )


def _allowed(exchange: Exchange, org: Org, patterns: Sequence[str]) -> bool:
    names = org.journal.names
    return exchange.crash is None and any(exchange.matches(each, names) for each in patterns)


def _pattern(exchange: Exchange) -> str | None:
    """The shortest pattern that means requests like this one, where its route has a name."""
    if exchange.name is None or exchange.operation is None:
        return exchange.name
    return f"{exchange.name} {exchange.operation}"
