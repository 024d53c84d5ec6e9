"""What differs from post to post is the post; what labels a value in it stays, though all posts say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from scraper.posts.page.document import parse_document
from scraper.posts.page.prints import PagePieces
from scraper.posts.page.repeats import Repeats
from scraper.posts.page.scope import find_scope

if TYPE_CHECKING:
    from scraper.posts.page.scope import Scope

# N stands for the number of the post.
TITLE = "Nemo Vale – Signal N"
TEXT = "<p>Signal N came out of the N rooms of a house by the sea, and N people heard it there.</p>"
MENU = '<div><div><a href="/">ALIEN</a></div><div><a href="/genre/trance/">ALIEN</a></div></div>'
SIDE = (
    "<div><div><h3>ALIEN</h3><p>Genre: ALIEN</p></div><ul><li><a href='/tag/a/'>ALIEN a</a></li>"
    "<li><a href='/tag/b/'>ALIEN b</a></li></ul><p><a href='/mix.mp3'>ALIEN mix</a></p></div>"
)
RECENT = (
    "<div><h3>Latest ALIEN</h3><ul><li><a href='/1/'>ALIEN one</a></li><li><a href='/2/'>ALIEN two</a></li>"
    "<li><a href='/3/'>ALIEN three</a></li><li><a href='/N/'>ALIEN N</a></li></ul></div>"
)
FILE = '<div><a href="/files/N.mp3">OWN file N</a></div>'


def page(body: str, number: int) -> bytes:
    whole = f"<html><head><title>{TITLE} - A blog</title></head><body>{body}</body></html>"
    return whole.replace(" N", f" {number}").replace("/N", f"/{number}").encode()


def found(body: str, *, posts: int = 4) -> str:
    """Return the markup of what is found on the first of some pages of a blog."""
    repeats = Repeats()
    trees = [parse_document(page(body, number), charset="utf-8") for number in range(11, 11 + posts)]
    for number, tree in enumerate(trees):
        repeats.add(str(number), PagePieces(tree).prints())
    return markup(find_scope(trees[0], url="https://blog.example/11/", furniture=repeats.furniture()))


def markup(scope: Scope) -> str:
    return "".join(etree.tostring(node, encoding="unicode") for node in (scope.body, *scope.meta))


SAME = {
    "a labelled line": "<p>Genre: OWN</p>",
    "lines between breaks": "<div>Genre: OWN<br>Format: MP3</div>",
    "a table of facts": "<table><tr><td>Genre</td><td>OWN</td></tr><tr><td>Format</td><td>MP3</td></tr></table>",
    "a definition list": "<dl><dt>Genre</dt><dd>OWN</dd></dl>",
    "facts under a heading": "<div><h4>Info</h4><p>Genre: OWN</p><p>Format: MP3</p></div>",
    "categories": '<p>in <a href="/category/x/">OWN</a></p>',
    "a list of tags": '<ul><li><a href="/tag/x/">OWN</a></li><li><a href="/tag/y/">OWN y</a></li></ul>',
    "words without a label": "<p>OWN words of the house</p>",
}


@pytest.mark.parametrize("same", SAME)
@pytest.mark.parametrize(
    "frame",
    [
        "<div>{menu}</div><div><div><h1>{title}</h1>{text}{same}{file}</div>{side}</div>",
        "<div>{menu}</div><div><div><div>{title}</div>{same}<div>{text}{text}</div>{file}</div>{side}</div>",
        "<table><tr><td>{menu}</td><td><b>{title}</b>{text}{same}{file}</td><td>{side}</td></tr></table>",
        "{menu}<h2>{title}</h2>{same}{text}{file}{side}",
    ],
    ids=["columns", "title in a box", "table", "flat"],
)
def test_what_all_posts_say_alike_stays_in_the_post(same: str, frame: str) -> None:
    scope = found(frame.format(menu=MENU, title=TITLE, text=TEXT, same=SAME[same], file=FILE, side=SIDE))
    assert "ALIEN" not in scope
    assert all(own in scope for own in ("Nemo Vale – Signal 11", "by the sea", "OWN", "/files/11.mp3"))


@pytest.mark.parametrize(
    ("body", "own", "alien"),
    [
        pytest.param(
            f"<div>{MENU}</div><div><div><h1>{TITLE}</h1>{TEXT}</div><div><p>Genre: OWN</p></div></div>{SIDE}",
            ["Genre: OWN"],
            ["ALIEN"],
            id="a label beside the text",
        ),
        pytest.param(
            f"{MENU}<div><div><h1>{TITLE}</h1>{TEXT * 9}</div><p>Support the artists</p>{FILE}</div>{SIDE}",
            ["/files/11.mp3"],
            ["ALIEN"],
            id="a download apart from a long text",
        ),
        pytest.param(
            f"{MENU}<div><h1>{TITLE}</h1><p>{'All of this is for listening at home. ' * 9}</p>{FILE}</div>{SIDE}",
            ["/files/11.mp3"],
            ["ALIEN"],
            id="hardly a word of its own",
        ),
        pytest.param(
            f"{MENU}<div><div><h1>{TITLE}</h1>{TEXT}{FILE}</div>{RECENT}{SIDE}</div>",
            ["/files/11.mp3"],
            ["ALIEN"],
            id="G29 the latest posts with one that is new",
        ),
        pytest.param(
            f"<h1>{TITLE}</h1><div>{SIDE}<div>{TEXT}{TEXT}<p>Genre: OWN</p>{FILE}</div></div>{MENU}",
            ["Signal 11", "Genre: OWN", "/files/11.mp3"],
            ["ALIEN"],
            id="G25 G37 a sidebar between title and text",
        ),
        pytest.param(
            f"{MENU}<div><div><h1>{TITLE}</h1>{TEXT}{FILE}</div><div><div> N Comments</div>"
            "<p>this is pure ALIEN N</p><p>Genre: ALIEN N</p></div></div>",
            ["/files/11.mp3"],
            ["Genre: ALIEN"],
            id="G30 L38 comments",
        ),
        pytest.param(
            f"{MENU}<div><h1>{TITLE}</h1>{TEXT}{FILE}</div><p>House and ALIEN since 2020, read by N visitors</p>",
            ["/files/11.mp3"],
            ["ALIEN"],
            id="a footer with a counter",
        ),
    ],
)
def test_the_post_is_found_amid(body: str, own: list[str], alien: list[str]) -> None:
    scope = found(body)
    assert all(words in scope for words in own), scope
    assert not any(words in scope for words in alien), scope


def test_repetition_takes_nothing_from_a_post_that_markup_shows() -> None:
    body = f"<article><h1>{TITLE}</h1>{TEXT}<ul><li>the same</li><li>on all posts</li></ul></article>"
    assert "on all posts" in found(body)


def test_a_page_on_which_all_is_known_is_understood_by_its_size() -> None:
    tree = parse_document(page(f"{MENU}<div>{TEXT}</div>", 1), charset="utf-8")
    scope = find_scope(tree, url="https://blog.example/1/", furniture=PagePieces(tree).prints())
    assert "by the sea" in markup(scope)
    assert scope.unsure


@pytest.mark.parametrize(
    ("body", "unsure"),
    [
        ("<article><p>x</p></article>", False),
        ("<div class='entry-content'><p>x</p></div>", False),
        ("<main><p>x</p></main>", True),
        ("<div><p>x</p></div>", True),
        ("", True),
    ],
)
def test_a_scope_is_unsure_where_no_mark_tells_the_post(body: str, *, unsure: bool) -> None:
    assert (
        find_scope(parse_document(page(body, 1), charset="utf-8"), url="https://b.example/1/").unsure
        is unsure
    )


_TAGS = [
    "<div>",
    "</div>",
    "<p>N",
    "<p>same",
    "<table><tr><td>",
    "</table>",
    "<ul><li>N",
    "<br>",
    "<a href='/N'>N</a>",
]


@settings(max_examples=60)
@given(st.lists(st.sampled_from(_TAGS), max_size=25))
def test_any_pages_give_a_scope(parts: list[str]) -> None:
    assert found("".join(parts)) is not None
