"""What a report shows of a test's requests: a section, a HAR file, and numbers for other reporters; never a secret."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from hashlib import sha256
from pathlib import Path
from typing import (  # what xdist and reports of crashes hand over has no public type
    TYPE_CHECKING,
    Any,
)

import pytest

from pytest_sfmock import options, verdict
from pytest_sfmock.scopes import LASTING

if TYPE_CHECKING:
    from sfmock.control.evidence import Evidence
    from sfmock.control.tally import Tally

TITLE = "Salesforce requests"
_SHOWN_BY_PYTEST = {"failed": "", "error": "", "passed": "P", "xpassed": "X", "xfailed": "x"}
"""What pytest prints with its sections, and the letter of `-r` that makes it do so."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add our properties to the report of each phase, and our section where a phase failed."""
    watch = verdict.watch_of(item)
    if watch is not None:
        _set_properties(item, watch)
    report = yield
    if watch is None and report.failed:
        watch = _set_up(item)  # of a class or module failed, and no test has begun
    if watch is None:
        return report
    if report.when == "call":
        verdict.settle(watch, call)
    shown = options.of_run(item.config, "show")
    har = _har_folder(item.config) if report.failed else None
    wanted = (shown == "all" and report.when == "call") or (shown == "failed" and report.failed)
    if wanted or har is not None:
        fakes = watch.evidence(plans=wanted and _detail(item.config) >= 2)
        lines = list(_lines(item, watch, fakes))
        if har is not None and any(each.exchanges for each in fakes):
            lines.append(_har(har, item.nodeid, fakes))
        if wanted and lines:
            report.sections.append((TITLE, "\n".join(lines)))
    return report


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print the sections that pytest does not: of tests that passed, and of all where captured output is not shown."""
    shown = options.of_run(config, "show")
    if shown == "none" or config.getoption("tbstyle") == "no":
        return
    captured = config.getoption("showcapture")
    done = {
        category
        for category, letter in _SHOWN_BY_PYTEST.items()
        if captured == "all" and (not letter or terminalreporter.hasopt(letter))
    }
    if not getattr(config.option, "xfail_tb", True):  # an option since pytest 8.3
        done.discard("xfailed")
    categories = ["failed", "error"] if shown == "failed" else list(terminalreporter.stats)
    found = [
        (report.head_line or report.nodeid, text)
        for category in categories
        if category not in done
        for report in terminalreporter.stats.get(category, ())
        for title, text in getattr(report, "sections", ())
        if title == TITLE
    ]
    if found:
        terminalreporter.section(TITLE)
    for name, text in found:
        terminalreporter.write_sep("_", name)
        terminalreporter.write_line(text)


def _lines(item: pytest.Item, watch: verdict.Watch, fakes: list[Evidence]) -> Iterator[str]:
    from sfmock.control.section import section

    return section(fakes, watch.outranked, detail=_detail(item.config))


def _detail(config: pytest.Config) -> int:
    return config.get_verbosity()


def _set_up(item: pytest.Item) -> verdict.Watch | None:
    handles = [each.handle for each in item.config.stash.get(LASTING, ())]
    return verdict.Watch(handles=handles) if handles else None


def _set_properties(item: pytest.Item, watch: verdict.Watch) -> None:
    """Put our numbers among the user properties, in the place of those of an earlier phase or run of this test."""
    tally: Tally = watch.tally()
    ours: list[tuple[str, object]] = [("sfmock_seed", " ".join(map(str, watch.seeds())))]
    ours += ((f"sfmock_{name}", value) for name, value in tally._asdict().items())
    others = [each for each in item.user_properties if not each[0].startswith("sfmock_")]
    item.user_properties[:] = [*others, *ours]


def _har_folder(config: pytest.Config) -> Path | None:
    folder = options.of_run(config, "har")
    if not isinstance(folder, Path):
        return None
    typed = config.getoption("sfmock_har") is not None
    return (config.invocation_params.dir if typed else config.rootpath) / folder


def _har(folder: Path, nodeid: str, fakes: list[Evidence]) -> str:
    from sfmock.control.har import write_har

    name = re.sub(r"[^\w.-]+", "-", nodeid)[:120]
    path = folder / f"{name}-{sha256(nodeid.encode()).hexdigest()[:8]}.har"
    try:
        write_har(path, nodeid, fakes)
    except OSError as error:
        return f"no HAR file: {error}"
    return f"HAR file: {path}"
