"""aiosalesforce, in this process or told what to do by lines on standard input: [word, *arguments] in, value or failed out.

It knows nothing of the fake or of the other drivers: its environment has nothing but aiosalesforce.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from typing import Any

import httpx
from aiosalesforce import Salesforce
from aiosalesforce.auth import Auth, ClientCredentialsFlow, JwtBearerFlow, SoapLogin
from aiosalesforce.exceptions import SalesforceError

Told = dict[str, str]


def by_credentials(told: Told) -> Auth:
    return ClientCredentialsFlow(told["client_id"], told["client_secret"])


def by_key(told: Told) -> Auth:
    return JwtBearerFlow(told["client_id"], told["username"], told["key_file"])


def by_password(told: Told) -> Auth:
    return SoapLogin(told["username"], told["password"], told["security_token"])


LOGINS: dict[str, Callable[[Told], Auth]] = {
    "client credentials": by_credentials,
    "JWT": by_key,
    "username and password (SOAP)": by_password,
}


class Words:
    def __init__(self) -> None:
        self.client: Any = None

    async def login(self, flow: str, told: Told) -> None:
        address = f"https://{told['my_domain']}"
        auth = LOGINS[flow](told)
        self.client = Salesforce(httpx.AsyncClient(), address, auth, version="60.0")
        await auth.get_access_token(self.client)

    async def close(self) -> None:
        if self.client is not None:
            await self.client.httpx_client.aclose()

    async def create(self, sobject: str, fields: Any) -> Any:
        return await self.client.sobject.create(sobject, fields)

    async def read(self, sobject: str, id_: str) -> Any:
        return await self.client.sobject.get(sobject, id_)

    async def update(self, sobject: str, id_: str, fields: Any) -> None:
        await self.client.sobject.update(sobject, id_, fields)

    async def delete(self, sobject: str, id_: str) -> None:
        await self.client.sobject.delete(sobject, id_)

    async def upsert(self, sobject: str, field: str, value: str, fields: Any) -> None:
        await self.client.sobject.upsert(sobject, value, field, fields)

    async def query(self, soql: str) -> Any:
        return [row["Name"] async for row in self.client.query(soql)]

    async def describe(self, sobject: str) -> Any:
        address = f"{self.client.base_url}/services/data/v60.0/sobjects/{sobject}/describe"
        told = (await self.client.request("GET", address)).json()
        return [field["name"] for field in told["fields"]]

    async def limits(self) -> Any:
        return (await self.client.get_limits())["DailyApiRequests"]


async def main() -> None:
    words = Words()
    for line in sys.stdin:
        word, *given = json.loads(line)
        try:
            told = {"value": await getattr(words, word)(*given)}
        except SalesforceError as error:
            told = {"failed": tell(error)}
        print(json.dumps(told), flush=True)  # noqa: T201


def tell(error: SalesforceError) -> dict[str, str | None]:
    """What an error of the client says."""
    return {
        "type": type(error).__name__,
        "message": str(error),
        "error_code": error.error_code,
        "error_message": error.error_message,
    }


if __name__ == "__main__":
    asyncio.run(main())
