from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from storage.errors import UnfitDownloadError
from storage.records import Selection

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.queue import DownloadQueue
    from storage.records import WantedDownload

LONG = "https://files.example/" + "a" * 9000


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"url": LONG}, id="8 67 long address"),
        pytest.param({"url": "https://files.example/" + "ö" * 4100}, id="67 long address in bytes"),
        pytest.param({"url": "x" * 10_000_000}, id="67 10 MB address"),
        pytest.param({"url": ""}, id="67 no address"),
        pytest.param({"key": LONG}, id="67 long key"),
        pytest.param({"key": ""}, id="67 no key"),
        pytest.param({"host": "h" * 300}, id="67 long host"),
        pytest.param({"host": ""}, id="67 no host"),
        pytest.param({"priority": 2**31}, id="67 huge priority"),
        pytest.param({"priority": -(2**31)}, id="67 least priority"),
        pytest.param({"priority": float("nan")}, id="67 NaN as priority"),
        pytest.param({"priority": float("inf")}, id="67 infinite priority"),
        pytest.param({"priority": 1.0}, id="67 priority with a fraction"),
    ],
)
async def test_what_no_queue_should_hold_is_refused_and_nothing_is_queued(
    queue: DownloadQueue, wish: Callable[..., WantedDownload], values: dict[str, Any]
) -> None:
    with pytest.raises(UnfitDownloadError, match="cannot be queued") as caught:
        await queue.enqueue([wish("good"), wish("bad", **values)])
    assert len(str(caught.value)) < 600
    assert await queue.waiting_total() == 0


async def test_12_addresses_that_differ_in_what_is_no_identity_are_one_download(
    queue: DownloadQueue, wish: Callable[..., WantedDownload]
) -> None:
    one = wish("a")
    same = [wish("a", url=f"{one.url}{fragment}") for fragment in ("#a", "#b")]
    assert await queue.enqueue([*same, one]) == 1
    (job,) = await queue.claim(limit=9)
    assert (job.key, job.url) == (one.key, f"{one.url}#a")


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        pytest.param({"stem": "s" * 5_000_000}, {"stem": "s" * 1000}, id="67 stem is cut"),
        pytest.param({"referer": LONG}, {"referer": None}, id="67 referer is dropped"),
        pytest.param({"format": "f" * 100}, {"format": None}, id="67 format is dropped"),
        pytest.param({"checksum": "md5:" + "AB" * 16}, {"checksum": "md5:" + "ab" * 16}, id="md5"),
        pytest.param({"checksum": "sha256:" + "0" * 64}, {"checksum": "sha256:" + "0" * 64}, id="sha256"),
        pytest.param({"checksum": "md5:" + "z" * 32}, {"checksum": None}, id="67 checksum is dropped"),
        pytest.param({"checksum": "crc:00"}, {"checksum": None}, id="67 unknown checksum is dropped"),
        pytest.param({"priority": 2**31 - 1}, {"priority": 2**31 - 1}, id="last of all"),
        pytest.param({"priority": -(2**31) + 1}, {"priority": -(2**31) + 1}, id="first of all"),
    ],
)
async def test_what_only_describes_the_file_is_kept_within_bounds(
    queue: DownloadQueue, wish: Callable[..., WantedDownload], values: dict[str, Any], kept: dict[str, Any]
) -> None:
    assert await queue.enqueue([wish("a", **values)]) == 1
    (job,) = await queue.claim(limit=1)
    assert {name: getattr(job, name) for name in kept} == kept
    assert await queue.list(Selection()) == [job]
