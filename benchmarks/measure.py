"""How the benchmarks measure: subject and baseline in turn, five runs each, median and spread, and their ratio."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

RUNS = 5


@dataclass(frozen=True)
class Figures:
    """Seconds a run of one side."""

    name: str
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    def line(self, unit: float, label: str) -> str:
        low, high = min(self.seconds) * unit, max(self.seconds) * unit
        return f"  {self.name:<58} {self.median * unit:10.2f} {label}   ({low:.2f} to {high:.2f})"


def timed(work: Callable[[], object]) -> float:
    """Seconds of wall time for one call."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def worked(work: Callable[[], object]) -> float:
    """Seconds of the processor's time for one call: what other processes do does not count."""
    began = time.process_time()
    work()
    return time.process_time() - began


def side_by_side(
    title: str,
    subject: tuple[str, Callable[[], float]],
    baseline: tuple[str, Callable[[], float]],
    *,
    label: str = "ms",
    runs: int = RUNS,
) -> float:
    """Measure both in turn (A B A B …), print both and the ratio of the medians; a callable answers seconds."""
    unit = {"us": 1e6, "ms": 1e3, "s": 1.0}[label]
    subject[1](), baseline[1]()  # warm up, not counted
    seconds: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs):
        seconds[0].append(subject[1]())
        seconds[1].append(baseline[1]())
    a, b = Figures(subject[0], tuple(seconds[0])), Figures(baseline[0], tuple(seconds[1]))
    print(
        f"{title}\n{a.line(unit, label)}\n{b.line(unit, label)}\n  ratio {a.median / b.median:.3f}\n"
    )
    return a.median / b.median
