from collections.abc import Iterator

import pytest

from sfmock.transport.addresses import OWN, is_own, is_own_peer, peer_of


@pytest.fixture
def _listening() -> Iterator[None]:
    added = {("127.0.0.1", 1), ("::1", 2), ("0.0.0.0", 3), ("::", 4)}
    OWN.update(added)
    yield
    OWN.difference_update(added)


@pytest.mark.usefixtures("_listening")
@pytest.mark.parametrize(
    ("host", "ports"),
    [
        ("127.0.0.1", [1, 3]),
        ("localhost", [1, 2, 3, 4]),
        ("::1", [2, 4]),
        ("192.0.2.7", []),
        ("proxy.example", []),
        (None, []),
    ],
)
def test_an_address_is_ours_where_we_listen(host: str | None, ports: list[int]) -> None:
    assert [port for port in range(1, 6) if is_own(host, port)] == ports


@pytest.mark.usefixtures("_listening")
@pytest.mark.parametrize(
    ("peer", "ours"),
    [
        (("127.0.0.1", 1), True),
        (("::1", 2, 0, 0), True),
        (("127.0.0.1", 9), False),
        ("", False),
        (None, False),
    ],
)
def test_a_peer_is_ours_by_its_address(peer: object, ours: bool) -> None:
    assert is_own_peer(peer) == ours


def test_what_is_no_connected_socket_has_no_peer() -> None:
    assert peer_of(None) is None
