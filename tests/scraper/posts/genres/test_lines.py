"""Lines, labels and hashtags of a post's text beyond the numbered cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.posts.understood import Understood


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        pytest.param("<p>Genre: Electronic &gt; Grime</p>", {"grime"}, id="hierarchy"),
        pytest.param("<p>Genre: Tech House (108 BPM, A min)</p>", {"tech house"}, id="tempo in brackets"),
        pytest.param(
            "<p>Genre: Techno. Some house, trance and dub.</p>", {"techno"}, id="sentence behind the label"
        ),
        pytest.param(
            "<p><em>Filed under: Hip-Hop, Ambient, Kora</em></p>", {"hip hop", "ambient"}, id="filed under"
        ),
        pytest.param(
            "<p>Tags: #UKGarage #Soul #FreeDownload</p>", {"uk garage", "soul"}, id="tags as hashtags"
        ),
        pytest.param("<p>Hip-Hop / Folk | 139 BPM | RIG002</p>", {"hip hop", "folk"}, id="release line"),
        pytest.param(
            "<p>Tech House | Minimal Techno</p>", {"tech house", "minimal techno"}, id="line of genres"
        ),
        pytest.param("<p>Deep House / Some Label / 2024</p>", set(), id="line with another name"),
        pytest.param("<p>Minimal</p>", set(), id="line of an ambiguous word"),
        pytest.param("<h2>Techno</h2>", set(), id="heading"),
        pytest.param("<ol><li>Techno</li><li>Trance</li></ol>", set(), id="track list"),
        pytest.param("<p><b>Style</b> is everything in this house</p>", set(), id="label word in prose"),
        pytest.param(
            '<p>Read <a href="/tag/techno/">techno</a> and what else we wrote of it here</p>',
            set(),
            id="link in prose",
        ),
        pytest.param(
            "<p>We are #1 &#35;x &num;y a#techno https://x.example/#techno</p>", set(), id="no hashtags"
        ),
    ],
)
def test_a_line_of_the_text_says(
    read_post: Callable[..., Understood], inner: str, expected: set[str]
) -> None:
    assert set(read_post(inner).post.genres) == expected
