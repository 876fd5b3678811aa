"""Two thousand records are all records."""

from typing import Any

from small_client import SmallClient


class Client(SmallClient):
    def query(self, soql: str) -> list[Any]:
        page = self.request("GET", "/services/data/v60.0/query", params={"q": soql})
        return list(page["records"])
