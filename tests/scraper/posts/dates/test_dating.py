"""Which date of a page is the date of its post."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from lxml import html

from scraper.posts.dates.dating import read_published
from scraper.posts.page.document import read_head
from scraper.posts.page.scope import find_scope
from storage.records import Precision

NOW = datetime(2024, 6, 1, tzinfo=UTC).timestamp()
URL = "https://b.example/kora-lines/"


def _date(page: str, *, url: str = URL, listed: str | None = None) -> tuple[str, Precision] | None:
    tree = html.document_fromstring(page)
    published = read_published(
        tree, find_scope(tree, url=url), read_head(tree, url), url=url, listed=listed, now=NOW
    )
    return (published.text, published.precision) if published else None


@pytest.mark.parametrize(
    ("page", "text"),
    [
        pytest.param(
            "<article><h1>x</h1><time datetime='2024-03-04T10:00:00+02:00'>4 March</time></article>",
            "2024-03-04T10:00:00+02:00",
            id="D1",
        ),
        pytest.param(
            "<head><meta property='article:modified_time' content='2024-04-01T00:00:00Z'>"
            "<meta property='article:published_time' content='2024-03-04T10:00:00Z'></head><article><h1>x</h1></article>",
            "2024-03-04T10:00:00+00:00",
            id="D7",
        ),
        pytest.param(
            "<article><h1>x</h1><time class='updated' datetime='2024-04-01'>a</time>"
            "<time class='entry-date published' datetime='2024-03-04'>b</time></article>",
            "2024-03-04",
            id="D7 in the post",
        ),
        pytest.param(
            "<article><h1>x</h1><p class='post-date'>4 March 2024</p><p>The event is on 12.12.2030.</p></article>"
            "<aside class='sidebar'><ul><li class='date'>January 2019</li></ul></aside>"
            "<ol id='comments'><li><time datetime='2024-05-05'>5 May</time></li></ol>",
            "2024-03-04",
            id="D8",
        ),
        pytest.param(
            '<script type="application/ld+json">{"@type": "BlogPosting", "datePublished": "2024-03-04T10:00:00Z",'
            ' "dateModified": "2024-05-01"}</script><article><h1>x</h1><p>y</p></article>',
            "2024-03-04T10:00:00+00:00",
            id="JSON-LD",
        ),
    ],
)
def test_the_date_is_that_of_publication(page: str, text: str) -> None:
    found = _date(page)
    assert found is not None
    assert found[0].replace("Z", "+00:00") == text


def test_D3_a_month_in_the_address_is_kept_as_a_month() -> None:  # noqa: N802
    assert _date("<article><h1>x</h1></article>", url="https://b.example/2024/05/title/") == (
        "2024-05",
        Precision.MONTH,
    )


def test_D9_the_feed_dates_a_post_that_does_not_date_itself() -> None:  # noqa: N802
    found = _date("<article><h1>x</h1></article>", listed="Mon, 04 Mar 2024 10:00:00 +0100")
    assert found == ("2024-03-04T10:00:00+01:00", Precision.TIME)


def test_no_date_is_made_up() -> None:
    assert _date("<article><h1>x</h1><p>Catalogue 5026854611471, since 2009.</p></article>") is None
