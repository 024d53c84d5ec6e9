"""All that a query may ask for, together: what it promises, excludes and says of itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.counted import BlogDefaults
from filters.criteria import Criteria
from filters.free_text import said
from filters.graph import default_graph
from filters.wants import Wants
from storage.records import Evidence, Link, LinkKind, Post, Trust

GRAPH = default_graph()
NAMES = st.lists(st.sampled_from(GRAPH.names), max_size=5)


def post(*genres: str) -> Post:
    return Post(
        url="https://blog.example/p",
        key="https://blog.example/p",
        blog="https://blog.example/",
        title="Kora – Lines",
        genres=genres,
    )


@pytest.mark.parametrize(
    ("criteria", "text"),
    [
        (Criteria(from_text=True), "any genre; from text"),
        (
            Criteria(defaults=BlogDefaults(genres=(("https://b.example/", ("house", "dub")),))),
            "any genre; house, dub for https://b.example/",
        ),
        (Criteria(text=("ivo tarn", "kora")), "any genre; saying 'ivo tarn' or 'kora'"),
        (Criteria(exclude_text=("live",)), "any genre; not saying 'live'"),
        (
            Criteria(
                genres=("house",),
                from_text=True,
                text=("kora",),
                wants=Wants(kinds=(LinkKind.DIRECT,), prefer="mp3"),
            ),
            "house; from text; saying 'kora'; links of kind direct; mp3 preferred",
        ),
    ],
)
def test_a_query_describes_all_that_it_asks_for(criteria: Criteria, text: str) -> None:
    assert criteria.describe() == text


WORDS = st.lists(st.sampled_from(["kora", "Lines", "Ivo Tarn", "kōra", "live"]), max_size=3)
QUERIES = st.builds(
    Criteria.parse,
    NAMES,
    graph=st.just(GRAPH),
    exclude=NAMES,
    exact=st.booleans(),
    from_text=st.booleans(),
    text=WORDS,
    exclude_text=WORDS,
    defaults=st.builds(lambda names: BlogDefaults(genres=(("https://blog.example/", tuple(names)),)), NAMES),
    wants=st.builds(
        Wants.parse,
        kinds=st.lists(st.sampled_from([LinkKind.DIRECT, LinkKind.HOSTER])),
        formats=st.lists(st.sampled_from(["mp3", "flac"])),
        prefer=st.sampled_from([None, "mp3", "all"]),
    ),
)
WHOLE_POSTS = st.builds(
    lambda stated, text, link_text, kind: replace(
        post(*stated),
        evidence=tuple(Evidence(genre=one, trust=Trust.PROSE, source="text", text=one) for one in text),
        links=(Link(url="u", key="u", kind=kind, host="h", text=link_text),),
    ),
    NAMES,
    NAMES,
    st.sampled_from(["Ivo Tarn – Kettle", "Download", "live"]),
    st.sampled_from(LinkKind),
)


@given(one=QUERIES, other=QUERIES)
@settings(deadline=None)
def test_equal_criteria_have_equal_lines_and_others_have_others(one: Criteria, other: Criteria) -> None:
    assert (one == other) is (one.describe() == other.describe())


@given(criteria=QUERIES, whole=WHOLE_POSTS)
@settings(deadline=None)
def test_a_glance_promises_all_that_the_whole_post_matches(criteria: Criteria, whole: Post) -> None:
    glance = criteria.glance(replace(whole, evidence=(), links=()), GRAPH, now=0.0)
    match = criteria.match(whole, GRAPH, now=0.0)
    assert set(match.matched) <= set(glance.matched)
    assert bool(glance) == (glance.reason is None)


@given(criteria=QUERIES, whole=WHOLE_POSTS)
@settings(deadline=None)
def test_what_is_excluded_never_matches(criteria: Criteria, whole: Post) -> None:
    if criteria.match(whole, GRAPH, now=0.0):
        genres = set(criteria.counted(whole, GRAPH).genres)
        assert genres.isdisjoint(criteria.exclude)
        assert not said(criteria.exclude_text, whole)


@pytest.mark.parametrize(
    ("criteria", "outline", "matched"),
    [
        pytest.param(Criteria(genres=("house",)), post("deep house"), ("house",), id="stated"),
        pytest.param(Criteria(genres=("house",)), post(), (), id="no genre"),
        pytest.param(Criteria(genres=("house",), from_text=True), post(), ("house",), id="its text may tell"),
        pytest.param(Criteria(genres=("house",), from_text=True), post("dub"), (), id="it has told already"),
        pytest.param(Criteria(exclude=("dub",), from_text=True), post("dub"), (), id="excluded"),
        pytest.param(Criteria(text=("ivo",)), post(), ("any",), id="its links may say it"),
        pytest.param(Criteria(exclude_text=("kora",)), post(), (), id="it says what it must not"),
        pytest.param(Criteria(wants=Wants(formats=("flac",))), post(), ("any",), id="its links are not here"),
    ],
)
def test_a_glance_at_an_outline_drops_only_what_cannot_match(
    criteria: Criteria, outline: Post, matched: tuple[str, ...]
) -> None:
    assert criteria.glance(outline, GRAPH, now=0.0).matched == matched
