"""The walk through one way of listing, against a real local server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from scraper.blogs import way_walk
from scraper.blogs.way_walk import Ended, WayFailedError
from scraper.http.errors import FetchError
from tests.scraper.simulated.answers import Answers, chain, walking

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.http.client import Client


@pytest.fixture
def walked(serve: Any, client: Client) -> Callable[..., Any]:
    """Walk through answers, which a local server gives."""
    return walking(serve, client)


async def test_all_answers_are_asked_for_once_and_their_posts_given_in_order(
    walked: Callable[..., Any],
) -> None:
    seen = await walked(chain("fe", "dc", "ba"))
    assert (seen.posts, seen.asked, seen.ended) == ("fedcba", ["/1", "/2", "/3"], Ended.TO_THE_END)


async def test_what_is_stored_is_not_given(walked: Callable[..., Any]) -> None:
    seen = await walked(chain("fe", "dc", "ba"), known="ec")
    assert (seen.posts, seen.ended) == ("fdba", Ended.TO_THE_END)


async def test_several_answers_that_follow_from_one_come_in_their_order(walked: Callable[..., Any]) -> None:
    answers = Answers(
        {
            "/1": ("", ("/a", "/b"), None),
            "/a": ("fe", ("/c",), None),
            "/b": ("ba", (), None),
            "/c": ("dc", (), None),
        }
    )
    seen = await walked(answers)
    assert (seen.asked, seen.posts) == (["/1", "/a", "/c", "/b"], "fedcba")


async def test_an_address_that_comes_again_is_not_asked_again(walked: Callable[..., Any]) -> None:
    answers = Answers({"/1": ("ba", ("/2",), None), "/2": ("dc", ("/1", "/2"), None)})
    seen = await walked(answers)
    assert (seen.asked, seen.ended) == (["/1", "/2"], Ended.TO_THE_END)


@pytest.mark.parametrize("status", [401, 403, 404, 410, 418])
async def test_p10_a_way_that_is_closed_has_failed(walked: Callable[..., Any], status: int) -> None:
    with pytest.raises(WayFailedError, match=r"(?i)^feed: "):
        await walked(chain("ba"), status={"/1": status})


async def test_p10_an_answer_that_cannot_be_understood_has_failed_the_way(
    walked: Callable[..., Any],
) -> None:
    with pytest.raises(WayFailedError, match="this is no listing"):
        await walked(Answers({"/2": ("ba", (), None)}))


async def test_what_is_over_for_a_while_fails_the_blog(walked: Callable[..., Any]) -> None:
    with pytest.raises(FetchError):
        await walked(chain("dc", "ba"), status={"/2": 503})


async def test_p11_what_the_way_takes_for_its_end_is_one(walked: Callable[..., Any]) -> None:
    seen = await walked(chain("dc", "ba", "x"), status={"/3": 400})
    assert (seen.posts, seen.ended) == ("dcba", Ended.TO_THE_END)


async def test_the_first_answer_is_never_the_end(walked: Callable[..., Any]) -> None:
    with pytest.raises(WayFailedError):
        await walked(chain("dc"), status={"/1": 400})


@pytest.mark.parametrize(
    ("pages", "announced", "ended"),
    [
        (("dc", "ba"), 4, Ended.TO_THE_END),
        (("dc", "ba"), 3, Ended.TO_THE_END),
        (("dc", "ba"), None, Ended.TO_THE_END),
        (("dc", "ba"), 5, Ended.INCOMPLETE),
        (("dc", "dc"), 4, Ended.INCOMPLETE),
        (("dc", "cb"), 4, Ended.INCOMPLETE),
    ],
    ids=["as many", "more", "not announced", "fewer", "the same twice", "one twice"],
)
async def test_a_listing_with_fewer_posts_than_it_announced_is_incomplete(
    walked: Callable[..., Any], *, pages: tuple[str, ...], announced: int | None, ended: Ended
) -> None:
    seen = await walked(chain(*pages, announced=announced))
    assert seen.ended is ended


async def test_posts_behind_a_password_count_as_listed(walked: Callable[..., Any]) -> None:
    answers = chain("dcba", announced=6)
    answers.locked = frozenset({"x", "y"})
    assert (await walked(answers)).ended is Ended.TO_THE_END


async def test_p2_answers_in_a_row_without_a_new_post_end_the_walk(walked: Callable[..., Any]) -> None:
    seen = await walked(chain("ba", "ba", "ba", "ba", "dc"))
    assert (seen.asked, seen.posts) == (["/1", "/2", "/3"], "ba")


async def test_p4_one_such_answer_does_not(walked: Callable[..., Any]) -> None:
    seen = await walked(chain("dc", "dc", "ba"))
    assert (seen.posts, seen.ended) == ("dcba", Ended.TO_THE_END)


async def test_answers_without_posts_are_not_taken_for_repeated_ones(walked: Callable[..., Any]) -> None:
    seen = await walked(chain("dc", "", "", "ba"))
    assert (seen.posts, seen.ended) == ("dcba", Ended.TO_THE_END)


async def test_the_number_of_answers_is_bounded(
    walked: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(way_walk, "MAX_ANSWERS", 3)
    seen = await walked(chain("f", "e", "d", "c", "b"))
    assert (seen.posts, seen.ended) == ("fed", Ended.INCOMPLETE)
    assert any("stopped after 3 answers" in note for note in seen.notes)


async def test_a_listing_without_a_post_of_the_blog_is_left_after_a_while(walked: Callable[..., Any]) -> None:
    seen = await walked(chain("f", "", "", "", "", ""))
    assert (seen.posts, seen.asked, seen.ended) == ("f", ["/1", "/2", "/3", "/4"], Ended.INCOMPLETE)


async def test_max_posts_ends_the_walk_before_the_next_answer(walked: Callable[..., Any]) -> None:
    seen = await walked(chain("fed", "cba"), max_posts=2)
    assert (seen.posts, seen.asked, seen.ended) == ("fe", ["/1"], Ended.BOUNDED)


# For news


async def test_a_walk_for_news_ends_where_all_is_known(walked: Callable[..., Any]) -> None:
    seen = await walked(chain("fed", "cba"), known="edcba", complete=True)
    assert (seen.posts, seen.asked, seen.ended) == ("f", ["/1"], Ended.TO_THE_END)


async def test_a_walk_for_changes_goes_to_their_end_whatever_is_known(walked: Callable[..., Any]) -> None:
    seen = await walked(chain("fe", "dc", "ba"), known="fedc", complete=True, only_changes=True)
    assert (seen.posts, seen.ended, seen.asked) == ("ba", Ended.TO_THE_END, ["/1", "/2", "/3"])
