"""Which of several links to the same music is queued."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.wants import Wants
from scraper.downloads.choosing.wanted import plan_links, wanted_downloads
from storage.records import DownloadState, Link, LinkKind, Post

DIRECT, ARCHIVE, HOSTER = LinkKind.DIRECT, LinkKind.ARCHIVE, LinkKind.HOSTER
FAILED, DONE, WAITING = DownloadState.FAILED, DownloadState.DONE, DownloadState.WAITING


def link(key: str, kind: LinkKind = DIRECT, **parts: Any) -> Link:
    host = {DIRECT: "files.example", ARCHIVE: "archive.org", HOSTER: "dropbox.com"}.get(kind, "other.example")
    host = parts.pop("host", host)
    given_parts = {"group": 1, **parts}
    return Link(url=f"https://{host}/{key}", key=key, kind=kind, host=host, **given_parts)


def post(*links: Link) -> Post:
    return Post(
        url="https://b.example/p", key="p", blog="https://b.example/", title="Kora – Lines", links=links
    )


def queued(
    *links: Link, prefer: str | None = None, states: dict[str, DownloadState] | None = None
) -> list[str]:
    planned = plan_links(post(*links), Wants(prefer=prefer), states=states or {})
    return [one.link.key for one in planned if one.queued]


FLAC = link("flac", format="flac")
WAV = link("wav", format="wav")
HIRES = link("24", format="flac", quality="24bit")
MP3_320 = link("320", format="mp3", quality="320")
MP3_V0 = link("v0", format="mp3", quality="v0")
MP3_128 = link("128", format="mp3", quality="128")
MP3 = link("mp3", format="mp3")
ANYTHING = link("anything")
RAR_PARTS = [link(f"r{part}", HOSTER, format="rar", part=part) for part in (1, 2, 3)]
MEGA = link("mega", HOSTER, host="mega.nz", format="flac")


@pytest.mark.parametrize(
    ("links", "prefer", "chosen"),
    [
        pytest.param([MP3_320, FLAC], None, ["flac"], id="L45 the best"),
        pytest.param([MP3_320, FLAC], "320", ["320"], id="L45 the preferred quality"),
        pytest.param([FLAC, MP3_320, MP3_V0], "mp3", ["320"], id="L45 the best of the preferred format"),
        pytest.param([FLAC, MP3_320], "all", ["flac", "320"], id="L45 all"),
        pytest.param([FLAC, MP3_320], "v0", ["flac"], id="the preferred is not there"),
        pytest.param([FLAC, HIRES, WAV], None, ["24"], id="24 bits"),
        pytest.param([WAV, FLAC], None, ["flac"], id="lossless with tags"),
        pytest.param([MP3_320, WAV], "lossless", ["wav"], id="anything lossless"),
        pytest.param([MP3_128, MP3_V0, MP3_320], None, ["320"], id="320 before v0"),
        pytest.param([MP3, MP3_128], None, ["128"], id="what is known before what is not"),
        pytest.param([ANYTHING, MP3], None, ["anything"], id="nothing known of either: the first"),
        pytest.param([MP3_320, MEGA], None, ["320"], id="what can be had before what cannot"),
        pytest.param([MP3_320, MEGA], "flac", ["320"], id="even if it is preferred"),
        pytest.param([replace(FLAC, sure=False), MP3_320], "flac", ["320"], id="L6 unsure links last"),
        pytest.param([MEGA], None, ["mega"], id="what cannot be had where there is nothing else"),
        pytest.param([replace(MP3_320, group=2), FLAC], None, ["320", "flac"], id="two groups"),
        pytest.param([replace(MP3_320, group=None), FLAC], None, ["320", "flac"], id="alone"),
    ],
)
def test_of_the_same_music_one_variant_is_queued(
    links: list[Link], prefer: str | None, chosen: list[str]
) -> None:
    assert queued(*links, prefer=prefer) == chosen


@pytest.mark.parametrize(
    ("links", "chosen"),
    [
        pytest.param([link("h", HOSTER), link("a", ARCHIVE), link("d")], ["d"], id="L42 the file itself"),
        pytest.param([link("h", HOSTER), link("a", ARCHIVE)], ["a"], id="L42 an archive before a hoster"),
        pytest.param([link("m", HOSTER, host="mega.nz"), link("h", HOSTER)], ["h"], id="L42 a known way"),
        pytest.param([link("m", LinkKind.MANUAL), link("h", HOSTER)], ["h"], id="L42 no gates"),
        pytest.param(
            [link("h", HOSTER, format="flac", quality="lossless"), FLAC], ["flac"], id="L42 said and named"
        ),
        pytest.param([link("u", sure=False), link("d")], ["d"], id="sure before unsure"),
        pytest.param([link("one"), link("two")], ["one"], id="the first"),
    ],
)
def test_of_mirrors_the_easiest_to_fetch_is_queued(links: list[Link], chosen: list[str]) -> None:
    assert queued(*links) == chosen


def parts(host: str, numbers: list[int], **more: Any) -> list[Link]:
    return [link(f"{host}{number}", HOSTER, host=host, part=number, **more) for number in numbers]


FIRST = "dropbox.com"
SECOND = "dl.dropbox.com"


@pytest.mark.parametrize(
    ("links", "prefer", "chosen"),
    [
        pytest.param(RAR_PARTS, None, ["r1", "r2", "r3"], id="L43 all parts"),
        pytest.param([*RAR_PARTS, FLAC], None, ["flac"], id="L43 a better whole"),
        pytest.param([*RAR_PARTS, FLAC], "rar", ["r1", "r2", "r3"], id="L43 preferred"),
        pytest.param(
            [replace(RAR_PARTS[0], quality="320"), *RAR_PARTS[1:], MP3_128],
            None,
            ["r1", "r2", "r3"],
            id="L43 only the first part says what it is",
        ),
        pytest.param([RAR_PARTS[0], RAR_PARTS[2], MP3], None, ["mp3"], id="L43 a part is missing"),
        pytest.param([*RAR_PARTS[1:], MP3], None, ["mp3"], id="L43 the first part is missing"),
        pytest.param(RAR_PARTS[1:], None, ["r2", "r3"], id="L43 the rest may be elsewhere"),
        pytest.param(
            [*parts(FIRST, [1, 2]), *parts(SECOND, [1, 2])],
            None,
            ["dropbox.com1", "dropbox.com2"],
            id="L43 mirrors of parts",
        ),
        pytest.param(
            [*parts("mediafire.com", [1]), *parts("mega.nz", [1, 2])],
            None,
            ["mega.nz1", "mega.nz2"],
            id="L43 all parts of one host",
        ),
        pytest.param(
            [*parts(FIRST, [1, 2], format="rar"), *parts(SECOND, [1, 2], format="zip")],
            "zip",
            ["dl.dropbox.com1", "dl.dropbox.com2"],
            id="L43 parts of two kinds of archive",
        ),
    ],
)
def test_parts_of_an_archive_stay_together(links: list[Link], prefer: str | None, chosen: list[str]) -> None:
    assert queued(*links, prefer=prefer) == chosen


@pytest.mark.parametrize(
    ("links", "states", "chosen"),
    [
        pytest.param([FLAC, MP3_320], {"flac": FAILED}, ["320"], id="the next variant"),
        pytest.param([FLAC, MP3_320], {"320": WAITING}, ["320"], id="one that waits is enough"),
        pytest.param([FLAC, MP3_320], {"320": DONE}, ["320"], id="so is one that is there"),
        pytest.param([FLAC, MP3_320], {"320": DownloadState.CANCELLED}, ["320"], id="or was not wanted"),
        pytest.param([FLAC, MP3_320], {"flac": FAILED, "320": FAILED}, [], id="nothing is left"),
        pytest.param([link("d"), link("h", HOSTER)], {"d": FAILED}, ["h"], id="the next mirror"),
        pytest.param(
            [*RAR_PARTS, MP3], {"r1": DONE, "r2": FAILED}, ["mp3"], id="an archive that lost a part"
        ),
        pytest.param(
            [*parts(FIRST, [1, 2]), *parts("mega.nz", [1, 2])],
            {"dropbox.com1": DONE, "dropbox.com2": FAILED},
            ["dropbox.com1", "mega.nz2"],
            id="a mirror of the part that is lost",
        ),
        pytest.param([replace(FLAC, group=None)], {"flac": FAILED}, [], id="failed alone"),
    ],
)
def test_what_failed_for_good_leaves_its_place_to_the_next(
    links: list[Link], states: dict[str, DownloadState], chosen: list[str]
) -> None:
    assert queued(*links, states=states) == chosen


def test_what_is_not_queued_says_why() -> None:
    links = [
        MP3_320,
        link("mirror", HOSTER, format="mp3", quality="320"),
        MP3_128,
        link("gate", LinkKind.GATE),
        link("wav", format="wav", group=None),
    ]
    wants = Wants(kinds=(DIRECT, HOSTER), formats=("mp3",))
    assert [one.why for one in plan_links(post(*links), wants)] == [
        None,
        "a mirror of it is queued, from files.example",
        "the same music is queued as mp3 320, from files.example",
        "links of kind gate are not fetched",
        "its format is wav, not mp3",
    ]


def test_what_failed_for_good_says_so() -> None:
    links = [link("d"), link("h", HOSTER), link("other", group=2)]
    states = dict.fromkeys(["d", "other"], FAILED)
    assert [one.why for one in plan_links(post(*links), states=states)] == [
        "it failed for good before",
        None,
        "nothing that offers this music could be fetched",
    ]


def test_what_expires_comes_first_and_what_may_be_no_music_last() -> None:
    links = [link("plain", group=None), link("signed", group=None, expires=True)]
    links += [link("maybe", group=None, sure=False), link("both", group=None, sure=False, expires=True)]
    wanted = wanted_downloads(post(*links))
    order = sorted(wanted, key=lambda one: one.priority)
    assert [one.key for one in order] == ["signed", "plain", "both", "maybe"]
    assert order[1].priority == 0


@pytest.mark.parametrize(
    ("links", "stems"),
    [
        pytest.param([FLAC, replace(MP3_320, group=None)], ["Kora – Lines"] * 2, id="no names"),
        pytest.param(
            [link("a", name="kora.part1.rar", part=1), link("b", name="kora.part2.rar", part=2)],
            ["kora.part1", "kora.part2"],
            id="L43 parts keep their names",
        ),
        pytest.param(
            [link("a", part=1), link("b", part=2)],
            ["Kora – Lines.part1", "Kora – Lines.part2"],
            id="L43 parts without names",
        ),
        pytest.param(
            [link("a", name="01.mp3"), link("b", name="kora.zip")],
            ["Kora – Lines"],
            id="one group, one release",
        ),
    ],
)
def test_parts_are_named_so_that_they_find_each_other(links: list[Link], stems: list[str]) -> None:
    assert [one.stem for one in wanted_downloads(post(*links))] == stems


LINKS = st.lists(
    st.builds(
        Link,
        url=st.just("https://files.example/a"),
        key=st.text("abcdefgh", min_size=3, max_size=3),
        kind=st.sampled_from(LinkKind),
        host=st.sampled_from(["one.example", "two.example", "mega.nz"]),
        format=st.sampled_from([None, "mp3", "flac", "rar"]),
        quality=st.sampled_from([None, "320", "v0", "24bit"]),
        group=st.sampled_from([None, 1, 2]),
        part=st.sampled_from([None, None, 1, 2, 3]),
        sure=st.booleans(),
        expires=st.booleans(),
    ),
    max_size=10,
    unique_by=lambda one: one.key,
)
PREFER = st.sampled_from([None, "mp3", "320", "lossless", "rar"])


@given(links=LINKS, prefer=PREFER)
@settings(deadline=None)
def test_each_group_gives_one_variant_with_each_of_its_parts_once(
    links: list[Link], prefer: str | None
) -> None:
    planned = plan_links(post(*links), Wants(prefer=prefer))
    assert [one.link for one in planned] == links
    assert all((one.why is None) is one.queued for one in planned)
    for group in {one.group for one in links} - {None}:
        able = [one for one in links if one.group == group and one.kind.queued]
        chosen = [one.link for one in planned if one.queued and one.link.group == group]
        assert bool(chosen) is bool(able)
        numbers = Counter(one.part for one in chosen)
        assert set(numbers.values()) <= {1}
        assert None not in numbers or len(numbers) == 1
        named = {one.format for one in chosen} - {None}, {one.quality for one in chosen} - {None}
        assert max(map(len, named)) <= 1
    alone = [one for one in planned if one.link.group is None]
    assert all(one.queued is one.link.kind.queued for one in alone)


@given(
    links=LINKS,
    prefer=PREFER,
    states=st.dictionaries(st.text("abcdefgh", min_size=3, max_size=3), st.sampled_from(DownloadState)),
    data=st.data(),
)
@settings(deadline=None)
def test_what_failed_is_never_queued_again_and_to_plan_twice_changes_nothing(
    links: list[Link], prefer: str | None, states: dict[str, DownloadState], data: st.DataObject
) -> None:
    for one in links:
        if data.draw(st.booleans()):
            states[one.key] = data.draw(st.sampled_from(DownloadState))
    wants = Wants(prefer=prefer)
    chosen = [one.link.key for one in plan_links(post(*links), wants, states=states) if one.queued]
    assert all(states.get(key) is not FAILED for key in chosen)
    after = {**dict.fromkeys(chosen, WAITING), **states}
    assert [one.link.key for one in plan_links(post(*links), wants, states=after) if one.queued] == chosen
