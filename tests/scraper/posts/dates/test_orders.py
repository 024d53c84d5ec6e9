"""Whether the day or the month comes first."""

from __future__ import annotations

import pytest
from lxml import html

from scraper.posts.dates.orders import day_first_in, day_is_first, mark_of


@pytest.mark.parametrize(
    ("language", "first"),
    [
        pytest.param("en", None, id="D5-en-alone"),
        pytest.param("en-US", False, id="D5-en-US"),
        pytest.param("en_US", False, id="D5-as-in-og-locale"),
        pytest.param("en-GB", True, id="D5-en-GB"),
        pytest.param("en-Latn-GB", True, id="D5-with-a-script"),
        pytest.param("en-CA", None, id="D5-where-both-are-used"),
        pytest.param("de", True, id="D5-de"),
        pytest.param("de-AT", True, id="D5-de-AT"),
        pytest.param("de-DE-formal", True, id="D5-a-variant-of-WordPress"),
        pytest.param("fr-FR", True, id="D5-fr"),
        pytest.param("fr-CA", None, id="D5-fr-CA"),
        pytest.param("pt_BR", True, id="D5-pt"),
        pytest.param("es-PR", False, id="D5-es-PR"),
        pytest.param("ja", None, id="D5-the-year-first"),
        pytest.param("tlh", None, id="D5-an-unknown-language"),
        pytest.param("", None, id="D5-empty"),
        pytest.param(None, None, id="D5-nothing"),
    ],
)
def test_a_language_has_an_order_or_none(language: str | None, first: bool | None) -> None:
    assert day_first_in(language) is first


@pytest.mark.parametrize(
    ("page", "language", "first"),
    [
        pytest.param("<p>15/04/2024</p>", None, True, id="D5-one-proof"),
        pytest.param("<p>04/15/2024</p>", "de", False, id="D5-proof-before-language"),
        pytest.param("<li>a 15/04/2024 b</li><li>16/04/2024</li>", "en", True, id="D5-two-that-agree"),
        pytest.param("<p>15/04/2024</p><p>04/15/2024</p>", None, None, id="D5-two-that-do-not"),
        pytest.param(
            "<p>15/04/2024</p><p>04/15/2024</p>", "en-US", False, id="D5-two-that-do-not-and-a-language"
        ),
        pytest.param("<p>15-04-2024, 15.04.2024</p>", None, None, id="D5-another-notation"),
        pytest.param("<p>01/02/2024 05/05/2024</p>", None, None, id="D5-none-that-is-clear"),
        pytest.param("<p>9/15/04/2024 15/04/20245 1.15/04/2024</p>", None, None, id="D5-no-dates"),
        pytest.param(
            "<script>'15/04/2024'</script><!-- 15/04/2024 -->", None, None, id="D5-nothing-that-is-seen"
        ),
    ],
)
def test_other_dates_of_the_page_or_its_language_tell_the_order(
    page: str, language: str | None, first: bool | None
) -> None:
    tree = html.document_fromstring(f"<body>{page}<p>03/04/2024</p></body>")
    assert day_is_first(tree, "/", language=language) is first


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("03/04/2024", "/"),
        ("on 3-4-2024", "-"),
        ("13/04/2024", None),
        ("04/04/2024", None),
        ("03.04.2024", None),
        ("x", None),
    ],
)
def test_a_date_that_could_be_two_is_known(text: str, mark: str | None) -> None:
    assert mark_of(text) == mark
