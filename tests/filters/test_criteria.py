from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.criteria import Criteria
from filters.graph import default_graph
from filters.query import UnknownGenreError
from storage.errors import CratedigError
from storage.records import Post, Precision, Published

GRAPH = default_graph()


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


NOW = at("2024-06-01")


def post(*genres: str, published: str | None = None, precision: Precision = Precision.TIME) -> Post:
    when = published and Published(
        text=published,
        precision=precision,
        timestamp=at(published if len(published) > 7 else f"{published}-01"),
    )
    return Post(
        url="https://blog.example/p",
        key="https://blog.example/p",
        blog="https://blog.example/",
        title="Kora – Lines",
        published=when or None,
        genres=genres,
    )


@pytest.mark.parametrize(
    ("words", "genres"),
    [
        (["house", "techno"], ("house", "techno")),
        (["DnB"], ("drum and bass",)),
        (["Drum & Bass", "dnb"], ("drum and bass",)),
        (["minimal"], ("minimal house", "minimal techno")),
        (["house,techno"], ("house", "techno")),
        (["melodic house & techno"], ("melodic house", "melodic techno")),
        (["house", "deep house"], ("house", "deep house")),
        (["any"], ()),
        ([" ANY "], ()),
        ([], ()),
    ],
)
def test_words_of_a_query_mean_genres(words: list[str], genres: tuple[str, ...]) -> None:
    assert Criteria.parse(words, graph=GRAPH).genres == genres
    assert Criteria.parse([], exclude=[word for word in words if genres], graph=GRAPH).exclude == genres


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["hosue"], "No genre is called 'hosue'. Did you mean house"),
        (["techno", "tecno house"], "No genre is called 'tecno house'. Did you mean tech house"),
        (["hosue"], "Use --genres any to keep every post"),
        (["xqzw"], "No genre is called 'xqzw'. Use --genres any to keep every post"),
        (["house", "any"], "No genre is called 'any'"),
        (["mashup"], "No genre is called 'mashup'"),
        ([""], "No genre is called ''"),
        (["\x1b[31mred"], r"No genre is called '\x1b[31mred'"),
    ],
)
def test_an_unknown_word_is_named_with_its_neighbours(words: list[str], message: str) -> None:
    with pytest.raises(UnknownGenreError) as caught:
        Criteria.parse(words, graph=GRAPH)
    assert message in str(caught.value)


def test_an_unknown_exclusion_is_named_with_its_neighbours() -> None:
    with pytest.raises(UnknownGenreError, match=r"Did you mean trance.*Check its spelling"):
        Criteria.parse(["any"], exclude=["trnace"], graph=GRAPH)


def test_an_empty_window_is_refused() -> None:
    with pytest.raises(CratedigError, match="since 2024-05-02 until 2024-05-01"):
        Criteria.parse(["any"], since=at("2024-05-02"), until=at("2024-05-01"), graph=GRAPH)


@pytest.mark.parametrize(
    ("query", "exact", "genres", "matched"),
    [
        (["house"], False, ["house"], ("house",)),
        (["house"], False, ["deep house"], ("house",)),
        (["house", "deep house", "techno"], False, ["deep tech"], ("house", "techno")),
        (["house"], False, ["uk garage"], ()),
        (["house"], True, ["deep house"], ()),
        (["deep house"], True, ["deep house"], ("deep house",)),
        (["deep house"], False, ["house"], ()),
        (["house"], False, [], ()),
        (["house"], False, ["no longer in the graph"], ()),
        (["any"], False, [], ("any",)),
        (["any"], True, ["trance"], ("any",)),
    ],
)
def test_a_query_matches_its_genre_and_what_is_below_a1(
    query: list[str], *, exact: bool, genres: list[str], matched: tuple[str, ...]
) -> None:
    match = Criteria.parse(query, exact=exact, graph=GRAPH).match(post(*genres), GRAPH, now=NOW)
    assert match.matched == matched
    assert bool(match) == bool(matched)
    assert (match.reason is None) == bool(matched)


@pytest.mark.parametrize(
    ("exclude", "exact", "genres", "wanted"),
    [
        (["trance"], False, ["house", "trance"], False),
        (["trance"], False, ["house", "goa trance"], False),
        (["trance"], True, ["house", "goa trance"], True),
        (["trance"], True, ["house", "trance"], False),
        (["goa trance"], False, ["trance", "house"], True),
        (["house"], False, ["house"], False),
    ],
)
def test_exclusion_wins(exclude: list[str], *, exact: bool, genres: list[str], wanted: bool) -> None:
    for query in (["house"], ["any"]):
        criteria = Criteria.parse(query, exclude=exclude, exact=exact, graph=GRAPH)
        assert bool(criteria.match(post(*genres), GRAPH, now=NOW)) is wanted


SINCE, UNTIL = "2024-05-01", "2024-05-20T12:30"


@pytest.mark.parametrize(
    ("published", "precision", "wanted"),
    [
        pytest.param(None, Precision.TIME, True, id="no date"),
        pytest.param("2024-05-01T00:00:00", Precision.TIME, True, id="since is inclusive"),
        pytest.param("2024-04-30T23:59:59", Precision.TIME, False, id="before"),
        pytest.param("2024-05-20T12:30:00", Precision.TIME, False, id="until is exclusive"),
        pytest.param("2024-05-20T12:29:59", Precision.TIME, True, id="last second"),
        pytest.param("2024-05-20", Precision.DAY, True, id="part of the day"),
        pytest.param("2024-05-21", Precision.DAY, False, id="day after"),
        pytest.param("2024-04-30", Precision.DAY, False, id="day before"),
        pytest.param("2024-04-28", Precision.WEEK, True, id="part of the week"),
        pytest.param("2024-04", Precision.MONTH, False, id="month before"),
        pytest.param("2024-05", Precision.MONTH, True, id="month inside"),
        pytest.param("2024-06-02T23:00:00", Precision.TIME, False, id="future, still plausible"),
        pytest.param("2030-12-12", Precision.DAY, True, id="D10"),
    ],
)
def test_the_window_counts_what_may_be_inside(
    published: str | None, precision: Precision, *, wanted: bool
) -> None:
    criteria = Criteria.parse(["any"], since=at(SINCE), until=at(UNTIL), graph=GRAPH)
    assert bool(criteria.match(post(published=published, precision=precision), GRAPH, now=NOW)) is wanted


@pytest.mark.parametrize(
    ("given_post", "reason"),
    [
        (post(), "no genre found"),
        (post("trance"), "genres trance, not house or techno"),
        (post("house", "gabber"), "excluded: gabber"),
        (post("house", published="2024-01-02"), "published 2024-01-02, before 2024-05-01"),
        (post("house", published="2024-05-25"), "published 2024-05-25, not before 2024-05-20T12:30Z"),
        (
            post("house", published="2024-05-20T13:00:00"),
            "published 2024-05-20T13:00:00, not before 2024-05-20T12:30Z",
        ),
    ],
)
def test_a_skip_says_why(given_post: Post, reason: str) -> None:
    criteria = Criteria.parse(
        ["house", "techno"], exclude=["gabber"], since=at(SINCE), until=at(UNTIL), graph=GRAPH
    )
    assert criteria.match(given_post, GRAPH, now=NOW).reason == reason


@pytest.mark.parametrize(
    ("criteria", "text"),
    [
        (Criteria(), "any genre"),
        (Criteria(genres=("house", "techno"), exact=True), "house, techno exactly"),
        (
            Criteria(
                genres=("house",), exclude=("trance",), since=at("2024-05-01"), until=at("2024-05-20T12:30")
            ),
            "house; without trance; since 2024-05-01; until 2024-05-20T12:30Z",
        ),
        (Criteria(since=1e300), "any genre; since 1e+300 s"),
    ],
)
def test_a_query_describes_itself(criteria: Criteria, text: str) -> None:
    assert criteria.describe() == text


NAMES = st.lists(st.sampled_from(GRAPH.names), max_size=5)


@given(query=NAMES, exclude=NAMES, genres=NAMES, exact=st.booleans())
@settings(deadline=None)
def test_a_post_matches_or_says_why(
    query: list[str],
    exclude: list[str],
    genres: list[str],
    exact: bool,
) -> None:
    criteria = Criteria.parse(query, exclude=exclude, exact=exact, graph=GRAPH)
    match = criteria.match(post(*genres), GRAPH, now=NOW)
    assert bool(match) == (match.reason is None)
    assert set(match.matched) <= {*query, "any"}
    assert not (match and set(genres) & set(exclude))
    if match and exact and query:
        assert set(match.matched) <= set(genres)
