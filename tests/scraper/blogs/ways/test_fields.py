from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.blogs.ways.fields import (
    MAX_ITEMS,
    MAX_TERMS,
    MAX_TITLE,
    html_of,
    identifier_of,
    moment_of,
    number_of,
    object_of,
    objects_of,
    read_json,
    terms_of,
    text_of,
    title_of,
    written,
)
from scraper.blogs.ways.way import UnusableAnswerError

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
WHERE = "https://b.example/api"


@pytest.mark.parametrize("body", [b'{"a": 1}', b'\xef\xbb\xbf{"a": 1}', '{"a": 1}', b' \n{"a":1}\n'])
def test_json_is_read_with_and_without_a_byte_order_mark(body: bytes | str) -> None:
    assert read_json(body, WHERE) == {"a": 1}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!DOCTYPE html><html></html>",
        b'{"a": [1, 2',
        b"{'a': 1}",
        pytest.param(b"[" * 200_000, id="deep lists"),
        pytest.param(b'{"a":' * 200_000, id="deep objects"),
        pytest.param(b"9" * 10_000, id="10,000 digits"),
        b"\xff\xfe\x00",
        b"\x00" * 100,
    ],
)
def test_h67_what_is_no_json_is_an_unusable_answer(body: bytes) -> None:
    with pytest.raises(UnusableAnswerError, match=r"b\.example"):
        read_json(body, WHERE)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_h67_whatever_the_bytes_are_no_other_error_comes(body: bytes) -> None:
    try:
        read_json(body, WHERE)
    except UnusableAnswerError:
        return


def test_h67_nan_and_infinity_are_nothing() -> None:
    assert read_json(b'[NaN, Infinity, -Infinity, {"a": NaN}]', WHERE) == [None, None, None, {"a": None}]


@settings(deadline=None)
@given(ANY_JSON)
def test_a_field_of_any_type_is_taken_without_an_error(value: object) -> None:
    assert isinstance(dict(object_of(value)), dict)
    assert all(isinstance(each, dict) for each in objects_of(value))
    for text in (text_of(value), title_of(value), identifier_of(value)):
        assert text is None or (0 < len(text) <= MAX_TITLE and text == text.strip())
    number = number_of(value)
    assert number is None or 0 <= number <= 2**53
    assert isinstance(moment_of(value), float | None)
    html_of(value).encode()


def test_lists_are_bounded() -> None:
    assert len(objects_of([{}] * (MAX_ITEMS + 1))) == MAX_ITEMS
    assert len(terms_of(str(number) for number in range(10_000))) == MAX_TERMS


def test_terms_keep_their_order_and_come_once() -> None:
    terms = ["House", None, "", " Deep  House ", 7, "House", ["x"], {"y": 1}]
    assert terms_of(terms) == ("House", "Deep House")


@pytest.mark.parametrize(
    ("value", "title"),
    [
        ("Kora &#8211; Lines", "Kora – Lines"),
        ("<b>Kora</b> &amp; <i class='x'>Lines</i>", "Kora & Lines"),
        ("3 < 4 and 5 > 4", "3 < 4 and 5 > 4"),
        ("I <3 house", "I <3 house"),
        ("<img src=x>", None),
        ("", None),
        (None, None),
        ("a\ud800b", "a\ufffdb"),
        pytest.param("<a" * 1_000_000, ("<a" * 1_000_000)[:MAX_TITLE], id="open tags"),
    ],
)
def test_a_title_is_text(value: object, title: str | None) -> None:
    assert title_of(value) == title


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (0, 0),
        ("240", 240),
        (240.0, 240),
        (True, None),
        (-1, None),
        ("-1", None),
        ("٣", None),
        (1.5, None),
        (1e300, None),
        (float("inf"), None),
        (2**53 + 1, None),
        pytest.param("9" * 5000, None, id="5000 digits"),
        ([1], None),
        (None, None),
    ],
)
def test_a_number_is_whole_and_not_huge(value: object, number: int | None) -> None:
    assert number_of(value) == number


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("823897312188301312", "823897312188301312"),
        (823897312188301312, "823897312188301312"),
        (True, None),
        (1.0, None),
        pytest.param(10**4999, None, id="5000 digits"),
        ("x" * 101, None),
    ],
)
def test_an_identifier_may_be_larger_than_a_number(value: object, name: str | None) -> None:
    assert identifier_of(value) == name


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("2025-07-01T13:51:00.000+02:00", 1751370660.0),
        ("2025-07-01T11:51:00Z", 1751370660.0),
        ("2025-07-01T11:51:00", 1751370660.0),
        ("2025-13-01T00:00:00Z", None),
        ("tomorrow", None),
        (1751370660, None),
    ],
)
def test_d9_a_date_of_rfc_3339_is_an_instant(value: object, seconds: float | None) -> None:
    assert moment_of(value) == seconds


@settings(deadline=None)
@given(st.floats())
def test_a_written_moment_is_never_later(moment: float) -> None:
    text = written(moment)
    read = moment_of(text)
    assert text is None or (read is not None and read <= moment + 1e-6 and moment - read < 1.01)


def test_h52_all_texts_can_be_stored() -> None:
    assert html_of("\ud83d\x00\udfff").encode() == "\ufffd\ufffd\ufffd".encode()
