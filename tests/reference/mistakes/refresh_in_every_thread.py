"""Each thread that meets the dead session refreshes it, and all but one present a token that has been rotated."""

from small_client import SmallClient


class Client(SmallClient):
    def renew(self, stale: str) -> str:
        self.log_in()
        return self.token
