"""A session ends after two hours at the latest; this client ends with it."""

from small_client import SmallClient


class Client(SmallClient):
    def may_renew(self, renewals: int) -> bool:
        return False
