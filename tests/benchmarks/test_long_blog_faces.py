from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest

from benchmarks.long_blog_faces import Answer, Face, FacedBlog, kind_of
from benchmarks.simulated_blog import SimulatedBlog

_BLOG = SimulatedBlog("http://127.0.0.1:1", 25)
_REST = "/wp-json/wp/v2/posts?orderby=date&per_page="


def _asked(face: Face, target: str) -> Answer:
    return FacedBlog(face, _BLOG, per_page=10).answer(target)


def _ids(answer: Answer) -> list[int]:
    return [post["id"] for post in json.loads(answer.body)]


def test_rest_gives_pages_of_posts_with_totals_and_400_behind_the_last() -> None:
    first, last = _asked(Face.REST, f"{_REST}10"), _asked(Face.REST, f"{_REST}10&page=3")
    assert _ids(first) == list(range(25, 15, -1))
    assert _ids(last) == [5, 4, 3, 2, 1]
    assert first.headers == {"X-WP-Total": "25", "X-WP-TotalPages": "3"}
    assert _asked(Face.REST, f"{_REST}10&page=4").status == 400


@pytest.mark.parametrize("bound", ["after", "modified_after"])
def test_rest_gives_only_what_is_later_than_the_bound(bound: str) -> None:
    moment = _BLOG.post(22).published.isoformat().replace("+00:00", "Z")
    answer = _asked(Face.REST, f"{_REST}100&{bound}={moment}")
    assert _ids(answer) == [25, 24, 23]
    assert answer.headers["X-WP-Total"] == "3"


def test_rest_that_finds_nothing_new_is_an_empty_list() -> None:
    moment = _BLOG.post(25).published.isoformat().replace("+00:00", "Z")
    answer = _asked(Face.REST, f"{_REST}100&after={moment}")
    assert (answer.status, answer.body) == (200, b"[]")


@pytest.mark.parametrize(("face", "status"), [(Face.FEED, 401), (Face.PAGES, 404)])
def test_other_faces_have_no_rest(face: Face, status: int) -> None:
    assert _asked(face, f"{_REST}10").status == status


def test_the_feed_has_whole_posts_on_pages_and_404_behind_the_last() -> None:
    pages = [_asked(Face.FEED, f"/feed/?paged={number}") for number in (1, 2, 3)]
    contents = [ET.fromstring(page.body).findall(".//item") for page in pages]  # noqa: S314 - written here
    assert [len(items) for items in contents] == [10, 10, 5]
    whole = contents[0][0].findtext("{http://purl.org/rss/1.0/modules/content/}encoded")
    assert whole == _BLOG.post(25).content
    assert _asked(Face.FEED, "/feed/?paged=4").status == 404
    assert _asked(Face.PAGES, "/feed/").status == 404


def test_lists_lead_to_older_ones_and_to_the_posts() -> None:
    texts = [_asked(Face.PAGES, path).body.decode() for path in ("/", "/page/2/", "/page/3/")]
    assert [text.count("<article") for text in texts] == [10, 10, 5]
    assert 'href="/page/3/">Older posts' in texts[1]
    assert "Older posts" not in texts[2]
    assert _BLOG.post(25).path in texts[0]
    assert _asked(Face.PAGES, "/page/4/").status == 404


@pytest.mark.parametrize("face", list(Face))
def test_every_face_has_a_page_for_each_post_and_for_no_other(face: Face) -> None:
    post = _BLOG.post(7)
    assert post.content in _asked(face, post.path).body.decode()
    assert _asked(face, post.path.replace("-7/", "-26/")).status == 404
    assert _asked(face, "/1999/01/night-signal-7/").status == 404


@pytest.mark.parametrize(("face", "target"), [(Face.PAGES, "/"), (Face.FEED, "/feed/"), (Face.FEED, "/")])
def test_the_feed_and_the_first_list_are_sent_again_only_if_they_changed(face: Face, target: str) -> None:
    answer = _asked(face, target)
    head, _, body = answer.written(None).partition(b"\r\n\r\n")
    etag = next(line for line in head.split(b"\r\n") if line.startswith(b"ETag: ")).removeprefix(b"ETag: ")
    assert body == answer.body
    assert answer.written(etag).startswith(b"HTTP/1.1 304 ")
    assert answer.written(etag).endswith(b"\r\n\r\n")
    assert answer.written(b'"another"').startswith(b"HTTP/1.1 200 ")


def test_older_lists_have_no_validators() -> None:
    assert b"ETag" not in _asked(Face.PAGES, "/page/2/").written(None)


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("/robots.txt", "robots.txt"),
        ("/", "list"),
        ("/page/12/", "list"),
        ("/wp-json/wp/v2/posts?page=2", "rest"),
        ("/feed/?paged=2", "feed"),
        ("/2020/01/night-signal-1/", "post"),
    ],
)
def test_requests_are_counted_by_what_they_ask_for(target: str, kind: str) -> None:
    assert kind_of(target) == kind
