"""The refresh grants: policies of the app, rotation, and what becomes of a token that is used twice (oauth.md 3.10, 9)."""

from __future__ import annotations

from dataclasses import dataclass

from sfmock import login_errors
from sfmock.clock import Clock
from sfmock.org.apps import ConnectedApp
from sfmock.org.refresh_tokens import RefreshToken
from sfmock.org.sessions import Sessions


@dataclass(frozen=True, slots=True)
class Refreshing:
    """The refresh tokens of one org, as the token endpoint takes them."""

    sessions: Sessions
    clock: Clock

    def accept(self, app: ConnectedApp, token: str) -> RefreshToken:
        """The refresh token, if it is this app's and good; one that was replaced revokes all of its family (3.10)."""
        found = self.sessions.find_refresh(token)
        if found is None and self.sessions.is_reused(token):
            raise login_errors.EXPIRED_TOKEN().leaving(lambda: self.sessions.revoke_family(token))
        if found is None or found.app_id != app.id:
            raise login_errors.EXPIRED_TOKEN()
        if self._is_over(app, found):
            raise login_errors.TOKEN_VALIDITY_EXPIRED()
        return found

    def follow(self, app: ConnectedApp, used: RefreshToken) -> str | None:
        """The refresh token that the reply shows: the one that takes the place of a rotated one, else none."""
        self.sessions.note_use(used)
        return self.sessions.rotate(used).token if app.refresh_token_rotation else None

    def _is_over(self, app: ConnectedApp, found: RefreshToken) -> bool:
        """Whether the policy of the app says that the time of a refresh token is over."""
        now, validity = self.clock.timestamp(), app.refresh_token_validity or 0.0
        match app.refresh_token_policy:
            case "infinite":
                return False
            case "zero":
                return True
            case "specific_inactivity":
                return now >= found.used + validity
            case "specific_lifetime":
                return now >= found.created + validity
