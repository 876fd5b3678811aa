"""Ids: the checksum, the two lengths, and the case that 18 characters carry."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfmock import ids

bodies = st.text(ids.ALPHABET, min_size=15, max_size=15)


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("0057e00000RmwSW", "0057e00000RmwSWAAZ"),  # both recorded (metadata.md 1.1)
        ("01254000001upcK", "01254000001upcKAAQ"),
        ("000000000000000", "000000000000000AAA"),
        ("012000000000000", "012000000000000AAA"),
    ],
)
def test_the_checksum_is_the_recorded_one(short: str, full: str) -> None:
    assert ids.canonical(short) == full


@given(bodies)
def test_eighteen_characters_survive_any_change_of_case(body: str) -> None:
    full = ids.canonical(body)
    assert full is not None
    assert ids.canonical(full) == full
    assert ids.canonical(full.lower()) == full
    assert ids.canonical(full.upper()) == full


@given(bodies, st.integers(0, 2), st.sampled_from(ids.CHECK))
def test_a_wrong_checksum_is_no_id(body: str, place: int, char: str) -> None:
    full = ids.canonical(body)
    assert full is not None
    damaged = full[: 15 + place] + char + full[16 + place :]
    found = ids.canonical(damaged)
    assert found == full if damaged == full else found != full
    if found is not None:  # only a case change of the first 15 can make it well-formed again
        assert found.lower()[:15] == full.lower()[:15]


@pytest.mark.parametrize(
    "text", ["", "001", "001XXXXXXXXXXXXXXX", "0015e00000-bc1x", "é" * 15, None, 5]
)
def test_what_is_no_id_is_none(text: object) -> None:
    assert ids.canonical(text) is None


@given(st.integers(0, 62**9 - 2))
def test_later_rows_have_greater_ids(number: int) -> None:
    assert ids.make("001", "5gQ", number) < ids.make("001", "5gQ", number + 1)
