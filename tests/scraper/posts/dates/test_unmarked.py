"""Dates that nothing on the page marks: in the sentence of a meta line, beside the title."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.graph import default_graph
from scraper.blogs.listed import ListedPost
from scraper.posts.context import Context
from scraper.posts.dates.unmarked import dates_within
from scraper.posts.understand import read_page

NOW = datetime(2024, 6, 1, tzinfo=UTC).timestamp()
CONTEXT = Context(blog="https://b.example/", graph=default_graph(), now=NOW)
URL = "https://b.example/kora-lines/"


def _date(page: str, url: str = URL) -> str | None:
    post = read_page(page.encode(), "utf-8", url, listed=ListedPost(url=url, key=url), context=CONTEXT).post
    return post.published.text if post.published else None


KUBRICK = (
    "<div class='post' id='post-44'><h2><a href='/kora-lines/'>Kora – Lines</a></h2><div class='entrytext'><p>words</p>"
    "<p class='postmetadata alt'><small>This entry was posted on {date} at 10:41 pm and is filed under "
    "<a href='/category/house/' rel='category tag'>House</a>. You can leave a response.</small></p></div></div>"
)


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        pytest.param(KUBRICK.format(date="Sunday, December 2nd, 2007"), "2007-12-02", id="Kubrick"),
        pytest.param(KUBRICK.format(date="15 de enero de 2008"), "2008-01-15", id="D4 Kubrick in Spanish"),
        pytest.param(
            "<article class='post'><h1>Kora – Lines</h1><div class='post-content'>words</div><div class='fusion-meta-info'>"
            "By a<span class='updated rich-snippet-hidden'>2024-03-09T10:20:00+00:00</span><span>February 1, 2024</span>"
            "</div></article>",
            "2024-02-01",
            id="D7 Avada has the change first",
        ),
        pytest.param(
            "<h1>Kora – Lines</h1><div class='text-block-9'>June 18, 2021</div><div class='w-richtext'>words</div>",
            "2021-06-18",
            id="below the title",
        ),
        pytest.param(
            "<p>12 April 2003</p><h1>Kora – Lines</h1><p>words of the post</p>",
            "2003-04-12",
            id="above the title",
        ),
        pytest.param(
            "<h1>Kora – Lines</h1><p>Live in Kyiv on 12 April 2003 with many guests, and it was loud.</p>",
            None,
            id="D8 a date in a sentence of the post",
        ),
        pytest.param(
            "<h1>Kora – Lines</h1><p>9-23 Feb 2017 | daily</p><p>words</p>",
            None,
            id="D8 the days of an event",
        ),
        pytest.param(
            "<h1>Kora – Lines</h1><p>one</p><p>two</p><p>three</p><p>12 April 2003</p>",
            None,
            id="D8 a date far from the title",
        ),
        pytest.param(
            "<article class='post'><h1>Kora – Lines</h1><p class='post-meta'>Last updated on May 3, 2023</p><p>x</p></article>",
            None,
            id="D7 a sentence that tells of a change",
        ),
        pytest.param(
            "<h1>Kora – Lines</h1><div id='sidebar'>12 April 2003</div><p>words</p>",
            None,
            id="D8 in furniture",
        ),
        pytest.param(
            "<div class='node node-article'><h2>Kora – Lines</h2><div class='submitted'>by bob on "
            "<span property='dc:date dc:created' content='2010-09-30T18:20:00+02:00'>30/09</span></div><p>x</p></div>",
            "2010-09-30T18:20:00+02:00",
            id="Drupal's RDFa",
        ),
    ],
)
def test_a_date_that_nothing_marks_is_read_where_it_can_only_be_the_posts(
    page: str, expected: str | None
) -> None:
    assert _date(page) == expected


def test_a_date_beside_the_title_that_goes_against_the_address_is_none_of_the_posts() -> None:
    page = "<h1>Kora – Lines</h1><p>12 April 2003</p><p>words</p>"
    assert _date(page, "https://b.example/2024/05/kora-lines/") == "2024-05"


@settings(max_examples=100)
@given(st.text(alphabet="ab 0129/.:,-é月", max_size=300))
def test_what_may_be_a_date_in_a_sentence_is_short_and_a_part_of_it(text: str) -> None:
    squeezed = " ".join(text.split())
    for piece in dates_within(text):
        assert piece in squeezed
        assert len(piece) <= 60
