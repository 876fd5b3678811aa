"""406 without a body: the edge fails for a moment."""

from __future__ import annotations

from sfmock.faultkind import FaultKind, everywhere
from sfmock.represent import edge

KIND = FaultKind(
    name="edge_406",
    group="service",
    happens=str(__doc__),
    answers=everywhere(edge.NOT_ACCEPTABLE),
    state="nothing is written",
    reaction="repeat: not every 4xx is final",
    source="error-catalogue.md 9, fault 18",
)
