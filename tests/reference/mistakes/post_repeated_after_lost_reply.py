"""No reply, so nothing happened: this client creates the record again."""

from small_client import Reply, SmallClient


class Client(SmallClient):
    def may_repeat(self, method: str, reply: Reply) -> bool:
        return reply is None or reply.status_code in (500, 502, 503, 504)
