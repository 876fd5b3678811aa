import pytest

from sfmock.transport.switchboard import OrgNotFound, Switchboard
from sfmock.wire import Rendered, Request


class Org:
    """A live org: one host, and one user name by which it claims a log-in."""

    def __init__(self, name: str) -> None:
        self.hosts = frozenset({f"{name}.my.salesforce.com", "login.salesforce.com"})
        self._username = f"admin@{name}.example"

    def turns_away(self, request: Request) -> bool:
        return False

    def claims(self, request: Request) -> bool:
        return self._username.encode() in request.body

    def exchange(self, request: Request) -> Rendered:
        raise AssertionError("the table only finds orgs")


def asked(host: str, body: bytes = b"") -> Request:
    return Request("POST", "/services/oauth2/token", host=host, body=body)


def test_an_own_host_finds_its_org_in_any_spelling() -> None:
    board, acme, other = Switchboard(), Org("acme"), Org("other")
    board.add(acme)
    board.add(other)

    assert board.find(asked("acme.my.salesforce.com")) is acme
    assert board.find(asked("Other.MY.salesforce.com.:443")) is other


def test_a_login_host_finds_the_org_that_claims_the_request() -> None:
    board, acme, other = Switchboard(), Org("acme"), Org("other")
    board.add(acme)
    board.add(other)

    found = board.find(asked("login.salesforce.com", b"username=admin@other.example"))

    assert found is other


def test_the_only_live_org_answers_a_login_that_it_does_not_claim() -> None:
    board, acme = Switchboard(), Org("acme")
    board.add(acme)

    assert board.find(asked("test.salesforce.com", b"username=nobody@example.com")) is acme


def test_a_login_nobody_claims_is_an_error_that_names_user_and_hosts() -> None:
    board = Switchboard()
    board.add(Org("acme"))
    board.add(Org("other"))

    with pytest.raises(OrgNotFound) as caught:
        board.find(asked("login.salesforce.com", b"username=nobody%40example.com&password=hush"))

    assert str(caught.value) == (
        "none of 2 live orgs claims POST https://login.salesforce.com/services/oauth2/token"
        " for user 'nobody@example.com': acme.my.salesforce.com, other.my.salesforce.com;"
        " use the credentials of one of them, or log in on its own host"
    )


def test_a_login_two_orgs_claim_is_an_error_that_names_both() -> None:
    board = Switchboard()
    for name in ("acme", "other", "third"):
        board.add(Org(name))

    with pytest.raises(OrgNotFound) as caught:
        board.find(asked("login.salesforce.com", b"admin@acme.example admin@third.example"))

    assert str(caught.value) == (
        "several live orgs claim POST https://login.salesforce.com/services/oauth2/token:"
        " acme.my.salesforce.com, third.my.salesforce.com;"
        " log in on the org's own host, or give its user another name"
    )


def test_a_login_without_a_live_org_is_an_error() -> None:
    with pytest.raises(OrgNotFound, match="no org is live to answer POST https://login"):
        Switchboard().find(asked("login.salesforce.com"))


def test_a_host_of_no_org_is_an_error_that_names_the_live_hosts() -> None:
    board = Switchboard()
    board.add(Org("acme"))

    with pytest.raises(OrgNotFound) as caught:
        board.find(asked("prod.my.salesforce.com"))

    assert str(caught.value) == (
        "no live org answers for prod.my.salesforce.com (live: acme.my.salesforce.com):"
        " take instance_url from the fixture or from the log-in's reply instead of writing a host"
        " name down, or give the org this My Domain"
    )


def test_the_host_of_a_closed_org_is_an_error_that_says_so() -> None:
    board, earlier = Switchboard(), Org("earlier")
    board.add(earlier)
    board.remove(earlier)
    board.add(Org("acme"))

    with pytest.raises(OrgNotFound) as caught:
        board.find(asked("earlier.my.salesforce.com"))

    assert str(caught.value).startswith(
        "the org of earlier.my.salesforce.com is closed already (live: acme.my.salesforce.com):"
    )


def test_two_live_orgs_cannot_share_a_host() -> None:
    board = Switchboard()
    board.add(Org("acme"))

    with pytest.raises(ValueError, match=r"answers for acme\.my\.salesforce\.com already"):
        board.add(Org("acme"))

    assert len(board) == 1


def test_an_org_that_is_not_live_cannot_be_removed() -> None:
    with pytest.raises(LookupError, match=r"no live org answers for acme\.my\.salesforce\.com"):
        Switchboard().remove(Org("acme"))


def test_its_repr_is_one_line_of_hosts() -> None:
    board = Switchboard()
    board.add(Org("acme"))

    assert repr(board) == "<Switchboard ['acme.my.salesforce.com']>"
