"""Operations on planned faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

from sfmock.control.problems import unmet_faults
from sfmock.control.remote.desk import Desk, WrongError
from sfmock.control.remote.operation import (
    LEFT_OUT,
    Given,
    Operation,
    Parameter,
    in_path,
)
from sfmock.control.remote.schemas import TEXTS_SCHEMA, listed, reference
from sfmock.control.remote.values import (
    LIST,
    NOTHING,
    NUMBER,
    OBJECT,
    TEXT,
    YES,
    either,
    whole,
)
from sfmock.faultkind import FaultKind
from sfmock.org.planned import Fault, Plan
from sfmock.org.scenarios import SCENARIOS
from sfmock.wire import JSON

_FAULT = in_path("fault", TEXT, "its name")
_WHICH = (
    Parameter("on", TEXT, "the pattern of the requests that it is about", "*"),
    Parameter("optional", YES, "whether it need not fire", False),
    Parameter("user", TEXT, "only for the requests of this user: a username or an id", LEFT_OUT),
    Parameter("sobject", TEXT, "only for requests of this sobject", LEFT_OUT),
    Parameter("path", TEXT, "only for paths of this pattern", LEFT_OUT),
    Parameter(
        "body",
        either(TEXT, OBJECT),
        "only for bodies that hold this text, or whose JSON object has these keys and values",
        LEFT_OUT,
    ),
    Parameter("start", NUMBER, "seconds of the org's clock from now", 0),
    Parameter("lasts", NUMBER, "seconds for which it may fire", LEFT_OUT),
    Parameter("every", NUMBER, "seconds after which that begins again", LEFT_OUT),
)
_OWN = ("after", "times", "rate")


def _add(desk: Desk, given: Given) -> dict[str, JSON]:
    which = given.only(*(each.name for each in _WHICH), *_OWN)
    options = given["options"]
    _check_options(options, which)
    return _shown(desk, desk.org.faults.add(given["kind"], **which, **options))


def _check_options(options: Mapping[str, JSON], which: Mapping[str, Any]) -> None:
    mixed = sorted(
        options.keys() & {*which, "kind", "when", "self", *(p.name for p in _WHICH), *_OWN}
    )
    if mixed:
        raise WrongError(
            422,
            "wrong_value",
            f"options: {mixed[0]} is no option of a kind's own; `when` takes Python functions, the others stand beside",
            field="options",
        )


def _sequence(desk: Desk, given: Given) -> dict[str, JSON]:
    which = given.only(*(each.name for each in _WHICH))
    return _shown(desk, desk.org.faults.sequence(*map(_step, given["steps"]), **which))


def _step(step: JSON) -> str | tuple[str, Mapping[str, object]] | None:
    match step:
        case None | str():
            return step
        case {"kind": str(kind), "options": dict(options), **rest} if not rest:
            return kind, options
        case {"kind": str(kind), **rest} if not rest:
            return kind
        case _:
            raise WrongError(
                422,
                "wrong_value",
                'steps: each is a kind, {"kind": …, "options": {…}}, or null for a good reply',
                field="steps",
            )


def _scenario(desk: Desk, given: Given) -> dict[str, JSON]:
    made = desk.org.faults.scenario(given["name"])
    return {"faults": [_fault_json(desk, each) for each in made.faults]}


def _list(desk: Desk, _: Given) -> dict[str, JSON]:
    return {"faults": [_plan_json(name, each) for name, each in desk.plans()]}


def _get(desk: Desk, given: Given) -> dict[str, JSON]:
    return {"fault": _plan_json(given["fault"], desk.plan(given["fault"]))}


def _remove(desk: Desk, given: Given) -> dict[str, JSON]:
    desk.org.faults.remove(desk.plan(given["fault"]))
    return {}


def _clear(desk: Desk, _: Given) -> dict[str, JSON]:
    desk.org.faults.clear()
    return {}


def _unmet(desk: Desk, _: Given) -> dict[str, JSON]:
    return {"unmet": [each.text for each in unmet_faults(desk.org.faults)]}


def _kinds(desk: Desk, _: Given) -> dict[str, JSON]:
    kinds = desk.org.faults.kinds.values()
    return {
        "kinds": [kind_json(each) for each in kinds if isinstance(each, FaultKind)],
        "scenarios": {name: each.happens for name, each in SCENARIOS.items()},
    }


def kind_json(kind: FaultKind) -> JSON:
    """A kind and its options, for programs."""
    heads = ("name", "default", "allowed", "means")
    return {
        "kind": kind.name,
        "group": kind.group,
        "happens": kind.happens,
        "options": [dict(zip(heads, row, strict=True)) for row in kind.options.rows()],
    }


def _shown(desk: Desk, plan: Plan) -> dict[str, JSON]:
    return {"fault": _fault_json(desk, plan)}


def _fault_json(desk: Desk, plan: Plan) -> JSON:
    return _plan_json(desk.name_of(plan), plan)


def _plan_json(name: str, plan: Plan) -> JSON:
    which = plan.which
    body = which.body
    shown: dict[str, JSON] = {
        "fault": name,
        "kind": plan.kind,
        "on": plan.on,
        "optional": plan.optional,
        "fired": plan.fired,
        "met": plan.met,
        "user": which.user,
        "sobject": which.sobject,
        "path": which.path,
        "body": dict(body)
        if isinstance(body, Mapping)
        else body
        if isinstance(body, str)
        else None,
        "start": which.window.start,
        "lasts": which.window.lasts,
        "every": which.window.every,
    }
    if isinstance(plan, Fault):
        own = plan.options
        shown |= {
            "after": plan.after,
            "times": plan.times,
            "rate": plan.rate,
            "options": asdict(own) if is_dataclass(own) and not isinstance(own, type) else {},
        }
    return shown


_FAULT_ANSWER = {"fault": reference("Fault")}
_FAULTS_ANSWER = {"faults": listed(reference("Fault"))}

OPERATIONS = (
    Operation(
        "add_fault",
        "POST",
        "/faults",
        "Plan a fault: `after` matching requests pass, then it fires `times` times.",
        _add,
        (
            Parameter("kind", TEXT, "the kind, one of `fault_kinds`"),
            Parameter("options", OBJECT, "the kind's own options", {}),
            *_WHICH,
            Parameter("after", whole(), "how many matching requests pass before", 0),
            Parameter("times", either(whole(1), NOTHING), "how often; null: every time", 1),
            Parameter("rate", NUMBER, "the probability that it fires, from 0 to 1", LEFT_OUT),
        ),
        answer=_FAULT_ANSWER,
        status=201,
    ),
    Operation(
        "add_fault_sequence",
        "POST",
        "/faults/sequence",
        "Plan one step for each matching request.",
        _sequence,
        (
            Parameter(
                "steps",
                LIST,
                "kinds, `{kind, options}`, or null for a good reply",
            ),
            *_WHICH,
        ),
        answer=_FAULT_ANSWER,
        status=201,
    ),
    Operation(
        "add_fault_scenario",
        "POST",
        "/faults/scenario",
        "Plan all faults of a scenario; none of them has to fire.",
        _scenario,
        (Parameter("name", TEXT, "the scenario, one of `fault_kinds`"),),
        answer=_FAULTS_ANSWER,
        status=201,
    ),
    Operation(
        "faults",
        "GET",
        "/faults",
        "The planned faults, and how often each has fired.",
        _list,
        answer=_FAULTS_ANSWER,
    ),
    Operation("fault", "GET", "/faults/{fault}", "One of them.", _get, (_FAULT,), _FAULT_ANSWER),
    Operation(
        "remove_fault",
        "DELETE",
        "/faults/{fault}",
        "Take one away; it is not asked whether it fired.",
        _remove,
        (_FAULT,),
    ),
    Operation("clear_faults", "DELETE", "/faults", "Take all away.", _clear),
    Operation(
        "unmet_faults",
        "GET",
        "/faults/unmet",
        "What those complain of that have not fired as planned.",
        _unmet,
        answer={"unmet": TEXTS_SCHEMA},
    ),
    Operation(
        "fault_kinds",
        "GET",
        "/faults/kinds",
        "All kinds of faults with their options, and the scenarios.",
        _kinds,
        answer={
            "kinds": listed({"type": "object"}),
            "scenarios": {"type": "object", "description": "what happens, by name"},
        },
    ),
)
