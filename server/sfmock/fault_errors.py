"""Errors that only faults and limits give: the second part of the one catalogue, beside `errors`.

`INVALID_SESSION_ID` and its kin stand there; here is what no request of a well-behaved client to a well org meets.
"""

from __future__ import annotations

from sfmock.failures import Kind

# -- limits: error-catalogue.md 2, rest.md 5.2 -------------------------------------------------------------------
CONCURRENT_LIMIT = Kind(
    "REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded.", 403
)
LONG_TRANSACTIONS = Kind("REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded.", 403)
BULK_QUERY_JOBS = Kind(
    "LIMIT_EXCEEDED",
    "Max bulk v2 query jobs (10000) per 24 hrs has been reached (10021)",
    router=True,
)

# -- sessions and access: oauth.md 7, 8.1, 11 --------------------------------------------------------------------
NOT_ATTACHED = Kind("INVALID_SESSION_ID", "Connected app is not attached to Agent", 401)
SOAP_SESSION_KIND = Kind(
    "INVALID_SESSION_ID", "This session is not valid for use with the API", 500
)
SOAP_WRONG_HOST = Kind(
    "UNKNOWN_EXCEPTION",
    "Destination URL not reset. The URL returned from login must be set in the SforceService",
    500,
)
SOAP_PASSWORD_EXPIRED = Kind(
    "INVALID_OPERATION_WITH_EXPIRED_PASSWORD",
    "The users password has expired, you must call SetPassword before attempting any other API operations",
    500,
)
ORG_LOCKED = Kind("ORG_LOCKED", "org locked", 500, unverified=True)
"""The code is documented, the wording is ours."""
POLICY_REFUSED = Kind(
    "TXN_SECURITY_NO_ACCESS",
    "The operation you requested isn't allowed due to a security policy in your organization. Contact your"
    " administrator.",
    403,
)
POLICY_TOO_SLOW = Kind(
    "TXN_SECURITY_METERING_ERROR",
    "We can't complete the action because enabled transaction security policies took too long to complete.",
    403,
    unverified=True,  # the status
)

# -- token endpoint: oauth.md 6 ----------------------------------------------------------------------------------
INACTIVE_ORG = Kind("invalid_grant", "inactive organization")
RETRY_YOUR_REQUEST = Kind("unknown_error", "retry your request")

# -- service: error-catalogue.md 2, 3 ----------------------------------------------------------------------------
READ_ONLY = Kind(
    "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE",
    "",
    row=True,
    unverified=True,  # the status; it is documented that there is no text beside the code
)

# -- data: error-catalogue.md 2, 3, 8 ----------------------------------------------------------------------------
LOCKED = Kind("UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record", row=True)
STORAGE_FULL = Kind(
    "STORAGE_LIMIT_EXCEEDED",
    "storage limit exceeded",
    row=True,
    unverified=True,  # the status: 400, or 403
)
OPERATION_TOO_LARGE = Kind("OPERATION_TOO_LARGE", "exceeded 100000 distinct who/what's")
TRIGGER_FAILED = Kind("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "{text}", row=True)
FLOW_FAILED = Kind("CANNOT_EXECUTE_FLOW_TRIGGER", "{text}", row=True)

# -- Bulk API 1.0: error-catalogue.md 5 --------------------------------------------------------------------------
BULK_SESSION = Kind("InvalidSessionId", "Invalid session id")
BULK_QUOTA = Kind("ExceededQuota", "ApiBatchItems Limit exceeded")
BULK_UNKNOWN = Kind(
    "Unknown", "Unknown exception in Async API. Please contact support with ID: {error_id}"
)
