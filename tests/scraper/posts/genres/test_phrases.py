"""Sentences that say what the music is, and sentences that only hold a genre's name."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.graph import default_graph
from scraper.posts.genres.phrases import phrases, prose_rules
from scraper.posts.genres.sentences import words_of

GRAPH = default_graph()


def genres(sentence: str) -> set[str]:
    return {name for phrase in phrases(words_of(sentence), GRAPH) for name in phrase.names}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("A slice of deep house, and we love it.", {"deep house"}),
        (
            "A fine slice of UK Garage and soul, seven minutes long and not one too many.",
            {"uk garage", "soul"},
        ),
        ("A fine slice of drum & bass and psytrance, seven minutes long.", {"drum and bass", "psytrance"}),
        ("A fine slice of R&B and afro house.", {"r&b", "afro house"}),
        ("A fine slice of hardstyle and breaks, seven minutes long.", {"hardstyle", "breakbeat"}),
        ("This techno banger has not left our bags.", {"techno"}),
        ("A House track for the early hours.", {"house"}),
        ("Another drum'n'bass roller.", {"drum and bass"}),
        ("Eight minutes of lush, rolling dub techno", {"dub techno"}),
        ("An EP of dubstep, grime and UK garage", {"dubstep", "grime", "uk garage"}),
        ("It starts as ambient and ends as proper techno.", {"techno"}),
        ("Blending psytrance with techno, they go far.", {"psytrance", "techno"}),
        ("Nothing but techno tracks here.", {"techno"}),
        ("Not only a techno track but a statement.", {"techno"}),
        ("Not rock, but a techno track.", {"techno"}),
        ("Never techno; house tracks, always.", {"house"}),
        ("Sun-kissed deep house from Berlin.", {"deep house"}),
        ("We file it under melodic techno, more or less.", {"melodic techno"}),
        ("It is a no-nonsense techno cut.", {"techno"}),
        ("Eine Techno-EP aus Leipzig", {"techno"}),
        ("Ein treibender Techno-Track", {"techno"}),
        ("Ein Stück Deep House Musik, eine Mischung aus Techno und Dub.", {"techno", "dub"}),
        ("Un morceau house pour la nuit", {"house"}),
        ("Un morceau d'acid house", {"acid house"}),
        ("Un EP de techno y electro", {"techno", "electro"}),
        ("Un tema techno de Madrid", {"techno"}),
        ("Un brano techno", {"techno"}),
        ("Uma faixa de drum and bass", {"drum and bass"}),
        ("Een stukje techno uit Utrecht", {"techno"}),
        ("Новый техно-трек из Москвы", {"techno"}),
        ("Nowy utwór techno", {"techno"}),
        ("THIS TECHNO BANGER IS LOUD.", {"techno"}),
    ],
)
def test_a_sentence_that_characterises_the_music_gives_its_genres(sentence: str, expected: set[str]) -> None:
    assert genres(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("The video was shot on the lawn in front of the White House.", id="G31 White House"),
        pytest.param("White House officials played tracks.", id="G31 White House first"),
        pytest.param("A housewife in a warehouse, a lighthouse, Housemarque.", id="G31 parts of words"),
        pytest.param("Technology in the entrance trapped them, relating to platinum.", id="G32"),
        pytest.param("A piece of technology, a cut of abundance, a chapter record.", id="G32 with cues"),
        pytest.param("The tech no longer works, a track no one hears.", id="G32 two words"),
        pytest.param("Swedish House Mafia tracks are back.", id="G33 mafia"),
        pytest.param("A House of Pain track.", id="G33 of"),
        pytest.param("Trance Wax tracks", id="G33 trance"),
        pytest.param("Ambient Jazz Ensemble records", id="G33 ensemble"),
        pytest.param("It is out on Deep House Records.", id="G33 label"),
        pytest.param("Deep House Cat return with Secret Engine.", id="G33 artist"),
        pytest.param("Acid Jazz Collective return.", id="G33 collective"),
        pytest.param("Wydane nakładem Techno Viking Museum, gorąco polecamy.", id="G33 museum"),
        pytest.param("House of Sound Festival and Techno Parade 2025.", id="G33 events"),
        pytest.param("The deep-house internet loves them.", id="G35"),
        pytest.param("The end of the techno-logic era.", id="G35 logic"),
        pytest.param("Not your usual Tech House: Kora.", id="G41"),
        pytest.param("Their progressive rock collection is for sale.", id="G43"),
        pytest.param(
            "We played it at a house party, a full house, in-house and open house.", id="house party"
        ),
        pytest.param("This is not techno, and the band would like you to stop asking.", id="not techno"),
        pytest.param("This is not a techno track.", id="not a track"),
        pytest.param("It isn't a house tune.", id="isn't"),
        pytest.param("No techno here.", id="no techno"),
        pytest.param("No techno tracks, house cuts or trance anthems", id="no, with cues"),
        pytest.param("Anything but house, she said, and hung up.", id="anything but"),
        pytest.param("Anything but a house record.", id="anything but, with cue"),
        pytest.param("Far from drum and bass.", id="far from"),
        pytest.param("Das ist kein Techno-Track.", id="kein"),
        pytest.param("Ce n'est pas un morceau house.", id="pas"),
        pytest.param("Techno is my neighbour.", id="a neighbour"),
        pytest.param("He fell through a trap door.", id="trap door"),
        pytest.param(
            "There is some ambient noise from the street, recorded with minimal effort.", id="ambient"
        ),
        pytest.param("The studio is in an industrial estate with grime on every window.", id="grime"),
        pytest.param("She had a classical education and a soul-searching gap year.", id="soul-searching"),
        pytest.param("Breaks are at nine at the folk museum.", id="folk museum"),
        pytest.param("Drum kit giveaway: leave a comment, win a bass amp.", id="bass amp"),
        pytest.param("The sleeve is metal, pop round for tea.", id="metal"),
        pytest.param("Their bassist sold his rock collection at a garage sale.", id="rock collection"),
        pytest.param("The rock pools are worth a visit, bring a pop-up tent.", id="rock pools"),
        pytest.param("A piece of the techno club.", id="a place"),
        pytest.param("A slice of dub and bass", id="ambiguous words only"),
        pytest.param("post-techno tracks", id="a compound's tail"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_sentence_that_only_holds_a_name_gives_nothing(sentence: str) -> None:
    assert genres(sentence) == set()


@pytest.mark.parametrize(
    ("sentence", "everyday"),
    [
        ("A rock song.", True),
        ("A slice of house and soul", True),
        ("A slice of house and techno", False),
        ("A techno song.", False),
    ],
)
def test_a_phrase_of_everyday_words_is_known_as_one(sentence: str, everyday: bool) -> None:
    (phrase,) = phrases(words_of(sentence), GRAPH)
    assert phrase.everyday is everyday


def test_the_groups_of_words_are_single_words_in_lower_case() -> None:
    rules = prose_rules()
    for group in rules.__slots__:
        words = getattr(rules, group)
        assert words
        assert {len(word.split()) for word in words} == ({2} if group == "double_denials" else {1})


WORDS = st.sampled_from(
    [
        "techno",
        "House",
        "deep",
        "a",
        "slice",
        "of",
        "and",
        "not",
        "track",
        ",",
        ".",
        "-",
        "'",
        "&",
        "Records",
        "of the",
    ]
)


@settings(deadline=None, max_examples=200)
@given(st.lists(WORDS, max_size=14).map(" ".join) | st.text(max_size=60))
def test_any_sentence_gives_phrases_in_order_within_it(sentence: str) -> None:
    tokens = words_of(sentence)
    found = list(phrases(tokens, GRAPH))
    assert all(phrase.names and set(phrase.names) <= set(GRAPH.names) for phrase in found)
    edges = [edge for phrase in found for edge in (phrase.start, phrase.end)]
    assert edges == sorted(edges)
    assert not edges or edges[-1] <= len(tokens)


@settings(deadline=None, max_examples=100)
@given(st.sampled_from(["not", "no", "never", "kein", "pas", "non", "без"]), st.sampled_from(GRAPH.names))
def test_what_is_denied_is_never_said(denial: str, name: str) -> None:
    assert genres(f"{denial} {name} track") <= genres(f"{denial}; {name} track")
    assert not genres(f"{denial} {name} track")
