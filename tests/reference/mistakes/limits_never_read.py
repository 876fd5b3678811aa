"""The daily allowance is known to be spent when the first call is refused."""

import requests

from small_client import SmallClient


class Client(SmallClient):
    def watch(self, reply: requests.Response) -> None:
        pass
