"""Which date of a page is the date of its post, and where it stood."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from filters.graph import default_graph
from scraper.blogs.listed import ListedPost
from scraper.blogs.window import Window
from scraper.posts.context import Context
from scraper.posts.understand import read_page
from storage.records import Precision, Published

NOW = datetime(2024, 6, 1, tzinfo=UTC).timestamp()
URL = "https://b.example/kora-lines/"
MONTH = "https://b.example/2024/03/kora-lines/"
CONTEXT = Context(blog="https://b.example/", graph=default_graph(), now=NOW)


def _read(page: str, *, url: str = URL, listed: str | None = None) -> tuple[Published | None, str | None]:
    post = ListedPost(url=url, key=url, published=listed)
    understood = read_page(page.encode(), "utf-8", url, listed=post, context=CONTEXT)
    return understood.post.published, understood.date_source


def _date(page: str, *, url: str = URL, listed: str | None = None) -> tuple[str | None, str | None]:
    published, source = _read(page, url=url, listed=listed)
    return published.text if published else None, source


FURNITURE = (
    "<aside class='sidebar'><ul><li class='date'>January 2019</li></ul></aside>"
    "<ol id='comments'><li><time datetime='2024-05-05'>5 May</time></li></ol>"
)


@pytest.mark.parametrize(
    ("page", "text", "source"),
    [
        pytest.param(
            "<article><h1>x</h1><time datetime='2024-03-04T10:00:00+02:00'>4 March</time></article>",
            "2024-03-04T10:00:00+02:00",
            "time element",
            id="D1",
        ),
        pytest.param(
            "<head><meta property='article:modified_time' content='2024-04-01T00:00:00Z'>"
            "<meta property='article:published_time' content='2024-03-04T10:00:00Z'></head><article><h1>x</h1></article>",
            "2024-03-04T10:00:00+00:00",
            "article:published_time",
            id="D7",
        ),
        pytest.param(
            "<article><h1>x</h1><time class='updated' datetime='2024-04-01'>a</time>"
            "<time class='entry-date published' datetime='2024-03-04'>b</time></article>",
            "2024-03-04",
            "time element",
            id="D7 in the post",
        ),
        pytest.param(
            "<article><h1>x</h1><time class='updated' datetime='2024-04-01'>a</time><p class='date'>4 March 2024</p></article>",
            "2024-03-04",
            "visible text “4 March 2024”",
            id="D7 a visible date before one of a change",
        ),
        pytest.param(
            "<article itemscope><h1>x</h1><meta itemprop='dateModified' content='2024-04-01'>"
            "<span itemprop='datePublished' content='2024-03-04'>in spring</span></article>",
            "2024-03-04",
            "microdata datePublished",
            id="D7 in microdata",
        ),
        pytest.param(
            '<script type="application/ld+json">{"@type": "BlogPosting", "datePublished": "2024-03-04T10:00:00Z",'
            ' "dateModified": "2024-05-01"}</script><article><h1>x</h1><p>y</p></article>',
            "2024-03-04T10:00:00+00:00",
            "JSON-LD datePublished",
            id="D7 in JSON-LD",
        ),
        pytest.param(
            "<article><h1>x</h1><p class='post-date'>4 March 2024</p><p>The event is on 12.12.2030.</p>"
            f"<p>Catalogue 5026854611471</p></article>{FURNITURE}",
            "2024-03-04",
            "visible text “4 March 2024”",
            id="D8",
        ),
        pytest.param(
            "<article><h1>x</h1><p>On <span class='date'>12.12.2030</span></p><p class='date'>4 March 2024</p></article>",
            "2024-03-04",
            "visible text “4 March 2024”",
            id="D8 an event that is dated like a post",
        ),
        pytest.param(
            "<article><h1>x</h1><div class='wp-block-post-date'><time datetime='2024-03-04'>a</time></div>"
            "<p>On <time datetime='2023-12-12'>12.12.</time></p></article>",
            "2024-03-04",
            "time element",
            id="D8 an event beside the post's own date",
        ),
        pytest.param(
            f"<article><h1>x</h1><p>The event is on 12.12.2030. Catalogue 5026854611471, since 2009.</p></article>{FURNITURE}",
            None,
            None,
            id="D8 nothing of it dates the post",
        ),
        pytest.param(
            "<article><h1>x</h1><p class='post-date'>2 weeks ago</p></article>",
            "2024-W20",
            "visible text “2 weeks ago”",
            id="D6",
        ),
        pytest.param(
            "<head><meta property='article:published_time' content='2034-03-04'></head><article><h1>x</h1></article>",
            "2034-03-04",
            "article:published_time, more than two days ahead",
            id="D10",
        ),
        pytest.param(
            "<article><h1>x</h1><p class='date'>4 March 2034</p></article>",
            "2034-03-04",
            "visible text “4 March 2034”, more than two days ahead",
            id="D10 visible",
        ),
        pytest.param(
            "<article><h1>x</h1><p><time class='updated' datetime='2024-04-01'>a</time></p></article>",
            "2024-04-01",
            "time element of a change",
            id="only a change is dated",
        ),
    ],
)
def test_the_date_is_that_of_publication(page: str, text: str | None, source: str | None) -> None:
    assert _date(page) == (text, source)


@pytest.mark.parametrize(
    ("date", "rest", "text"),
    [
        pytest.param("<html lang='en-US'>", "", "2024-03-04", id="D5 en-US"),
        pytest.param("<html lang='en-GB'>", "", "2024-04-03", id="D5 en-GB"),
        pytest.param("<html lang='de'>", "", "2024-04-03", id="D5 de"),
        pytest.param("<html lang='en'>", "", None, id="D5 en alone"),
        pytest.param("<html>", "", None, id="D5 no language"),
        pytest.param(
            "<head><meta property='og:locale' content='en_GB'></head>", "", "2024-04-03", id="D5 og:locale"
        ),
        pytest.param(
            "<html lang='en'>", "<aside>15/02/2024</aside>", "2024-04-03", id="D5 day first elsewhere"
        ),
        pytest.param(
            "<html>",
            "<ul id='comments'><li>02/15/2024</li></ul>",
            "2024-03-04",
            id="D5 month first elsewhere",
        ),
        pytest.param(
            "<html lang='en-US'>", "<aside>15/02/2024</aside>", "2024-04-03", id="D5 other dates prove more"
        ),
    ],
)
@pytest.mark.parametrize(
    "place",
    [
        "<p class='date'>03/04/2024</p>",
        "<p class='date'>Posted on 03/04/2024 by Ana</p>",
        "<time datetime='03/04/2024'>x</time>",
    ],
)
def test_other_dates_or_the_language_decide_which_number_is_the_day(
    date: str, rest: str, text: str | None, place: str
) -> None:
    assert _date(f"{date}<body><article><h1>x</h1>{place}</article>{rest}</body>")[0] == text


@pytest.mark.parametrize(
    ("page", "text", "source"),
    [
        pytest.param("<article><h1>x</h1></article>", "2024-03", "the address", id="D3"),
        pytest.param(
            "<article><h1>x</h1><p class='date'>tisdag, mars 5</p></article>",
            "2024-03-05",
            "visible text “tisdag, mars 5”",
            id="D4 the year is the address's",
        ),
        pytest.param(
            "<article><h1>x</h1><time datetime='2023-12-12'>the party</time><p class='date'>4 March 2024</p></article>",
            "2024-03-04",
            "visible text “4 March 2024”",
            id="D8 a time that is not the address's",
        ),
        pytest.param(
            "<article><h1>x</h1><time datetime='2024-05-12'>x</time></article>",
            "2024-05-12",
            "time element",
            id="an address that is older than the only date",
        ),
        pytest.param(
            "<article><h1>x</h1><p class='date'>12.12.2030</p></article>",
            "2024-03",
            "the address",
            id="D8 a visible date that is not the address's",
        ),
        pytest.param(
            "<article><h1>x</h1><time datetime='2024-04-01T00:30:00+02:00'>x</time></article>",
            "2024-04-01T00:30:00+02:00",
            "time element",
            id="a day about midnight is still the address's",
        ),
    ],
)
def test_a_month_in_the_address_is_held_against_what_is_not_marked(page: str, text: str, source: str) -> None:
    assert _date(page, url=MONTH) == (text, source)


FEED = "Mon, 04 Mar 2024 10:00:00 +0100"


@pytest.mark.parametrize(
    ("page", "text", "source"),
    [
        pytest.param("<article><h1>x</h1></article>", "2024-03-04T10:00:00+01:00", "the listing", id="D9"),
        pytest.param(
            "<article><h1>x</h1><time datetime='2023-12-12'>the party</time></article>",
            "2024-03-04T10:00:00+01:00",
            "the listing",
            id="D9 an event in the text",
        ),
        pytest.param(
            "<article><h1>x</h1><time datetime='2024-03-04T09:00:00Z'>x</time></article>",
            "2024-03-04T09:00:00+00:00",
            "time element",
            id="D9 the same moment on the page",
        ),
        pytest.param(
            "<article><h1>x</h1><time class='updated' datetime='2024-04-01'>x</time></article>",
            "2024-03-04T10:00:00+01:00",
            "the listing",
            id="D9 a change on the page",
        ),
    ],
)
def test_the_feed_dates_a_post_that_does_not_date_itself(page: str, text: str, source: str) -> None:
    assert _date(page, listed=FEED) == (text, source)


@pytest.mark.parametrize("written", [pytest.param("2034-03-04T10:00:00Z", id="D10")])
async def test_a_date_ahead_is_kept_and_does_not_end_a_window(written: str) -> None:
    published, source = _read("<article><h1>x</h1></article>", listed=written)
    assert published is not None
    assert (published.text, published.precision) == ("2034-03-04T10:00:00+00:00", Precision.TIME)
    assert source == "the listing, more than two days ahead"
    window = Window(NOW)
    for key in ("a", "b"):
        window.open_page({}, pending=[key])
        window.note(key, published.timestamp)
    assert not await window.is_behind()
    assert window.too_old([ListedPost(url="u", key="k", published=written)]) == {}


def test_a_hundred_texts_of_a_kind_are_tried() -> None:
    page = (
        "<article><h1>x</h1>"
        + "<p class='date'>soon</p>" * 100
        + "<p class='date'>4 March 2024</p></article>"
    )
    assert _date(page) == (None, None)
    assert _date(page.replace("soon", "", 1).replace("<p class='date'></p>", "")) == (
        "2024-03-04",
        "visible text “4 March 2024”",
    )


def test_five_thousand_elements_are_looked_at_for_a_visible_date() -> None:
    page = "<article><h1>x</h1>" + "<b>y</b>" * 6_000 + "<p class='date'>4 March 2024</p></article>"
    assert _date(page) == (None, None)
