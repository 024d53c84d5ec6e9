from __future__ import annotations

from itertools import permutations

import pytest

from filters.criteria import Criteria
from filters.graph import default_graph
from filters.wants import QUEUED_KINDS, Wants
from storage.records import Link, LinkKind, Post

GRAPH = default_graph()
DIRECT, ARCHIVE, HOSTER = LinkKind.DIRECT, LinkKind.ARCHIVE, LinkKind.HOSTER


def link(kind: LinkKind, file_format: str | None = None) -> Link:
    return Link(url="u", key="u", kind=kind, host="h", format=file_format)


@pytest.mark.parametrize(
    ("kinds", "formats", "given_link", "why"),
    [
        ((), (), link(DIRECT), None),
        ((), (), link(LinkKind.STORE), "links of kind store are not fetched"),
        ((), (), link(LinkKind.MANUAL, "rar"), "links of kind manual are not fetched"),
        ((HOSTER,), (), link(HOSTER), None),
        ((HOSTER, ARCHIVE), (), link(DIRECT), "its kind is direct, not archive or hoster"),
        ((), ("mp3", "flac"), link(DIRECT, "flac"), None),
        ((), ("mp3", "flac"), link(DIRECT, "wav"), "its format is wav, not flac or mp3"),
        ((), ("flac",), link(HOSTER), None),
        ((HOSTER,), ("flac",), link(HOSTER, "mp3"), "its format is mp3, not flac"),
    ],
)
def test_a_link_is_refused_with_the_reason(
    kinds: tuple[LinkKind, ...], formats: tuple[str, ...], given_link: Link, why: str | None
) -> None:
    assert Wants.parse(kinds=kinds, formats=formats).refuses(given_link) == why


@pytest.mark.parametrize(
    ("wants", "links", "reason"),
    [
        (Wants(), (), None),
        (Wants(prefer="flac"), (), None),
        (Wants(kinds=(ARCHIVE,)), (link(DIRECT), link(ARCHIVE)), None),
        (Wants(kinds=(ARCHIVE, HOSTER)), (link(DIRECT),), "no link of kind archive or hoster"),
        (Wants(formats=("flac",)), (link(DIRECT, "mp3"), link(HOSTER)), None),
        (Wants(formats=("flac",)), (link(DIRECT, "mp3"),), "no link to flac"),
        (Wants(formats=("flac",)), (link(LinkKind.STORE, "flac"),), "no link to flac"),
        (Wants(kinds=(DIRECT,), formats=("flac",)), (), "no link of kind direct to flac"),
    ],
)
def test_a_post_without_a_wanted_link_does_not_match(
    wants: Wants, links: tuple[Link, ...], reason: str | None
) -> None:
    post = Post(url="u", key="u", blog="b", title="t", genres=("house",), links=links)
    match = Criteria.parse(["house"], wants=wants, graph=GRAPH).match(post, GRAPH, now=0.0)
    assert (match.matched, match.reason) == (() if reason else ("house",), reason)


def test_the_order_and_number_of_words_do_not_matter() -> None:
    formats = ("wav", "flac", "mp3", "flac")
    wanted = {
        Wants.parse(kinds=kinds, formats=some)
        for kinds in permutations(QUEUED_KINDS)
        for some in permutations(formats)
    }
    assert wanted == {Wants(kinds=QUEUED_KINDS, formats=("flac", "mp3", "wav"))}


@pytest.mark.parametrize(
    ("wants", "text"),
    [
        (Wants(), "any genre"),
        (Wants(kinds=(DIRECT,)), "any genre; links of kind direct"),
        (Wants(formats=("flac", "mp3"), prefer="flac"), "any genre; links to flac or mp3; flac preferred"),
    ],
)
def test_wishes_are_part_of_the_description(wants: Wants, text: str) -> None:
    assert Criteria(wants=wants).describe() == text
