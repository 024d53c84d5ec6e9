from __future__ import annotations

import base64
import time

import pytest
from bs4 import BeautifulSoup
from bs4.element import Tag
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.posts.links.reading import MAX_LINKS, Enclosure, read_links
from storage.records import Link, LinkKind

PAGE = "https://b.example/p/"


def node_of(html: str, parser: str = "lxml") -> Tag:
    node = BeautifulSoup(f"<article>{html}</article>", parser).find("article")
    assert isinstance(node, Tag)
    return node


def links_of(html: str, base: str = PAGE, page: str = PAGE) -> tuple[Link, ...]:
    return read_links(node_of(html), base=base, page=page)


def urls_of(html: str) -> list[str]:
    return [link.url for link in links_of(html)]


def link(href: str, text: str = "x") -> str:
    return f'<a href="{href}">{text}</a>'


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


def test_l2_the_base_of_the_document_counts() -> None:
    (found,) = links_of(link("../files/a.FLAC"), base="https://cdn.example/x/")
    assert (found.url, found.format) == ("https://cdn.example/files/a.FLAC", "flac")


def test_l10_the_format_comes_from_the_extension() -> None:
    (found,) = links_of('<audio><source type="audio/mpeg" src="x.m4a"></audio>')
    assert found.format == "m4a"


def test_l11_a_playlist_gives_its_tracks_with_artist_and_title() -> None:
    first = r'{"src":"https:\/\/b\/1.mp3","title":"T","meta":{"artist":"A"}}'
    tracks = '{"tracks":[' + first + ',{"src":"https://b/2.mp3"}]}'
    found = links_of(f'<script type="application/json" class="wp-playlist-script">{tracks}</script>')
    assert [(each.url, each.text) for each in found] == [
        ("https://b/1.mp3", "A – T"),
        ("https://b/2.mp3", None),
    ]


@pytest.mark.parametrize(
    "script", ["", "[", '{"tracks": 1}', '{"tracks": [1, {"src": 2}]}', "[" * 100_000, '"x"']
)
def test_a_broken_playlist_gives_nothing(script: str) -> None:
    assert not links_of(f'<script class="wp-playlist-script">{script}</script>')


def test_l12_only_sound_among_enclosures() -> None:
    enclosures = [
        Enclosure(url="https://b/e1.mp3", type="audio/mpeg"),
        Enclosure(url="https://b/cover.jpg", type="image/jpeg", length=10),
        Enclosure(url="https://b/play/7", type="audio/mpeg", length=10),
    ]
    found = read_links(node_of(""), base=PAGE, page=PAGE, enclosures=enclosures)
    assert [each.url for each in found] == ["https://b/e1.mp3", "https://b/play/7"]


@pytest.mark.parametrize("inside", [True, False], ids=["in-the-post", "given-apart"])
def test_l32_arrays_of_tracks_in_scripts(inside: bool) -> None:
    script = """var t=[{title:"Crazy",artist:"Nasty C",audio:"Nasty C - Crazy.mp3"},
        {audio:"D:/site/x.mp3",title:"q"}]"""
    node = node_of(f"<script>{script}</script>" if inside else "")
    (found,) = read_links(node, base=PAGE, page=PAGE, scripts=() if inside else [script])
    assert found.url == "https://b.example/p/Nasty%20C%20-%20Crazy.mp3"
    assert found.text == "Nasty C – Crazy"


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)//a.mp3",
        "file:///etc/passwd",
        "http://169.254.169.254/latest/a.mp3",
        "http://[::1]/aa.mp3",
    ],
)
def test_l30_wrappers_lead_nowhere_else(target: str) -> None:
    encoded = base64.b64encode(target.encode()).decode()
    assert not links_of(link(f"https://b/out?url={encoded}", "Download MP3"))


@pytest.mark.parametrize(
    "href",
    [
        "https://www.facebook.com/sharer?u=https%3A%2F%2Fb%2Fx.mp3",
        "https://twitter.com/intent/tweet?text=https%3A%2F%2Fb%2Fx.mp3",
        "https://wa.me/?text=https%3A%2F%2Fb%2Fx.mp3",
        "https://other.example/share?url=https%3A%2F%2Fb%2Fx.mp3",
        "mailto:a@b.example?subject=x.mp3",
        "javascript:void(0)",
        "#x.mp3",
        "tel:1",
    ],
)
def test_l27_what_is_shared_is_not_linked(href: str) -> None:
    assert not links_of(link(href, "Download MP3"))


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        pytest.param(
            link("/a.mp3", "<img src=x.jpg>")
            + link("/a.mp3", "<img alt=play>")
            + link("/a.mp3", "Artist – Song"),
            ["Artist – Song"],
            id="L37",
        ),
        pytest.param(
            f"<b>Rapidgator</b> {link('https://rg.to/file/a', 'Link 1')} "
            f"<b>MediaFire</b> {link('https://mediafire.com/file/b', 'Link 2')}",
            ["Rapidgator", "MediaFire"],
            id="L42",
        ),
        pytest.param(
            f"<h3>Artist – Song</h3><p>Nice.</p><p>{link('/a.mp3', 'Download')}</p>",
            ["Artist – Song"],
            id="heading",
        ),
        pytest.param(
            f"<ul><li>1. Foo – Bar {link('/a.mp3', 'MP3')} | {link('/a.flac', 'FLAC')}</li></ul>"
            f"<p>{link('/b.mp3', 'Download')}</p>",
            ["Foo – Bar", "Foo – Bar", "Download"],
            id="list-item",
        ),
        pytest.param(
            f"<div><h3>Foo – Bar</h3></div><div>{link('/b.mp3', 'here')}</div>", ["here"], id="another-block"
        ),
        pytest.param(f"<p>Foo: {link('/a.mp3', 'Hollow Letters')}</p>", ["Hollow Letters"], id="its-own"),
        pytest.param(
            f"<h3>Foo – Bar</h3><p>{link('/a.mp3', '<img alt=Download>')}</p>", ["Foo – Bar"], id="picture"
        ),
        pytest.param(
            '<figure><audio src="/a.mp3"></audio><figcaption>Northern</figcaption></figure>',
            ["Northern"],
            id="caption",
        ),
        pytest.param("<p>Foo – Bar: https://b/a.mp3</p>", ["Foo – Bar"], id="plain-text"),
        pytest.param(link("/a.mp3", "https://b.example/a.mp3"), [None], id="an-address-is-no-name"),
    ],
)
def test_a_link_is_called_by_what_names_the_track(html: str, texts: list[str | None]) -> None:
    assert [each.text for each in links_of(html)] == texts


@pytest.mark.parametrize(
    ("html", "name"),
    [
        pytest.param(link("/Artist%20-%20Song.mp3"), "Artist - Song.mp3", id="L1"),
        pytest.param('<a href="/f/77" download="Song.mp3">x</a>', "Song.mp3", id="download-attribute"),
        pytest.param(link("https://mediafire.com/file/k/Mix.zip/file"), "Mix.zip", id="segment-before"),
        pytest.param(link("/download.php?file=x%2Fa.mp3"), "a.mp3", id="query"),
        pytest.param('<audio src="/play/7"></audio>', None, id="none"),
    ],
)
def test_the_name_of_the_file(html: str, name: str | None) -> None:
    assert [each.name for each in links_of(html)] == [name]


def test_l53_no_more_links_than_the_limit() -> None:
    started = time.perf_counter()
    found = links_of("".join(link(f"https://b/{number}.mp3", "Download") for number in range(3000)))
    assert len(found) == MAX_LINKS
    assert time.perf_counter() - started < 10


@pytest.mark.parametrize(
    "opening",
    ["<div>", "<div onclick=\"window.open('/a.mp3')\">", "<b><li>", "<noscript>"],
    ids=["div", "click", "list", "noscript"],
)
def test_l53_deep_nests_are_walked_through(opening: str) -> None:
    started = time.perf_counter()
    found = read_links(
        node_of(opening * 10_000 + link("https://b/z.mp3"), "html.parser"), base=PAGE, page=PAGE
    )
    assert opening == "<noscript>" or "https://b/z.mp3" in [each.url for each in found]
    assert time.perf_counter() - started < 20


@pytest.mark.parametrize(
    "text",
    [
        "a." * 100_000,
        "http://" * 30_000,
        "(" * 200_000,
        "https://b/" + ")" * 200_000,
        "a-" * 100_000,
        "[.]/" * 50_000,
        "x/ " * 70_000,
    ],
    ids=["dots", "schemes", "open", "closed", "hyphens", "dots-in-brackets", "words"],
)
def test_long_texts_take_no_long_time(text: str) -> None:
    started = time.perf_counter()
    links_of(f"<p>{text}</p><script>{text}'{text}</script><a onclick=\"open('{text}\">x</a>")
    assert time.perf_counter() - started < 5


@settings(deadline=None)
@given(
    st.text(max_size=60),
    st.sampled_from(["a", "audio", "iframe", "form", "param", "button"]),
    st.text(max_size=30),
)
def test_no_address_is_too_strange(href: str, tag: str, text: str) -> None:
    node = node_of("")
    element = BeautifulSoup("", "lxml").new_tag(tag)
    for name in ("href", "src", "action", "value", "onclick", "data-url", "style"):
        element[name] = href
    element.string = text
    node.append(element)
    for each in read_links(node, base=PAGE, page=PAGE, scripts=[href], enclosures=[Enclosure(url=href)]):
        assert each.url.startswith(("http://", "https://"))
        assert each.kind in LinkKind


@settings(deadline=None)
@given(st.sampled_from(["", "hxxps://", "https://"]), st.text(max_size=60))
def test_no_text_is_too_strange(before: str, text: str) -> None:
    node = node_of("")
    node.append(f"{before}mega.nz/file/{text} {before}{text}")
    read_links(node, base=PAGE, page=PAGE)
