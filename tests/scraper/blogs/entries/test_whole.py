"""Which posts a feed gives whole, and which are behind a password."""

from __future__ import annotations

import json

import pytest

from scraper.blogs.feeds import Feed, full_text, read_feed

URL = "https://b.example/feed/"
A = "https://b.example/a"
JSON = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "url": A, "title": "A"}]}
RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
    '<channel rdf:about="https://b.example/"><title>B</title><link>https://b.example/</link></channel>'
    '<item rdf:about="https://b.example/a"><title>Á</title><link>https://b.example/a</link></item></rdf:RDF>'
)
WHOLE = '<p>A &amp; B: <a href="files/a.mp3">get it</a></p>\n<iframe src="//player.example/1"></iframe>'
ESCAPED = WHOLE.replace("&", "&amp;").replace("<", "&lt;")
XHTML = (
    '<content type="xhtml"><h:div xmlns:h="http://www.w3.org/1999/xhtml"><h:p>A &amp; B: '
    '<h:a href="files/a.mp3">get it</h:a></h:p>\n<h:iframe src="//player.example/1"/></h:div></content>'
)
ENTRY = f'<entry><id>1</id><link href="{A}"/>{{}}</entry>'
RDF_ENCODED = RDF.replace(
    "</item>", f"<c:encoded xmlns:c='http://purl.org/rss/1.0/modules/content/'>{ESCAPED}</c:encoded></item>"
)


def rss(items: str, *, head: str = "") -> bytes:
    text = f'<rss version="2.0"><channel><link>https://b.example/</link>{head}{items}</channel></rss>'
    return text.encode()


def atom(entries: str, *, head: str = "", base: str = "") -> bytes:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"{base}>{head}{entries}</feed>'.encode()


def encoded(content: str, *, before: str = "") -> bytes:
    space = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    whole = f"<content:encoded {space}><![CDATA[{content}]]></content:encoded>"
    return rss(f"<item><link>{A}</link>{before}{whole}</item>")


def contents(body: bytes, url: str = URL) -> list[str | None]:
    return [post.content for post in read_feed(body, url, content=True).posts]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(encoded(WHOLE), WHOLE, id="RSS"),
        pytest.param(encoded(WHOLE, before="<description>A &amp;amp; B</description>"), WHOLE, id="RSS beside a summary"),
        pytest.param(RDF_ENCODED.encode(), WHOLE, id="RDF"),
        pytest.param(atom(ENTRY.format(f'<content type="html">{ESCAPED}</content>')), WHOLE, id="Atom"),
        pytest.param(atom(ENTRY.format(f"<content>{ESCAPED}</content>")), WHOLE, id="Atom whose HTML says it is text"),
        pytest.param(atom(ENTRY.format(XHTML)), f"<div>{WHOLE}</div>", id="Atom with XHTML"),
        pytest.param(atom(ENTRY.format("<content>A &lt; B\nC</content>")), "A &lt; B<br>\nC", id="Atom with text"),
        pytest.param(json.dumps(JSON | {"items": [{"url": A, "content_html": WHOLE}]}).encode(), WHOLE, id="JSON"),
        pytest.param(rss(f"<item><link>{A}</link><description>{ESCAPED}</description></item>", head="<generator>Tumblr (3.0; @b)</generator>"), WHOLE, id="Tumblr"),
        pytest.param(atom(ENTRY.format("<summary>A and B</summary>")), None, id="a summary alone"),
        pytest.param(atom(ENTRY.format('<content type="html" src="/a"/>')), None, id="content elsewhere"),
        pytest.param(atom(ENTRY.format('<content type="image/png">aGk=</content>')), None, id="no text"),
        pytest.param(rss(f"<item><link>{A}</link><description>{ESCAPED}</description></item>"), None, id="a description that may be a part"),
        pytest.param(encoded("<p>A and B [&#8230;]</p>"), None, id="P10-cut off"),
        pytest.param(encoded("A and B", before="<description>A and B</description>"), None, id="a summary twice"),
        pytest.param(encoded(" "), None, id="nothing"),
        pytest.param(json.dumps(JSON).encode(), None, id="JSON without content"),
        pytest.param(encoded(WHOLE)[:-30], None, id="cut within the document"),
    ],
)  # fmt: skip
def test_a_post_has_its_content_where_the_feed_has_all_of_it(body: bytes, expected: str | None) -> None:
    assert contents(body) == [expected]
    assert [post.content for post in read_feed(body, URL).posts] == [None]
    assert full_text(read_feed(body, URL, content=True)) is (expected is not None)


def test_content_is_complete_behind_what_xml_forbids() -> None:
    html = "<p>\x08A\x0b</p>\uffff<p>B & C &nbsp; D</p>"
    assert contents(encoded(html)) == ["<p>A</p><p>B & C &nbsp; D</p>"]


@pytest.mark.parametrize(
    ("base", "html", "kept"),
    [
        ("https://b.example/", '<a href="files/a.mp3">', False),
        ("https://b.example/", '<a href="/files/a.mp3">', True),
        ("https://b.example/", '<a href="#top">', True),
        ("https://cdn.example/", '<img src="/a.png">', False),
        (f"{A}/x", '<a href="https://c.example/">', True),
        (f"{A}/b/", '<a href="files/a.mp3">', True),
    ],
)
def test_content_whose_addresses_start_elsewhere_than_at_the_post_is_left_out(
    base: str, html: str, *, kept: bool
) -> None:
    content = f'<content type="html"><![CDATA[{html}]]></content>'
    entry = f'<entry><id>1</id><link href="{A}/b/"/>{content}</entry>'
    assert contents(atom(entry, base=f' xml:base="{base}"')) == [html if kept else None]


def described(count: int, text: str) -> bytes:
    return rss(
        "".join(f"<item><link>/post-{n}</link><description>{text}</description></item>" for n in range(count))
    )


@pytest.mark.parametrize(
    ("body", "whole"),
    [
        pytest.param(described(5, "&lt;p>" + "word " * 400 + "&lt;/p>"), 5, id="long ones"),
        pytest.param(described(5, "word " * 400), 0, id="without markup"),
        pytest.param(described(5, "&lt;p>" + "word " * 60 + "&lt;/p>"), 0, id="as long as summaries"),
        pytest.param(described(2, "&lt;p>" + "word " * 400 + "&lt;/p>"), 0, id="too few"),
        pytest.param(described(5, "&lt;p>" + "word " * 400 + "[…]&lt;/p>"), 0, id="cut off"),
    ],
)
def test_descriptions_are_whole_posts_only_where_nothing_speaks_against_it(body: bytes, whole: int) -> None:
    assert sum(content is not None for content in contents(body)) == whole


@pytest.mark.parametrize("content", [False, True])
@pytest.mark.parametrize(
    "form",
    [
        '<form action="https://b.example/wp-login.php?action=postpass" method="post">',
        '<form class="post-password-form">',
    ],
)
def test_posts_behind_a_password_are_locked_and_no_posts(form: str, *, content: bool) -> None:
    space = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    open_one = "<item><link>https://b.example/b</link></item>"
    body = rss(
        f"<item><link>{A}</link><content:encoded {space}><![CDATA[{form}]]></content:encoded></item>{open_one}"
    )
    feed = read_feed(body, URL, content=content)
    assert [post.url for post in feed.posts] == ["https://b.example/b"]
    assert (feed.locked, feed.entries) == (frozenset({A}), 2)


def test_a_feed_of_excerpts_says_which_posts_are_locked() -> None:
    excerpt = "<description>There is no excerpt because this is a protected post.</description>"
    assert read_feed(rss(f"<item><link>{A}</link>{excerpt}</item>"), URL).locked == {A}


def test_a_feed_without_posts_gives_no_whole_posts() -> None:
    assert not full_text(Feed())
