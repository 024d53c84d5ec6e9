from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.blogs.ways.blogger import BloggerWay
from scraper.blogs.ways.way import Batch, UnusableAnswerError, WayName
from scraper.http.addresses.identity import post_key
from scraper.http.errors import FetchError
from scraper.http.page import Page
from scraper.posts.links.reading import Enclosure
from storage.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.blogs.listed import ListedPost

HOME = "https://b.blogspot.com/"
WAY = BloggerWay(HOME)
FULL = "<p>One</p><a name='more'></a><p>Two</p>"
CUT = "<p>One</p>"

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)
NAMES = ("id", "link", "title", "content", "published", "updated", "category", "media$thumbnail")


def entry(number: int, content: str | None = CUT, **fields: object) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": {"$t": f"tag:blogger.com,1999:blog-42.post-{number}"},
        "published": {"$t": "2025-06-30T13:51:00.000+02:00"},
        "updated": {"$t": "2025-07-01T13:51:00.000+02:00"},
        "category": [{"scheme": "http://www.blogger.com/atom/ns#", "term": "Deep House"}, {"term": "Free"}],
        "title": {"type": "text", "$t": f"Kora – Lines {number}"},
        "link": [
            {
                "rel": "replies",
                "type": "application/atom+xml",
                "href": f"{HOME}feeds/{number}/comments/default",
            },
            {"rel": "replies", "type": "text/html", "href": f"{HOME}2025/06/{number}.html#comment-form"},
            {"rel": "edit", "type": "application/atom+xml", "href": "https://www.blogger.com/feeds/42/1"},
            {"rel": "self", "type": "application/atom+xml", "href": "https://www.blogger.com/feeds/42/1"},
            {
                "rel": "alternate",
                "type": "text/html",
                "href": f"{HOME}2025/06/{number}.html",
                "title": "Kora",
            },
        ],
        "thr$total": {"$t": "0"},
    }
    if content is not None:
        made["content"] = {"type": "html", "$t": content}
    return made | fields


def listing(entries: object, *, start: object = 1, total: object = None, **fields: object) -> bytes:
    feed = {
        "id": {"$t": "tag:blogger.com,1999:blog-42"},
        "openSearch$startIndex": {"$t": str(start)},
        "openSearch$itemsPerPage": {"$t": "500"},
        **({} if total is None else {"openSearch$totalResults": {"$t": str(total)}}),
        **({} if entries is None else {"entry": entries}),
    }
    return json.dumps({"version": "1.0", "encoding": "UTF-8", "feed": feed | fields}).encode()


def answer(body: bytes, url: str | None = None) -> Page:
    return Page(
        url=url or WAY.first(),
        status=200,
        body=body,
        content_type="application/json",
        charset="utf-8",
        etag=None,
        last_modified=None,
    )


def read(entries: object, **fields: object) -> Batch:
    return WAY.read(answer(listing(entries, **fields)))


def only(made: dict[str, Any], way: BloggerWay = WAY) -> ListedPost:
    (post,) = way.read(answer(listing([made]))).posts
    return post


def asked(url: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(url).query).items()}


def walk(way: BloggerWay, bodies: Iterable[bytes]) -> list[Batch]:
    batches: list[Batch] = []
    url = way.first()
    for body in bodies:
        batches.append(way.read(answer(body, url)))
        url = (*batches[-1].more, url)[0]
    return batches


def test_it_says_what_it_is() -> None:
    assert WAY.name is WayName.BLOGGER
    assert not WAY.is_end(FetchError(Reason.NOT_FOUND, HOME, status=404))


def test_the_first_address_asks_for_the_newest_posts_at_the_root_of_the_blog() -> None:
    url = BloggerWay(f"{HOME}2025/06/a.html").first()
    assert url.startswith(f"{HOME}feeds/posts/default?")
    assert asked(url) == {
        "alt": "json",
        "orderby": "published",
        "max-results": "500",
        "start-index": "1",
        "redirect": "false",
    }


@pytest.mark.parametrize(
    ("label", "path"),
    [
        ("House", "/feeds/posts/default/-/House"),
        ("Deep House", "/feeds/posts/default/-/Deep%20House"),
        ("R&B/Soul?", "/feeds/posts/default/-/R%26B%2FSoul%3F"),
        ("Техно", "/feeds/posts/default/-/%D0%A2%D0%B5%D1%85%D0%BD%D0%BE"),
    ],
)
def test_a_label_has_a_feed_of_its_own_on_all_its_pages(label: str, path: str) -> None:
    way = BloggerWay(HOME, label)
    (more,) = way.read(answer(listing([entry(1)], total=2), way.first())).more
    assert urlsplit(way.first()).path == urlsplit(more).path == path


def test_a_post_is_listed_with_all_that_the_feed_knows() -> None:
    post = only(entry(7, FULL), replace(WAY, whole=True))
    assert post.url == f"{HOME}2025/06/7.html"
    assert post.key == post_key(post.url)
    assert post.id == "7"
    assert post.title == "Kora – Lines 7"
    assert post.published == "2025-06-30T13:51:00.000+02:00"
    assert post.modified == 1751370660.0
    assert post.categories == ("Deep House", "Free")
    assert post.content == FULL
    assert post.enclosures == ()
    assert post.cover is None


def test_p12_the_next_answer_begins_behind_what_came_whatever_was_asked_for() -> None:
    pages = [
        listing([entry(number) for number in range(1, 101)], start=1, total=240),
        listing([entry(number) for number in range(101, 201)], start=101, total=240),
        listing([entry(number) for number in range(201, 241)], start=201, total=240),
    ]
    batches = walk(WAY, pages)
    assert [asked(url)["start-index"] for batch in batches for url in batch.more] == ["101", "201"]
    assert [batch.announced for batch in batches] == [240, 240, 240]
    assert len({post.id for batch in batches for post in batch.posts}) == 240


def test_p12_entries_that_are_no_posts_count_as_received() -> None:
    entries = [entry(1), None, "x", entry(2, link=[]), {"id": 7}]
    batch = read(entries, total=9)
    assert [post.id for post in batch.posts] == ["1"]
    assert asked(batch.more[0])["start-index"] == "6"


def test_p12_without_a_total_an_empty_answer_is_the_end() -> None:
    batches = walk(WAY, [listing([entry(1)]), listing(None, start=2)])
    assert [len(batch.more) for batch in batches] == [1, 0]
    assert batches[0].announced is None


def test_the_part_is_known_from_the_json_where_a_redirect_took_the_parameters_away() -> None:
    page = answer(listing([entry(1)], start=151, total=200), f"{HOME}feeds/posts/default?alt=json")
    (more,) = WAY.read(page).more
    assert asked(more)["start-index"] == "152"


@pytest.mark.parametrize(
    ("start", "url"),
    [(1, WAY.first().replace("index=1", "index=151")), (151, WAY.first())],
    ids=["the same page again", "posts left out"],
)
def test_an_answer_that_begins_elsewhere_is_of_no_use(start: int, url: str) -> None:
    with pytest.raises(UnusableAnswerError, match="begins with post"):
        WAY.read(answer(listing([entry(1)], start=start, total=300), url))


@pytest.mark.parametrize("start", ["-5", "x", "9" * 400, None])
def test_a_start_that_is_no_number_is_not_missed(start: object) -> None:
    (more,) = read([entry(1)], start=start, total=3).more
    assert asked(more)["start-index"] == "2"


@pytest.mark.parametrize("total", ["0", "1", "-3", "9" * 400, "all"])
def test_a_total_below_what_came_is_no_end(total: str) -> None:
    (more,) = read([entry(1), entry(2)], total=total).more
    assert asked(more)["start-index"] == "3"


def test_p10_a_feed_that_is_switched_off_is_not_an_empty_blog() -> None:
    with pytest.raises(UnusableAnswerError, match="empty"):
        read(None, total=0)


def test_p9_posts_of_other_sites_are_left_out() -> None:
    foreign = entry(
        2, link=[{"rel": "alternate", "type": "text/html", "href": "https://evil.example/2024/a.html"}]
    )
    assert [post.id for post in read([entry(1), foreign]).posts] == ["1"]


def test_a_blog_may_have_a_domain_of_its_own() -> None:
    own = [{"rel": "alternate", "type": "text/html", "href": "http://music.example/2025/06/a.html"}]
    assert read([entry(1, link=own)]).posts == ()
    moved = answer(listing([entry(1, link=own)]), "https://music.example/feeds/posts/default?alt=json")
    said = answer(listing([entry(1, link=own)], link=[{"rel": "alternate", "href": "http://music.example/"}]))
    for page in (moved, said):
        assert [post.url for post in WAY.read(page).posts] == ["http://music.example/2025/06/a.html"]


@pytest.mark.parametrize(
    "other",
    ["{}?m=1", "{}?m=0", "{}?showComment=1700000000000#c123", "{}#comments", "{}?spref=fb", "http{}"],
)
def test_p7_views_of_a_post_have_its_key(other: str) -> None:
    url = f"{HOME}2025/06/7.html"
    seen = url.replace("https", "http", 1) if other == "http{}" else other.format(url)
    assert post_key(seen) == only(entry(7)).key


def test_the_address_of_a_post_is_found_by_its_relation() -> None:
    links = entry(7)["link"]
    for turned in (links, links[::-1], links[2:] + links[:2]):
        assert only(entry(7, link=turned)).url == f"{HOME}2025/06/7.html"


def test_p4_a_post_that_comes_twice_is_one() -> None:
    assert len(read([entry(1), entry(1)]).posts) == 1


@pytest.mark.parametrize(
    "contents",
    [
        [FULL, CUT],
        [FULL.replace("'", '"'), CUT],
        ['<p>One</p><A id="x" NAME=more ></A><iframe src="https://w.soundcloud.com/player/"></iframe>', CUT],
        [FULL + "<i>Footer</i>", CUT + "<i>Footer</i>"],
        ['<a name="more"></a><p>Two</p><a href="#more">up</a>', CUT],
    ],
)
def test_p10_a_part_behind_a_jump_break_proves_that_the_posts_are_whole(contents: list[str]) -> None:
    batch = read([entry(number, content) for number, content in enumerate(contents)])
    assert [post.content for post in batch.posts] == contents


@pytest.mark.parametrize(
    "contents",
    [
        [CUT, CUT],
        ["<p>One</p><a name='more'></a>", CUT],
        ["<p>One</p><a name='more'></a><br />\n&nbsp;<div></div>", CUT],
        [f"<a name='more'></a><a href='{HOME}2025/06/0.html#more'>Read more &#187;</a>", CUT],
        ["<p>One</p><a name='more'></a><i>Footer</i>", CUT + "<i>Footer</i>"],
        ["<p>One</p><a name='more-news'></a><p>Two</p>", CUT],
        [FULL],
    ],
)
def test_p10_without_that_proof_no_content_is_given(contents: list[str]) -> None:
    batch = read([entry(number, content) for number, content in enumerate(contents)])
    assert [post.content for post in batch.posts] == [None] * len(contents)


def test_p10_a_proof_seen_earlier_holds_for_the_caller_who_says_so() -> None:
    assert only(entry(1), replace(WAY, whole=True)).content == CUT


def test_p10_a_feed_of_summaries_gives_no_content() -> None:
    short = entry(1, None, summary={"type": "text", "$t": "One ..."})
    texts = entry(2) | {"content": {"type": "text", "$t": "One ..."}}
    batch = replace(WAY, whole=True).read(answer(listing([short, texts])))
    assert [post.content for post in batch.posts] == [None, None]
    assert [post.title for post in batch.posts] == ["Kora – Lines 1", "Kora – Lines 2"]


@pytest.mark.parametrize(
    ("url", "cover"),
    [
        (
            "https://3.bp.blogspot.com/-a/X/AAA/b/s72-c/c.jpg",
            "https://3.bp.blogspot.com/-a/X/AAA/b/s1600/c.jpg",
        ),
        (
            "https://blogger.googleusercontent.com/img/b/R2/AV/s72-w640-h480-c/c%20d.jpg",
            "https://blogger.googleusercontent.com/img/b/R2/AV/s1600/c%20d.jpg",
        ),
        (
            "https://lh3.googleusercontent.com/blogger_img_proxy/AE=s72-c",
            "https://lh3.googleusercontent.com/blogger_img_proxy/AE=s1600",
        ),
        ("//1.bp.blogspot.com/-a/s72-c/c.jpg", "https://1.bp.blogspot.com/-a/s1600/c.jpg"),
        ("https://i.ytimg.com/vi/s72-c/default.jpg", "https://i.ytimg.com/vi/s72-c/default.jpg"),
        ("https://x.example/s72-c/c.jpg", "https://x.example/s72-c/c.jpg"),
        ("javascript:alert(1)", None),
        (None, None),
    ],
)
def test_a_cover_is_the_thumbnail_in_full_size(url: object, cover: str | None) -> None:
    thumbnail = {"xmlns$media": "http://search.yahoo.com/mrss/", "url": url, "height": "72", "width": "72"}
    assert only(entry(1, media__thumbnail=None) | {"media$thumbnail": thumbnail}).cover == cover


def test_l12_enclosures_come_with_the_post() -> None:
    links = [
        *entry(1)["link"],
        {"rel": "enclosure", "type": "audio/mpeg", "href": "/files/a b.mp3", "length": "0"},
        {"rel": "enclosure", "href": "https://f.example/b.flac", "length": "123"},
        {"rel": "enclosure", "href": "javascript:alert(1)"},
        {"rel": "enclosure", "href": 7},
    ]
    assert only(entry(1, link=links)).enclosures == (
        Enclosure(url=f"{HOME}files/a%20b.mp3", type="audio/mpeg", length=None),
        Enclosure(url="https://f.example/b.flac", type=None, length=123),
    )


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ({"type": "text", "$t": "Kora & <Lines>"}, "Kora & <Lines>"),
        ({"type": "html", "$t": "<b>Kora</b> &amp; Lines"}, "Kora & Lines"),
        ({"type": "text", "$t": ""}, None),
        ({"$t": None}, None),
        ({"$t": "a\ud83d"}, "a\ufffd"),
        (None, None),
        ("Kora", None),
    ],
)
def test_a_title_is_text(title: object, text: str | None) -> None:
    assert only(entry(1, title=title)).title == text


def test_what_changed_is_asked_for_with_the_order_that_makes_blogger_heed_it() -> None:
    url = WAY.changes(1748736000.9)
    assert url is not None
    assert asked(url)["updated-min"] == "2025-06-01T00:00:00Z"
    assert asked(url)["orderby"] == "updated"


@pytest.mark.parametrize("since", [float("nan"), float("inf"), 1e300, -1e300])
def test_what_changed_since_no_date_cannot_be_told(since: float) -> None:
    assert WAY.changes(since) is None


def test_changes_are_paged_as_the_listing_is_and_announce_nothing() -> None:
    url = WAY.changes(1748736000)
    assert url is not None
    batch = WAY.read(answer(listing([entry(1)], total=2), url))
    assert batch.announced is None
    assert asked(batch.more[0]) == asked(url) | {"start-index": "2"}


def test_p14_no_change_is_a_good_answer() -> None:
    url = WAY.changes(1748736000)
    assert WAY.read(answer(listing(None, total=0), url)) == Batch()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!DOCTYPE html><html><title>This blog is open to invited readers only</title></html>",
        b"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'></feed>",
        listing([entry(1)])[:-20],
        b"[]",
        b"null",
        b'{"feed": []}',
        b'{"feed": {}}',
        b'{"posts": []}',
        b"gdata.io.handleScriptLoaded({});",
        pytest.param(b'{"feed":' * 100_000, id="deep"),
    ],
)
def test_h67_another_document_is_an_unusable_answer(body: bytes) -> None:
    with pytest.raises(UnusableAnswerError):
        WAY.read(answer(body))


def test_h67_ten_thousand_labels_and_entries_are_bounded() -> None:
    many = [{"term": str(number)} for number in range(10_000)]
    batch = read([entry(number, category=many) for number in range(3)] + [{}] * 20_000)
    assert {len(post.categories) for post in batch.posts} == {100}
    assert asked(batch.more[0])["start-index"] == "5001"


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), ANY_JSON), ANY_JSON)
def test_h67_entries_of_any_types_give_posts_or_nothing(fields: dict[str, Any], loose: object) -> None:
    batch = read([entry(1) | fields, loose, entry(2)], total=3)
    assert batch.posts[-1].id == "2"
    for post in batch.posts:
        repr(post).encode()


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["entry", "link", "openSearch$totalResults"]), ANY_JSON), ANY_JSON)
def test_h67_feeds_of_any_shape_give_an_answer_or_that_error(fields: dict[str, Any], other: object) -> None:
    for body in (
        listing([entry(1)], **fields),
        json.dumps(other).encode(),
        json.dumps({"feed": other}).encode(),
    ):
        try:
            assert isinstance(WAY.read(answer(body)), Batch)
        except UnusableAnswerError:
            continue


@pytest.mark.parametrize(
    "piece", ["<a ", "<a name=more ", "<a href=#more ", "<a name='more'></a>", "<", "&nbsp;"]
)
def test_h67_contents_made_to_be_slow_are_read_at_once(piece: str) -> None:
    slow = "<a name='more'></a>" + piece * (500_000 // len(piece))
    assert len(read([entry(1, slow), entry(2)]).posts) == 2
