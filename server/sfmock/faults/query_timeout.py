"""The query has run for too long."""

from __future__ import annotations

from sfmock import errors
from sfmock.fault_calls import reads_query
from sfmock.faultkind import FaultKind

KIND = FaultKind(
    name="query_timeout",
    group="data",
    happens=str(__doc__),
    answers={"rest": errors.QUERY_TIMEOUT, "soap": errors.QUERY_TIMEOUT},
    state="nothing is written",
    reaction="narrow the query, then repeat",
    source="error-catalogue.md 2",
    suffers=reads_query,
)
