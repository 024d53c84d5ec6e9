from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.posts.links.file_names import extension, split_part
from scraper.posts.links.reading import read_links

PAGE = "https://b.example/p/"
MF = "https://www.mediafire.com/file/"
MEGA = "https://mega.nz/file/"
RG = "https://rapidgator.net/file/"


def link(href: str, text: str = "Download") -> str:
    return f'<a href="{href}">{text}</a>'


def groups_of(html: str) -> list[tuple[int | None, int | None]]:
    node = BeautifulSoup(f"<article>{html}</article>", "lxml")
    return [(each.group, each.part) for each in read_links(node, base=PAGE, page=PAGE).links]


def numbers_of(html: str) -> list[int | None]:
    return [group for group, _ in groups_of(html)]


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(
            f"<p><strong>Rapidgator</strong> {link(RG + 'a', 'Link 1')} <strong>MediaFire</strong> {link(MF + 'b', 'Link 2')}</p>",
            id="L42",
        ),
        pytest.param(f"<p>{link(MF + 'a', 'MediaFire')} | {link(MEGA + 'b#c', 'Mega')}</p>", id="L42 hosts"),
        pytest.param(
            f"<h3>Foo – Bar</h3><p>Nice one.</p><p>{link(MF + 'a', 'MediaFire')}</p><p>{link(MEGA + 'b#c', 'Mega')}</p>",
            id="L42 heading",
        ),
        pytest.param(
            f"<ul><li>{link(MF + 'a', 'MediaFire')}</li><li>{link(MEGA + 'b#c', 'Mirror')}</li></ul>",
            id="L42 list",
        ),
        pytest.param(f"<p>Foo – Bar: {link(MF + 'c')} {link(MEGA + 'b#c')}</p>", id="L42 line"),
        pytest.param(
            f"<table><tr><td>Foo – Bar</td><td>{link(MF + 'a')}</td><td>{link(MEGA + 'b#c', 'Mirror')}</td></tr></table>",
            id="L42 table",
        ),
        pytest.param(f"Mediafire: {MF}abc/x.zip/file Mega: {MEGA}ID#KEY", id="L42 plain-text"),
        pytest.param(
            f"<p>{link(MF + 'a', '<img alt=MediaFire>')} {link(MEGA + 'b#c', '<img alt=Mega>')}</p>",
            id="L42 pictures",
        ),
        pytest.param(
            link("https://x/Kora%20-%20Lines.mp3", "Song")
            + link("https://y/kora_-_lines.mp3", "Mirror of it"),
            id="L42 names",
        ),
        pytest.param(
            f"<h3>FLAC</h3>{link(MF + 'a', 'MediaFire')}<h3>320 kbps</h3>{link(MF + 'b', 'MediaFire')}",
            id="L45 headings",
        ),
        pytest.param(link("https://b/x.part1.rar") + link("https://b/x.part2.rar"), id="L43"),
        pytest.param(
            link("https://b/lines.7z.001", "a") + "<p>Words.</p>" + link("https://b/lines.7z.002", "b"),
            id="L43 7z",
        ),
        pytest.param(
            f"<p>Foo – Bar: {link(MF + 'a', 'Part 1')} {link(MF + 'b', 'Part 2')}</p>", id="L43 text"
        ),
        pytest.param(
            link("https://b/kora-lines.flac", "x") + link("https://b/kora-lines.mp3", "y"), id="L45"
        ),
        pytest.param(
            link("https://b/kora-lines-320.mp3", "x") + link("https://b/kora-lines-v0.mp3", "y"),
            id="L45 quality",
        ),
        pytest.param(
            link("https://b/flac/kora-lines.flac", "x") + link("https://b/mp3/kora-lines.mp3", "y"),
            id="L45 folders",
        ),
        pytest.param(
            f"<li>1. Foo – Bar {link(MF + 'a', 'MP3')} | {link(MF + 'b', 'FLAC')}</li>", id="L45 item"
        ),
        pytest.param(
            '<audio><source src="/stream/1.ogg"><source src="/stream/2.mp3"></audio>', id="L45 player"
        ),
    ],
)
def test_links_to_the_same_music_are_in_one_group(html: str) -> None:
    assert numbers_of(html) == [1, 1]


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(link("/a.mp3") + link("/b.mp3"), id="two-files"),
        pytest.param(link("/disc1/01 Intro.mp3") + link("/disc2/01 Intro.mp3"), id="two-discs"),
        pytest.param(link("https://x/01.mp3", "Foo") + link("https://y/01.mp3", "Bar"), id="numbers"),
        pytest.param(
            link("https://x/download.mp3", "Foo") + link("https://y/download.mp3", "Bar"), id="generic-names"
        ),
        pytest.param(link(MF + "a") + link(MF + "b"), id="one-host-twice"),
        pytest.param(
            f"<p>Foo – Bar {link(MF + 'a')}</p><p>Baz – Qux {link(MEGA + 'b#c')}</p>", id="two-lines"
        ),
        pytest.param(f"<p>Foo {link(MF + 'a')} Baz {link(MEGA + 'b#c')}</p>", id="words-between"),
        pytest.param(f"<p>{link(MF + 'a', 'Foo')} {link(MEGA + 'b#c', 'Baz')}</p>", id="named-links"),
        pytest.param(f"<p>1. {link(MF + 'a')} 2. {link(MEGA + 'b#c')}</p>", id="numbered"),
        pytest.param(f"<p>Track 1 {link(MF + 'a')} Track 2 {link(MEGA + 'b#c')}</p>", id="numbered-tracks"),
        pytest.param(f"<p>Side A {link(MF + 'a')} Side B {link(MEGA + 'b#c')}</p>", id="sides"),
        pytest.param(f"<p>{link(MF + 'a')}<br>{link(MEGA + 'b#c')}</p>", id="two-lines-that-say-nothing"),
        pytest.param(f"{link(MF + 'a')}<img src=2.jpg>{link(MEGA + 'b#c')}", id="picture-between"),
        pytest.param(
            f"<h2>Download</h2>{link(MF + 'a')}<h2>Download</h2>{link(MEGA + 'b#c')}", id="two-headings"
        ),
        pytest.param(link("/lines.zip", "Download") + link("/lines.mp3", "Lines"), id="album-and-track"),
        pytest.param(
            link("/Journey%20(Part%201).mp3", "Part 1") + link("/Journey%20(Part%202).mp3", "Part 2"),
            id="parts-of-a-mix",
        ),
        pytest.param(link("/kora%20lines.mp3", "A") + link("/kora%20lines%20(remix).mp3", "B"), id="remix"),
        pytest.param(
            link("https://x/kora-lines.mp3", "Kora – Lines")
            + link("https://y/kora-lines.mp3", "Kora – Dots"),
            id="names-differ",
        ),
        pytest.param(
            f"<p>Foo download {link(MF + 'a', 'MediaFire')} Bar download {link(MEGA + 'b#c', 'Mega')}</p>",
            id="download-hides-no-name",
        ),
        pytest.param(
            f"<p>{link(MF + 'a')}</p><p>{link('https://x.example/get/9', 'Download (ogg)')}</p>",
            id="two-offers",
        ),
        pytest.param(f"{link('https://bit.ly/abc')} {link(MEGA + 'b#c', 'Mega')}", id="short-address"),
        pytest.param(f"{link('/a.mp3')} {link('https://soundcloud.com/a/b', 'Stream')}", id="player"),
    ],
)
def test_links_to_different_music_are_in_no_group(html: str) -> None:
    assert set(numbers_of(html)) == {None}


def test_groups_are_numbered_within_the_post() -> None:
    first = f"<p>Foo – Bar: {link(MF + 'a', 'MP3')} {link(MF + 'b', 'FLAC')}</p>"
    second = f"<p>Baz – Qux: {link(MF + 'c', 'MP3')} {link(MEGA + 'd#e', 'MP3')}</p>"
    assert numbers_of(first + link("/z.mp3", "Zed") + second) == [1, 1, None, 2, 2]


def test_a_third_mirror_joins_by_its_name() -> None:
    html = (
        f"<p>{link(MF + 'a/kora-lines.zip/file', 'MediaFire')} {link(MEGA + 'b#c', 'Mega')}</p><p>Text.</p>"
    )
    assert numbers_of(html + link("https://x/kora-lines.zip", "here")) == [1, 1, 1]


@pytest.mark.parametrize(
    ("names", "parts"),
    [
        pytest.param(["x.part1.rar", "x.part2.rar", "x.part10.rar"], [1, 2, 10], id="L43 part"),
        pytest.param(["x.part01.rar", "x.part02.rar"], [1, 2], id="L43 part01"),
        pytest.param(["kora.rar", "kora.r00", "kora.r01"], [1, 2, 3], id="L43 r00"),
        pytest.param(["kora.z01", "kora.z02", "kora.zip"], [1, 2, 3], id="L43 z01"),
        pytest.param(["x.7z.001", "x.7z.002"], [1, 2], id="L43 7z"),
        pytest.param(["kora.zip", "kora.rar"], [None, None], id="no-parts"),
    ],
)
def test_parts_of_an_archive_are_numbered(names: list[str], parts: list[int | None]) -> None:
    html = " ".join(link(f"https://h.example/{name}", "Download") for name in names)
    assert [part for _, part in groups_of(html)] == parts
    assert len(set(numbers_of(html))) == 1


def test_parts_on_two_hosts_are_one_group() -> None:
    first = link(MF + "a/kora.part1.rar/file") + link(MF + "b/kora.part2.rar/file")
    second = link(RG + "c/kora.part1.rar.html") + link(RG + "d/kora.part2.rar.html")
    assert groups_of(f"<p>{first}</p><p>{second}</p>") == [(1, 1), (1, 2), (1, 1), (1, 2)]


def test_a_single_part_keeps_its_number() -> None:
    assert groups_of(link("/x.part2.rar")) == [(None, 2)]


@settings(deadline=None, max_examples=80)
@given(st.text(max_size=20), st.sampled_from(["rar", "part1.rar", "7z.001", "z01", "r00", "mp3", ""]))
def test_the_name_without_its_part_keeps_its_format(stem: str, ending: str) -> None:
    name = f"{stem}.{ending}"
    whole, part = split_part(name)
    assert part is None or extension(whole) == extension(name) or not stem
    assert split_part(whole)[1] is None or part is not None


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.sampled_from(["Download", "MediaFire", "Foo – Bar", "FLAC", "Part 1", "<br>", "<img>"]),
        max_size=12,
    )
)
def test_a_group_is_never_of_one(pieces: list[str]) -> None:
    html = "".join(f"{piece}{link(f'{MF}k{number}', piece)}" for number, piece in enumerate(pieces))
    numbers = [number for number in numbers_of(html) if number is not None]
    assert all(numbers.count(number) > 1 for number in numbers)
