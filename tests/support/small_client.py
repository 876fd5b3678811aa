"""A small client as people write them, and right: those in `tests/reference/mistakes` get one thing wrong each."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import Any

import requests

Reply = requests.Response | None
"""None where none came."""


class SalesforceError(Exception):
    """What Salesforce refused, or could not do."""


class SmallClient:
    """Reads and creates records with a refresh token; one method for each thing that can be got wrong."""

    def __init__(
        self,
        login_url: str,
        client_id: str,
        client_secret: str,
        refresh_token: str,
        *,
        sleep: Callable[[float], None],
        alert: Callable[[int, int], None],
    ) -> None:
        self.login_url, self.refresh_token = login_url, refresh_token
        self.app = {"client_id": client_id, "client_secret": client_secret}
        self.sleep, self.alert = sleep, alert
        self.session, self.lock = requests.Session(), threading.Lock()
        self.token = self.instance_url = ""

    def query(self, soql: str) -> list[Any]:
        page = self.request("GET", "/services/data/v60.0/query", params={"q": soql})
        records = list(page["records"])
        while not page["done"]:
            page = self.request("GET", page["nextRecordsUrl"])
            records += page["records"]
        return records

    def create(self, sobject: str, fields: dict[str, Any]) -> str:
        return str(
            self.request("POST", f"/services/data/v60.0/sobjects/{sobject}", json=fields)["id"]
        )

    def request(self, method: str, path: str, **content: Any) -> Any:
        tries = renewals = 0
        while True:
            token = self.token or self.renew("")
            reply, tries = self.send(method, path, token, **content), tries + 1
            if reply is not None and reply.status_code == 401 and self.may_renew(renewals):
                self.renew(token)
                renewals, tries = renewals + 1, 0
            elif self.may_repeat(method, reply) and tries < 4:
                self.wait(tries)
            else:
                return self.result(reply)

    def send(self, method: str, path: str, token: str, **content: Any) -> Reply:
        try:
            reply = self.session.request(
                method,
                self.instance_url + path,
                headers={"Authorization": f"Bearer {token}"},
                timeout=60,
                **content,
            )
        except (requests.ConnectionError, requests.Timeout):
            return None
        self.watch(reply)
        return reply

    def may_renew(self, renewals: int) -> bool:
        return renewals == 0

    def may_repeat(self, method: str, reply: Reply) -> bool:
        return method == "GET" and (reply is None or reply.status_code in (500, 502, 503, 504))

    def wait(self, tries: int) -> None:
        self.sleep(2**tries * random.uniform(0.5, 1.5))

    def result(self, reply: Reply) -> Any:
        if reply is None or reply.status_code >= 400:
            raise SalesforceError("no reply" if reply is None else f"{reply.status_code}")
        return reply.json()

    def watch(self, reply: requests.Response) -> None:
        usage = reply.headers.get("Sforce-Limit-Info", "").removeprefix("api-usage=")
        used, _, allowed = usage.partition(";")[0].partition("/")
        if allowed and int(used) >= 0.8 * int(allowed):
            self.alert(int(used), int(allowed))

    def renew(self, stale: str) -> str:
        with self.lock:
            if self.token == stale:
                self.log_in()
            return self.token

    def log_in(self) -> None:
        form = self.app | {"grant_type": "refresh_token", "refresh_token": self.refresh_token}
        self.take(self.post(f"{self.login_url}/services/oauth2/token", data=form))

    def post(self, url: str, **form: Any) -> Any:
        reply = self.session.post(url, timeout=60, **form)
        if reply.status_code != 200:
            raise SalesforceError(f"no token: {reply.text}")
        return reply.json()

    def take(self, granted: dict[str, str]) -> None:
        self.token, self.instance_url = granted["access_token"], granted["instance_url"]
        self.keep(granted)

    def keep(self, granted: dict[str, str]) -> None:
        self.refresh_token = granted.get("refresh_token", self.refresh_token)
