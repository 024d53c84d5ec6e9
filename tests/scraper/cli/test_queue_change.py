"""scrape queue retry, cancel and prune."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from storage.records import LinkKind, WantedDownload

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.queue import Queue

pytestmark = pytest.mark.usefixtures("stocked")


def _states(scrape: Callable[..., Any]) -> dict[int, str]:
    listed = json.loads(scrape("queue", "list", "--json").out)["downloads"]
    return {item["id"]: item["state"] for item in listed}


BEFORE = {1: "waiting", 2: "waiting", 3: "failed", 4: "failed", 5: "done", 6: "cancelled", 7: "running"}


@pytest.mark.parametrize(
    ("words", "changed"),
    [
        (("retry",), {3: "waiting", 4: "waiting"}),
        (("retry", "--reason", "not-found"), {3: "waiting"}),
        (("retry", "--host", "page.example"), {4: "waiting"}),
        (("retry", "--state", "cancelled"), {6: "waiting"}),
        (("retry", "--state", "failed", "cancelled"), {3: "waiting", 4: "waiting", 6: "waiting"}),
        (("retry", "6"), {6: "waiting"}),
        (("retry", "--quiet", "3", "6"), {3: "waiting", 6: "waiting"}),
        (("retry", "5"), {}),
        (("retry", "--reason", "gone"), {}),
        (("retry", "--state", "waiting"), {}),
        (("cancel", "1"), {1: "cancelled"}),
        (("cancel", "--state", "waiting"), {1: "cancelled", 2: "cancelled"}),
        (("cancel", "--host", "files.example"), {1: "cancelled", 2: "cancelled", 7: "cancelled"}),
        (("cancel", "--reason", "rate-limited"), {2: "cancelled"}),
        (("cancel", "5"), {}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_change_is_made_to_what_was_chosen_and_to_nothing_else(
    scrape: Callable[..., Any], words: tuple[str, ...], changed: dict[int, str]
) -> None:
    ran = scrape("queue", *words)
    assert (ran.code, ran.out) == (0, "")
    assert _states(scrape) == BEFORE | changed


@pytest.mark.parametrize("words", [("2",), ("--reason", "rate-limited"), ("--state", "waiting")])
def test_what_waits_for_later_is_tried_at_once_if_it_is_named(
    scrape: Callable[..., Any], words: tuple[str, ...]
) -> None:
    def due() -> str:
        (shown,) = json.loads(scrape("queue", "show", "2", "--json").out)["downloads"]
        return str(shown["due"])

    later = due()
    ran = scrape("queue", "retry", *words)
    assert (ran.code, ran.err.splitlines()[0]) == (0, "1 download waits again.")
    assert due() < later


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("retry",), ["2 downloads wait again.", "Next: scrape download "]),
        (("retry", "3"), ["1 download waits again.", "Next: scrape download "]),
        (("retry", "5"), ["Download 5 is done: nothing to retry."]),
        (("retry", "--reason", "gone"), ["Nothing that failed is like that."]),
        (("cancel", "1"), ["1 download is cancelled.", "Back with: scrape queue retry 1 "]),
        (
            ("cancel", "--host", "files.example"),
            [
                "3 downloads are cancelled.",
                "Back with: scrape queue retry --state cancelled --host files.example ",
            ],
        ),
        (
            ("cancel", "3", "5"),
            ["Download 3 is failed: nothing to cancel.", "Download 5 is done: nothing to"],
        ),
        (("cancel", "--host", "nobody.example"), ["Nothing that waits or runs is like that."]),
        (("prune", "--older-than", "0d"), ["3 downloads are forgotten, and not fetched again."]),
        (("prune",), ["Nothing that is failed or cancelled has ended before "]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_change_says_how_many_and_what_comes_next(
    scrape: Callable[..., Any], words: tuple[str, ...], said: list[str]
) -> None:
    lines = scrape("queue", *words).err.splitlines()
    assert [line[: len(start)] for line, start in zip(lines, said, strict=True)] == said


def test_what_was_said_to_bring_it_back_does(scrape: Callable[..., Any]) -> None:
    scrape("queue", "cancel", "--state", "waiting", "--host", "files.example")
    scrape("queue", "retry", "--state", "cancelled", "--host", "files.example")
    assert _states(scrape) == BEFORE | {6: "waiting"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("retry",), {"retried": 2}),
        (("cancel", "1", "5"), {"cancelled": 1}),
        (("prune", "--state", "done", "--older-than", "0d"), {"pruned": 1}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_change_tells_programs_how_many(
    scrape: Callable[..., Any], words: tuple[str, ...], said: dict[str, int]
) -> None:
    assert json.loads(scrape("queue", *words, "--json").out) == said


@pytest.mark.parametrize(
    ("words", "left"),
    [
        (("--older-than", "0d"), {1, 2, 5, 7}),
        (("--older-than", "0d", "--state", "done"), {1, 2, 3, 4, 6, 7}),
        (("--older-than", "0d", "--reason", "not-found"), {1, 2, 4, 5, 6, 7}),
        (("--older-than", "0d", "--host", "page.example"), {1, 2, 3, 5, 6, 7}),
        ((), {1, 2, 3, 4, 5, 6, 7}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_prune_forgets_what_ended_long_enough_ago(
    scrape: Callable[..., Any], words: tuple[str, ...], left: set[int]
) -> None:
    assert scrape("queue", "prune", *words).code == 0
    assert _states(scrape).keys() == left


def test_what_was_pruned_is_not_queued_again(scrape: Callable[..., Any], change: Callable[..., None]) -> None:
    scrape("queue", "prune", "--state", "done", "--older-than", "0d")

    async def queue_again(queue: Queue) -> None:
        key = "files.example/5.mp3"
        wish = WantedDownload(key=key, url=f"https://{key}", host="files.example", kind=LinkKind.DIRECT)
        assert await queue.enqueue([wish]) == 0

    change(queue_again)
    assert 5 not in _states(scrape)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "99"), "There is no download 99. See those that are there with scrape queue list"),
        (("retry", "3", "98", "99"), "There are no downloads 98, 99"),
        (("cancel", "1", "99"), "There is no download 99"),
        (("show",), "show needs the number of a download"),
        (("show", "x"), "This is no number of a download: x"),
        (("retry", "-1"), "-1"),
        (("retry", "9" * 30), "This is no number of a download"),
        (
            ("cancel", "files.example"),
            "no number of a download: files.example. Try: scrape queue cancel --host files",
        ),
        (("show", "files.example"), "Try: scrape queue list --host files.example"),
        (("cancel",), "or --state waiting for all that wait"),
        (("list", "3"), "list takes no ID: 3. Look at one with scrape queue show 3"),
        (("prune", "3"), "prune takes no ID"),
        (
            ("prune", "--state", "waiting"),
            "prune is not for what is waiting. Use one of done, failed, cancelled",
        ),
        (("retry", "--state", "done"), "retry is not for what is done"),
        (("cancel", "--state", "failed"), "cancel is not for what is failed"),
        (("retry", "--max", "3"), "retry takes no --max. It takes --host, --reason, --state"),
        (("show", "3", "--state", "failed"), "show takes no --state. It takes no filters"),
        (("list", "--for", "2h"), "list takes no --for"),
        (("pause", "--reason", "gone"), "pause takes no --reason"),
        (("pause", "not a host"), "is no host: write blog.example"),
        (("pause", "--for", "soon"), "write 90m, 2h or 3d"),
        (("prune", "--older-than", "old"), "is no date"),
        (
            ("prune", "--older-than", "2999-01-01"),
            "Argument --older-than: '2999-01-01' is yet to come: write a date in the past, or 30d for 30 days ago",
        ),
        (("frobnicate",), "invalid choice: 'frobnicate'"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, tuple) else "",
)
def test_wrong_usage_changes_nothing_and_says_how(
    scrape: Callable[..., Any], words: tuple[str, ...], said: str
) -> None:
    ran = scrape("queue", *words)
    assert (ran.code, ran.out) == (2, "")
    assert said.lower() in ran.err.lower()
    assert len(ran.err.splitlines()) == 1
    assert _states(scrape) == BEFORE


def test_an_option_of_another_action_may_stand_in_the_environment(
    scrape: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRATEDIG_MAX", "3")
    monkeypatch.setenv("CRATEDIG_STATE", "done")
    assert scrape("queue", "show", "3").code == 0
    assert len(json.loads(scrape("queue", "list", "--json").out)["downloads"]) == 1
