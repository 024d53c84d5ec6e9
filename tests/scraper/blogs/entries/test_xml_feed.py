"""What feeds say of their posts and of older feeds, also where no specification has it."""

from __future__ import annotations

import json

import pytest

from scraper.blogs.feeds import read_feed

URL = "https://b.example/feed/"
A = "https://b.example/a"
JSON = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "url": A, "title": "A"}]}
ITEM = f"<item><title>A</title><link>{A}</link></item>"
ENTRY = f'<entry><id>1</id><link href="{A}"/>{{}}</entry>'


def rss(items: str, *, head: str = "") -> bytes:
    text = f'<rss version="2.0"><channel><link>https://b.example/</link>{head}{items}</channel></rss>'
    return text.encode()


def atom(entries: str, *, head: str = "", base: str = "") -> bytes:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"{base}>{head}{entries}</feed>'.encode()


NEXT = "https://b.example/feed/?page=2"


@pytest.mark.parametrize(
    ("body", "older", "current"),
    [
        pytest.param(
            rss(f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="next" href="?page=2"/>{ITEM}'),
            NEXT, None, id="RSS",
        ),
        pytest.param(atom(ENTRY, head='<link rel="next" href="?page=2"/>'), NEXT, None, id="Atom"),
        pytest.param(atom(ENTRY + '<link rel="NEXT" href="?page=2"/>'), NEXT, None, id="Atom, behind the entries"),
        pytest.param(
            atom(ENTRY, head='<link rel="prev-archive" href="?page=2"/><link rel="current" href="/feed/"/>'),
            NEXT, URL, id="an archive",
        ),
        pytest.param(
            atom(ENTRY, head='<link rel="prev-archive" href="?page=3"/><link rel="next" href="?page=2"/>'),
            NEXT, None, id="paged and archived",
        ),
        pytest.param(json.dumps(JSON | {"next_url": "?page=2"}).encode(), NEXT, None, id="JSON"),
        pytest.param(atom(ENTRY, head='<link rel="next" href="x/?page=2"/>', base=' xml:base="/"').replace(b"x/", b"feed/"), NEXT, None, id="Atom with a base"),
        pytest.param(atom(ENTRY, head=f'<link rel="next" href="{URL}"/>'), None, None, id="itself"),
        pytest.param(atom(ENTRY, head='<link rel="next" href="file:///etc/passwd"/>'), None, None, id="no address of the web"),
        pytest.param(atom(ENTRY, head='<link rel="previous" href="?page=2"/>'), None, None, id="newer ones"),
    ],
)  # fmt: skip
def test_a_feed_names_the_feed_of_older_posts(body: bytes, older: str | None, current: str | None) -> None:
    feed = read_feed(body, URL)
    assert (feed.next, feed.current) == (older, current)


def test_a_feed_tells_ids_covers_and_when_a_post_was_changed() -> None:
    media = 'xmlns:m="http://search.yahoo.com/mrss/"'
    entry = ENTRY.format(
        "<published>2024-05-01T10:00:00Z</published><updated>2024-05-02T12:00:00+02:00</updated>"
        f'<m:thumbnail {media} url="/small.png" width="72"/><m:group {media}><m:thumbnail url="/big.png"/></m:group>'
    )
    (post,) = read_feed(atom(entry), URL).posts
    assert post.cover == "https://b.example/big.png"
    assert post.published == "2024-05-01T10:00:00+00:00"
    assert post.modified == 1_714_644_000
    item = {
        "id": "tag:b.example,2024:7",
        "url": A,
        "date_modified": "2024-05-02T10:00:00Z",
        "banner_image": "/c.png",
    }
    (post,) = read_feed(json.dumps(JSON | {"items": [item]}).encode(), URL).posts
    assert (post.id, post.cover, post.modified) == (
        "tag:b.example,2024:7",
        "https://b.example/c.png",
        1_714_644_000,
    )


def test_what_a_feed_does_not_say_of_a_post_is_none() -> None:
    (post,) = read_feed(rss(f"<item><link>{A}</link><pubDate>1 May 2024</pubDate></item>"), URL).posts
    assert (post.id, post.modified, post.cover, post.content) == (None, None, None, None)


@pytest.mark.parametrize(
    ("guid", "lasts"),
    [
        ("https://b.example/?p=7", True),
        ("tag:blogger.com,1999:blog-1.post-2", True),
        ("urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a", True),
        ("7", False),
        ("latest", False),
    ],
)
def test_an_id_counts_if_it_is_of_a_kind_that_is_given_for_good(guid: str, lasts: bool) -> None:
    (post,) = read_feed(rss(f"<item><link>{A}</link><guid>{guid}</guid></item>"), URL).posts
    assert post.id == (guid if lasts else None)


def test_an_id_that_several_entries_have_is_none() -> None:
    items = "".join(f"<item><link>/{name}</link><guid>same</guid></item>" for name in "abc")
    assert [post.id for post in read_feed(rss(items), URL).posts] == [None] * 3


@pytest.mark.parametrize("broken", [b"", b"<<<&"], ids=["sound", "broken"])
def test_the_address_behind_that_of_feedburner_is_the_posts(broken: bytes) -> None:
    item = (
        "<item><title>A</title><link>http://feedproxy.example/~r/b/~3/x/</link>"
        f'<f:origLink xmlns:f="http://rssnamespace.org/feedburner/ext/1.0">{A}</f:origLink></item>'
    )
    feed = read_feed(rss(item) + broken, "https://feeds.example/b")
    assert [(post.url, feed.home) for post in feed.posts] == [(A, "https://b.example/")]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ('<link href="https://b.example/x" rel="related"/><id>https://b.example/a</id>', [A]),
        ('<link href="/x.mp3" rel="enclosure"/><link href="/a" rel="alternate"/>', [A]),
        ('<link href="https://b.example/x" rel="self"/>', []),
        ('<link rel="alternate">https://b.example/a</link>', [A]),
        ("<id>HTTPS://b.example/a</id>", [A]),
    ],
)
def test_of_the_links_of_an_atom_entry_only_the_alternate_is_the_post(
    entry: str, expected: list[str]
) -> None:
    assert [post.url for post in read_feed(atom(f"<entry>{entry}</entry>"), URL).posts] == expected


def test_links_of_entries_start_from_the_base_that_the_feed_says() -> None:
    entries = '<entry><link href="a"/></entry><entry xml:base="c/"><link href="b"/></entry>'
    feed = read_feed(atom(entries, base=' xml:base="https://b.example/"'), "https://b.example/feeds/all/")
    assert [post.url for post in feed.posts] == [A, "https://b.example/c/b"]


def test_p13_a_bare_ampersand_in_an_address_loses_nothing() -> None:
    item = "<item><title>B & C</title><link>https://b.example/?p=1&lang=en&x</link></item>"
    (post,) = read_feed(rss(item), URL).posts
    assert (post.title, post.url) == ("B & C", "https://b.example/?p=1&lang=en&x")


def test_p13_the_content_type_says_the_encoding_where_the_feed_does_not() -> None:
    body = rss("<item><title>Привет, мир: новая музыка</title><link>/a</link></item>")
    body = body.decode().replace(' encoding="UTF-8"', "").encode("cp1251")
    (post,) = read_feed(body, URL, charset="windows-1251").posts
    assert post.title == "Привет, мир: новая музыка"
