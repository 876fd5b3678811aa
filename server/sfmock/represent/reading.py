"""The reply to a read of one row: all fields or the listed ones, caching headers, 304 where the client's copy is good."""

from __future__ import annotations

from sfmock.org.dml.plan import Row
from sfmock.org.fieldlist import field_list
from sfmock.org.org import Org
from sfmock.org.permissions import VIEW_ENCRYPTED_DATA
from sfmock.represent.conditions import caching_headers, check_read
from sfmock.represent.records import record_json
from sfmock.schema.model import SObject
from sfmock.versions import Version
from sfmock.wire import RawJson, Reply, Request


def row_reply(
    org: Org, sobject: SObject, row: Row, request: Request, *, user_id: str, version: Version
) -> Reply:
    """The row as this user sees it; raises INVALID_FIELD for an unknown field, PRECONDITION_FAILED."""
    fields = field_list(request.args().get("fields"), sobject)
    headers = caching_headers(org, sobject, row)
    if fields is not None and fields.dotted:
        text = org.queries.row(sobject, str(row["Id"]), fields, user_id=user_id, version=version)
        reply = Reply(200, RawJson(text), headers=headers)
    else:
        shown = org.recent.shown(sobject, row, lambda: user_id)
        chosen = None if fields is None else fields.fields(sobject)
        clear = any(each.encrypted for each in sobject.fields) and org.users.has_permission(
            user_id, VIEW_ENCRYPTED_DATA
        )
        body = record_json(sobject, shown, version, chosen, clear=clear)
        reply = Reply(200, body, headers=headers)
    if check_read(request.headers, headers):
        return Reply(304, headers=headers, content_type=None)
    return reply
