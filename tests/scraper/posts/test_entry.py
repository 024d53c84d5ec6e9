"""Posts understood from what their listing has of them, as their pages would give them."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from filters.graph import default_graph
from scraper.blogs.listed import ListedPost
from scraper.http.addresses.identity import post_key
from scraper.posts.context import Context
from scraper.posts.entry import read_entry
from scraper.posts.links.reading import Enclosure
from scraper.posts.understand import read_page
from storage.records import LinkKind, Post, Trust

ROOT = Path(__file__).parents[3]
BLOG = "https://blog.example/"
URL = f"{BLOG}2024/05/a-post/"
CONTEXT = Context(blog=BLOG, graph=default_graph(), now=1_780_000_000.0)
LISTED = ListedPost(
    url=URL,
    key=post_key(URL),
    title="Kora – Lines (Dub Mix) [Shall Not Fade]",
    published="Mon, 04 Mar 2024 10:00:00 +0100",
)
FILE = f"{URL}a.mp3"


def _read(content: str | None, **known: Any) -> Post:
    listed = replace(LISTED, content=content, **known)
    return read_entry(listed, CONTEXT).post


def _read_page(body: str) -> Post:
    listed = ListedPost(url=URL, key=post_key(URL))
    return read_page(body.encode(), "utf-8", URL, listed=listed, context=CONTEXT).post


def _links(post: Post) -> list[str]:
    return [link.url for link in post.links]


CONTENTS = {
    "labels": "<p>Genre: Deep House / Dub</p><p>Label: Moth</p>",
    "a table": "<table><tr><th>Genre</th><td>Techno</td></tr></table>",
    "hashtags": "<p>words</p><p>#techhouse #newmusic</p>",
    "a line of its own": "<p>words</p><p>Ambient | 120 BPM</p>",
    "relative addresses": '<a href="../files/a.mp3">Download</a> <a href="/b.zip">all</a>',
    "an audio shortcode (L9)": '<audio class="wp-audio-shortcode"><source src="u.mp3?_=1" type="audio/mpeg">'
    '<a href="u.mp3">u.mp3</a></audio>',
    "a playlist (L11)": '<script class="wp-playlist-script" type="application/json">'
    '{"tracks": [{"src": "https:\\/\\/b.example\\/1.mp3", "title": "One", "meta": {"artist": "Kora"}}]}</script>',
    "a block": '<figure class="wp-block-audio"><audio controls src="/a.flac"></audio></figure>'
    '<div class="wp-block-file"><a href="/b.wav" class="wp-block-file__button" download>Download</a></div>',
    "an iframe (L13)": '<iframe src="https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/1">'
    "</iframe>",
    "plain addresses (L33, L34)": "Get it: https://www.mediafire.com/file/abc/Mix.zip/file. dropbox.com/s/x/t.wav?dl=0",
    "hosters and gates": '<a href="https://mega.nz/file/ID#KEY">MEGA</a> <a href="https://hypeddit.com/track/x">Free</a>',
    "a script at the beginning": '<script>tracks = [{audio: "/x.mp3"}]</script><p>words</p>',
    "structured data (G15)": '<script type="application/ld+json">{"@type": "MusicRecording", "genre": "House"}</script>',
    "microdata (G17)": '<meta itemprop="genre" content="Dubstep"><p>words</p>',
    "hidden words (G40)": "<p hidden>Genre: Trance</p><!-- Genre: Trance --><template>Genre: Trance</template>",
    "related posts": '<p>Genre: House</p><div class="jp-relatedposts"><h3>Related</h3>Genre: Trance</div>',
    "share buttons": '<div class="sharedaddy"><a href="https://x.example/?u=b.mp3">share</a> #trance</div>',
    "a signup form": '<form><p>Genre: Trance</p><input type="email"><a href="/f.mp3">x</a></form>',
    "a dated event (D8)": '<p>On <time datetime="2030-12-12">12.12.2030</time></p>',
    "nothing": "",
}


@pytest.mark.parametrize("name", CONTENTS)
def test_the_text_of_a_listing_gives_the_post_that_its_page_gives(name: str) -> None:
    page = (
        f"<body><article class='post'><h1>{LISTED.title}</h1>"
        f"<time datetime='2024-03-04T10:00:00+01:00'></time>{CONTENTS[name]}</article>"
    )
    assert asdict(_read(CONTENTS[name])) == asdict(_read_page(page))


@pytest.mark.parametrize(
    "truth",
    json.loads((ROOT / "fixtures/expected.json").read_text(encoding="utf-8"))["posts"],
    ids=lambda truth: truth["path"],
)
def test_a_post_of_the_fixture_blog_is_understood_from_its_text_alone(truth: dict[str, Any]) -> None:
    url = f"http://blog.example{truth['path']}"
    page = (ROOT / "fixtures/blog" / truth["path"].strip("/") / "index.html").read_text(encoding="utf-8")
    article = re.search(r"<article.*</article>", page, re.DOTALL)
    post = read_entry(
        ListedPost(
            url=url,
            key=post_key(url),
            title=truth["title"],
            published=truth["published"],
            content=article[0] if article else page,
        ),
        replace(CONTEXT, blog="http://blog.example/"),
    ).post
    assert (post.title, post.artist, post.track) == (truth["title"], truth["artist"], truth["track"])
    assert sorted(post.genres) == sorted(truth["genres"])
    assert {(link.url, str(link.kind)) for link in post.links} == {
        (link["url"], link["kind"]) for link in truth["links"]
    }


def test_what_only_the_listing_knows_is_part_of_the_post() -> None:
    post = _read(
        "<p>words</p>",
        categories=("Deep House", "Berlin"),
        enclosures=(
            Enclosure(url="https://cdn.example/e1.mp3", type="audio/mpeg"),
            Enclosure(url="https://cdn.example/e1.jpg", type="image/jpeg"),
        ),
        cover="https://cdn.example/cover.jpg",
    )
    assert (post.artist, post.track, post.version, post.label) == (
        "Kora",
        "Lines",
        "Dub Mix",
        "Shall Not Fade",
    )
    assert [(each.genre, each.trust, each.source) for each in post.evidence] == [
        ("deep house", Trust.FILED, "category")
    ]
    assert [(link.url, link.kind) for link in post.links] == [("https://cdn.example/e1.mp3", LinkKind.DIRECT)]
    assert (post.url, post.key, post.blog, post.cover) == (
        URL,
        LISTED.key,
        BLOG,
        "https://cdn.example/cover.jpg",
    )


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("Mon, 04 Mar 2024 10:00:00 +0100", "2024-03-04T10:00:00+01:00"),
        ("Mon, 04 Mar 2024 10:00:00 EST", "2024-03-04T10:00:00-05:00"),
        ("2024-03-04T10:00:00", "2024-03-04T10:00:00"),
        ("2024-03-04T10:00:00.000-08:00", "2024-03-04T10:00:00-08:00"),
        ("2024-03-04T10:00:00Z", "2024-03-04T10:00:00+00:00"),
        ("no date", "2024-05"),
        (None, "2024-05"),
    ],
)
def test_D9_the_date_of_the_listing_is_the_date_of_the_post(  # noqa: N802
    written: str | None, text: str
) -> None:
    post = _read('<p>party on <b class="date">soon</b></p>', published=written)
    assert post.published is not None
    assert post.published.text == text


def test_a_day_in_the_text_does_not_replace_the_date_of_the_listing() -> None:
    told = (
        '<time datetime="2019-01-01">then</time><script type="application/ld+json">{"@type": "BlogPosting",'
    )
    post = _read(told + '"datePublished": "2018-01-01"}</script>')
    assert post.published is not None
    assert post.published.text == "2024-03-04T10:00:00+01:00"


@pytest.mark.parametrize(
    ("content", "title"),
    [
        ("<h2>Words</h2><h1>Kora – Lines</h1>", "Kora – Lines"),
        ("<h1>Words</h1><h3 class='entry-title'>Kora – Lines</h3>", "Kora – Lines"),
        ("<title>Another</title><h2>Words</h2>", "a post"),
    ],
)
def test_T14_an_untitled_post_is_called_by_its_heading_or_its_address(  # noqa: N802
    content: str, title: str
) -> None:
    assert _read(content, title=" \u200b").title.casefold() == title.casefold()


def test_the_title_of_the_listing_counts_before_headings_of_the_text() -> None:
    assert _read("<h1 class='entry-title'>Another</h1>", title="PREMIERE: A – B").title == "PREMIERE: A – B"


def test_the_title_names_links_that_say_nothing() -> None:
    (link,) = _read('<a href="a.mp3">Download</a>', title="Kora – Lines").links
    assert link.text == "Kora – Lines"


def test_a_title_that_reads_like_the_heading_of_related_posts_takes_nothing_away() -> None:
    assert _links(_read('<p><a href="a.mp3">x</a></p>', title="Related posts")) == [FILE]


FOOTERS = [
    '<p>The post <a rel="nofollow" href="{url}">Kora #trance</a> appeared first on <a href="{blog}">House</a>.</p>',
    '<p>Der Beitrag <a href="{url}?utm_source=rss">Kora #trance</a> erschien zuerst auf <a href="{bare}">x</a>.</p>',
    '<div><p><small><a href="{blog}">#trance</a> – <a href="{url}">Kora</a></small></p></div><img src="/t.gif">',
]


@pytest.mark.parametrize("footer", FOOTERS)
def test_the_line_that_feeds_put_under_a_post_gives_nothing(footer: str) -> None:
    line = footer.format(url=URL, blog=BLOG, bare=BLOG.rstrip("/"))
    post = _read(f'<p>Genre: House</p><p><a href="a.mp3">x</a></p>{line}')
    assert (post.genres, _links(post)) == (("house",), [FILE])


@pytest.mark.parametrize(
    "around",
    [
        '<div class="jp-relatedposts">{}</div>',
        '<div class="sharedaddy sd-sharing-enabled">{}</div>',
        '<div class="yarpp yarpp-related"><h3>Related posts:</h3><ol><li>{}</li></ol></div>',
        "<h3>You might also like:</h3><ul><li>{}</li></ul>",
        '<form action="/subscribe"><input type="email">{}</form>',
        '<div class="mailchimp">{}</div>',
        "<p hidden>{}</p>",
        '<p style="display:none">{}</p>',
        "<!-- {} -->",
    ],
)
def test_furniture_in_the_text_gives_nothing(around: str) -> None:
    alien = around.format('Genre: Trance <a rel="tag" href="/tag/trance/">Trance</a> <a href="/t.mp3">t</a>')
    post = _read(f'<p>Genre: House</p><a href="a.mp3">x</a>{alien}')
    assert (post.genres, _links(post)) == (("house",), [FILE])
