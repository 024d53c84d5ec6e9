"""Posts as WordPress describes them, whole, old and strange."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.blogs.ways.fields import MAX_TERMS, MAX_TITLE
from scraper.blogs.ways.wordpress_post import address_of, is_locked, listed_post

HOME = "https://b.example/"
URL = "https://b.example/kora-lines/"


def term(name: object, taxonomy: str = "post_tag", slug: object = None) -> dict[str, object]:
    return {"name": name, "taxonomy": taxonomy, "slug": slug or str(name).lower()}


def post(**fields: Any) -> dict[str, Any]:
    return {
        "id": 12,
        "link": URL,
        "title": {"rendered": "Kora &#8211; <em>Lines</em> &amp; Dots"},
        "date": "2024-05-01T12:00:00",
        "date_gmt": "2024-05-01T10:00:00",
        "modified_gmt": "1970-01-02T00:00:00",
        "content": {"rendered": "<p>Genre: Deep House</p>", "protected": False},
        **fields,
    }


def test_a_post_is_listed_with_all_that_is_said_of_it() -> None:
    media = {"media_type": "image", "source_url": "/files/a.jpg"}
    terms = [[term("Uncategorized", "category")], [term("Drum &amp; Bass"), term("")]]
    listed = listed_post(post(_embedded={"wp:term": terms, "wp:featuredmedia": [media]}), URL)
    assert (listed.url, listed.key, listed.id) == (URL, "https://b.example/kora-lines", "12")
    assert listed.title == "Kora – Lines & Dots"
    assert listed.published == "2024-05-01T10:00:00Z"
    assert listed.modified == 86_400
    assert listed.categories == ("Uncategorized", "Drum & Bass")
    assert listed.content == "<p>Genre: Deep House</p>"
    assert listed.cover == "https://b.example/files/a.jpg"


@pytest.mark.parametrize(
    ("gmt", "local", "published"),
    [
        ("2024-05-01T10:00:00", "2024-05-01T12:00:00", "2024-05-01T10:00:00Z"),
        ("2024-05-01T10:00:00Z", None, "2024-05-01T10:00:00Z"),
        ("2024-05-01T10:00:00+00:00", None, "2024-05-01T10:00:00+00:00"),
        ("0000-00-00T00:00:00", "2024-05-01T12:00:00", "2024-05-01T12:00:00"),
        ("-0001-11-30T00:00:00", "2024-05-01T12:00:00", "2024-05-01T12:00:00"),
        (None, "2024-05-01T12:00:00", "2024-05-01T12:00:00"),
        ("", "0000-00-00T00:00:00", None),
        (5, ["2024"], None),
    ],
)
def test_d9_the_date_is_the_one_of_the_world_where_there_is_one(
    gmt: object, local: object, published: str | None
) -> None:
    assert listed_post(post(date_gmt=gmt, date=local), URL).published == published


@pytest.mark.parametrize("stamp", ["0000-00-00T00:00:00", None, "", "now", 5, [], "9" * 5000])
def test_a_time_of_change_that_is_none_is_left_out(stamp: object) -> None:
    assert listed_post(post(modified_gmt=stamp), URL).modified is None


@pytest.mark.parametrize("number", [12, "12", 12.0])
def test_numbers_may_be_strings(number: object) -> None:
    assert listed_post(post(id=number), URL).id == "12"


@pytest.mark.parametrize("number", [None, "", -1, True, 1.5, "12a", [], 10**40])
def test_what_is_no_number_is_no_id(number: object) -> None:
    assert listed_post(post(id=number), URL).id is None


@pytest.mark.parametrize(
    "content",
    [
        None,
        "",
        [],
        {},
        {"rendered": None},
        {"rendered": ""},
        {"rendered": "\n\n"},
        {"rendered": "<p>A fine track. [&hellip;]</p>"},
        {"rendered": f'<p>A</p><a class="more-link" href="{URL}#more-12">More</a>'},
    ],
)
def test_p10_a_post_without_its_whole_content_is_listed_without(content: object) -> None:
    assert listed_post(post(content=content), URL).content is None


def test_missing_fields_leave_a_post_with_its_address() -> None:
    listed = listed_post({"link": URL}, URL)
    assert (listed.title, listed.published, listed.categories, listed.content) == (None, None, (), None)


def test_a_title_may_be_a_plain_string() -> None:
    assert listed_post(post(title="Kora"), URL).title == "Kora"


@pytest.mark.parametrize("protected", [True, 1, "1", "true"])
def test_a_post_behind_a_password_is_locked(protected: object) -> None:
    assert is_locked(post(content={"rendered": "", "protected": protected}))


@pytest.mark.parametrize("protected", [False, 0, "", "false", None, [], {}])
def test_other_posts_are_not_locked(protected: object) -> None:
    assert not is_locked(post(content={"rendered": "", "protected": protected}))


@pytest.mark.parametrize(
    ("link", "address"),
    [
        (URL, URL),
        ("http://www.b.example/kora-lines/", "http://www.b.example/kora-lines/"),
        ("/?p=12", "https://b.example/?p=12"),
        ("https://b.example/tag/house/", "https://b.example/tag/house/"),
        ("https://other.example/kora/", None),
        ("javascript:alert(1)", None),
        ("https://b.example:8080/a", None),
        ("", None),
        (None, None),
        (7, None),
        ("https://[", None),
    ],
)
def test_p7_p9_a_post_stands_where_the_blog_stands(link: object, address: str | None) -> None:
    assert address_of({"link": link}, HOME) == address


def test_names_of_every_taxonomy_count() -> None:
    terms = [
        [term("Music", "category")],
        [term("Deep House", "genre")],
        [{"code": "rest_forbidden"}],
        None,
        [4],
    ]
    assert listed_post(post(_embedded={"wp:term": terms}), URL).categories == ("Music", "Deep House")


def test_terms_beyond_the_ten_that_are_embedded_come_from_the_classes() -> None:
    names = [f"tag {number}" for number in range(10)]
    embedded = [[term(name, slug=name.replace(" ", "-")) for name in names]]
    classes = ["post-12", "category-music", *(f"tag-tag-{number}" for number in range(10)), "tag-deep-house"]
    listed = listed_post(post(tags=list(range(11)), class_list=classes, _embedded={"wp:term": embedded}), URL)
    assert listed.categories == (*names, "deep house")
    assert listed.content is not None
    gaps = {str(number): name for number, name in enumerate(classes)}
    assert listed == listed_post(
        post(tags=list(range(11)), class_list=gaps, _embedded={"wp:term": embedded}), URL
    )


@pytest.mark.parametrize("classes", [None, [], ["tag-31"], [31, None], "tag-house"])
def test_a_post_whose_terms_are_not_all_given_is_to_be_fetched(classes: object) -> None:
    listed = listed_post(post(tags=[31], class_list=classes, _embedded=None), URL)
    assert listed.content is None
    assert listed.title == "Kora – Lines & Dots"


def test_thousands_of_terms_and_long_names_are_cut() -> None:
    terms = [[term(f"t{number}") for number in range(9000)], [term("x" * 90_000)]]
    listed = listed_post(post(title={"rendered": "<a" * 50_000}, _embedded={"wp:term": terms}), URL)
    assert len(listed.categories) == MAX_TERMS
    assert len(listed.title or "") <= MAX_TITLE
    assert len(listed_post(post(_embedded={"wp:term": terms[1:]}), URL).categories[0]) == MAX_TITLE


@pytest.mark.parametrize(
    "media",
    [
        None,
        [],
        [{"code": "rest_forbidden", "data": {"status": 401}}],
        [{"source_url": None}],
        [{"media_type": "file", "source_url": "/a.pdf"}],
        [{"source_url": "javascript:alert(1)"}],
    ],
)
def test_what_is_no_image_is_no_cover(media: object) -> None:
    assert listed_post(post(_embedded={"wp:featuredmedia": media}), URL).cover is None


def test_hostile_52_lone_surrogates_and_nul_reach_no_field() -> None:
    bad = "a\ud800\x00b"
    listed = listed_post(
        post(
            title={"rendered": bad},
            content={"rendered": bad},
            _embedded={"wp:term": [[term(bad)]], "wp:featuredmedia": [{"source_url": f"/{bad}.jpg"}]},
        ),
        URL,
    )
    for text in (listed.title, listed.content, *listed.categories, listed.cover or ""):
        assert "\x00" not in (text or "")
        (text or "").encode()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(URL),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["rendered", "name"]), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*post(), "_embedded", "tags", "class_list"]), JSON))
def test_any_object_is_read(item: dict[str, object]) -> None:
    address_of(item, HOME)
    is_locked(item)
    listed_post(item, URL)
