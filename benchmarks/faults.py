"""What the fault stage costs a request: without plans (the bound is 3 us), and with ten that do not match."""

from __future__ import annotations

from measure import side_by_side, timed

from sfmock import Org
from sfmock.app import App
from sfmock.routing import Call
from sfmock.stages import faults as stage
from sfmock.wire import Request

CALLS = 100_000
BOUND = 3e-6


def _none(call: Call) -> None:
    return None


def _rate(work: object, call: Call, calls: int) -> float:
    """Seconds of one call."""
    if not callable(work):
        raise TypeError("a stage is a function")
    return timed(lambda: [work(call) for _ in range(calls)]) / calls


def fault_stage() -> None:
    with Org.new() as org:
        app = App(org)
        call = app._look_up(
            Request("GET", "/services/data/v60.0/query", "q=SELECT+Id+FROM+Account")
        )
        unused: list[float] = []

        def measured() -> float:
            unused.append(_rate(stage.meet, call, CALLS))
            return unused[-1]

        baseline = ("an empty function", lambda: _rate(_none, call, CALLS))
        side_by_side("fault stage, nothing planned", ("meet()", measured), baseline, label="us")
        median = sorted(unused)[len(unused) // 2]
        print(
            f"  {median * 1e6:.2f} us a request, bound {BOUND * 1e6:.0f} us: {'ok' if median < BOUND else 'TOO SLOW'}\n"
        )
        for _ in range(10):
            org.faults.add("server_unavailable", on="create Account", times=None, optional=True)
        side_by_side(
            "fault stage, ten plans for another request",
            ("meet()", lambda: _rate(stage.meet, call, CALLS // 50)),
            baseline,
            label="us",
        )


if __name__ == "__main__":
    fault_stage()
