from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.counted import Basis, BlogDefaults, Counted, counted_genres
from filters.criteria import Criteria
from filters.graph import default_graph
from storage.records import Evidence, Post, Trust

GRAPH = default_graph()
BLOG = "https://blog.example/"
DEFAULTS = BlogDefaults(genres=((BLOG, ("techno",)),))


def post(stated: tuple[str, ...] = (), text: tuple[str, ...] = (), blog: str = BLOG) -> Post:
    return Post(
        url=f"{blog}p",
        key=f"{blog}p",
        blog=blog,
        title="Kora – Lines",
        genres=stated,
        evidence=(
            *(Evidence(genre=name, trust=Trust.LABEL, source="label", text=name) for name in stated),
            *(Evidence(genre=name, trust=Trust.PROSE, source="text", text=name) for name in text),
        ),
    )


@pytest.mark.parametrize(
    ("given_post", "from_text", "genres", "basis"),
    [
        pytest.param(post(("house",), ("trance",)), True, ("house",), Basis.STATED, id="stated first"),
        pytest.param(post((), ("trance",)), True, ("trance",), Basis.TEXT, id="then the text"),
        pytest.param(post((), ("trance",)), False, ("techno",), Basis.BLOG, id="the text only if asked for"),
        pytest.param(post((), ("house", "deep house")), True, ("deep house",), Basis.TEXT, id="A1 in text"),
        pytest.param(post(), True, ("techno",), Basis.BLOG, id="then the blog"),
        pytest.param(post(blog="https://c.example/"), True, (), None, id="another blog"),
    ],
)
def test_the_first_that_says_anything_counts(
    given_post: Post, from_text: bool, genres: tuple[str, ...], basis: Basis | None
) -> None:
    counted = counted_genres(given_post, GRAPH, from_text=from_text, defaults=DEFAULTS)
    assert counted == Counted(genres=genres, basis=basis)


def test_a_blog_is_known_by_its_identity() -> None:
    defaults = BlogDefaults(genres=(("b", ("house",)),), identity=lambda blog: blog[0])
    assert defaults.of("b.example") == ("house",)
    assert defaults.of("c.example") == ()


@pytest.mark.parametrize(
    ("given_post", "query", "exclude", "matched", "reason"),
    [
        (post((), ("deep house",)), ["house"], [], ("house",), None),
        (post((), ("deep house",)), ["any"], ["house"], (), "excluded: house"),
        (post((), ("deep house",)), ["dub"], [], (), "genres deep house (text), not dub"),
        (post(), ["techno"], [], ("techno",), None),
        (post(), ["any"], ["techno"], (), "excluded: techno"),
        (post(), ["dub"], [], (), "genres techno (default of the blog), not dub"),
        (post(("dub",), ("house",)), ["house"], [], (), "genres dub, not house"),
    ],
)
def test_matching_and_exclusion_see_the_genres_that_count(
    given_post: Post, query: list[str], exclude: list[str], matched: tuple[str, ...], reason: str | None
) -> None:
    criteria = Criteria.parse(query, exclude=exclude, from_text=True, defaults=DEFAULTS, graph=GRAPH)
    match = criteria.match(given_post, GRAPH, now=0.0)
    assert (match.matched, match.reason) == (matched, reason)


def test_a_post_that_names_a_genre_in_its_text_alone_is_told_so() -> None:
    match = Criteria.parse(["house"], graph=GRAPH).match(post((), ("house",)), GRAPH, now=0.0)
    assert match.reason == "no genre found but in its text: house"


def test_the_export_of_a_post_has_the_genres_that_count() -> None:
    criteria = Criteria.parse(["any"], from_text=True, defaults=DEFAULTS, graph=GRAPH)
    assert criteria.as_counted(post((), ("house",)), GRAPH).genres == ("house",)
    assert criteria.as_counted(post(), GRAPH).genres == ("techno",)
    stated = post(("dub",), ("house",))
    assert criteria.as_counted(stated, GRAPH) is stated


NAMES = st.lists(st.sampled_from(GRAPH.names), max_size=3).map(tuple)


@given(stated=NAMES, text=NAMES, default=NAMES, from_text=st.booleans())
def test_genres_come_from_one_place_and_say_from_which(
    stated: tuple[str, ...], text: tuple[str, ...], default: tuple[str, ...], from_text: bool
) -> None:
    defaults = BlogDefaults(genres=((BLOG, default),))
    counted = counted_genres(post(stated, text), GRAPH, from_text=from_text, defaults=defaults)
    sources = {Basis.STATED: stated, Basis.TEXT: text if from_text else (), Basis.BLOG: default}
    first = next((basis for basis, genres in sources.items() if genres), None)
    assert counted.basis is first
    assert set(counted.genres) <= set(sources[first] if first else ())
    assert bool(counted.genres) is (first is not None)
