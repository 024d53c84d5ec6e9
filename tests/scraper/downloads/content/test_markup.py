"""Pages and texts in place of music."""

from __future__ import annotations

import pytest

from scraper.downloads.content.markup import is_plain_text, kind_of_text
from scraper.downloads.errors import DownloadError
from scraper.downloads.fetching.pages import refuse_page
from storage.reasons import Reason
from tests.scraper.downloads.content.whole_files import WHOLE


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        pytest.param(b"<!DOCTYPE html><html>", "an HTML page", id="23 24 a page"),
        pytest.param(b"\xef\xbb\xbf\r\n  <HTML>", "an HTML page", id="24 after a byte order mark"),
        pytest.param("\ufeff<html><body>".encode("utf-16-le"), "an HTML page", id="24 in UTF-16"),
        pytest.param("\ufeff<html><body>".encode("utf-16-be"), "an HTML page", id="24 in UTF-16 of the other order"),
        pytest.param(b"<script>location='/login'</script>", "an HTML page", id="21 a script"),
        pytest.param(b"<!-- theme --><html>", "an HTML page", id="24 behind a comment"),
        pytest.param(b"<?xml version='1.0'?><!DOCTYPE html><html>", "an HTML page", id="24 XHTML"),
        pytest.param(b"Warning: x\n<html><body>", "an HTML page", id="24 behind a warning"),
        pytest.param(b"<br />\n<b>Fatal error</b>: memory", "a piece of an HTML page", id="24 an error of PHP"),
        pytest.param(b"<center><h1>404</h1>", "a piece of an HTML page", id="24 an error page without html"),
        pytest.param(b"<Error><Code>AccessDenied</Code>", "XML", id="24 an error of a store"),
        pytest.param(b"<svg xmlns='x'>", "XML", id="57 svg"),
        pytest.param(b'{"error": 1}', "JSON", id="21 json"),
        pytest.param(b"[1, 2]", "JSON", id="21 json list"),
        pytest.param(b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1/", "a playlist", id="63 m3u8"),
        pytest.param(b"<?xml version='1.0'?><MPD>", "a playlist", id="63 mpd"),
        pytest.param(b"[playlist]\nFile1=x", "a playlist", id="63 pls"),
        pytest.param(b"[\x01\x02\xff\x00" * 30, None, id="bytes that only begin like JSON"),
        pytest.param(b"ID3\x03\0\0\0\0\0\x20COMM\0\0\0\x10\0\0\0eng\0<html>", None, id="a tag that speaks of html"),
        pytest.param(b"\xff\xfe\x40\xc4" + bytes(100), None, id="layer I is no text of UTF-16"),
        pytest.param(b"", None, id="nothing"),
    ],
)  # fmt: skip
def test_text_is_known_by_its_beginning(head: bytes, kind: str | None) -> None:
    assert kind_of_text(head) == kind
    if kind is None:
        refuse_page(head, "https://files.example/x.mp3", content_type="audio/mpeg", redirected=False)
        return
    with pytest.raises(DownloadError, match=kind) as caught:
        refuse_page(head, "https://files.example/x.mp3", content_type="audio/mpeg", redirected=False)
    assert caught.value.reason is Reason.NOT_AUDIO


@pytest.mark.parametrize("name", WHOLE)
def test_the_beginning_of_music_is_no_text(name: str) -> None:
    head = WHOLE[name][1][:8192]
    refuse_page(head, "x", content_type="audio/mpeg", redirected=False)
    assert not is_plain_text(head)


@pytest.mark.parametrize(
    ("head", "is_text"),
    [
        (b"The file that you look for is not here.", True),
        ("Das Lied gibt es nicht mehr, schade für dich.".encode("latin-1"), True),
        ("Das Lied gibt es nicht mehr, schade für dich.".encode(), True),
        (b"short", False),
        (bytes(range(32)) * 4, False),
        (bytes(range(128, 256)) * 4, False),
    ],
)
def test_words_of_people_are_plain_text(head: bytes, is_text: bool) -> None:
    assert is_plain_text(head) == is_text
