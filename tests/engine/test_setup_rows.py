"""Rows that the platform keeps beside users and profiles, and passwords (metadata.md 5.2, rest.md 2.9)."""

from __future__ import annotations

import pytest

from calling import Caller
from sfmock.errors import Refused
from sfmock.org.org import Org
from sfmock.org.users import LoginRefusedError


def rows(org: Org, soql: str) -> list[tuple[object, ...]]:
    found = org.query(soql)
    assert isinstance(found, list)
    return [tuple(each.values()) for each in found]


def owned(org: Org) -> list[tuple[str, str]]:
    """Alias of the user and id of the profile whose permission set the user is assigned."""
    found = org.query(
        "SELECT Assignee.Alias, PermissionSet.ProfileId FROM PermissionSetAssignment"
        " WHERE PermissionSet.IsOwnedByProfile = true ORDER BY Assignee.Alias",
    )
    assert isinstance(found, list)
    return [(each["Assignee"]["Alias"], each["PermissionSet"]["ProfileId"]) for each in found]


def test_each_profile_owns_a_permission_set_with_its_permissions(org: Org) -> None:
    profiles = rows(org, "SELECT Id, PermissionsModifyAllData, PermissionsApiEnabled FROM Profile")
    sets = rows(
        org,
        "SELECT ProfileId, PermissionsModifyAllData, PermissionsApiEnabled FROM PermissionSet"
        " WHERE IsOwnedByProfile = true",
    )
    assert len(profiles) == 7
    assert sorted(map(repr, sets)) == sorted(map(repr, profiles))
    names = [str(name) for (name,) in rows(org, "SELECT Name FROM PermissionSet")]
    assert all(name.startswith("X00e") and len(name) == 16 for name in names)


@pytest.mark.parametrize("looked", [False, True], ids=["unseen", "seen"])
def test_a_user_is_assigned_the_permission_set_of_the_profile(looked: bool) -> None:
    with Org.new("bare") as org:
        ada = org.user("Ada Admin", Alias="ada")
        if looked:
            assert owned(org) == [("ada", ada.profile_id)]
        jane = org.user("Jane Doe", profile="Standard User", Alias="jane")
        assert owned(org) == [("ada", ada.profile_id), ("jane", jane.profile_id)]

        org.update(jane.id, ProfileId=ada.profile_id)

        assert owned(org) == [("ada", ada.profile_id), ("jane", ada.profile_id)]


def test_the_permission_set_of_a_profile_follows_it(org: Org) -> None:
    ((profile, before),) = rows(
        org,
        "SELECT ProfileId, PermissionsRunReports FROM PermissionSet WHERE Profile.Name = 'Minimum Access - Salesforce'",
    )
    org.update(str(profile), PermissionsRunReports=True)
    ((after,),) = rows(
        org, f"SELECT PermissionsRunReports FROM PermissionSet WHERE ProfileId = '{profile}'"
    )
    assert (before, after) == (False, True)


def test_looking_at_permission_sets_does_not_move_the_digest(org: Org) -> None:
    before = org.digest()
    assert rows(org, "SELECT Id FROM PermissionSetAssignment")
    assert org.digest() == before
    org.insert("PermissionSet", {"Name": "Mine", "Label": "Mine"})
    assert org.digest() != before


def test_used_licenses_count_active_users_of_the_license(org: Org) -> None:
    soql = "SELECT UsedLicenses FROM UserLicense WHERE Name = 'Salesforce'"
    (before,) = rows(org, soql)
    jane = org.user("Jane Doe")
    (one_more,) = rows(org, soql)
    org.update(jane.id, IsActive=False)
    assert (before, one_more, rows(org, soql)) == ((1,), (2,), [(1,)])


def test_password_of_a_user_is_not_expired(org: Org, call: Caller) -> None:
    answer = call("GET", f"/sobjects/User/{org.admin_id}/password")
    assert (answer.status, answer.text) == (200, '{"isExpired":false}')


def test_password_is_set(org: Org, call: Caller) -> None:
    user = org.user("Jane Doe", password="first1234", security_token="")
    answer = call("POST", f"/sobjects/User/{user.id}/password", {"NewPassword": "second1234"})
    assert (answer.status, answer.text) == (204, "")
    assert org.users.login(user.username, "second1234").id == user.id
    with pytest.raises(LoginRefusedError):
        org.users.login(user.username, "first1234")
    assert org.get(user.id)["LastPasswordChangeDate"] is not None


def test_password_is_reset_to_a_generated_one(org: Org, call: Caller) -> None:
    user = org.user("Jane Doe", password="first1234", security_token="")
    answer = call("DELETE", f"/sobjects/User/{user.id[:15]}/password")
    assert answer.status == 200
    password = org.users.secrets(user.id).password
    assert answer.json == {"NewPassword": password}
    assert password != "first1234"
    with pytest.raises(Refused, match="logging in with a password that was reset"):
        org.users.login(user.username, password)
    assert call("GET", f"/sobjects/User/{user.id}/password").status == 501
    call("POST", f"/sobjects/User/{user.id}/password", {"NewPassword": "third12345"})
    assert org.users.login(user.username, "third12345").id == user.id


@pytest.mark.parametrize("body", [{"NewPassword": "short1"}, {"NewPassword": "onlyletters"}, {}])
def test_password_that_breaks_the_policy_is_refused(
    org: Org, call: Caller, body: dict[str, str]
) -> None:
    org.users.secrets(org.admin_id)
    before = org.digest()
    answer = call("POST", f"/sobjects/User/{org.admin_id}/password", dict(body))
    assert answer.status == 501
    assert org.digest() == before


def test_a_user_may_not_see_the_password_of_another(org: Org, call: Caller) -> None:
    jane = org.user("Jane Doe", profile="Standard User")
    token = org.sessions.open(jane.id).token
    before = org.digest()
    for method in ("GET", "DELETE"):
        answer = call(method, f"/sobjects/User/{org.admin_id}/password", token=token)
        assert answer.status == 403
        assert answer.json == [
            {
                "message": "You do not have permission to view this record.",
                "errorCode": "INSUFFICIENT_ACCESS",
            }
        ]
    assert org.digest() == before
    assert call("GET", f"/sobjects/User/{jane.id}/password", token=token).status == 200


@pytest.mark.parametrize("record_id", ["005000000000000AAA", "001000000000000AAA", "nobody"])
def test_password_of_nobody_is_not_found(call: Caller, record_id: str) -> None:
    answer = call("GET", f"/sobjects/User/{record_id}/password")
    assert answer.status == 404
    assert answer.json == [
        {"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}
    ]


@pytest.mark.parametrize("pack", ["developer", "bare"])
def test_users_have_the_photo_of_those_who_chose_none(pack: str) -> None:
    with Org.new(pack) as org:
        org.user("Ada Admin")
        user = org.create("User")
        base = f"https://{org.my_domain}/profilephoto/005"
        assert user["FullPhotoUrl"] == f"{base}/F"
        assert user["SmallPhotoUrl"] == f"{base}/T"
        assert user["MediumPhotoUrl"] == f"{base}/M"
        assert user["BannerPhotoUrl"] == "/profilephoto/005/B"
        assert (user["BadgeText"], user["OutOfOfficeMessage"]) == ("", "")
