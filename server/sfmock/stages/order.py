"""The stages that a request passes before a backend answers it, in their order.

The fault stage comes first and last: `before` ahead of these checks, `after` behind the backend (`stages.faults`).
A check that raises has written nothing, so none needs a savepoint of its own.
"""

from __future__ import annotations

from sfmock.stages import limits, login_host, session, version

ORDER = (login_host.check, version.check, session.check, limits.check)
WITHOUT_BODY = (version.check, session.check)
"""Those that look at no body and count nothing."""
