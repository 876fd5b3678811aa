"""A page of HTML comes in the place of a SOAP envelope."""

from __future__ import annotations

from sfmock.faultkind import EitherSide, FaultKind
from sfmock.represent import edge

KIND = FaultKind(
    name="edge_html_for_soap",
    group="service",
    happens=str(__doc__),
    answers={"login": edge.BAD_GATEWAY, "soap": edge.BAD_GATEWAY},
    state="`at`: nothing is written, or all of it",
    reaction="as for `edge_502`; put the page into the log",
    source="error-catalogue.md 9, fault 17",
    options=EitherSide,
)
