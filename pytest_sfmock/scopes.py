"""The fakes that serve several tests at this moment, and the word to them that the set-up of one is done."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from pytest_sfmock.handle import Sfmock


class Begins(Protocol):
    """A fake that serves several tests."""

    @property
    def handle(self) -> Sfmock:
        """What the fixture gives."""
        ...

    def begin(self, item: pytest.Item, /) -> None:
        """Begin a test, unless it has begun."""
        ...


LASTING = pytest.StashKey[list[Begins]]()


# A name of its own, for the plugin has another hook of this kind, which must not be a wrapper.
@pytest.hookimpl(specname="pytest_runtest_setup", wrapper=True, tryfirst=True)
def pytest_runtest_setup_done(item: pytest.Item) -> Generator[None, object, object]:
    """Begin a test that has no fixtures of its own."""
    result = yield
    for fake in item.config.stash.get(LASTING, ()):
        fake.begin(item)
    return result
