"""Feeds of all kinds, sound, broken and hostile."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.blogs.entries.entry import MAX_ENTRIES
from scraper.blogs.feeds import UnreadableFeedError, looks_like_feed, read_feed
from scraper.posts.links.reading import Enclosure

URL = "https://b.example/feed/"
A = "https://b.example/a"


def rss(items: str, *, head: str = "", link: str = "https://b.example/", encoding: str = "UTF-8") -> bytes:
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>{head}<rss version="2.0"><channel><title>B</title>'
        f"<link>{link}</link>{items}</channel></rss>"
    )
    return text.encode(encoding)


ITEM = "<item><title>Á</title><link>https://b.example/a</link></item>"
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>B</title><link rel="self" href="https://b.example/feed/"/>'
    '<link rel="alternate" href="https://b.example/"/><entry><title>Á</title><id>tag:b.example,2024:1</id>'
    '<link rel="replies" href="https://b.example/a#comments"/><link{} href="https://b.example/a"/>'
    "<published>2024-05-01T10:00:00+00:00</published><category term='house' label='House'/></entry></feed>"
)
RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
    '<channel rdf:about="https://b.example/"><title>B</title><link>https://b.example/</link></channel>'
    '<item rdf:about="https://b.example/a"><title>Á</title><link>https://b.example/a</link></item></rdf:RDF>'
)
JSON = {
    "version": "https://jsonfeed.org/version/1.1",
    "home_page_url": "https://b.example/",
    "items": [{"id": "1", "url": A, "title": "Á", "tags": ["House", 3]}],
}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(rss(ITEM), id="RSS"),
        pytest.param(rss("<item><title>Á</title><link>/a</link></item>"), id="RSS with relative links"),
        pytest.param(rss(f"<item><title>Á</title><guid>{A}</guid></item>"), id="RSS with a permanent guid"),
        pytest.param(rss(f"<item><title>Á</title><link><![CDATA[ {A} ]]></link></item>"), id="P13-CDATA"),
        pytest.param(ATOM.format(' rel="alternate"').encode(), id="Atom"),
        pytest.param(ATOM.format("").encode(), id="Atom whose links say no rel"),
        pytest.param(RDF.encode(), id="RDF"),
        pytest.param(json.dumps(JSON).encode(), id="JSON"),
        pytest.param(b"\xef\xbb\xbf" + rss(ITEM), id="P13-BOM"),
        pytest.param(b"\n\n " + rss(ITEM), id="blank lines before"),
        pytest.param(rss(ITEM, encoding="UTF-16"), id="UTF-16"),
        pytest.param(rss(ITEM, encoding="ISO-8859-1"), id="Latin-1"),
        pytest.param(rss(ITEM).replace(b"UTF-8", b"x-unknown"), id="P13-an unknown encoding"),
        pytest.param(rss(ITEM).decode().encode("cp1252"), id="P13-windows-1252 that says UTF-8"),
        pytest.param(rss(ITEM.replace("Á", "&Aacute;")), id="P13-a name of HTML"),
        pytest.param(rss(ITEM)[:-30], id="cut off"),
        pytest.param(
            ATOM.format("").replace(' xmlns="http://www.w3.org/2005/Atom"', "").encode(), id="no namespace"
        ),
        pytest.param(rss(ITEM + "<item><title>B & C</title>"), id="not well-formed"),
    ],
)
def test_the_posts_of_a_feed_are_read(body: bytes) -> None:
    feed = read_feed(body, URL)
    assert [(post.url, post.key, post.title) for post in feed.posts] == [(A, A, "Á")]
    assert feed.home == "https://b.example/"
    assert looks_like_feed(body, "application/rss+xml" if b"{" not in body[:1] else "application/feed+json")


def test_a_feed_tells_categories_dates_and_enclosures() -> None:
    item = (
        f"<item><title>A</title><link>{A}</link><pubDate>Wed, 01 May 2024 10:00:00 GMT</pubDate>"
        "<category>House</category><category><![CDATA[ Deep House ]]></category><category>House</category>"
        '<enclosure url="/files/a.mp3" length="123" type="audio/mpeg"/></item>'
    )
    (post,) = read_feed(rss(item), URL).posts
    assert post.categories == ("House", "Deep House")
    assert post.published == "2024-05-01T10:00:00+00:00"
    expected = Enclosure(url="https://b.example/files/a.mp3", type="audio/mpeg", length=123)
    assert post.enclosures == (expected,)


@pytest.mark.parametrize("length", ["-1", "0", "", "1e9", "9" * 40, "abc"])
def test_a_length_that_is_no_count_of_bytes_is_left_out(length: str) -> None:
    item = f'<item><link>{A}</link><enclosure url="/a.mp3" length="{length}" type="audio/mpeg"/></item>'
    (post,) = read_feed(rss(item), URL).posts
    assert [enclosure.length for enclosure in post.enclosures] == [None]


@pytest.mark.parametrize(
    ("link", "listing"),
    [
        pytest.param("https://other.example/x", None, id="P9 another site"),
        pytest.param("https://b.example/about/", None, id="P7 a page"),
        pytest.param("https://b.example/tag/house/", None, id="P7 a tag"),
        pytest.param("https://b.example/files/a.mp3", None, id="a file"),
        pytest.param("mailto:ann@b.example", None, id="no address of the web"),
        pytest.param("", None, id="no address"),
        pytest.param("https://b.example/x", "https://c.example/", id="a site other than the listing's"),
    ],
)
def test_entries_that_are_no_posts_of_the_blog_are_left_out(link: str, listing: str | None) -> None:
    item = f"<item><title>X</title><link>{link}</link></item>"
    assert read_feed(rss(item), URL, listing=listing).posts == ()


def test_a_link_blog_is_known_by_its_own_addresses() -> None:
    item = f"<item><link>https://other.example/x</link><guid isPermaLink='true'>{A}</guid></item>"
    assert [post.url for post in read_feed(rss(item), URL).posts] == [A]


def test_a_feed_on_another_host_belongs_to_the_site_of_its_entries() -> None:
    feed = read_feed(rss(ITEM), "https://feeds.example/b")
    assert feed.home == "https://b.example/"
    assert [post.url for post in feed.posts] == [A]
    assert read_feed(rss(ITEM, link="https://victim.example/"), "https://feeds.example/b").home is None


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"/etc/passwd", id="a path"),
        pytest.param(b"http://127.0.0.1:9/feed", id="an address"),
        pytest.param(b"<!doctype html><html><body>x</body></html>", id="a page"),
        pytest.param(b"\x00\x01\x02" * 1000, id="bytes"),
        pytest.param(json.dumps(JSON | {"items": [1, None]}).encode(), id="JSON of other things"),
        pytest.param(
            b'{"version":"https://jsonfeed.org/version/1","items":' + b"[" * 100_000, id="deep JSON"
        ),
        pytest.param(b"<html>" + b"<b>" * 2_000_000, id="a large page"),
    ],
)
def test_what_is_no_feed_is_refused(body: bytes) -> None:
    with pytest.raises(UnreadableFeedError) as caught:
        read_feed(body, URL)
    assert caught.value.where == URL


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
LAUGHING = f'<!DOCTYPE r [<!ENTITY l0 "x">{LAUGHS}]>'
LONG = f'<!DOCTYPE r [<!ENTITY x "{"x" * 99_999}">]>'
HOSTILE = {
    "billion laughs": rss(f"<item><title>&l11;</title></item>{ITEM}", head=LAUGHING),
    "quadratic": rss(f"<item><title>{'&x;' * 20_000}</title></item>", head=LONG),
    "deep": rss("<item>" * 100_000),
    "many": rss("<item><link>/a</link><pubDate>31 Nevuary</pubDate></item>" * 10_000),
    "attributes": rss("<item " + "a=b " * 300_000),
    "cdata": rss("<![CDATA[" * 200_000),
    "entities": rss("&" * 400_000),
    "lines before the first element": b"\n" * 400_000 + b"<rss>",
    "lines in a comment before": b"<!--" + b"\n" * 400_000 + b"--><rss>",
    "declarations of entities": b"\n<!ENTITY" * 40_000 + b"<rss>",
    "declarations of XML": b"<?xml encoding='" * 20_000,
    "deep XHTML": rss(f"<item><link>/a</link><content>{'<div>' * 200_000}</content></item>"),
    "entries within entries": rss('<item xml:base="x/"><link>/a</link>' * 50_000),
    "links without ends": rss(f"<item><link>/a</link><description>{'&lt;a href=' * 50_000}</description></item>"),
    "the same in EBCDIC": "<?xml encoding='cp037'".encode("cp037") + b"<a" + "\n".encode("cp037") * 400_000,
}  # fmt: skip


@pytest.mark.parametrize("broken", [b"", b"<<<&"], ids=["as it is", "broken"])
@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_feeds_are_read_or_refused_in_bounded_time(body: bytes, broken: bytes) -> None:
    started = time.thread_time()
    try:
        posts = read_feed(body + broken, URL, content=True).posts
    except UnreadableFeedError:
        posts = ()
    assert time.thread_time() - started < 30
    assert all(len(post.title or "") <= 1000 for post in posts)


@pytest.mark.parametrize("broken", [b"", b"<<<&"], ids=["as it is", "broken"])
@pytest.mark.parametrize(
    "head",
    ['<!DOCTYPE r [<!ENTITY x SYSTEM "file://{path}">]>', '<!DOCTYPE r SYSTEM "file://{path}">'],
    ids=["P13-an entity", "P13-a document type"],
)
def test_nothing_of_this_machine_enters_a_feed(
    tmp_path_factory: pytest.TempPathFactory, head: str, broken: bytes
) -> None:
    secret = tmp_path_factory.mktemp("xxe") / "secret.txt"
    secret.write_text("TOPSECRET", encoding="utf-8")
    body = rss(f"<item><title>&x;</title><link>{A}</link></item>", head=head.replace("{path}", str(secret)))
    try:
        feed = read_feed(body + broken, URL)
    except UnreadableFeedError:
        return
    assert "TOPSECRET" not in repr(feed)


def test_of_an_endless_feed_the_first_entries_count() -> None:
    items = "".join(f"<item><link>/post-{n}</link></item>" for n in range(MAX_ENTRIES + 10))
    assert len(read_feed(rss(items), URL).posts) == MAX_ENTRIES


@pytest.mark.parametrize(
    ("body", "kind", "is_feed"),
    [
        (rss(ITEM), "text/html", True),
        (rss(ITEM), "text/xml", True),
        (b"<?xml version='1.0'?><html><body>", "application/xhtml+xml", False),
        (b"<!doctype html><p>&lt;rss", "text/html", False),
        (b"<html><head><link type='application/rss+xml'><rss", "text/html", False),
        (json.dumps(JSON).encode(), "application/json", True),
        (b'{"posts": []}', "application/json", False),
        (b"", "text/html", False),
    ],
    ids=[
        "RSS as HTML",
        "RSS",
        "XHTML",
        "a page about feeds",
        "a page with a feed",
        "JSON",
        "other JSON",
        "nothing",
    ],
)
def test_feeds_are_told_from_pages(body: bytes, kind: str, *, is_feed: bool) -> None:
    assert looks_like_feed(body, kind) is is_feed


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(rss)))
def test_any_bytes_are_a_feed_or_refused(body: bytes) -> None:
    try:
        feed = read_feed(body, URL)
    except UnreadableFeedError:
        return
    keys = [post.key for post in feed.posts]
    assert len(keys) == len(set(keys))
