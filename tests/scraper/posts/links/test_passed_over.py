from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.posts.links.reading import MAX_IGNORED, read_links
from tests.scraper.posts.links.markup import PAGE, link, links_of, node_of


@pytest.mark.parametrize(
    "target",
    [
        pytest.param("javascript:alert(1)//a.mp3", id="L30 script"),
        pytest.param("file:///etc/passwd", id="L30 file"),
        pytest.param("http://169.254.169.254/latest/a.mp3", id="L30 metadata"),
        pytest.param("http://[::1]/aa.mp3", id="L30 loopback"),
    ],
)
def test_wrappers_lead_nowhere_else(target: str) -> None:
    encoded = base64.b64encode(target.encode()).decode()
    assert not links_of(link(f"https://b/out?url={encoded}", "Download MP3"))


@pytest.mark.parametrize(
    "href",
    [
        pytest.param("#x.mp3", id="L27"),
        "https://www.facebook.com/sharer?u=https%3A%2F%2Fb%2Fx.mp3",
        "https://twitter.com/intent/tweet?text=https%3A%2F%2Fb%2Fx.mp3",
        "https://wa.me/?text=https%3A%2F%2Fb%2Fx.mp3",
        "https://other.example/share?url=https%3A%2F%2Fb%2Fx.mp3",
        "mailto:a@b.example?subject=x.mp3",
        "javascript:void(0)",
        "tel:1",
    ],
)
def test_what_is_shared_is_not_linked(href: str) -> None:
    assert not links_of(link(href, "Download MP3"))


def ignored_of(html: str) -> dict[str, str]:
    reading = read_links(node_of(html), base=PAGE, page=PAGE, explaining=True)
    return {each.what: each.why for each in reading.ignored}


@pytest.mark.parametrize(
    ("href", "why"),
    [
        ("#download", "a place on this page"),
        ("magnet:?xt=urn:btih:1", "another scheme"),
        ("spotify:track:1", "another scheme"),
        ("ftp://b/a.mp3", "another scheme"),
        ("http://b:99999/a.mp3", "no address that can be fetched"),
        ("https://b/out?url=http://127.0.0.1/a.mp3", "leads to a private address"),
        ("https://b/out?url=file:///etc/a.mp3", "another scheme"),
        (PAGE + "?x=1#c", "the post's own blog"),
        (PAGE, "the post itself"),
        ("/about/", "the post's own blog"),
        ("/about.html", "the post's own blog"),
        ("https://www.facebook.com/sharer/sharer.php?u=https%3A%2F%2Fb%2Fx.mp3", "shares the post"),
        ("https://other.example/share?url=https%3A%2F%2Fb%2Fx.mp3", "shares the post"),
        ("https://www.instagram.com/artist", "a host without music"),
        ("https://hypeddit.com/hype-my-music.php", "a page of the host itself"),
        ("https://www.mediafire.com/about/", "a page of the host itself"),
        ("https://soundcloud.com/artist", "profile of an artist"),
        ("https://soundcloud.com/artist/likes", "profile of an artist"),
        ("https://www.beatport.com/artist/x/1", "profile of an artist"),
        ("https://open.spotify.com/artist/1", "profile of an artist"),
        ("https://www.youtube.com/@artist", "profile of an artist"),
        ("https://artist.bandcamp.com/", "profile of an artist"),
        ("https://x.example/cover.jpg", "an image"),
        ("https://x.example/kit.pdf", "another kind of file"),
        ("https://x.example/a.mp3.html", "a page, not a file"),
        ("https://x.example/news/", "a page, not a file"),
        ("https://x.example/blank.mp3", "an empty sound of a player"),
        ("https://bit.ly/abc", "a short address whose text offers no download"),
    ],
)
def test_what_is_passed_over_is_told_with_its_reason(href: str, why: str) -> None:
    assert ignored_of(link(href)) == {href: why}


def test_words_that_name_another_file_are_the_reason() -> None:
    href = "https://x.example/dl/9"
    assert ignored_of(link(href, "Download PDF")) == {href: "its words name another kind of file"}


def test_repetitions_are_told_and_what_is_kept_is_not() -> None:
    html = link("/a.mp3") + link("https://b.example/a.mp3?utm_source=x", "Song")
    assert ignored_of(html) == {"https://b.example/a.mp3?utm_source=x": "repeats another link"}


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.sampled_from(
            [
                "/about/",
                "/dl/9",
                "/a.mp3",
                "https://mega.nz/file/a#b",
                "#x",
                "/out/x",
                PAGE,
                "//c/x",
                "/x?y=1",
            ]
        ),
        max_size=6,
    ),
    st.sampled_from(["Download", "Song", "Download MP3"]),
)
def test_telling_changes_nothing_of_what_is_kept(hrefs: list[str], text: str) -> None:
    html = "".join(link(href, text) for href in hrefs)
    told = read_links(node_of(html), base=PAGE, page=PAGE, explaining=True)
    assert told.links == links_of(html)


def test_nothing_is_told_unasked() -> None:
    assert read_links(node_of(link("/about/")), base=PAGE, page=PAGE).ignored == ()


def test_what_is_told_has_an_end() -> None:
    html = "".join(link(f"https://x.example/{number}/") for number in range(500)) + link("x:" + "y" * 5000)
    reading = read_links(node_of(html), base=PAGE, page=PAGE, explaining=True)
    assert len(reading.ignored) == MAX_IGNORED
    assert max(len(each.what) for each in reading.ignored) <= 300


_OWN_PIECES = [
    "/", "a", "tag", "download", "file", "go", "out", "mp3", "flac", ".", ".html", ".htm", ".mp3", ".php", ".zip", "%20",
    "%2E", "%2e", "%2F", "%C3%A9", "é", "?", "a=b", "id=1", "#c", "https://b.example", "https://b.example/",
]  # fmt: skip


@settings(deadline=None, max_examples=500)
@given(
    st.lists(st.sampled_from(_OWN_PIECES), max_size=7).map("".join),
    st.sampled_from(["x", "Download", "Download MP3", "Kora - Lines (320)"]),
    st.sampled_from(["", "class='button'", "download", "download='a.mp3'"]),
)
def test_what_is_passed_over_at_a_glance_is_passed_over_by_a_long_look(
    href: str, text: str, more: str
) -> None:
    node = node_of(f'<a href="{href}" {more}>{text}</a>')
    long_look = read_links(node, base=PAGE, page=PAGE, explaining=True)
    assert read_links(node, base=PAGE, page=PAGE).links == long_look.links
