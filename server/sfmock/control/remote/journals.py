"""Operations on the journal: what was asked, what the fake could not do. Secrets are masked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sfmock.control.problems import Problem, spendings, unmet_faults
from sfmock.control.remote.desk import Desk, WrongError
from sfmock.control.remote.operation import (
    Given,
    Operation,
    Parameter,
    in_query,
)
from sfmock.control.remote.schemas import COUNT, listed, reference, schema
from sfmock.control.remote.shown import moment_json
from sfmock.control.remote.values import LIST, OBJECT, TEXT, YES, either, whole
from sfmock.org.journal import Exchange
from sfmock.org.lines import target
from sfmock.org.masking import Mask
from sfmock.wire import JSON, Headers

_SHOWN = 100
_PATTERN = in_query("pattern", TEXT, "only those that fit it, e.g. `query` or `create Account`")


def _list(desk: Desk, given: Given) -> dict[str, JSON]:
    journal = desk.org.journal
    state = journal.state()  # requests go on coming in other threads
    wanted = _matching(desk, given["pattern"]) if "pattern" in given else state.exchanges
    among = {id(each) for each in wanted}
    found = [
        (number, each)
        for number, each in enumerate(state.exchanges, state.dropped + 1)
        if id(each) in among
        and number > given["after"]
        and given.get("status", each.status) == each.status
        and given.get("failed", each.failed) == each.failed
    ]
    mask = desk.mask(state.exchanges)
    return {
        "requests": [
            _exchange_json(number, each, mask, bodies=given["bodies"])
            for number, each in found[-given["limit"] :]
        ],
        "total": len(state.exchanges) + state.dropped,
        "dropped": state.dropped,
        "api_calls": state.api_calls,
    }


def _count(desk: Desk, given: Given) -> dict[str, JSON]:
    return {"count": len(_matching(desk, given.get("pattern", "*")))}


def _expect(desk: Desk, given: Given) -> dict[str, JSON]:
    expected = given["expected"]
    try:
        if isinstance(expected, dict):
            counts = {name: _times(each) for name, each in expected.items()}
            desk.org.journal.expect(counts, others=given["others"])
        else:
            desk.org.journal.expect([*map(_expected, expected)], others=given["others"])
    except LookupError as error:
        raise _incomplete(error) from error
    except AssertionError as error:
        mask = desk.mask([*desk.org.journal])
        return {"met": False, "message": mask.text(str(error))}
    return {"met": True, "message": ""}


def _expected(each: JSON) -> str | tuple[str, int]:
    match each:
        case str():
            return each
        case [str(pattern), int(status)] if not isinstance(status, bool):
            return pattern, status
        case _:
            raise _wrong_expected("each is a pattern, or a list of a pattern and a status")


def _times(count: JSON) -> int:
    if not isinstance(count, int) or isinstance(count, bool):
        raise _wrong_expected("each pattern has a whole number")
    return count


def _wrong_expected(words: str) -> WrongError:
    return WrongError(422, "wrong_value", f"expected: {words}", field="expected")


def _clear(desk: Desk, _: Given) -> dict[str, JSON]:
    desk.org.journal.clear()
    return {}


def _problems(desk: Desk, given: Given) -> dict[str, JSON]:
    """What the handle would tell at the end of a test; it is told again by the next call."""
    handle = desk.handle
    found = handle.problems(faults=False)
    handle.remember(found)
    if given["faults"]:
        found = [*found, *unmet_faults(desk.org.faults), *spendings(desk.org, handle.rules)]
    return _problems_json(found)


def _forget_problems(desk: Desk, _: Given) -> dict[str, JSON]:
    return _problems_json(desk.handle.problems(faults=False))


def _problems_json(problems: Sequence[Problem]) -> dict[str, JSON]:
    return {"problems": [{"text": each.text, "traceback": each.traceback} for each in problems]}


def _matching(desk: Desk, pattern: str) -> list[Exchange]:
    try:
        return desk.org.journal.matching(pattern)
    except LookupError as error:
        raise _incomplete(error) from error


def _incomplete(error: LookupError) -> WrongError:
    return WrongError(409, "journal_incomplete", str(error.args[0]))


def _exchange_json(number: int, each: Exchange, mask: Mask, *, bodies: bool) -> JSON:
    crash = each.crash
    shown: dict[str, JSON] = {
        "number": number,
        "method": each.method,
        "target": target(each, mask),
        "status": each.status,
        "name": each.name,
        "sobject": each.sobject,
        "user": each.user,
        "error_code": each.error_code,
        "soql": None if each.soql is None else mask.text(each.soql),
        "fault": each.fault,
        "api_calls": each.api_calls,
        "refused": None if each.refused is None else mask.text(each.refused),
        "crash": None if crash is None else mask.text(f"{type(crash).__name__}: {crash}"),
        "started": moment_json(each.started),
        "elapsed": each.elapsed,
    }
    if bodies:
        shown["request"] = _message(each.headers, each.body, mask)
        shown["reply"] = _message(each.reply_headers, each.reply, mask)
    return shown


def _message(headers: Headers, body: bytes, mask: Mask) -> JSON:
    pairs: list[Any] = [{"name": name, "value": value} for name, value in mask.headers(headers)]
    return {"headers": pairs, "body": mask.body(headers, body)}


OPERATIONS = (
    Operation(
        "requests",
        "GET",
        "/requests",
        "Requests that reached the org, oldest first, without their secrets.",
        _list,
        (
            _PATTERN,
            in_query("status", whole(0, 599), "only those of this status; 0: unanswered"),
            in_query("failed", YES, "only those that failed, or only the others"),
            in_query("after", whole(), "only those behind this number", 0),
            in_query("limit", whole(1, 10_000), "only the last ones, this many", _SHOWN),
            in_query("bodies", YES, "whether header fields and bodies are told", True),
        ),
        answer={
            "requests": listed(reference("Exchange")),
            "total": schema("integer", "how many there were in all"),
            "dropped": schema("integer", "how many of them are no longer kept"),
            "api_calls": schema("integer", "how many calls against the daily cap were made"),
        },
        refusals=(409,),
    ),
    Operation(
        "count_requests",
        "GET",
        "/requests/count",
        "How many requests fit a pattern.",
        _count,
        (_PATTERN,),
        answer={"count": COUNT},
        refusals=(409,),
    ),
    Operation(
        "expect_requests",
        "POST",
        "/requests/expect",
        "Whether these requests came and no others: a list of patterns in their order, or how often each came.",
        _expect,
        (
            Parameter(
                "expected",
                either(LIST, OBJECT),
                'patterns or `[pattern, status]`; or an object, `{"token": 1, "query": 3}`',
            ),
            Parameter("others", YES, "whether others may have come", False),
        ),
        answer={
            "met": schema("boolean"),
            "message": schema("string", "both sides, where they differ"),
        },
        refusals=(409,),
    ),
    Operation(
        "clear_requests",
        "DELETE",
        "/requests",
        "Forget the requests; what went wrong with them is still told by `problems`.",
        _clear,
    ),
    Operation(
        "problems",
        "GET",
        "/problems",
        "What a test must hear of: refused requests, crashes of the fake, faults that have not fired as planned.",
        _problems,
        (in_query("faults", YES, "whether faults that have not fired yet are told", True),),
        answer={"problems": listed(reference("Problem"))},
    ),
    Operation(
        "forget_problems",
        "DELETE",
        "/problems",
        "Tell the problems of requests for the last time: the next call tells new ones only.",
        _forget_problems,
        answer={"problems": listed(reference("Problem"))},
    ),
)
