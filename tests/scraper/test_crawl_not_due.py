"""Blogs that failed again and again: a crawl that goes by itself leaves them out until they are due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from filters.criteria import Criteria
from filters.graph import default_graph
from scraper.crawl import Crawl
from storage.blog_backoff import DAY
from storage.reasons import Reason

if TYPE_CHECKING:
    from scraper.crawl_job import Stores
    from scraper.http.client import Client

NOW = 1_795_000_000.0


@pytest.mark.parametrize(
    ("only_due", "later", "asked"),
    [(True, 0.0, False), (False, 0.0, True), (True, DAY, True), (True, -30 * DAY, True)],
    ids=["not due", "named", "due", "a clock that was set back"],
)
async def test_a_blog_is_asked_when_it_is_named_or_due(
    simulated: Any, serve: Any, client: Client, stores: Stores, *, only_due: bool, later: float, asked: bool
) -> None:
    blog = simulated(3)
    async with serve(blog.answer) as url:
        for night in (-8 * DAY, 0.0):
            await stores.blogs.note_run(f"{url}/", ok=False, reason=Reason.SERVER_ERROR, at=NOW + night)
        crawl = Crawl(
            client=client,
            stores=stores,
            criteria=Criteria.parse(("any",), graph=default_graph()),
            only_due=only_due,
            clock=lambda: NOW + later,
        )
        counts = await crawl.run([f"{url}/"])
    assert bool(blog.asked) is asked
    assert (counts.blogs_done, sum(counts.failed.values())) == (1, 0)
    told = [(one.blog, one.failures, one.reason) for one in crawl.put_off]
    assert told == ([] if asked else [(f"{url}/", 2, Reason.SERVER_ERROR)])
