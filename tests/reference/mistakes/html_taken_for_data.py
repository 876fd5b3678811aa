"""A page of HTML holds no records, so there are none."""

from typing import Any

from small_client import Reply, SmallClient


def is_page(reply: Reply) -> bool:
    return reply is not None and "html" in reply.headers.get("Content-Type", "")


class Client(SmallClient):
    def may_repeat(self, method: str, reply: Reply) -> bool:
        return not is_page(reply) and super().may_repeat(method, reply)

    def result(self, reply: Reply) -> Any:
        return {"done": True, "records": []} if is_page(reply) else super().result(reply)
