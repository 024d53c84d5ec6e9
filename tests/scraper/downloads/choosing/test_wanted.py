from __future__ import annotations

from typing import Any

import pytest

from scraper.downloads.choosing.wanted import wanted_downloads
from storage.records import Link, LinkKind, Post


def _link(url: str, kind: LinkKind = LinkKind.DIRECT, text: str | None = None) -> Link:
    name = url.rpartition("/")[2]
    ending = name.rpartition(".")[2] if kind is LinkKind.DIRECT else None
    return Link(
        url=url, key=url.lower(), kind=kind, host="files.example", format=ending, name=name, text=text
    )


def _post(*links: Link, **parts: Any) -> Post:
    given: dict[str, Any] = {
        "title": "Kora – Lines (Dub)",
        "artist": "Kora",
        "track": "Lines",
        "version": "Dub",
    }
    return Post(url="https://b.example/p", key="p", blog="https://b.example/", links=links, **(given | parts))


HOSTER = LinkKind.HOSTER
NO_PARTS = {"title": "Three for the weekend", "artist": None, "track": None, "version": None}


@pytest.mark.parametrize(
    ("post", "stems"),
    [
        pytest.param(_post(_link("https://f/kora-lines.mp3")), ["Kora - Lines (Dub)"], id="one file"),
        pytest.param(
            _post(_link("https://f/kora-lines.mp3"), _link("https://f/Kora-Lines.flac")),
            ["Kora - Lines (Dub)"] * 2,
            id="one release in two formats",
        ),
        pytest.param(
            _post(_link("https://f/x"), featuring=("Ana",)),
            ["Kora - Lines (feat. Ana) (Dub)"],
            id="a guest",
        ),
        pytest.param(
            _post(
                _link("https://f/1.mp3", text="Juno Parch - Corner Table"),
                _link("https://f/2.mp3", text="Ivo Tarn – Copper Kettle (Live)"),
                **NO_PARTS,
            ),
            ["Juno Parch - Corner Table", "Ivo Tarn - Copper Kettle (Live)"],
            id="several tracks with texts",
        ),
        pytest.param(
            _post(_link("https://f/1.mp3", text="Side A (Live)"), _link("https://f/2.mp3", text="B (Live)")),
            ["Kora - Side A (Live)", "Kora - B (Live)"],
            id="several tracks of the post's artist",
        ),
        pytest.param(
            _post(
                _link("https://f/Juno Parch - Corner.mp3"),
                _link("https://f/ivo-tarn-kettle.mp3", text="Download"),
            ),
            ["Juno Parch - Corner", "ivo-tarn-kettle"],
            id="several tracks by file name",
        ),
        pytest.param(
            _post(_link("https://f/a.mp3"), **NO_PARTS), ["Three for the weekend"], id="a post without artist"
        ),
        pytest.param(
            _post(
                Link(url="u1", key="u1", kind=HOSTER, host="h", text="Dropbox"),
                Link(url="u2", key="u2", kind=HOSTER, host="h"),
                **NO_PARTS,
            ),
            ["Three for the weekend - Dropbox", "Three for the weekend"],
            id="hosters without names",
        ),
        pytest.param(_post(), [], id="no links"),
    ],
)
def test_files_are_named_by_what_tells_them_apart(post: Post, stems: list[str]) -> None:
    assert [wanted.stem for wanted in wanted_downloads(post)] == stems


def test_only_links_to_files_are_wanted() -> None:  # A4
    links = [_link(f"https://f/{kind}", kind) for kind in LinkKind]
    kinds = [wanted.kind for wanted in wanted_downloads(_post(*links))]
    assert kinds == [LinkKind.DIRECT, LinkKind.ARCHIVE, LinkKind.HOSTER]


def test_what_is_wanted_says_where_it_came_from_and_leaves_the_address_alone() -> None:
    (wanted,) = wanted_downloads(_post(_link("https://f/Kora%2FLines.MP3?x=1")))
    assert (wanted.url, wanted.key) == ("https://f/Kora%2FLines.MP3?x=1", "https://f/kora%2flines.mp3?x=1")
    assert (wanted.referer, wanted.host) == ("https://b.example/p", "files.example")
