"""The lines of a post: where they end, what is seen of them, and where they stand."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.posts.page.document import parse_fragment
from scraper.posts.page.lines import EDGE, MAX_LINE, MAX_LINES, TextLine, read_lines, squeezed, visible_text
from scraper.posts.page.scope import Scope
from scraper.posts.page.soup import soup_of


def lines(markup: str) -> list[TextLine]:
    return read_lines(soup_of(Scope(body=parse_fragment(markup), meta=(), how="")))


@pytest.mark.parametrize(
    ("markup", "texts"),
    [
        pytest.param("a<br>b<br/>c", ["a", "b", "c"], id="line breaks"),
        pytest.param("<p>a</p>b<div>c</div>d", ["a", "b", "c", "d"], id="blocks"),
        pytest.param("<p>a <b>b</b>\n c</p>", ["a b c"], id="inline elements and spaces"),
        pytest.param("<p>a\n\nb</p>", ["a", "b"], id="a blank line of the source"),
        pytest.param("<p>a\nb</p>", ["a b"], id="a line of the source"),
        pytest.param("<pre>a\nb</pre>", ["a", "b"], id="pre"),
        pytest.param("<pre><span>a\nb</span></pre>", ["a", "b"], id="within pre"),
        pytest.param("<p>a<script>x</script><select><option>y</select>b</p>", ["ab"], id="silent elements"),
        pytest.param("<p> \xa0 </p><p><b></b></p>", [], id="nothing to see"),
        pytest.param("<p>Te\xadch\u200bno \u202ex</p>", ["Techno x"], id="invisible characters"),
        pytest.param("<p>Cafe\u0301</p>", ["Café"], id="composed"),
        pytest.param("<ruby>音<rt>おん</rt></ruby>", ["音"], id="readings of characters"),
    ],
)
def test_lines_end_where_a_browser_ends_them(markup: str, texts: list[str]) -> None:
    assert [line.text for line in lines(markup)] == texts


@settings(deadline=None, max_examples=200)
@given(st.text(st.sampled_from("ab \n\t\xa0\x1c\u2003é\ue000"), max_size=12))
def test_words_are_parted_by_single_blanks(text: str) -> None:
    assert squeezed(text) == " ".join(text.split())


def test_edges_of_inline_elements_are_marked_and_not_in_the_text() -> None:
    (line,) = lines("<p>a <b>b</b> c</p>")
    assert (line.text, line.marked) == ("a b c", f"a {EDGE}b{EDGE} c")


@pytest.mark.parametrize(
    "markup", ["<table><tr><td>a<td>b<tr><td>c</table>", "<dl><dt>a<dd>b</dl><dl><dt>c</dl>"]
)
def test_rows_and_cells_are_numbered(markup: str) -> None:
    a, b, c = lines(markup)
    assert a.group == b.group != c.group
    assert len({a.cell, b.cell, c.cell}) == 3


@pytest.mark.parametrize(
    ("markup", "filed"),
    [
        ('<div class="x Entry-Meta">a</div>', True),
        ('<section class="entry-meta"><p><b>a</b></p></section>', True),
        ("<footer>a</footer>", True),
        ('<div class="x">a</div>', False),
    ],
)
def test_what_stands_in_a_meta_line_is_filed(markup: str, filed: bool) -> None:
    assert [line.filed for line in lines(markup)] == [filed]


def test_a_link_has_its_text_and_the_words_of_its_rel() -> None:
    (line,) = lines('<p>in <a href="/t/" rel="Category tag"> Deep\n <i>House</i></a></p>')
    (link,) = line.links
    assert (link.text, link.href, link.rel) == ("Deep House", "/t/", ("category", "tag"))


def test_a_link_around_blocks_is_in_the_first_line_that_it_holds() -> None:
    first, second = lines('<a href="/t/"><p>a</p><p>b</p></a>')
    assert ([link.text for link in first.links], second.links) == (["ab"], ())


@pytest.mark.parametrize("parser", ["lxml", "html.parser"])
def test_lines_are_the_same_whoever_made_the_soup(parser: str) -> None:
    markup = '<div class="entry-meta">in <a href="/t/" rel="tag">House</a></div><p>a <b>b</b><br>c</p>'
    assert read_lines(BeautifulSoup(markup, parser)) == lines(markup)


def test_texts_are_plain_whatever_they_were() -> None:
    markup = '<p>a <a href="/ü">ü</a></p>'
    for line in lines(markup):
        texts = (line.text, line.marked, *(text for link in line.links for text in (link.text, link.href)))
        assert {type(text) for text in texts} == {str}
    string = BeautifulSoup("ü", "html.parser").string
    assert string is not None
    assert type(visible_text(string)) is str


def test_l53_lines_and_their_length_are_limited() -> None:
    read = lines("<p>" + "x" * (MAX_LINE + 5) + "<br>y" * (MAX_LINES + 5))
    assert (len(read), len(read[0].text)) == (MAX_LINES, MAX_LINE)


def test_l53_deep_nests_are_read() -> None:
    soup = BeautifulSoup("<div>" * 3000 + "deep", "html.parser")
    assert [line.text for line in read_lines(soup)] == ["deep"]
