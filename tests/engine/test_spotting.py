"""Texts that are looked for in others: many are found where few would be."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sfmock.org import spotting
from sfmock.org.spotting import Texts

LETTERS = st.text("abAB1İß\u017f%.", max_size=12)
SECRETS = st.lists(st.text("abAB1İß%.", min_size=1, max_size=9), max_size=6)


@given(SECRETS, LETTERS)
@example(["abcdef", "abcdefghi"], "xABCDEFGHI")
@example(["ab", "b"], "İab")
def test_many_are_found_where_few_would_be(secrets: list[str], text: str) -> None:
    few = Texts()
    few.add(secrets)
    with pytest.MonkeyPatch.context() as patch:
        expected = few.replaced(text, "…")
        patch.setattr(spotting, "_FEW", 0)
        found = few.replaced(text, "…")
    if (
        "İ" not in f"{secrets}{text}" and "\u017f" not in text
    ):  # letters that an expression folds further
        assert found == expected
    assert not any(each.lower() == each and each in found for each in secrets if each.isascii())


def test_the_longest_one_counts_and_case_does_not() -> None:
    texts = Texts()
    texts.add(f"secret{number:04}" for number in range(200))
    texts.add(["secret0001-and-more"])
    text = "a SECRET0001-and-more, secret0002x, secret0199secret0000, secret9"
    assert texts.replaced(text, "…") == "a …, …x, ……, secret9"
    assert "secret0001" in texts
    assert len(texts) == 201


def test_many_thousands_take_hardly_longer_than_a_few() -> None:
    texts = Texts()
    texts.add(f"{number:022X}" for number in range(20_000))
    text = "SELECT Id, Name FROM Account WHERE Name = '0000000000000000004E1F' " * 100

    began = time.process_time()
    shown = texts.replaced(text, "…")

    assert time.process_time() - began < 0.5  # an expression of as many alternatives takes 20 s
    assert shown == "SELECT Id, Name FROM Account WHERE Name = '…' " * 100
