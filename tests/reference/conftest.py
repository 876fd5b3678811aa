"""A stubbed Salesforce for the reference client: replies are queued, requests are written down."""

from collections.abc import Callable, Iterator

import pytest
import responses

from sfmock_reference import AccessToken, Client, Retry


@pytest.fixture
def mock() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


@pytest.fixture
def sent(mock: responses.RequestsMock) -> Callable[[], list[str]]:
    """All requests so far, as `METHOD url`."""
    return lambda: [f"{call.request.method} {call.request.url}" for call in mock.calls]


@pytest.fixture
def pauses() -> list[float]:
    """What the client would have slept, with jitter at its most."""
    return []


@pytest.fixture
def retry(pauses: list[float]) -> Retry:
    return Retry(sleep=pauses.append, random=lambda: 1.0)


@pytest.fixture
def client(retry: Retry) -> Client:
    return Client(AccessToken("00D!token", "https://acme.my.salesforce.com"), retry=retry)
