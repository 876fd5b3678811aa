"""JWT log-in whatever moved the time: the org's clock, freezegun or time-machine."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from freezegun import freeze_time
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceAuthenticationFailed

from sfmock.control.handle import Sfmock

Client = Any
"""simple-salesforce types neither its keyword arguments nor its attributes."""
LONG_AGO = datetime(2021, 3, 1, 12, tzinfo=UTC)


def log_in(sfmock: Sfmock) -> Client:
    keys = sfmock.credentials
    return Salesforce(
        username=keys.username, consumer_key=keys.client_id, privatekey=keys.private_key
    )


def works(client: Client) -> bool:
    return bool(client.query("SELECT Name FROM Organization")["totalSize"] == 1)


def test_after_the_orgs_clock_was_advanced(sfmock: Sfmock) -> None:
    sfmock.clock.advance(days=400)
    assert works(log_in(sfmock))


def test_after_the_session_ended_by_the_orgs_clock(sfmock: Sfmock) -> None:
    assert works(log_in(sfmock))
    sfmock.clock.advance(hours=3)
    assert works(log_in(sfmock))


@pytest.mark.parametrize("moment", [LONG_AGO, datetime(2077, 1, 1, tzinfo=UTC)])
def test_while_the_orgs_clock_stands_still(sfmock: Sfmock, moment: datetime) -> None:
    sfmock.clock.freeze(moment)
    assert works(log_in(sfmock))


def test_after_the_orgs_clock_went_back(sfmock: Sfmock) -> None:
    sfmock.clock.travel(LONG_AGO)
    assert works(log_in(sfmock))


def test_under_freezegun(sfmock: Sfmock) -> None:
    with freeze_time(LONG_AGO):
        assert time.time() == LONG_AGO.timestamp()
        assert works(log_in(sfmock))


def test_under_freezegun_that_ticks_on_and_an_org_that_is_ahead(sfmock: Sfmock) -> None:
    with freeze_time(LONG_AGO) as frozen:
        sfmock.clock.advance(hours=5)
        client = log_in(sfmock)
        frozen.tick(timedelta(hours=1))
        assert works(client)
        frozen.tick(timedelta(hours=5))
        assert works(log_in(sfmock))


@pytest.mark.parametrize("tick", [True, False])
def test_under_time_machine(sfmock: Sfmock, tick: bool) -> None:
    with time_machine.travel(LONG_AGO, tick=tick):
        assert works(log_in(sfmock))


def test_under_time_machine_with_the_orgs_clock_frozen(sfmock: Sfmock) -> None:
    sfmock.clock.freeze(datetime(2030, 1, 1, tzinfo=UTC))
    with time_machine.travel(LONG_AGO) as traveller:
        assert works(log_in(sfmock))
        traveller.shift(timedelta(days=3))
        assert works(log_in(sfmock))


def test_an_assertion_that_is_over_by_both_clocks_is_refused(
    sfmock: Sfmock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_at = datetime.now(UTC) - timedelta(minutes=7)  # simple-salesforce signs for three minutes

    class Late(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Late:
            return cls.fromtimestamp(sign_at.timestamp(), tz)

    monkeypatch.setattr("simple_salesforce.login.datetime", Late)
    with pytest.raises(SalesforceAuthenticationFailed) as caught:
        log_in(sfmock)
    assert (caught.value.code, caught.value.auth_message) == (
        "invalid_grant",
        "expired authorization code",
    )
