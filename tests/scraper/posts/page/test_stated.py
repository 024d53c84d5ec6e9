"""What a page says to machines, wherever on it that stands."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.posts.page.document import parse_document, parse_fragment
from scraper.posts.page.stated import Stated, stated_in

PAGE = b"""<html><head><title>a</title><meta name="b"><base href="/c/">
<script type="application/ld+json">{"d": 1}</script><script>e</script></head>
<body><meta itemprop="f"><svg><title>g</title></svg><base href="/h/">
<script type="APPLICATION/LD+JSON">i</script><script type="application/ld+json"></script></body></html>"""

PIECES = ("<meta name='a'>", "<title>", "</title>", "<base href='/b/'>", "<p>", "</p>", "<svg>", "<!-- c -->",
          "<script type='application/ld+json'>", "<script>", "</script>", "{}", "text")  # fmt: skip


def test_each_kind_is_found_in_the_order_of_the_page_in_its_head_and_in_its_text() -> None:
    stated = stated_in(parse_document(PAGE, charset="utf-8"))
    assert [meta.get("name") or meta.get("itemprop") for meta in stated.metas] == ["b", "f"]
    assert [title.text for title in stated.titles] == ["a", "g"]
    assert [base.get("href") for base in stated.bases] == ["/c/", "/h/"]


def test_only_scripts_that_call_themselves_json_ld_are_data_and_an_empty_one_is_empty_text() -> None:
    assert list(stated_in(parse_document(PAGE, charset="utf-8")).json_ld) == ['{"d": 1}', ""]


def test_a_text_that_says_nothing_to_machines_gives_nothing() -> None:
    assert not any(stated_in(parse_fragment("<p>a</p>")))
    assert not any(Stated())


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(PIECES), max_size=20))
def test_one_look_finds_the_same_as_a_look_for_each_kind(pieces: list[str]) -> None:
    tree = parse_fragment("".join(pieces))
    stated = stated_in(tree)
    assert list(stated.metas) == list(tree.iter("meta"))
    assert list(stated.titles) == list(tree.iter("title"))
    assert list(stated.bases) == list(tree.iter("base"))
    scripts = (script for script in tree.iter("script") if "ld+json" in (script.get("type") or ""))
    assert list(stated.json_ld) == [script.text or "" for script in scripts]
