"""What elements are known by, asked quickly and asked in full."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from scraper.posts.page.furniture import is_furniture, is_hidden, is_suspect
from scraper.posts.page.kinds import (
    CONTAINER,
    CONTENT,
    FILING,
    FURNITURE,
    HEADING,
    META,
    STATING,
    SURROUNDINGS,
    SUSPECT,
    UNSEEN,
    all_of_kinds,
    kinds_of,
)
from scraper.posts.page.marks import class_look, rules

TAGS = st.sampled_from(["div", "article", "aside", "nav", "p", "section", "main"])
VALUES = st.sampled_from(
    ["entry-content", "widget", " Sidebar ", "post x", "article", "https://schema.org/BlogPosting", "articleBody",
     "ad-top", "Comment-1", "main", "x", "", "display: none", "color: red", "Visibility:hidden", "screen-reader-text"]
)  # fmt: skip
ATTRIBUTES = st.dictionaries(
    st.sampled_from(["class", "id", "role", "itemtype", "itemprop", "style", "hidden", "href"]),
    VALUES,
    max_size=4,
)


def element(tag: str, attributes: dict[str, str]) -> html.HtmlElement:
    made: html.HtmlElement = html.Element(tag)
    for name, value in attributes.items():
        made.set(name, value)
    return made


@settings(deadline=None, max_examples=300)
@given(TAGS, ATTRIBUTES)
def test_an_element_is_known_where_something_is_found_on_it(tag: str, attributes: dict[str, str]) -> None:
    known, made = rules(), element(tag, attributes)
    told = {
        CONTAINER: known.container, CONTENT: known.content, META: known.meta,
        SURROUNDINGS: known.surroundings, FURNITURE: known.furniture,
    }  # fmt: skip
    for kind, marks in told.items():
        assert bool(kinds_of(made) & kind) == (marks.found_on(made) is not None)


@settings(deadline=None, max_examples=300)
@given(TAGS, ATTRIBUTES)
def test_furniture_and_what_is_hidden_is_always_suspect(tag: str, attributes: dict[str, str]) -> None:
    made = element(tag, attributes)
    assert is_suspect(made) or not (is_furniture(made) or is_hidden(made))


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.tuples(TAGS, ATTRIBUTES), max_size=5), st.sampled_from([CONTAINER, META | FURNITURE, SUSPECT])
)
def test_many_elements_are_known_as_each_of_them_is(
    made: list[tuple[str, dict[str, str]]], wanted: int
) -> None:
    elements = [element(tag, attributes) for tag, attributes in made]
    each = [(one, kinds) for one in elements if (kinds := kinds_of(one)) & wanted]
    assert all_of_kinds(elements, wanted) == each


@pytest.mark.parametrize(
    ("tag", "attributes", "kinds"),
    [
        ("h2", {}, HEADING),
        ("p", {"itemprop": "genre"}, STATING),
        ("p", {"class": "x category-house"}, FILING),
        ("p", {"class": "mytag-house"}, FILING),
        ("p", {"class": "tags1", "itemprop": "genres"}, 0),
    ],
)
def test_what_is_looked_for_only_where_it_is(tag: str, attributes: dict[str, str], kinds: int) -> None:
    assert kinds_of(element(tag, attributes)) == kinds


@pytest.mark.parametrize(
    ("attributes", "mark"),
    [
        ({"class": "x Post", "role": "article"}, ".post"),
        ({"role": " Article "}, "role Article"),
        ({"itemtype": "http://schema.org/BlogPosting"}, "microdata blogposting"),
        ({"class": "posts"}, None),
    ],
)
def test_the_first_mark_of_an_element_is_told(attributes: dict[str, str], mark: str | None) -> None:
    assert rules().container.found_on(element("div", attributes)) == mark


def test_a_class_attribute_of_any_length_is_read() -> None:
    look = class_look(frozenset({"post"}))
    assert [look(f"{'x ' * count}post") for count in (0, 10, 10_000)] == [".post"] * 3


def test_more_values_than_are_kept_are_told_as_well() -> None:
    kinds = [kinds_of(element("div", {"class": f"post n{number}"})) for number in range(5_000)]
    assert set(kinds) == {CONTAINER}
    assert kinds_of(element("div", {"class": f"{'x ' * 1_000}entry-meta sr-only"})) == META | UNSEEN
