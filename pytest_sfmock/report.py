"""The section "Salesforce requests" of a failed test: one line an exchange, and never a secret."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import pytest

from pytest_sfmock.verdict import WATCH, Watch

TITLE = "Salesforce requests"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add our section to the report of a phase that failed."""
    report = yield
    watch = item.stash.get(WATCH, None)
    if report.failed and watch is not None:
        text = "\n".join(_lines(watch))
        if text:
            report.sections.append((TITLE, text))
    return report


def _lines(watch: Watch) -> Iterator[str]:
    from sfmock.control.lines import lines

    live = [(handle.instance_url, handle.requests) for handle in watch.handles]
    fakes = [*live, *watch.ended]
    for address, exchanges in fakes:
        if len(fakes) > 1:
            yield f"{address}:"
        yield from lines(exchanges)
    yield from (f"also: {problem.text}" for problem in watch.outranked)
