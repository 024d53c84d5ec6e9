"""Pieces of pages and their prints: the same wherever the same stands."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.posts.page.document import parse_document
from scraper.posts.page.prints import MAX_PIECES, PagePieces, read_pieces


def pieces(body: str) -> list[tuple[str, str, tuple[str, ...]]]:
    tree = parse_document(f"<html><body>{body}</body></html>".encode(), charset="utf-8")
    return [(str(piece.block.tag), piece.text, piece.addresses) for piece in read_pieces(tree)]


def prints(body: str) -> frozenset[int]:
    return PagePieces(parse_document(f"<html><body>{body}</body></html>".encode(), charset="utf-8")).prints()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>a <b>b</b>\n c</p>", [("p", "a b c", ())]),
        ("<div>a<div>b</div>c</div>", [("div", "a", ()), ("div", "b", ()), ("div", "c", ())]),
        ("<table><tr><td>a<br>b<td>c</table>", [("td", "a", ()), ("td", "b", ()), ("td", "c", ())]),
        ("<p><a href=' /x '>a</a> b</p>", [("p", "a b", ("/x",))]),
        ("<p><audio src='/r.mp3'></audio></p>", [("p", "", ("/r.mp3",))]),
        ("<p>a<!-- x -->b</p>", [("p", "a b", ())]),
        ("<p>a<script>x</script><style>y</style><select><option>z</select>b</p>", [("p", "a b", ())]),
        ("<p>a</p><p hidden>x</p><p style='display:none'>y</p>", [("p", "a", ())]),
        ("<p>a</p><nav>x</nav><div class='widget'>y</div>b", [("p", "a", ()), ("body", "b", ())]),
        ("<div class='sidebar'><p>only this</p></div>", [("p", "only this", ())]),
        ("<p> </p><div></div>", []),
    ],
)
def test_a_page_falls_into_its_lines(body: str, expected: list[tuple[str, str, tuple[str, ...]]]) -> None:
    assert pieces(body) == expected


def test_characters_in_links_are_counted_apart() -> None:
    tree = parse_document(b"<body><p>four <a href='/x'>fiver <b>more</b></a> end", charset=None)
    [piece] = read_pieces(tree)
    assert (piece.size, piece.linked) == (9, 11)


@pytest.mark.parametrize(
    "other",
    [
        "<p>Genre: Trance</p>",
        "<div>Genre: House</div>",
        "<p><a href='/x'>Genre: House</a></p>",
        "<p>genre: House</p>",
    ],
)
def test_another_text_tag_or_address_is_another_print(other: str) -> None:
    assert prints("<p>Genre: House</p>").isdisjoint(prints(other))


def test_spaces_classes_and_what_stands_around_do_not_matter() -> None:
    assert prints("<p>Genre: House</p>") <= prints("<div><p class='x'> Genre:\n House </p><p>more</p></div>")


def test_a_print_is_the_same_in_every_run_and_fits_into_64_bits() -> None:
    program = (
        "from scraper.posts.page.document import parse_document as p\n"
        "from scraper.posts.page.prints import PagePieces as b\n"
        "print(sorted(b(p(b'<body><p>Genre: House<p>\\xc3\\xa9', charset='utf-8')).prints()))"
    )
    root = Path(__file__).parents[4]
    runs = [
        subprocess.run(
            [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    ]
    assert runs[0] == runs[1] == f"{sorted(prints('<p>Genre: House<p>é'))}\n"
    assert all(0 <= each < 2**64 for each in prints("<p>Genre: House<p>é"))


def test_so_many_prints_are_made_of_a_page_and_no_more() -> None:
    body = "".join(f"<p>{number}</p>" for number in range(MAX_PIECES + 500))
    assert len(prints(body)) == MAX_PIECES


def test_long_texts_count_by_their_beginning() -> None:
    assert prints(f"<p>{'x ' * 200}a</p>") == prints(f"<p>{'x ' * 200}b</p>")


_PARTS = [
    "text",
    "<div>",
    "</div>",
    "<a href='/x'>",
    "</a>",
    "<br>",
    "<td>",
    "<p>",
    "<script>",
    "<!--",
    "<nav>",
]


@settings(max_examples=60)
@given(st.lists(st.sampled_from(_PARTS), max_size=30))
def test_any_page_has_prints(parts: list[str]) -> None:
    tree = parse_document(("<p>x" + "".join(parts)).encode(), charset=None)
    before = "".join(tree.itertext())
    assert PagePieces(tree).prints()
    assert "".join(tree.itertext()) == before


def test_the_pieces_of_a_page_are_read_once_however_often_they_are_asked_for() -> None:
    tree = parse_document(b"<body><p>one</p><p>two", charset=None)
    pieces = PagePieces(tree)
    first = pieces()
    assert pieces() is first
    assert pieces.prints() == PagePieces(tree).prints() == {piece.print for piece in first}
