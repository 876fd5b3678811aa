"""Every error may pass: this client sends a query with a typing error four times."""

from small_client import Reply, SmallClient


class Client(SmallClient):
    def may_repeat(self, method: str, reply: Reply) -> bool:
        bad = reply is not None and reply.status_code == 400
        return bad or super().may_repeat(method, reply)
