"""Whatever is wrong, a new token will help: this client logs in until the hour's 3,600 logins are spent."""

from small_client import SmallClient


class Client(SmallClient):
    def may_renew(self, renewals: int) -> bool:
        return True
