"""A line that says one word again and again, and labels of episodes, on whole posts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.posts.understood import Understood


@pytest.mark.parametrize(
    "line",
    [
        "techno, techno, techno",
        "Techno! Techno!",
        "techno techno",
        "deep house / deep house",
        "Techno … techno",
    ],
)
def test_one_word_again_and_again_is_no_hint(read_post: Callable[..., Understood], line: str) -> None:
    assert read_post(f"<p>I am yours now<br>{line}</p>").post.genres == ()


@pytest.mark.parametrize(
    ("inner", "genres"),
    [
        pytest.param("<p>Techno | Deep House</p>", {"techno", "deep house"}, id="two genres in a line"),
        pytest.param("<p>Deep House</p>", {"deep house"}, id="one genre in a line"),
        pytest.param(
            "<p>Genres in this episode: Dub Techno, Ambient</p>",
            {"dub techno", "ambient"},
            id="label of an episode",
        ),
        pytest.param("<p><b>Genre</b> Deep House</p>", {"deep house"}, id="bold label"),
        pytest.param("<p><b>Genre</b> Deep House is my life</p>", set(), id="bold in a sentence"),
    ],
)
def test_lines_and_labels_still_say_their_genres(
    read_post: Callable[..., Understood], inner: str, genres: set[str]
) -> None:
    assert set(read_post(inner).post.genres) == genres
