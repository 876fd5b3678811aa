"""The section "Salesforce requests" of a report: one line an exchange, more of it where more is asked for, never a secret."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby

from sfmock.control.costs import repeated
from sfmock.control.evidence import Evidence
from sfmock.control.problems import Problem
from sfmock.org.journal import Exchange
from sfmock.org.lines import caret, cut, line, one_line
from sfmock.org.masking import Mask
from sfmock.wire import Headers

_FIRST, _LAST = 20, 40
"""So many lines are shown of many, unless everything is asked for."""
_ALIKE = 5
"""So many equal lines in a row are shown."""
_BODY = {1: 400, 2: 2_000}
"""Characters of a body that are shown, by how much is asked for; of a plan as many as of the longest body."""


def section(
    fakes: Sequence[Evidence], problems: Iterable[Problem] = (), *, detail: int = 0
) -> Iterator[str]:
    """The lines; `detail` 1 adds bodies, 2 shows all requests, more of the bodies, and how queries were understood."""
    for each in fakes:
        yield from _fake(each, detail, named=len(fakes) > 1)
    yield from (f"also: {problem.text}" for problem in problems)


def _fake(fake: Evidence, detail: int, *, named: bool) -> Iterator[str]:
    if named or fake.exchanges:
        yield _head(fake, named=named)
    if fake.dropped:
        yield f"… {fake.dropped} earlier requests are no longer kept"
    blocks = list(_blocks(fake, detail))
    left_out = blocks[_FIRST:-_LAST] if detail < 2 else []
    yield from chain.from_iterable(blocks[:_FIRST] if left_out else blocks)
    if left_out:
        yield f"… {len(left_out)} lines left out (-vv shows all)"
        yield from chain.from_iterable(blocks[-_LAST:])
    yield from repeated(fake.exchanges, fake.rules.n_plus_one, fake.mask)


def _head(fake: Evidence, *, named: bool) -> str:
    count = len(fake.exchanges) + fake.dropped
    parts = (_many(count, "request"), _many(fake.api_calls, "API call"), f"seed {fake.seed}")
    where = f"{fake.address}: " if named else ""
    return f"{where}{', '.join(parts)}"


def _blocks(fake: Evidence, detail: int) -> Iterator[list[str]]:
    """The lines of each exchange; those of many equal ones in a row once."""
    blocks = ([*_exchange(fake, *each, detail)] for each in enumerate(fake.exchanges))
    for _, group in groupby(blocks) if detail < 2 else ((0, [each]) for each in blocks):
        run = list(group)
        if len(run) > _ALIKE:
            yield run[0]
            yield [f"… {len(run) - 1} more like it"]
        else:
            yield from run


def _exchange(fake: Evidence, place: int, each: Exchange, detail: int) -> Iterator[str]:
    yield line(each, fake.mask)
    yield from caret(each, fake.mask)
    if detail < 1:
        return
    most = _BODY[min(detail, 2)]
    yield from _body(">", fake.mask, each.headers, each.body, most)
    yield from _body("<", fake.mask, each.reply_headers, each.reply, most)
    compares_secret = fake.mask.text(each.soql or "") != (each.soql or "")
    for kind, text in fake.plans.get(place, ()):
        if kind == "sql" or not compares_secret:  # its values stand elsewhere
            yield f"      {kind:<4}  {cut(fake.mask.text(text), _BODY[2])}"


def _body(mark: str, mask: Mask, headers: Headers, body: bytes, most: int) -> Iterator[str]:
    text = one_line(mask.body(headers, body))
    if text:
        note = f" ({len(body)} bytes)" if len(text) > most else ""
        yield f"      {mark} {cut(text, most)}{note}"


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
