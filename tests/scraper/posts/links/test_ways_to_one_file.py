"""Links in one group that are numbered, labelled by quality, or bare parts of an archive."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from scraper.posts.links.reading import read_links

PAGE = "https://b.example/p/"
MF = "https://www.mediafire.com/file/"
MEGA = "https://mega.nz/file/"
RG = "https://rapidgator.net/file/"
OWN = "https://files.example/"


def _link(href: str, text: str) -> str:
    return f'<a href="{href}">{text}</a>'


def _groups(markup: str) -> list[tuple[int | None, int | None]]:
    node = BeautifulSoup(f"<article>{markup}</article>", "lxml")
    return [(each.group, each.part) for each in read_links(node, base=PAGE, page=PAGE).links]


def test_a_quality_before_each_list_of_mirrors_parts_no_group() -> None:
    # L42, L43, L45
    mirrors = f"{_link(MF + 'a/Lines320.zip/file', 'Mediafire')} {_link(MEGA + 'b#k', 'Mega')}"
    parts = "".join(_link(f"{MF}{n}/LinesFLAC.part{n}.rar/file", f"Part {n}") + " " for n in (1, 2))
    found = _groups(f"<p><b>320:</b> {mirrors}</p><p><b>FLAC:</b> {parts}</p>")
    assert found == [(1, None), (1, None), (1, 1), (1, 2)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("LinesVol320.zip", "LinesFLAC.rar"),
        ("Waves320.zip", "LinesFLAC.rar"),
        ("Lines128.zip", "LinesFLAC.rar"),
    ],
)
def test_another_name_or_another_number_is_another_thing(first: str, second: str) -> None:
    markup = f"<p>320: {_link(MF + 'a/' + first + '/file', 'Mediafire')}</p><p>FLAC: {_link(RG + 'b/' + second, 'Rapidgator')}</p>"
    assert [group for group, _ in _groups(markup)] == [None, None]


@pytest.mark.parametrize("ending", ["rar", "zip"])
def test_files_that_are_called_but_parts_are_one_archive(ending: str) -> None:
    # L43
    lines = "<br>".join(_link(url, url) for url in (f"{OWN}1/part1.{ending}", f"{OWN}2/part2.{ending}"))
    assert _groups(f"<p>{lines}</p>") == [(1, 1), (1, 2)]


def test_a_bare_part_beside_a_whole_archive_is_not_a_part_of_it() -> None:
    found = _groups(f"<p>{_link(OWN + 'part1.rar', 'RAR')} {_link(OWN + 'Kora-Lines.zip', 'ZIP')}</p>")
    assert [group for group, _ in found] == [None, None]


def test_bare_parts_under_two_names_are_two_archives() -> None:
    albums = "".join(
        f"<p>Kora – {name}</p><p>{_link(f'{OWN}{name}/part1.rar', 'part1.rar')} {_link(f'{OWN}{name}/part2.rar', 'part2.rar')}</p>"
        for name in ("Lines", "Waves")
    )
    assert _groups(albums) == [(1, 1), (1, 2), (2, 1), (2, 2)]


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        pytest.param((MF + "a", "Link 1"), (MEGA + "b#k", "Link 2"), True, id="L42 hosts differ"),
        pytest.param((MF + "a", "Link 1 (MediaFire)"), (MEGA + "b#k", "Link 2"), True, id="L42 host named"),
        pytest.param((MF + "a", "Server 1"), (RG + "b", "Server 2"), True, id="L42 servers"),
        pytest.param((MF + "a", "Link 1"), (MF + "b", "Link 2"), False, id="one host"),
        pytest.param((MF + "a", "Link 1"), (MEGA + "b#k", "Link 3"), False, id="a number is left out"),
        pytest.param((MF + "a", "Track 1"), (MEGA + "b#k", "Track 2"), False, id="tracks"),
        pytest.param(
            (MF + "a/Lines.zip/file", "Link 1"), (RG + "b/Waves.zip", "Link 2"), False, id="names differ"
        ),
    ],
)
def test_numbered_links_are_one_thing_where_hosts_and_names_prove_it(
    one: tuple[str, str], other: tuple[str, str], together: bool
) -> None:
    found = [group for group, _ in _groups(f"<p>{_link(*one)}<br>{_link(*other)}</p>")]
    assert found == ([1, 1] if together else [None, None])
