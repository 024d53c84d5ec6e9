"""Bytes of feeds made fit for parsers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.blogs.entries.mending import mended, utf8


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (b"a &nbsp;&Aacute; b", b"a &#160;&#193; b"),
        (b"a &amp; &lt; &#8230; &#x2026;", b"a &amp; &lt; &#8230; &#x2026;"),
        (b"?a=1&b=2&", b"?a=1&amp;b=2&amp;"),
        (b"AT&#T; &#99999999;", b"AT&amp;#T; &amp;#99999999;"),
        (b"&own; &l11;", b"&own; &l11;"),
        (b"<![CDATA[ & &nbsp; ]]>&", b"<![CDATA[ & &nbsp; ]]>&amp;"),
        (b"<![CDATA[ &", b"<![CDATA[ &amp;"),
        (b"a\x00\x0bb\xef\xbf\xbfc\t", b"abc\t"),
        (b"<?xml version='1.0' encoding='x-none'?>", b"<?xml version='1.0' encoding='utf-8'?>"),
    ],
)
def test_p13_what_is_often_wrong_in_feeds_is_mended(wrong: bytes, right: bytes) -> None:
    assert mended(wrong) == right


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "windows-1251", "koi8-r"])
def test_p13_any_encoding_becomes_utf8(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><title>Новая музыка: дип-хаус</title>'
    assert utf8(text.encode(encoding), None).decode() == text


@given(st.binary(max_size=200))
def test_mending_twice_changes_nothing_more(body: bytes) -> None:
    once = mended(utf8(body, None))
    once.decode("utf-8")
    assert mended(once) == once
