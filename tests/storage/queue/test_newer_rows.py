"""Rows that a newer cratedig wrote: they break nothing, and are not worked on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from storage.export import post_object
from storage.posts import Posts
from storage.queue import Queue
from storage.reasons import Reason, explain
from storage.records import DownloadState, Selection
from storage.schema import downloads

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.database import Database
    from storage.records import ReadPost, WantedDownload


async def _write(database: Database, id_: int, **values: object) -> None:
    await database.change(update(downloads).where(downloads.c.id == id_).values(**values))


@pytest.mark.parametrize(
    ("values", "word"),
    [
        pytest.param({"kind": "torrent"}, "kind torrent", id="67 unknown kind"),
        pytest.param({"reason": "moon-phase"}, "reason moon-phase", id="67 unknown reason"),
    ],
)
async def test_what_is_not_understood_is_parked_when_it_is_claimed_and_the_others_are_given(
    database: Database, wish: Callable[..., WantedDownload], values: dict[str, str], word: str
) -> None:
    queue = Queue(database)
    await queue.enqueue([wish(name) for name in "abcd"])
    await _write(database, 1, **values)
    await _write(database, 3, **values)
    assert [job.id for job in await queue.claim(limit=2)] == [2, 4]
    parked = await queue.list(Selection(states=[DownloadState.FAILED]))
    assert [(row.id, row.reason, row.detail, row.token) for row in parked] == [
        (3, Reason.UNKNOWN_VERSION, word, None),
        (1, Reason.UNKNOWN_VERSION, word, None),
    ]
    assert await queue.failed_by_reason() == {Reason.UNKNOWN_VERSION: 2}


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"state": "seeding", "reason": "moon-phase"}, id="67 unknown state and reason"),
        pytest.param({"state": "failed", "reason": "moon-phase"}, id="67 unknown reason of a failure"),
        pytest.param({"kind": "torrent"}, id="67 unknown kind that waits"),
    ],
)
async def test_what_is_not_understood_is_shown_as_it_is(
    database: Database, read: Callable[..., ReadPost], values: dict[str, str]
) -> None:
    queue, posts = Queue(database), Posts(database)
    await posts.save([read("one", files=("a",))])
    await _write(database, 1, **values)
    (row,) = await queue.list(Selection())
    assert await queue.get(1) == row
    assert {name: str(getattr(row, name)) for name in values} == values
    counts = {str(state): count for state, count in (await queue.counts()).items() if count}
    assert counts == {values.get("state", "waiting"): 1}
    (post,) = [post async for post in posts.matched()]
    shown = post_object(post)["links"][0]["download"]
    assert (shown["state"], shown["reason"]) == (values.get("state", "waiting"), values.get("reason"))
    if row.reason is not None:
        assert explain(row.reason) == explain(Reason.UNKNOWN_VERSION)


async def test_67_no_command_touches_a_state_that_is_not_understood(
    database: Database, wish: Callable[..., WantedDownload]
) -> None:
    queue = Queue(database)
    await queue.enqueue([wish("a")])
    await _write(database, 1, state="seeding")
    assert await queue.claim(limit=1) == []
    assert await queue.retry(Selection()) == 0
    assert await queue.cancel(Selection()) == 0
    assert await queue.prune(Selection(), before=9e9) == 0
    assert await queue.sweep() == 0
    (row,) = await queue.list(Selection())
    assert row.state == "seeding"


async def test_67_a_post_with_a_link_that_no_queue_should_hold_is_kept_without_it(
    database: Database,
    read: Callable[..., ReadPost],
    wish: Callable[..., WantedDownload],
    caplog: pytest.LogCaptureFixture,
) -> None:
    entry = read("one", files=("a",))
    long = wish("b", url="https://files.example/" + "b" * 9000)
    saved = await Posts(database).save(
        [type(entry)(post=entry.post, matched=("x",), wanted=(long, wish("a")))]
    )
    assert (saved.new, saved.queued) == (1, 1)
    assert "cannot be queued" in caplog.text
