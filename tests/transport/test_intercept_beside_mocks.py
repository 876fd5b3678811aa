from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import requests_mock
import responses
import vcr  # type: ignore[import-untyped]  # vcrpy ships no types
from requests.adapters import HTTPAdapter

from sfmock.transport.guard import GUARD, RealSalesforceBlocked
from sfmock.transport.intercept import intercepting
from sfmock.wire import Rendered, Request

URL = "https://acme.my.salesforce.com/services/data"
ELSEWHERE = "https://api.example.com/things"


class Org:
    hosts = frozenset({"acme.my.salesforce.com"})

    def turns_away(self, request: Request) -> bool:
        return False

    def claims(self, request: Request) -> bool:
        return True

    def exchange(self, request: Request) -> Rendered:
        return Rendered(200, (("Content-Length", "8"),), b"our fake")


@pytest.fixture
def _live() -> Iterator[None]:
    before = HTTPAdapter.send
    with intercepting(Org()):
        yield
    assert HTTPAdapter.send is before


@pytest.mark.usefixtures("_live")
@responses.activate
def test_a_nested_responses_mock_wins_for_what_it_registers() -> None:
    responses.get(ELSEWHERE, body="their fake")
    responses.get(URL, body="their Salesforce")

    assert requests.get(ELSEWHERE).text == "their fake"
    assert requests.get(URL).text == "their Salesforce"


@pytest.mark.usefixtures("_live")
@responses.activate
def test_a_nested_responses_mock_refuses_salesforce_urls_it_does_not_know() -> None:
    with pytest.raises(requests.ConnectionError, match="Connection refused by Responses"):
        requests.get(URL)


@pytest.mark.usefixtures("_live")
def test_a_nested_responses_mock_that_lets_salesforce_pass_meets_the_guard() -> None:
    # It calls the `send` it found when it was imported, over our head.
    with responses.RequestsMock() as mock:
        mock.add_passthru("https://acme.my.salesforce.com")
        with pytest.raises(RealSalesforceBlocked, match=r"acme\.my\.salesforce\.com"):
            requests.get(URL)

    assert len(GUARD.drain()) == 1


@pytest.mark.usefixtures("_live")
def test_after_a_nested_responses_mock_we_answer_again() -> None:
    with responses.RequestsMock() as mock:
        mock.get(URL, body="their Salesforce")
        requests.get(URL)

    assert requests.get(URL).text == "our fake"


def test_inside_a_responses_mock_we_answer_and_it_keeps_the_other_hosts() -> None:
    with responses.RequestsMock() as mock:
        mock.get(ELSEWHERE, body="their fake")
        theirs = HTTPAdapter.send
        with intercepting(Org()):
            assert requests.get(URL).text == "our fake"
            assert requests.get(ELSEWHERE).text == "their fake"
        assert HTTPAdapter.send is theirs


def test_a_responses_mock_that_outlives_us_loses_nothing() -> None:
    before = HTTPAdapter.send
    context = intercepting(Org())
    context.__enter__()
    mock = responses.RequestsMock(assert_all_requests_are_fired=False)
    mock.start()
    context.__exit__(None, None, None)
    try:
        mock.get(ELSEWHERE, body="their fake")
        assert requests.get(ELSEWHERE).text == "their fake"
        with intercepting(Org()):
            assert requests.get(URL).text == "our fake"
    finally:
        mock.stop()
        HTTPAdapter.send = before  # type: ignore[method-assign]  # the mock gives back our hook, inert


@pytest.mark.usefixtures("_live")
def test_requests_mock_with_real_http_falls_through_to_us() -> None:
    with requests_mock.Mocker(real_http=True) as mock:
        mock.get(ELSEWHERE, text="their fake")

        assert requests.get(ELSEWHERE).text == "their fake"
        assert requests.get(URL).text == "our fake"


@pytest.mark.usefixtures("_live")
def test_a_strict_requests_mock_refuses_salesforce() -> None:
    with requests_mock.Mocker(), pytest.raises(requests_mock.NoMockAddress):
        requests.get(URL)


@pytest.mark.parametrize("mode", ["none", "once", "all"])
@pytest.mark.usefixtures("_live")
def test_vcr_records_nothing_of_what_we_answer(tmp_path: Path, mode: str) -> None:
    cassette = tmp_path / "salesforce.yaml"
    with vcr.use_cassette(str(cassette), record_mode=mode):
        assert requests.get(URL).text == "our fake"

    assert not cassette.exists()
