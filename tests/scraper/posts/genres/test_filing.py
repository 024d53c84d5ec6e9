"""What a post is filed under: links, class names, categories of a feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage.records import Trust

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.posts.understood import Understood


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        pytest.param(
            '<span class="post-labels">Labels: '
            '<a rel="tag" href="/search/label/Nu%20Disco">Nu Disco</a></span>',
            {"nu disco"},
            id="G19",
        ),
        pytest.param(
            '<p class="cat-links"><a rel="category tag" href="/category/t/">Techno</a></p>',
            {"techno"},
            id="G27",
        ),
        pytest.param(
            "<p>".join(
                f'<a rel="tag" href="/tag/x/">{tag}</a>'
                for tag in ("house", "chicago", "odesza", "female vocalist", "remixes")
            ),
            {"house"},
            id="G34",
        ),
        pytest.param(
            '<a rel="tag" href="/tag/deep-house-internet/">deep-house-internet</a>'
            '<a rel="tag" href="/search/label/housemarque">Housemarque</a>'
            '<a rel="tag" href="/tag/techno-logic/">techno-logic</a>',
            set(),
            id="G35",
        ),
        pytest.param(
            '<a rel="category" href="/c/house/">House</a> '
            '<a rel="category" href="/c/deep-house/">Deep House</a>',
            {"deep house"},
            id="G45",
        ),
        pytest.param(
            '<div class="tags">In <a href="/genre/dub/">Dub</a></div>', {"dub"}, id="meta line without rel"
        ),
        pytest.param(
            '<p>By <a href="/?author=4">Nina</a> in <a href="/?cat=11" rel="category">Techno</a></p>',
            {"techno"},
            id="WordPress without permalinks",
        ),
        pytest.param(
            '<p>tags: <a href="/tag/dub.html">Dub</a> <a href="/tag/x.html">x</a></p>',
            {"dub"},
            id="line of links",
        ),
        pytest.param(
            '<a rel="tag" href="/tag/deep-house-2/">see all</a>', {"deep house"}, id="slug of the address"
        ),
        pytest.param('<a rel="tag" href="/tag/dub/">#Dub (12)</a>', {"dub"}, id="sign and count"),
    ],
)
def test_what_the_post_is_filed_under(
    read_post: Callable[..., Understood], meta: str, expected: set[str]
) -> None:
    post = read_post(meta=meta).post
    assert set(post.genres) == expected
    assert {found.trust for found in post.evidence} <= {Trust.FILED}


@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        pytest.param("type-post category-deep-house tag-free-download", {"deep house"}, id="G18"),
        pytest.param("type_audio deep_house music berlin scrollable", {"deep house"}, id="G20"),
        pytest.param("category-deep-house-internet tag-techno-logic", set(), id="G35"),
        pytest.param("tag--wave category-2", set(), id="what is left of a name in another script"),
        pytest.param("techno house audio", set(), id="words of a theme that is not Tumblr's"),
    ],
)
def test_class_names_of_the_post(
    read_post: Callable[..., Understood], classes: str, expected: set[str]
) -> None:
    assert set(read_post(classes=classes).post.genres) == expected


@pytest.mark.parametrize(
    "categories", [("Tech House", "tech-house", "Reviews"), ("tech-house",)], ids=["G21 both", "G21 slug"]
)
def test_categories_of_an_api_count_once(
    read_post: Callable[..., Understood], categories: tuple[str, ...]
) -> None:
    post = read_post(categories=categories).post
    assert post.genres == ("tech house",)
    assert [(found.trust, found.source) for found in post.evidence] == [(Trust.FILED, "category")]
