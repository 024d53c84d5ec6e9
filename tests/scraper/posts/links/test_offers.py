from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from scraper.posts.links.reading import read_links

if TYPE_CHECKING:
    from storage.records import Link

PAGE = "https://b.example/p/"


def links_of(html: str) -> tuple[Link, ...]:
    return read_links(BeautifulSoup(f"<article>{html}</article>", "lxml"), base=PAGE, page=PAGE).links


@pytest.mark.parametrize(
    ("html", "sure"),
    [
        pytest.param('<a href="https://b/download.php?file=a.mp3">x</a>', False, id="L6"),
        pytest.param('<a href="https://b/dl?id=9">Download MP3</a>', False, id="L6 text"),
        pytest.param('<a href="https://x.example/get/1001">İndir</a>', False, id="L6 turkish"),
        pytest.param('<a href="/stream/mp3/4f5f15">Song</a>', False, id="L6 segment"),
        pytest.param('<a href="https://x.example/9" download>Download</a>', False, id="L6 attribute"),
        pytest.param('<a href="https://x.example/f.zip">Download</a>', False, id="L6 archive-of-anything"),
        pytest.param('<a href="https://bit.ly/abc">Download</a>', False, id="L6 short-address"),
        pytest.param('<a href="https://b/a.mp3">x</a>', True, id="extension"),
        pytest.param('<a href="https://x.example/f.zip">All tracks</a>', True, id="archive-of-tracks"),
        pytest.param(
            '<p>The EP: <a href="https://x.example/f.zip">Download</a></p>', True, id="archive-near"
        ),
        pytest.param('<h4>MP3 320</h4><a href="https://x.example/f.zip">here</a>', True, id="archive-below"),
        pytest.param('<audio src="/play/7"></audio>', True, id="element"),
        pytest.param('<a href="/play/7" type="audio/mpeg">Song</a>', True, id="type"),
        pytest.param('<a href="/f/77" download="Song.mp3">x</a>', True, id="attribute-names-sound"),
        pytest.param('<a href="https://mega.nz/file/ID#KEY">x</a>', True, id="host"),
    ],
)
def test_a_link_is_sure_where_more_than_words_say_so(html: str, sure: bool) -> None:
    assert [each.sure for each in links_of(html)] == [sure]


def test_a_link_is_sure_where_one_of_its_places_is() -> None:
    html = '<a href="/play/7" download>Download</a><audio src="/play/7"></audio>'
    assert [each.sure for each in links_of(html)] == [True]


@pytest.mark.parametrize(
    "html",
    [
        '<a href="/articles/download" download>PDF version</a>',
        '<a class="btn" href="/articles/download">Download article</a>',
        '<a href="/action/downloadFigures?id=1" download="">Download PowerPoint</a>',
        '<a href="/dl/show/50043">PYTHON 3 DEMOPACK DOWNLOAD</a>',
        '<a href="/api/pm2pdf/6520" download="Pressemitteilung.pdf">Download</a>',
        '<a class="button" href="/api/pm2pdf/6520">Pressemitteilung als pdf</a>',
        '<a href="https://x.example/media/155054/download">https://x.example/media/155054/download</a>',
        '<audio src="/static/blank.mp3"></audio>',
        '<audio src="/silence.mp3"></audio>',
        '<a class="btn" href="https://x.example/media/about">Read more</a>',
        '<a class="btn" href="https://x.example/dl/9">Download the app</a>',
        '<a href="https://x.example/dl/9">Download ringtone</a>',
        '<a href="https://x.example/dl/9">Download APK</a>',
        '<a href="https://x.example/dl/9">Download our yearly overview</a>',
        '<a href="https://x.example/dl/9">Download slides</a>',
        '<a href="/x9" download>Get the overview</a>',
        '<p>Read all of it (PDF): <a href="https://x.example/dl/9">Download</a></p>',
        '<p><a href="https://x.example/dl/9">Download</a> (PDF, 2 MB)</p>',
        '<p>Graphics &amp; Powerpoint in one file: <a href="https://x.example/f/all.zip">Download (ZIP 20 MB)</a></p>',
        '<a href="https://x.example/f/all.zip">Download photos</a>',
    ],
)
def test_what_offers_something_else_is_no_link(html: str) -> None:
    assert links_of(html) == ()


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://x.example/dl/9">Download Kora – Lines</a>',
        '<a href="https://x.example/dl/9">Download the album</a>',
        '<a class="btn" href="https://x.example/dl/9">Free Download</a>',
        '<a class="btn" href="https://x.example/media/7"><i></i></a>',
        '<a href="https://x.example/dl/9">Download poster song (MP3)</a>',
        '<p>Watch the video. <a href="https://x.example/dl/9">Download</a></p>',
        '<p>PDF and MP3: <a href="https://x.example/dl/9">Download</a></p>',
        '<button data-download="https://x.example/dl/9"></button>',
    ],
)
def test_what_offers_music_is_a_link(html: str) -> None:
    assert [each.url.startswith("https://x.example/") for each in links_of(html)] == [True]
