"""The API version has been retired."""

from __future__ import annotations

from dataclasses import dataclass

from sfmock import errors, login_errors
from sfmock.fault_calls import soap_version
from sfmock.faultkind import FaultKind, Options, door_of, option
from sfmock.routing import Call
from sfmock.wire import Effect


@dataclass(frozen=True, slots=True)
class RetiredOptions(Options):
    """How REST says it."""

    form: str = option("410", "410, or the 404 of a version that never was", one_of=("410", "404"))


def _has_version(call: Call, options: RetiredOptions) -> bool:
    """Only a path with a version in it."""
    return bool(call.params.get("version") or call.params.get("number"))


def _answer(call: Call, options: RetiredOptions) -> Effect | None:
    """The error of the API."""
    if options.form == "404" and door_of(call) == "rest":
        return Effect(error=errors.NOT_FOUND())
    return KIND.answer(call)


KIND = FaultKind(
    name="retired_version",
    group="service",
    happens=str(__doc__),
    answers={
        "rest": errors.VERSION_RETIRED,
        "login": login_errors.SOAP_VERSION_RETIRED,
        "soap": login_errors.SOAP_VERSION_RETIRED,
    },
    state="nothing is written",
    reaction="raise the version; `Warning: 299` has told it long before",
    source="error-catalogue.md 9, fault 53; rest.md 1.4",
    unverified="the body of the 410",
    options=RetiredOptions,
    suffers=_has_version,
    fill=soap_version,
    ahead=_answer,
)
