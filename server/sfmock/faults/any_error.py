"""An error with any code of the partner WSDL, in the form of the API that was called."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from sfmock.errors import SalesforceError
from sfmock.faultkind import FaultKind, Options, door_of, option
from sfmock.routing import Call
from sfmock.wire import Effect
from sfmock.wsdl_codes import EXCEPTION_CODES, STATUS_CODES

_CODES = EXCEPTION_CODES | STATUS_CODES


@dataclass(frozen=True, slots=True)
class ErrorOptions(Options):
    """The error; its wording is yours, for most of them are quoted nowhere."""

    code: str = option("UNKNOWN_EXCEPTION", "an ExceptionCode or a StatusCode")
    message: str = option("", "its text")
    status: int = option(400, "the status of REST; SOAP's is 500", at_least=400, at_most=599)
    row: bool = option(False, "an error of a row: `fields` is there, if only empty")
    fields: str = option("", "names of fields of a row, with commas between them")

    def __post_init__(self) -> None:
        """Check the values; raises ValueError for a code that the WSDL lacks."""
        Options.__post_init__(self)
        if self.code not in _CODES:
            near = get_close_matches(self.code, _CODES, n=3)
            raise ValueError(
                f"code= is one of the {len(_CODES)} codes of the partner WSDL, not {self.code!r}"
                + (f"; near it are {', '.join(near)}" if near else "")
            )


def _meets(call: Call, options: ErrorOptions) -> bool:
    """The APIs that have these codes."""
    return door_of(call) in ("rest", "soap", "login")


def _refuse(call: Call, options: ErrorOptions) -> Effect | None:
    """The error in the place of the work."""
    names = [each.strip() for each in options.fields.split(",") if each.strip()]
    error = SalesforceError(
        options.code,
        options.message,
        fields=names if names or options.row else None,
        status=options.status,
    )
    return Effect(error=error)


KIND = FaultKind(
    name="any_error",
    group="data",
    happens=str(__doc__),
    wire="REST: the list with `code`, `message` and `fields`; SOAP: the fault with the same code",
    state="nothing is written",
    reaction="by the code",
    source="error-catalogue.md 10",
    unverified="the wording, and which status goes with a code",
    options=ErrorOptions,
    suffers=_meets,
    ahead=_refuse,
)
