from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from proxy_net import Net


@pytest.fixture
def net() -> Iterator[Net]:
    net = Net()
    with net.server:
        yield net


@pytest.fixture
def client(net: Net) -> Iterator[socket.socket]:
    with net.connect() as client:
        yield client
