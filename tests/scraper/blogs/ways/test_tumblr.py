from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.blogs.ways.tumblr import TumblrWay
from scraper.blogs.ways.way import Batch, UnusableAnswerError, WayName
from scraper.http.addresses.identity import post_key
from scraper.http.errors import FetchError
from scraper.http.page import Page
from scraper.posts.dates.reading import read_date
from scraper.posts.links.reading import read_links
from storage.reasons import Reason

if TYPE_CHECKING:
    from scraper.blogs.listed import ListedPost

HOME = "https://demo.tumblr.com/"
WAY = TumblrWay(HOME)
PLAYER = (
    '<iframe class="tumblr_audio_player" src="https://demo.tumblr.com/post/7/audio_player_iframe/demo/tumblr_k'
    '?audio_file=https%3A%2F%2Fa.tumblr.com%2Ftumblr_ko1.mp3" frameborder="0"></iframe>'
)
SOUNDCLOUD = (
    '<iframe src="https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/1957"></iframe>'
)
YOUTUBE = '<iframe width="250" src="https://www.youtube.com/embed/abcdefghijk?feature=oembed"></iframe>'
PICTURE = "https://64.media.tumblr.com/tumblr_ko1_{}.jpg"
NAMES = (
    *("id", "type", "url", "url-with-slug", "tags", "photos", "conversation", "unix-timestamp", "date-gmt"),
    *(
        "regular-body",
        "regular-title",
        "photo-url-1280",
        "photo-caption",
        "photo-link-url",
        "private",
        "state",
    ),
    *("link-url", "audio-player", "audio-embed", "video-source", "video-player", "quote-text", "id3-title"),
)
TYPES = ("regular", "link", "quote", "photo", "conversation", "video", "audio", "answer", "poll")
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


def post(number: int, kind: str = "regular", **fields: object) -> dict[str, Any]:
    """Make a post with the fields that all have; `a_b` stands for the field a-b."""
    made: dict[str, Any] = {
        "id": str(number),
        "url": f"{HOME}post/{number}",
        "url-with-slug": f"{HOME}post/{number}/kora-lines",
        "type": kind,
        "date-gmt": "2006-11-08 19:24:00 GMT",
        "date": "Wed, 08 Nov 2006 14:24:00",
        "bookmarklet": 0,
        "mobile": 0,
        "feed-item": "",
        "unix-timestamp": 1163013840,
        "format": "html",
        "reblog-key": "5eI0YaaG",
        "slug": "kora-lines",
        "note-count": "9606",
        "like-button": '<div class="like_button"><iframe src="https://assets.tumblr.com/like.html"></iframe></div>',
        "tumblelog": {"title": "Demo", "name": "demo", "cname": False, "url": HOME, "timezone": "US/Eastern"},
        "tags": ["deep_house", "Free Download"],
    }
    return made | {name.replace("_", "-"): value for name, value in fields.items()}


def listing(entries: object, *, start: object = 0, total: object = None, **fields: object) -> bytes:
    made = {
        "tumblelog": {"title": "Demo", "description": "", "name": "demo", "cname": False, "feeds": []},
        "posts-start": start,
        "posts-total": total,
        "posts-type": False,
        "posts": entries,
    }
    return f"var tumblr_api_read = {json.dumps(made | fields)};\n".encode()


def answer(body: bytes, url: str | None = None) -> Page:
    return Page(
        url=url or WAY.first(),
        status=200,
        body=body,
        content_type="text/javascript",
        charset="utf-8",
        etag=None,
        last_modified=None,
    )


def read(posts: object, **fields: object) -> Batch:
    return WAY.read(answer(listing(posts, **fields)))


def only(made: dict[str, Any]) -> ListedPost:
    (listed,) = read([made]).posts
    return listed


def asked(url: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(url).query).items()}


def links(listed: ListedPost) -> list[tuple[str, str]]:
    node = BeautifulSoup(f"<article>{listed.content}</article>", "lxml").article
    assert node is not None
    found = read_links(node, base=listed.url, page=listed.url).links
    return [(str(link.kind), link.url) for link in found]


def test_it_says_what_it_is() -> None:
    assert WAY.name is WayName.TUMBLR
    assert WAY.changes(0) is None
    assert not WAY.is_end(FetchError(Reason.NOT_FOUND, HOME, status=404))
    assert TumblrWay(f"{HOME}archive").first() == f"{HOME}api/read/json?num=50&start=0"


def test_a_post_is_listed_with_all_that_the_answer_knows() -> None:
    listed = only(post(7, regular_title="Kora &#8211; Lines", regular_body="<p>Fine.</p>"))
    assert listed.url == f"{HOME}post/7/kora-lines"
    assert listed.key == post_key(listed.url)
    assert listed.id == "7"
    assert listed.title == "Kora – Lines"
    assert listed.categories == ("deep_house", "Free Download")
    assert listed.content == "<p>Fine.</p>"
    assert listed.modified is None
    assert listed.cover is None


@pytest.mark.parametrize(
    ("fields", "written"),
    [
        ({}, "2006-11-08T19:24:00Z"),
        ({"unix_timestamp": "1163013840"}, "2006-11-08T19:24:00Z"),
        ({"unix_timestamp": None}, "2006-11-08T19:24:00Z"),
        ({"unix_timestamp": 2**53, "date_gmt": "x"}, None),
        ({"unix_timestamp": None, "date_gmt": None}, None),
    ],
)
def test_d9_the_date_is_an_instant(fields: dict[str, Any], written: str | None) -> None:
    listed = only(post(7, **fields))
    assert listed.published == written
    if written is not None:
        published = read_date(written, now=0)
        assert published is not None
        assert published.timestamp == 1163013840


def test_p12_the_next_answer_begins_behind_what_came() -> None:
    first = WAY.read(answer(listing([post(number) for number in range(48)], total=60)))
    assert asked(first.more[0]) == {"num": "50", "start": "48"}
    second = WAY.read(
        answer(listing([post(number) for number in range(12)], start=48, total=60), first.more[0])
    )
    assert second.more == ()
    assert first.announced == second.announced == 60


def test_p12_an_empty_answer_is_the_end() -> None:
    batch = WAY.read(answer(listing([], start=50, total=60), f"{HOME}api/read/json?num=50&start=50"))
    assert batch == Batch(announced=60)


@pytest.mark.parametrize("total", [None, False, "x", -1, 0, 1])
def test_a_total_that_cannot_be_is_no_end(total: object) -> None:
    assert asked(read([post(1), post(2)], total=total).more[0])["start"] == "2"


def test_the_same_page_again_is_of_no_use() -> None:
    with pytest.raises(UnusableAnswerError, match="begins with post 0"):
        WAY.read(answer(listing([post(1)], total=99), f"{HOME}api/read/json?num=50&start=50"))


def test_an_empty_blog_is_left_to_other_ways() -> None:
    with pytest.raises(UnusableAnswerError, match="empty"):
        read([], total=0)


def test_p9_posts_of_other_sites_are_left_out() -> None:
    foreign = post(2, url_with_slug="https://evil.example/post/2/x")
    assert [each.id for each in read([post(1), foreign]).posts] == ["1"]


@pytest.mark.parametrize("cname", ["music.example", "www.music.example"])
def test_a_blog_may_have_a_domain_of_its_own(cname: str) -> None:
    own = post(1, url_with_slug="http://music.example/post/1/x")
    assert read([own]).posts == ()
    assert len(read([own], tumblelog={"name": "demo", "cname": cname}).posts) == 1
    assert len(WAY.read(answer(listing([own]), "https://music.example/api/read/json?start=0")).posts) == 1
    there = TumblrWay("https://music.example/")
    assert len(there.read(answer(listing([own, post(2)]), there.first())).posts) == 2


def test_what_was_reblogged_is_a_post_of_this_blog() -> None:
    body = (
        '<p><a class="tumblr_blog" href="https://other.tumblr.com/post/1">other</a>:</p>'
        "<blockquote><p>Kora – Lines</p><p>Fine.</p></blockquote>"
    )
    fields = {"reblogged_from_url": "https://other.tumblr.com/post/1", "reblogged_root_name": "other"}
    listed = only(post(7, regular_title=None, regular_body=body, **fields))
    assert listed.url == f"{HOME}post/7/kora-lines"
    assert listed.title == "Kora – Lines"
    assert listed.content == body


@pytest.mark.parametrize(
    "fields", [{"private": True}, {"private": "1"}, {"state": "draft"}, {"state": "queue"}, {"state": ["x"]}]
)
def test_private_posts_are_locked(fields: dict[str, Any]) -> None:
    batch = read([post(1), post(2, **fields)])
    assert [each.id for each in batch.posts] == ["1"]
    assert batch.locked == {post_key(f"{HOME}post/2/kora-lines")}


def test_an_id_may_be_a_large_number() -> None:
    assert only(post(7, id=823897312188301312)).id == "823897312188301312"


@pytest.mark.parametrize(
    ("made", "title", "found"),
    [
        (
            post(
                1, regular_title=None, regular_body='<h2>Kora – Lines</h2><p><a href="/a.mp3">Get it</a></p>'
            ),
            "Kora – Lines",
            [("direct", f"{HOME}a.mp3")],
        ),
        (
            post(
                2,
                "link",
                link_text="Kora – Lines (free)",
                link_url="https://www.mediafire.com/file/abc/Lines.zip/file?a=1&b=2",
                link_description="<p>Or <a href='https://f.example/b.flac'>here</a></p>",
            ),
            "Kora – Lines (free)",
            [
                ("hoster", "https://www.mediafire.com/file/abc/Lines.zip/file?a=1&b=2"),
                ("direct", "https://f.example/b.flac"),
            ],
        ),
        (
            post(3, "link", link_text=None, link_url="https://f.example/b.flac"),
            None,
            [("direct", "https://f.example/b.flac")],
        ),
        (
            post(
                4,
                "quote",
                quote_text="Slow is fine.",
                quote_source='<a href="https://f.example/c.mp3">Kora</a>',
            ),
            "Slow is fine.",
            [("direct", "https://f.example/c.mp3")],
        ),
        (
            post(
                5,
                "photo",
                **{"photo-url-500": PICTURE.format(500), "photo-url-1280": PICTURE.format(1280)},
                photos=[],
                photo_link_url="https://f.example/d.zip",
                photo_caption="<p>Kora – Lines</p><p>Out now</p>",
            ),
            "Kora – Lines",
            [("direct", "https://f.example/d.zip")],
        ),
        (
            post(
                6,
                "conversation",
                conversation_title="Kora speaks",
                conversation_text="Kora: https://f.example/e.mp3",
                conversation=[
                    {"name": "Kora", "label": "Kora:", "phrase": "https://f.example/e.mp3"},
                    None,
                    {},
                ],
            ),
            "Kora speaks",
            [("direct", "https://f.example/e.mp3")],
        ),
        (
            post(
                7,
                "conversation",
                conversation_title=None,
                conversation_text="A: x\nB: https://f.example/f.mp3",
            ),
            None,
            [("direct", "https://f.example/f.mp3")],
        ),
        (
            post(
                8,
                "video",
                video_caption="<p>Kora – Lines<br>live</p>",
                video_source="https://www.youtube.com/watch?v=abcdefghijk",
                video_player=YOUTUBE,
                **{"video-player-500": YOUTUBE.replace("250", "500")},
            ),
            "Kora – Lines",
            [("embed", "https://www.youtube.com/embed/abcdefghijk?feature=oembed")],
        ),
        (
            post(
                9, "video", video_caption=None, video_source="https://vimeo.com/76979871", video_player=False
            ),
            None,
            [("embed", "https://vimeo.com/76979871")],
        ),
        (
            post(
                10,
                "audio",
                id3_artist="Kora",
                id3_title="Lines",
                audio_player=PLAYER,
                audio_embed=PLAYER,
                audio_caption='<p>Get <a href="https://f.example/g.mp3">it</a></p>',
            ),
            "Kora – Lines",
            [("embed", PLAYER.split('"')[3]), ("direct", "https://f.example/g.mp3")],
        ),
        (
            post(11, "audio", audio_player=None, audio_embed=SOUNDCLOUD, audio_caption="<p>Kora - Lines</p>"),
            "Kora - Lines",
            [("embed", "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/1957")],
        ),
        (
            post(
                12,
                "answer",
                question="Where is it?",
                answer='<p><a href="https://f.example/h.mp3">there</a></p>',
            ),
            "Where is it?",
            [("direct", "https://f.example/h.mp3")],
        ),
    ],
    ids=lambda value: value["type"] if isinstance(value, dict) else "",
)
def test_each_type_has_its_title_links_and_players(
    made: dict[str, Any], title: str | None, found: list[tuple[str, str]]
) -> None:
    listed = only(made)
    assert listed.title == title
    assert links(listed) == found


def test_a_set_of_photos_is_shown_in_full_with_its_words() -> None:
    photos = [
        {"offset": "o1", "caption": "One", "photo-url-1280": PICTURE.format(1280), "photo-url-75": "x"},
        {"offset": "o2", "caption": None, "photo-url-1280": None, "photo-url-500": PICTURE.format(500)},
        "x",
    ]
    listed = only(post(1, "photo", photos=photos, photo_caption='<p>"Lines" & more</p>'))
    assert listed.cover == PICTURE.format(1280)
    assert (listed.content or "").split("\n") == [
        f'<img src="{PICTURE.format(1280)}">',
        "One",
        f'<img src="{PICTURE.format(500)}">',
        '<p>"Lines" & more</p>',
    ]


def test_h55_addresses_cannot_leave_their_attribute() -> None:
    made = post(1, "link", link_text="x", link_url='https://f.example/"><script>alert(1)</script>')
    assert "<script" not in (only(made).content or "")


@pytest.mark.parametrize(
    "body",
    [
        '<p>One</p><p><a href="https://demo.tumblr.com/post/1" class="tmblr-truncated-link read_more">Keep reading</a></p>',
        "",
    ],
)
def test_p10_a_text_that_goes_on_elsewhere_is_no_content(body: str) -> None:
    assert only(post(1, regular_body=body)).content is None


def test_a_type_that_is_not_known_is_left_to_its_page() -> None:
    listed = only(post(1, "poll", regular_body="x"))
    assert (listed.title, listed.content, listed.id) == (None, None, "1")


def test_a_first_line_that_is_a_paragraph_is_no_title() -> None:
    assert only(post(1, regular_body=f"<p>{'word ' * 40}</p><p>Next</p>")).title is None


@pytest.mark.parametrize(
    "before", ["", "\ufeff", "var tumblr_api_read=", "tumblr_api_read = ", "jQuery1_2.done("]
)
@pytest.mark.parametrize("after", ["", ";", ";\n", ");"])
def test_the_json_is_found_in_its_script(before: str, after: str) -> None:
    after = after if before.strip("\ufeff") else ""
    body = before + json.dumps({"posts": [post(1)]}) + after
    assert len(WAY.read(answer(body.encode())).posts) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!DOCTYPE html><html><script>var a = {};</script></html>",
        listing([post(1)])[:-30],
        b"var tumblr_api_read = null;",
        b"var tumblr_api_read = {};",
        b'var tumblr_api_read = {"posts": {}};',
        b"var tumblr_api_read = [];",
        b'{"meta": {"status": 404, "msg": "Not Found"}, "response": []}',
        pytest.param(b"var a = " + b'{"posts":[' * 100_000, id="deep"),
    ],
)
def test_h67_another_document_is_an_unusable_answer(body: bytes) -> None:
    with pytest.raises(UnusableAnswerError):
        WAY.read(answer(body))


def test_h67_ten_thousand_tags_and_posts_are_bounded() -> None:
    batch = read(
        [post(number, tags=[str(tag) for tag in range(10_000)]) for number in range(3)] + [{}] * 20_000
    )
    assert {len(each.categories) for each in batch.posts} == {100}
    assert asked(batch.more[0])["start"] == "5000"


@settings(deadline=None)
@given(st.sampled_from(TYPES), st.dictionaries(st.sampled_from(NAMES), ANY_JSON), ANY_JSON)
def test_h67_posts_of_any_types_give_posts_or_nothing(
    kind: str, fields: dict[str, Any], loose: object
) -> None:
    batch = read([post(1, kind) | fields, loose, post(2)], total=3)
    assert batch.posts[-1].id == "2"
    for each in batch.posts:
        repr(each).encode()
        (each.content or "").encode()


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(["posts", "posts-start", "posts-total", "tumblelog"]), ANY_JSON), ANY_JSON
)
def test_h67_listings_of_any_shape_give_an_answer_or_that_error(
    fields: dict[str, Any], other: object
) -> None:
    for body in (listing([post(1)], **fields), json.dumps(other).encode()):
        try:
            assert isinstance(WAY.read(answer(body)), Batch)
        except UnusableAnswerError:
            continue
