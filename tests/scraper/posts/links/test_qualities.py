from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.posts.links.qualities import (
    Sound,
    agrees,
    may_tell_quality,
    quality_rank,
    read_sound,
    sound_words,
)
from scraper.posts.links.reading import read_links

PAGE = "https://b.example/p/"
ORDER = ["24bit", "lossless", "320", "v0", "256", "v2", "192", "160", "128", None]


@pytest.mark.parametrize(
    ("text", "quality", "file_format"),
    [
        pytest.param("MediaFire FLAC", "lossless", "flac", id="host"),
        pytest.param("320 kbps", "320", None, id="rate"),
        pytest.param("320kbps", "320", None, id="rate-joined"),
        pytest.param("320 kb/s", "320", None, id="rate-slash"),
        pytest.param("320k", "320", None, id="rate-k"),
        pytest.param("MP3 320", "320", "mp3", id="format-and-rate"),
        pytest.param("320", "320", None, id="rate-alone"),
        pytest.param("Foo – Bar [320]", "320", None, id="rate-in-brackets"),
        pytest.param("Foo – Bar (MP3 / 192)", "192", "mp3", id="in-brackets"),
        pytest.param("Download: V0", "v0", None, id="v0"),
        pytest.param("Foo – Bar [V0]", "v0", None, id="v0-in-brackets"),
        pytest.param("mp3 V2", "v2", "mp3", id="v2"),
        pytest.param("24bit", "24bit", None, id="24bit"),
        pytest.param("FLAC 24-bit / 96 kHz", "24bit", "flac", id="24-bit"),
        pytest.param("24 bit WAV", "24bit", "wav", id="24-bit-wav"),
        pytest.param("Lossless", "lossless", None, id="lossless"),
        pytest.param("WAV", "lossless", "wav", id="wav"),
        pytest.param("AIFF version of it", "lossless", "aiff", id="aiff"),
        pytest.param("FLAC | MP3 320", "320", "mp3", id="the-last-counts"),
        pytest.param("Artist_-_Song_(320kbps).mp3", "320", "mp3", id="file-name"),
    ],
)
def test_what_words_say_of_the_sound(text: str, quality: str | None, file_format: str | None) -> None:
    assert read_sound(text) == Sound(quality, file_format)
    assert may_tell_quality(text) or quality is None


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.sampled_from([*sorted(sound_words()), "24 bit", "hi-res", "320k", "x", "(", ")", "-"]), max_size=4
    )
)
def test_a_quality_is_found_only_where_there_may_be_one(words: list[str]) -> None:
    text = " ".join(words)
    assert may_tell_quality(text) or read_sound(text).quality is None


@pytest.mark.parametrize(
    "text",
    [
        "Room 320",
        "320 Miles to Go",
        "24 bits of chocolate",
        "24 hours",
        "Rocket V2 launch",
        "Catch the Wave now",
        "Opus No. 5",
        "Lossless Love Song",
        "A 128 BPM stomper",
        "1320 kbpsx",
        "Vol. 192",
        "",
        "-",
    ],
)
def test_words_of_titles_say_nothing(text: str) -> None:
    assert read_sound(text) == Sound()


def test_the_order_of_preference_is_from_best_to_worst() -> None:
    assert sorted(ORDER, key=quality_rank) == ORDER
    assert len({quality_rank(quality) for quality in ORDER}) == len(ORDER)


def test_a_format_ranks_by_what_it_keeps() -> None:
    assert quality_rank(None, "flac") == quality_rank("lossless")
    assert quality_rank(None, "mp3") == quality_rank("potato") == quality_rank(None)
    assert quality_rank("24bit", "flac") < quality_rank(None, "flac")


@pytest.mark.parametrize(
    ("quality", "file_format", "expected"),
    [
        ("lossless", "mp3", False),
        ("320", "flac", False),
        ("320", "mp3", True),
        ("24bit", "wav", True),
        ("lossless", "zip", True),
        ("320", None, True),
    ],
)
def test_no_file_has_the_quality_of_another_format(
    quality: str, file_format: str | None, expected: bool
) -> None:
    assert agrees(quality, file_format) is expected


def sound_of(html: str) -> list[tuple[str | None, str | None]]:
    node = BeautifulSoup(f"<article>{html}</article>", "lxml")
    return [(each.quality, each.format) for each in read_links(node, base=PAGE, page=PAGE).links]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param(
            '<a href="https://mediafire.com/file/k">FLAC</a>', [("lossless", "flac")], id="L45 text"
        ),
        pytest.param('<a href="/a.flac">Song</a>', [("lossless", "flac")], id="L45 extension"),
        pytest.param('<a href="/x%20[320].mp3">Song</a>', [("320", "mp3")], id="name"),
        pytest.param('<a href="/mp3-192/x.mp3">Song</a>', [("192", "mp3")], id="folder"),
        pytest.param('<a href="/a.mp3">Song</a> (320 kbps)', [("320", "mp3")], id="behind"),
        pytest.param(
            '<p>FLAC: <a href="https://mediafire.com/file/k1">MediaFire</a> <a href="https://mega.nz/file/x#y">Mega</a>'
            '<br>MP3 320: <a href="https://mediafire.com/file/k2">MediaFire</a></p>',
            [("lossless", "flac"), ("lossless", "flac"), ("320", "mp3")],
            id="L45 line",
        ),
        pytest.param(
            '<h4>MP3 V0</h4><p><a href="https://mediafire.com/file/k1">Download</a></p>',
            [("v0", "mp3")],
            id="heading",
        ),
        pytest.param('<a href="/a.mp3">Download FLAC</a>', [(None, "mp3")], id="no-lossless-mp3"),
        pytest.param('<a href="/a.flac">320 kbps</a>', [("lossless", "flac")], id="no-320-flac"),
        pytest.param('<a href="/x.zip">Album (320)</a>', [("320", "zip")], id="archive"),
        pytest.param('<a href="/a.mp3">Room 320</a>', [(None, "mp3")], id="title"),
        pytest.param("<p>The FLAC is long gone.</p><a href='/a.mp3'>Song</a>", [(None, "mp3")], id="prose"),
        pytest.param(
            '<a href="https://soundcloud.com/a/b">320 kbps</a>', [(None, None)], id="a-player-has-no-file"
        ),
    ],
)
def test_links_have_the_sound_that_the_post_tells(
    html: str, expected: list[tuple[str | None, str | None]]
) -> None:
    assert sound_of(html) == expected


@settings(deadline=None, max_examples=80)
@given(st.text(alphabet="320kbps FLACmp3v24 bit-[]()V0wave/|", max_size=40))
def test_any_text_is_read_to_a_known_quality(text: str) -> None:
    found = read_sound(text)
    assert found.quality in ORDER
    assert found.quality is None or agrees(found.quality, found.format)
