"""The requests that faults are tried on, one for each door and purpose, in an org with three accounts."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import envelopes
from calling import Answer, Caller
from oauth_calls import TOKEN, login_operation, post_form, soap
from sfmock.control.credentials import Credentials, make_credentials
from sfmock.org.record import Record
from sfmock.wire import Headers, Request

JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_SOAP_QUERY = "<query><queryString>SELECT Id FROM Account ORDER BY Name</queryString></query>"
QUERY = "/query?" + urlencode({"q": "SELECT Id FROM Account ORDER BY Name"})


class Asker:
    """Sends them; `acme` is the first of the accounts."""

    def __init__(self, call: Caller) -> None:
        self.call = call
        self.token = call.token
        self.keys: Credentials = make_credentials(call.org, call.org.users.find(call.org.admin_id))
        self.acme: Record = call.org.insert("Account", {"Name": "Acme"})
        call.org.insert("Account", [{"Name": "Globex"}, {"Name": "Initech"}])
        self._next: str | None = None

    def prepare(self, ask: str) -> None:
        """What has to be there before a fault is planned: a page behind the first one."""
        if ask == "next page":
            with self.call.org.faults.add("short_pages"):
                page = self.call("GET", QUERY).json
            assert isinstance(page, dict)
            self._next = str(page["nextRecordsUrl"])
        if ask == "soap next page":
            with self.call.org.faults.add("short_pages"):
                page = self._soap(_SOAP_QUERY).text
            locator = page.partition("<queryLocator>")[2].partition("<")[0]
            self._next = f"<queryMore><queryLocator>{locator}</queryLocator></queryMore>"

    def __call__(self, ask: str) -> Answer:
        """Send one."""
        head, _, rest = ask.partition(" ")
        if head == "token":
            return self._token(rest)
        return _ASKS[ask](self)

    def _token(self, grant: str) -> Answer:
        fields = {
            "grant_type": JWT if grant == "jwt" else grant,
            "client_id": self.keys.client_id,
            "client_secret": self.keys.client_secret,
        }
        if grant == "password":
            fields["username"] = self.keys.username
            fields["password"] = self.keys.password + self.keys.security_token
        if grant == "refresh_token":
            fields["refresh_token"] = self.keys.refresh_token
        if grant == "jwt":
            fields["assertion"] = "a.b.c"
        return post_form(self.call, TOKEN, fields)

    def _row(self, method: str, fields: dict[str, str] | None = None) -> Answer:
        path = f"/sobjects/Account/{self.acme.id}"
        return self.call(method, path, dict(fields) if fields else None, token=self.token)

    def _create(self) -> Answer:
        return self.call("POST", "/sobjects/Account", {"Name": "Umbrella"}, token=self.token)

    def _bulk(self, content_type: str) -> Answer:
        headers = {"X-SFDC-Session": self.token, "Content-Type": content_type}
        return self.call("GET", "/services/async/60.0/job/1", token=None, headers=headers)

    def _login(self) -> Answer:
        secret = self.keys.password + self.keys.security_token
        return soap(self.call, login_operation(self.keys.username, secret))

    def _logout(self) -> Answer:
        header = f"<SessionHeader><sessionId>{self.token}</sessionId></SessionHeader>"
        return soap(self.call, '<logout xmlns="urn:partner.soap.sforce.com"/>', header=header)

    def _soap(self, operation: str) -> Answer:
        return envelopes.ask(self.call, operation, token=self.token)

    def _introspect(self) -> Answer:
        fields = {"token": self.token, "client_id": self.keys.client_id}
        fields["client_secret"] = self.keys.client_secret
        return post_form(self.call, "/services/oauth2/introspect", fields)

    def _kept(self) -> Answer:
        """A query on a connection that has carried a request before."""
        path, _, query = QUERY.partition("?")
        headers = Headers([("Authorization", f"Bearer {self.token}")])
        request = Request(
            "GET", f"/services/data/v60.0{path}", query, headers, host=self.call.org.my_domain, kept=True
        )  # fmt: skip
        return Answer(self.call.app.exchange(request))


_ASKS: dict[str, Callable[[Asker], Answer]] = {
    "rest": lambda asker: asker._row("GET"),
    "create": lambda asker: asker._create(),
    "update": lambda asker: asker._row("PATCH", {"Name": "Acme Corp"}),
    "delete": lambda asker: asker._row("DELETE"),
    "query": lambda asker: asker.call("GET", QUERY, token=asker.token),
    "next page": lambda asker: asker.call("GET", asker._next or "", token=asker.token),
    "kept": lambda asker: asker._kept(),
    "bulk1": lambda asker: asker._bulk("application/xml"),
    "bulk1 json": lambda asker: asker._bulk("application/json"),
    "bulk2 query": lambda asker: asker.call("POST", "/jobs/query", {}, token=asker.token),
    "userinfo": lambda asker: asker.call("GET", "/services/oauth2/userinfo", token=asker.token),
    "introspect": lambda asker: asker._introspect(),
    "login": lambda asker: asker._login(),
    "logout": lambda asker: asker._logout(),
    "soap query": lambda asker: asker._soap(_SOAP_QUERY),
    "soap next page": lambda asker: asker._soap(asker._next or ""),
}
DOORS = {
    "token": "token",
    "introspect": "oauth",
    "userinfo": "identity",
    "login": "login",
    "logout": "soap",
    "soap": "soap",
    "bulk1": "bulk1",
}
"""The doors that these knock at; all others knock at REST."""
