"""The JSON encoder: compact, pretty as Jackson prints, numbers as Java writes them."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfmock.represent.json import encode
from sfmock.schema.numbers import java_double
from sfmock.wire import RawJson

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0.0"),
        (3.0, "3.0"),
        (541.25, "541.25"),
        (0.001, "0.001"),
        (0.0001, "1.0E-4"),
        (9_999_999.5, "9999999.5"),
        (10_000_000.0, "1.0E7"),
        (350_000_000.0, "3.5E8"),
        (-12_345_678.0, "-1.2345678E7"),
        (1e300, "1.0E300"),
    ],
)
def test_doubles_have_javas_form(number: float, text: str) -> None:
    assert java_double(number) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_form_of_a_double_reads_back_as_the_same_double(number: float) -> None:
    assert math.isclose(float(java_double(number)), number, rel_tol=0, abs_tol=0)


@given(values)
def test_compact_and_pretty_text_read_back_as_the_value(value: object) -> None:
    assert json.loads(encode(value)) == value  # type: ignore[arg-type]  # hypothesis draws JSON only
    assert json.loads(encode(value, pretty=True)) == value  # type: ignore[arg-type]  # as above


def test_pretty_text_is_byte_for_byte_the_recorded_layout() -> None:
    body = RawJson(
        '{"totalSize":2,"done":true,"records":[{"Id":"a","Owner":null},{"Id":"b","x":{}}],"y":[]}'
    )
    assert encode(body, pretty=True) == (
        "{\n"
        '  "totalSize" : 2,\n'
        '  "done" : true,\n'
        '  "records" : [ {\n'
        '    "Id" : "a",\n'
        '    "Owner" : null\n'
        "  }, {\n"
        '    "Id" : "b",\n'
        '    "x" : { }\n'
        "  } ],\n"
        '  "y" : [ ]\n'
        "}"
    )


def test_slashes_quotes_and_letters_beyond_ascii_stay_plain() -> None:
    assert encode(["/'&é", '"\\\n']) == '["/\'&é","\\"\\\\\\n"]'
