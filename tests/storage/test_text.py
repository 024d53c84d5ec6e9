from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.text import storable


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        pytest.param("Deep House", "Deep House", id="ascii stays"),
        pytest.param("Beyoncé – あ 👩‍🎤", "Beyoncé – あ 👩‍🎤", id="letters and emoji stay"),
        pytest.param("a\ud800b", "a\ufffdb", id="52 lone high surrogate"),
        pytest.param("a\udc00", "a\ufffd", id="52 lone low surrogate at the end"),
        pytest.param("\ud83d\ude00", "😀", id="52 surrogate pair becomes its character"),
        pytest.param("a\0b", "a\ufffdb", id="48 NUL"),
    ],
)
def test_what_cannot_be_stored_is_replaced(text: str, stored: str) -> None:
    assert storable(text) == stored


@settings(deadline=None)
@given(st.text(st.characters(codec=None, categories=None)) | st.text("\ud800\udc00a\0é"))
def test_the_result_is_utf_8_without_nul_and_stays_as_it_is(text: str) -> None:
    once = storable(text)
    assert "\0" not in once
    assert once.encode().decode() == once
    assert storable(once) == once
