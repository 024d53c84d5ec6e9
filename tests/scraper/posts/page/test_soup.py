"""From lxml's nodes to BeautifulSoup: the same tree as parsing the markup again would give."""

from __future__ import annotations

from copy import copy
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from scraper.posts.page.document import parse_fragment
from scraper.posts.page.scope import Scope
from scraper.posts.page.soup import soup_of

TITLE = "<h1>Kora - Lines</h1>"


def soup(markup: str) -> Tag:
    return soup_of(Scope(body=parse_fragment(markup), meta=(), how=""))


def test_text_stands_where_it_stood() -> None:
    assert str(soup("a<p>b<b>c</b>d</p>e<br>f")) == "<body>a<p>b<b>c</b>d</p>e<br/>f</body>"


def test_attributes_are_text_as_written() -> None:
    link = soup('<a class="x  y" rel="tag nofollow" href="?a=1&amp;b=ü x">t</a>').find("a")
    assert isinstance(link, Tag)
    assert link.attrs == {"class": "x  y", "rel": "tag nofollow", "href": "?a=1&b=ü x"}


def test_comments_are_left_out_and_the_text_behind_them_is_not() -> None:
    assert str(soup("<p>a<!-- b -->c<?pi d?>e</p>")) == "<body><p>ace</p></body>"


@pytest.mark.parametrize(
    ("markup", "texts"),
    [
        ("\n<div> <p>a</p>\n<br> <ul>\n<li>b</li> </ul>c</div>\n", ["a", "b", "c"]),
        ("<div>a <b>b</b> <i>c</i> <p>d</p></div>", ["a ", "b", " ", "c", " ", "d"]),
        ("<p> <b>a</b><br> b</p>", [" ", "a", " b"]),
        ("<a><div>a</div> <div>b</div></a>", ["a", " ", "b"]),
        ("<span><div>a</div> </span>", ["a", " "]),
        ("<pre> <div>a</div>\n</pre>", [" ", "a", "\n"]),
    ],
)
def test_blanks_that_nobody_sees_between_blocks_are_left_out(markup: str, texts: list[str]) -> None:
    assert soup(markup).find_all(string=True) == texts


def test_the_text_of_scripts_styles_and_templates_is_no_text() -> None:
    read = soup("<p>a</p><script>b</script><style>c</style><template><p>d<i>e</i></p></template>")
    assert read.get_text() == "a"
    assert [type(text).__name__ for text in read.find_all(string=True)] == [
        "NavigableString", "Script", "Stylesheet", "TemplateString", "TemplateString",
    ]  # fmt: skip
    script = read.find("script")
    assert isinstance(script, Tag)
    assert script.string == "b"


def test_of_what_a_frame_holds_the_words_are_kept() -> None:
    markup = "<p>a<iframe src=x><a href='/y'>Lines by <b>Kora</b> &amp; Co</a></iframe></p>"
    frame = soup(markup).find("iframe")
    assert isinstance(frame, Tag)
    assert " ".join(frame.get_text().split()) == "Lines by Kora & Co"
    assert frame.find(True) is None


def test_meta_lines_with_the_title_come_before_the_post_and_others_behind() -> None:
    body, title, date = (parse_fragment(each) for each in ("post", TITLE, "2024-05-01"))
    assert (
        soup_of(Scope(body=body, meta=(date, title), how="")).get_text(" ") == "Kora - Lines post 2024-05-01"
    )


def test_what_stands_behind_the_post_is_not_in_it() -> None:
    page = parse_fragment("<div>post</div>behind")
    assert soup_of(Scope(body=page[0], meta=(), how="")).get_text() == "post"


@pytest.mark.parametrize("name", ["p", "br", "script"])
def test_a_laid_element_has_all_that_beautifulsoup_writes_to_its_own(name: str) -> None:
    markup = f"<div>a<{name} class='b'>c</{name}>d</div>"
    pairs = zip(BeautifulSoup(markup, "lxml").find_all("div"), soup(markup).find_all("div"), strict=True)
    for parsed, laid in pairs:
        for own, other in zip([parsed, *parsed.descendants], [laid, *laid.descendants], strict=True):
            # Of a name that it does not have a tag says None: it looks for an element of that name.
            known = {*vars(other), *(each for kind in type(other).__mro__ for each in vars(kind))}
            assert known >= {*vars(own)}
            assert type(other) is type(own) or isinstance(other, Tag)


@pytest.mark.parametrize("markup", ["<p class='b c'>a<br><b>d</b></p>", "<script>x</script>"])
def test_a_laid_element_is_copied_and_written_as_any_other(markup: str) -> None:
    (laid,) = soup(markup).find_all(["p", "script"])
    assert str(copy(laid)) == str(laid) == str(BeautifulSoup(markup, "html.parser")).replace("'", '"')


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.sampled_from((
            "<p>", "</p>", "<b>", "</b>", "<div class='a b'>", "</div>", "<a href=x>", "</a>", "<ul><li>", "</ul>",
            "<table><tr><td>", "</table>", "text", " ", "\n", "<br>", "<!-- x -->", "<script>y</script>", "&amp;",
        ))
    )
)  # fmt: skip
def test_any_tree_is_laid_as_lxml_has_it_and_can_be_walked_both_ways(pieces: list[str]) -> None:
    body = parse_fragment("".join(pieces))
    read = soup_of(Scope(body=body, meta=(), how=""))
    assert [tag.name for tag in read.find_all(name=True)] == [each.tag for each in body.iter(etree.Element)]
    laid, text = "".join(read.find_all(string=True)), "".join(body.itertext(etree.Element))
    assert "".join(laid.split()) == "".join(text.split())
    walked = [read, *read.descendants]
    for before, after in pairwise(walked):
        assert before.next_element is after
        assert after.previous_element is before
        assert after.parent is not None
        assert isinstance(after, Tag | NavigableString)
        assert after in after.parent.contents
    assert walked[-1].next_element is None


def test_attributes_whose_names_are_none_are_read_as_they_are() -> None:
    broken = soup('<p \x01lang="en" class="a">x</p>').find("p")
    assert isinstance(broken, Tag)
    assert broken.attrs == {"\x01lang": "en", "class": "a"}
