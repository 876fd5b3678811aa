"""Errors of many records in one call: a part of the one catalogue, beside `errors`."""

from __future__ import annotations

from sfmock.errors import COLUMN_HELP
from sfmock.failures import Kind

# -- many records in one call: error-catalogue.md 2, 3, 7, rest.md 4.4, soap-apis.md 1, 2.2 ---------------------------
TOO_MANY_RECORDS = Kind(
    "EXCEEDED_ID_LIMIT",
    "record limit reached. cannot submit more than 200 records into this call",
)
ROLLED_BACK = Kind(
    "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    "Record rolled back because not all records were valid and the request was using AllOrNone header",
    row=True,
)
ID_IN_CREATE = Kind(
    "INVALID_FIELD_FOR_INSERT_UPDATE", "cannot specify Id in an insert call", row=True
)
ID_MISSING = Kind("MISSING_ARGUMENT", "Id not specified in an update call", row=True)
KEY_MISSING = Kind(
    "MISSING_ARGUMENT",
    "{name} not specified",
    row=True,
    unverified=True,  # told of Bulk jobs
)
KEY_TWICE = Kind("DUPLICATE_VALUE", "Duplicate external id specified: {value}", row=True)
ID_TWICE = Kind(
    "DUPLICATE_VALUE",
    "Duplicate id specified: {id}",
    row=True,
    unverified=True,  # `fields`
)
SEVERAL_BY_KEY = Kind(
    "DUPLICATE_EXTERNAL_ID",
    "{label}: more than one record found for external id field: [{ids}]",
    row=True,
)
BAD_ID = Kind("MALFORMED_ID", "bad id {value}", row=True)
"""As a captured envelope of version 28.0 tells it of `delete` (soap-0014)."""
NO_SUCH_COLUMN_TO_WRITE = Kind(
    "INVALID_FIELD",
    "No such column '{name}' on entity '{sobject}'." + COLUMN_HELP,
    unverified=True,  # that the fault of a write has the words of queries
)
XML_VALUE = Kind(
    "Client",
    "'{value}' is not a valid value for the type {type}",
    unverified=True,  # the fault code
)
