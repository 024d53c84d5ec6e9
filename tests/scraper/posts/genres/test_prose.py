"""Running text of a post: evidence of the lowest trust, where there is no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.graph import default_graph
from scraper.posts.genres.prose import read_prose
from scraper.posts.genres.sentences import BLOT, blotted, sentences, words_of
from scraper.posts.page.lines import LineLink, TextLine
from storage.records import Evidence, Trust

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.posts.understood import Understood

GRAPH = default_graph()


def line(text: str, *, block: str = "p", filed: bool = False, links: tuple[str, ...] = ()) -> TextLine:
    found = tuple(LineLink(text=link, href="/x", rel=()) for link in links)
    return TextLine(text=text, marked=text, block=block, group=0, cell=0, filed=filed, links=found)


def genres(*lines: TextLine, names: tuple[str, ...] = (), musical: bool = True) -> set[str]:
    return {found.genre for found in read_prose(lines, GRAPH, names=names, musical=musical)}


def test_prose_gives_evidence_and_no_genre(read_post: Callable[..., Understood]) -> None:
    post = read_post("<p>It is here. A slice of deep house, and <em>how</em>. We danced.</p>").post
    sentence = "A slice of deep house, and how."
    assert post.genres == ()
    assert post.evidence == (Evidence(genre="deep house", trust=Trust.PROSE, source="text", text=sentence),)


@pytest.mark.parametrize(
    ("parts", "genre"),
    [
        ({"meta": '<a rel="tag" href="/tag/dub/">Dub</a>'}, "dub"),
        ({"categories": ("Trance",)}, "trance"),
        ({"inner": "<p>A slice of deep house.</p><p>#techno</p>"}, "techno"),
    ],
    ids=["tag", "category", "hashtag"],
)
def test_prose_is_not_read_where_the_post_says_more(
    read_post: Callable[..., Understood], parts: dict[str, str], genre: str
) -> None:
    post = read_post(**{"inner": "<p>A slice of deep house.</p>", **parts}).post
    assert {(found.genre, found.trust is Trust.PROSE) for found in post.evidence} == {(genre, False)}


@pytest.mark.parametrize(
    "inner",
    [
        pytest.param("<p>We met the band in front of the White House.</p>", id="G31"),
        pytest.param("<p>A technology track, a trapped set, an entrance mix.</p>", id="G32"),
        pytest.param("<p>Swedish House Mafia tracks, out on Deep House Records.</p>", id="G33"),
        pytest.param("<h3>A slice of techno</h3>", id="heading"),
        pytest.param("<ul><li>A slice of techno by others</li></ul>", id="item of a list"),
        pytest.param("<blockquote>A slice of techno.</blockquote>", id="another's words"),
        pytest.param("<p>They called it “a slice of techno”.</p>", id="quotation"),
        pytest.param("<p>3. Kora – A Techno Track</p>", id="track"),
        pytest.param('<p>See <a href="/x">the ten best techno tracks of June</a>.</p>', id="another post"),
        pytest.param("<h3>Related posts</h3><p>A slice of techno.</p>", id="G29"),
        pytest.param('<div style="display:none"><p>A slice of techno.</p></div>', id="G40"),
    ],
)
def test_text_that_is_not_about_the_music_gives_no_evidence(
    read_post: Callable[..., Understood], inner: str
) -> None:
    assert read_post(inner).post.evidence == ()


def test_the_posts_own_names_say_nothing() -> None:
    said = line("They return with Techno Track, a Deep House Song.")
    assert genres(said) == {"techno", "deep house"}
    assert genres(said, names=("Techno Track",)) == {"deep house"}
    assert genres(said, names=("Techno Track", "Deep House Song")) == set()


def test_everyday_words_count_only_beside_another_sign_of_music() -> None:
    assert genres(line("They played a rock song.")) == {"rock"}
    assert genres(line("They played a rock song."), musical=False) == set()
    assert genres(line("They played a rock song."), line("And a techno track."), musical=False) == {
        "rock",
        "techno",
    }


def test_the_first_sentence_that_says_it_is_the_evidence() -> None:
    (found,) = read_prose([line("A techno track. Another techno track.")], GRAPH, musical=True)
    assert found.text == "A techno track."


def test_of_a_long_sentence_the_words_around_the_name_are_shown() -> None:
    sentence = f"{'word ' * 100}a slice of psytrance {'word ' * 100}".strip()
    (found,) = read_prose([line(sentence)], GRAPH, musical=True)
    assert len(found.text) <= 200
    assert "slice of psytrance" in found.text


def test_meta_lines_are_no_prose() -> None:
    assert genres(line("A slice of techno.", filed=True)) == set()


def test_what_is_read_is_bounded() -> None:
    names = ", ".join(name for name in GRAPH.names)
    assert len(read_prose([line(f"A slice of {names}.")], GRAPH, musical=True)) <= 20
    beyond = [line("words and words " * 100)] * 40 + [line("A slice of techno.")]
    assert genres(*beyond) == set()


@pytest.mark.parametrize(
    "text",
    [
        "house " * 8000,
        "a slice of " * 4000,
        "not " * 12000,
        "“" * 40000,
        "." * 40000,
        "d'" * 20000,
        "a-" * 20000,
    ],
    ids=["names", "cues", "denials", "quotes", "stops", "elisions", "hyphens"],
)
def test_hostile_text_gives_nothing_wrong(text: str) -> None:
    assert genres(line(text)) <= {"house"}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three?", ["One.", " Two!", " Three?"]),
        ("Version 2.0 is out… now", ["Version 2.0 is out…", " now"]),
        ("no end", ["no end"]),
        ("", []),
    ],
)
def test_a_line_is_parted_into_sentences(text: str, parts: list[str]) -> None:
    assert list(sentences(text)) == parts


@settings(deadline=None, max_examples=100)
@given(st.text(alphabet="ab. !?“”«»\"'’-…", max_size=80), st.lists(st.text(max_size=6), max_size=3))
def test_blotting_keeps_the_length_and_sentences_the_text(text: str, names: list[str]) -> None:
    assert len(blotted(text, names)) == len(text)
    assert "".join(sentences(text)) == text


def test_quotations_and_names_are_blotted_out() -> None:
    text = blotted('He said “not me” of Kora, «ni moi» and "or me".', ("Kora",))
    assert text.replace(" ", "") == f"Hesaid{BLOT}of{BLOT},{BLOT}and{BLOT}."


def test_words_know_what_stands_between_them() -> None:
    words = words_of("A Techno-EP, drum'n'bass & d'ambient")
    assert [(word.text, word.parted, word.glued) for word in words] == [
        ("A", "", False),
        ("Techno", "", False),
        ("EP", "", True),
        ("drum'n'bass", ",", False),
        ("&", "", False),
        ("d'", "", False),
        ("ambient", "", False),
    ]
