"""Stage: does a planned fault meet this request, and what does it do before and after the work?"""

from __future__ import annotations

from sfmock.org.faultplans import Fault, Target
from sfmock.routing import Call
from sfmock.wire import Effect


def meet(call: Call) -> Fault | None:
    """The fault that fires on this request; asks nothing where none is planned."""
    plans = call.org.faults
    if not len(plans):
        return None
    route = call.route
    target = Target(
        call.request.method,
        call.request.path,
        call.request.query,
        route.name if route else None,
        call.params.get("sobject"),
    )
    return plans.struck(target, call)


def before(fault: Fault, call: Call) -> Effect | None:
    """What the fault does ahead of the work."""
    return fault.module.before(call, fault.options)


def after(fault: Fault, call: Call) -> Effect | None:
    """What the fault does once the work is done."""
    return fault.module.after(call, fault.options)
