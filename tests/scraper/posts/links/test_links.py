from __future__ import annotations

import pytest

from scraper.posts.links.reading import Enclosure, read_links
from tests.scraper.posts.links.markup import PAGE, link, links_of, node_of


def urls_of(html: str) -> list[str]:
    return [link.url for link in links_of(html)]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param(
            link("/u/Artist%20-%20Song.mp3"), ["https://b.example/u/Artist%20-%20Song.mp3"], id="L1"
        ),
        pytest.param(link("//cdn.example/a.mp3"), ["https://cdn.example/a.mp3"], id="L3"),
        pytest.param(
            link("https://b/a.mp3?X-Amz-Expires=600&amp;X-Amz-Signature=ab"),
            ["https://b/a.mp3?X-Amz-Expires=600&X-Amz-Signature=ab"],
            id="L4",
        ),
        pytest.param(
            link("https://b/a.mp3?utm_source=rss&amp;fbclid=1") + link("https://b/a.mp3"),
            ["https://b/a.mp3?utm_source=rss&fbclid=1"],
            id="L5",
        ),
        pytest.param(
            link("https://b/download.php?file=a.mp3"), ["https://b/download.php?file=a.mp3"], id="L6-address"
        ),
        pytest.param(link("https://b/dl?id=9", "Download MP3"), ["https://b/dl?id=9"], id="L6-text"),
        pytest.param(link("https://b/a.mp3.html"), [], id="L7"),
        pytest.param(
            link("https://b/cover.mp3.jpg")
            + link("/i/song.mp3-300x300.png", '<img alt="song.mp3">')
            + '<img src="/x.mp3">',
            [],
            id="L8",
        ),
        pytest.param(
            '<audio class="wp-audio-shortcode"><source type="audio/mpeg" src="https://b/u.mp3?_=1">'
            + link("https://b/u.mp3", "https://b/u.mp3")
            + '</audio><a class="powerpress_link_d" href="https://b/u.mp3" download="u.mp3">Download</a>'
            '<a class="powerpress_link_pinw" href="https://b/u.mp3">Play in new window</a>',
            ["https://b/u.mp3?_=1"],
            id="L9",
        ),
        pytest.param(
            '<audio src="/stream/53ab20"></audio>', ["https://b.example/stream/53ab20"], id="audio-unnamed"
        ),
        pytest.param(
            '<video><source src="/v.mp4"><source src="/v.mp3"></video>',
            ["https://b.example/v.mp3"],
            id="video",
        ),
        pytest.param(
            '<iframe data-src="https://www.youtube.com/embed/abcdefghijk" src="about:blank"></iframe>'
            '<noscript><iframe src="https://www.youtube.com/embed/abcdefghijk?rel=0"></iframe></noscript>',
            ["https://www.youtube.com/embed/abcdefghijk"],
            id="L14",
        ),
        pytest.param(
            '<iframe data-lazy-src="https://archive.org/embed/mtk043"></iframe>',
            ["https://archive.org/embed/mtk043"],
            id="L14-data-lazy-src",
        ),
        pytest.param(
            '<iframe srcdoc="&lt;a href=&quot;https://www.youtube.com/embed/abcdefghijk&quot;&gt;"></iframe>',
            ["https://www.youtube.com/embed/abcdefghijk"],
            id="iframe-srcdoc",
        ),
        pytest.param('<iframe src="/player/?id=3"></iframe>', ["https://b.example/player/?id=3"], id="L15"),
        pytest.param('<iframe src="https://ads.example/player/"></iframe>', [], id="L15-foreign"),
        pytest.param(
            link("https://b/out?url=aHR0cHM6Ly9leGFtcGxlLm9yZy9hLm1wMw=="),
            ["https://example.org/a.mp3"],
            id="L28",
        ),
        pytest.param(
            link("https://l.facebook.com/l.php?u=https%3A%2F%2Fb%2Fa.mp3&amp;h=z")
            + link("https://href.li/?https://b/c.mp3"),
            ["https://b/a.mp3", "https://b/c.mp3"],
            id="L29",
        ),
        pytest.param(
            '<a href="#" data-href="https://b/dl/a.zip">x</a><a onclick="window.open(\'https://b/dl/a.zip\')">x</a>',
            ["https://b/dl/a.zip"],
            id="L31",
        ),
        pytest.param(
            "<button onclick=\"location.href='/f/a.mp3'\">Download</button>",
            ["https://b.example/f/a.mp3"],
            id="L31-location",
        ),
        pytest.param("<p onclick=\"alert('a.mp3')\">x</p>", [], id="L31-alert"),
        pytest.param(
            '<form action="/f/A.MP3"><button>Download</button></form>',
            ["https://b.example/f/A.MP3"],
            id="form",
        ),
        pytest.param('<form action="/search"><input name="s"></form>', [], id="form-search"),
        pytest.param(
            '<div data-mp3="/f/a.mp3" data-cover="/f/a.jpg"></div>',
            ["https://b.example/f/a.mp3"],
            id="data-mp3",
        ),
        pytest.param(
            '<object data="/f/a.mp3"></object><embed src="/f/b.mp3">'
            '<param name="movie" value="/f/c.mp3">'
            '<param name="flashvars" value="x=1&amp;soundFile=https%3A%2F%2Fb%2Fd.mp3">',
            [
                "https://b.example/f/a.mp3",
                "https://b.example/f/b.mp3",
                "https://b.example/f/c.mp3",
                "https://b/d.mp3",
            ],
            id="flash",
        ),
        pytest.param(
            "Download: https://www.mediafire.com/file/abc/Mix.zip/file.",
            ["https://www.mediafire.com/file/abc/Mix.zip/file"],
            id="L33",
        ),
        pytest.param("(see https://b/a(1).mp3), and", ["https://b/a(1).mp3"], id="L33-brackets"),
        pytest.param("下载：https://b/a.mp3。谢谢", ["https://b/a.mp3"], id="L33-east-asian"),
        pytest.param("get dropbox.com/s/x/t.wav?dl=0 now", ["https://dropbox.com/s/x/t.wav?dl=0"], id="L34"),
        pytest.param("and/or b.example/about, 1.5/2.0", [], id="L34-prose"),
        pytest.param(
            "hxxps://mega[.]nz/file/ID#KEY mediafire dot com/file/a",
            ["https://mega.nz/file/ID#KEY"],
            id="L35",
        ),
        pytest.param("https://b/f/<wbr>a\u200b.mp3", ["https://b/f/a.mp3"], id="wbr-and-zero-width"),
        pytest.param(
            f'<!-- {link("https://b/1.mp3")} --><div style="color:red; DISPLAY : none">{link("https://b/2.mp3")}</div>'
            f"<template>{link('https://b/3.mp3')}</template><p hidden>https://b/4.mp3</p>",
            [],
            id="L36",
        ),
        pytest.param(link("/2024/05/song-mp3-download/", "Song MP3 Download"), [], id="L41"),
        pytest.param(link("/download/song/", "Download"), [], id="landing-page"),
        pytest.param(
            link("https://b/x.part1.rar") + link("https://b/x.part2.rar"),
            ["https://b/x.part1.rar", "https://b/x.part2.rar"],
            id="L43",
        ),
        pytest.param("Password: foo57 / Pass: www.site.com", [], id="L44"),
        pytest.param(
            link("https://b/a.flac") + link("https://b/a.mp3"),
            ["https://b/a.flac", "https://b/a.mp3"],
            id="L45",
        ),
        pytest.param(
            link("http://b/A.mp3") + link("https://b/A.mp3") + link("https://b/a.mp3"),
            ["http://b/A.mp3", "https://b/a.mp3"],
            id="L47",
        ),
        pytest.param(
            link("https://b/x–y.mp3") + link("https://b/x%E2%80%93y.mp3"),
            ["https://b/x%E2%80%93y.mp3"],
            id="L48",
        ),
        pytest.param(
            link("https://всесаундтреки.рф/a.mp3"), ["https://xn--80adhccsnv2afbpk.xn--p1ai/a.mp3"], id="L49"
        ),
        pytest.param(
            link("ftp://b/a.mp3") + link("magnet:?xt=urn:btih:1") + link("spotify:track:1"), [], id="L50"
        ),
        pytest.param(
            link(" https://b/a.mp3 ")
            + link("https://b/b\n.mp3")
            + "<a href=https://b/c.mp3>x</a><a href>x</a><a href=''>x</a>",
            ["https://b/a.mp3", "https://b/b.mp3", "https://b/c.mp3"],
            id="L52",
        ),
        pytest.param(link(PAGE + "#download", "Download MP3"), [], id="the-post-itself"),
    ],
)
def test_links_of_a_post(html: str, expected: list[str]) -> None:
    assert urls_of(html) == expected


def test_a_category_that_is_called_downloads_is_none() -> None:
    label = '<a rel="tag" href="/search/label/Downloads">Downloads</a>'
    assert urls_of(label + '<a rel="category tag" href="/free-mp3/">Free MP3</a>') == []
    assert urls_of('<a rel="tag" href="/u/a.mp3">a</a>') == ["https://b.example/u/a.mp3"]


@pytest.mark.parametrize("base", [pytest.param("https://cdn.example/x/", id="L2")])
def test_the_base_of_the_document_counts(base: str) -> None:
    (found,) = links_of(link("../files/a.FLAC"), base=base)
    assert (found.url, found.format) == ("https://cdn.example/files/a.FLAC", "flac")


@pytest.mark.parametrize(
    "html",
    [pytest.param('<audio><source type="audio/mpeg" src="x.m4a"></audio>', id="L10")],
)
def test_the_format_comes_from_the_extension(html: str) -> None:
    (found,) = links_of(html)
    assert (found.format, found.sure) == ("m4a", True)


@pytest.mark.parametrize(
    "enclosures",
    [
        pytest.param(
            [
                Enclosure(url="https://b/e1.mp3", type="audio/mpeg", length=0),
                Enclosure(url="https://b/cover.jpg", type="image/jpeg", length=10),
                Enclosure(url="https://b/play/7", type="audio/mpeg", length=10),
            ],
            id="L12",
        )
    ],
)
def test_only_sound_among_enclosures_is_kept(enclosures: list[Enclosure]) -> None:
    found = read_links(node_of(""), base=PAGE, page=PAGE, enclosures=enclosures).links
    assert [(each.url, each.sure) for each in found] == [
        ("https://b/e1.mp3", True),
        ("https://b/play/7", True),
    ]
