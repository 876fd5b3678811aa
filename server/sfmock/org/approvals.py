"""Who may use an app: users that its administrator approved, or who approved it themselves (oauth.md 3.7, 9)."""

from __future__ import annotations

from sfmock import errors, login_errors
from sfmock.ids import canonical
from sfmock.org.apps import ConnectedApp
from sfmock.org.org import Org
from sfmock.org.users import User


def require_installed(app: ConnectedApp) -> None:
    """Raise APP_NOT_FOUND for an external client app that the org has not; refuse what has no recorded answer."""
    if app.blocked:
        raise errors.refuse("a token request of a connected app that the org blocks")
    if app.installed:
        return
    if app.kind == "external_client_app":
        raise login_errors.APP_NOT_FOUND()
    raise errors.refuse("a token request of a connected app that is not installed")


def is_preauthorized(org: Org, app: ConnectedApp, user: User) -> bool:
    """Whether the administrator approved the app for the user's profile or one of her permission sets."""
    return _has_profile(org, app, user) or _has_permission_set(org, app, user)


def require_permitted(org: Org, app: ConnectedApp, user_id: str) -> None:
    """Raise NOT_PREAUTHORIZED for a user whom the administrator has not approved, where it is the administrator who decides."""
    require_installed(app)
    if app.permitted_users == "admin_approved" and not is_preauthorized(
        org, app, org.users.find(user_id)
    ):
        raise login_errors.NOT_PREAUTHORIZED()


def granted_without_user(org: Org, app: ConnectedApp, user: User | None) -> tuple[str, ...]:
    """The scopes that an app has for a user who is not there to approve it (JWT bearer).

    All of the app's, where the administrator decides; else all that the user granted together with refresh tokens.
    Raises NOT_PREAUTHORIZED or NOT_APPROVED, also for a user whom nobody knows.
    """
    if app.permitted_users == "admin_approved":
        if user is None or not is_preauthorized(org, app, user):
            raise login_errors.NOT_PREAUTHORIZED()
        return app.scopes
    scopes = () if user is None else org.sessions.approved(user.id, app.id)
    if not scopes:
        raise login_errors.NOT_APPROVED()
    return scopes


def _has_profile(org: Org, app: ConnectedApp, user: User) -> bool:
    name = org.db.value('SELECT "Name" FROM "Profile" WHERE "Id" = ?', (user.profile_id,))
    return _named(app.profiles, user.profile_id, str(name or ""))


def _has_permission_set(org: Org, app: ConnectedApp, user: User) -> bool:
    if not app.permission_sets:
        return False
    for name in ("PermissionSet", "PermissionSetAssignment"):
        org.tables.ensure(org.schema[name])
    rows = org.db.rows(
        'SELECT p."Id", p."Name", p."Label" FROM "PermissionSetAssignment" a'
        ' JOIN "PermissionSet" p ON p."Id" = a."PermissionSetId" WHERE a."AssigneeId" = ?',
        (user.id,),
    )
    return any(_named(app.permission_sets, *(str(each) for each in row)) for row in rows)


def _named(wanted: tuple[str, ...], record_id: str, *names: str) -> bool:
    """Whether a record is among these, by its name or its id in either length."""
    return any(each in names or canonical(each) == record_id for each in wanted)
