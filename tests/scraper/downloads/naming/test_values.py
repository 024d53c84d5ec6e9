from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from scraper.downloads.naming.fields import FIELDS
from scraper.downloads.naming.values import name_values
from storage.records import Download, DownloadState, LinkKind, Post, Precision, Published

_POST = Post(
    url="https://www.blog.example/p",
    key="p",
    blog="https://www.blog.example/",
    title="Kora - Lines (Dub) [Frost]",
    artist="Kora",
    track="Lines",
    version="Dub",
    label="Frost",
    genres=("deep house", "dub techno"),
    published=Published(text="2024-05-17T12:00:00+02:00", precision=Precision.TIME, timestamp=0),
)


def _download(**more: Any) -> Download:
    plain = {"stem": "Kora - Lines (Dub)", "referer": _POST.url, "kind": LinkKind.DIRECT}
    return Download(
        **(plain | more),
        id=1,
        key="https://files.example/1.mp3",
        url="https://files.example/1.mp3",
        host="files.example",
        state=DownloadState.RUNNING,
        attempts=1,
        due=0,
        created=0,
        updated=0,
    )


def test_a_file_called_as_its_post_has_the_posts_values() -> None:
    values = name_values(_download(), _POST)
    assert set(values) == set(FIELDS) - {"format"}
    assert values | {"id": "", "name": ""} == {
        "name": "",
        "artist": "Kora",
        "title": "Lines",
        "version": "Dub",
        "label": "Frost",
        "genre": "deep house",
        "genres": "deep house, dub techno",
        "year": "2024",
        "date": "2024-05-17",
        "post": "Kora - Lines (Dub) [Frost]",
        "blog": "blog.example",
        "host": "files.example",
        "part": None,
        "id": "",
    }


@pytest.mark.parametrize(
    ("stem", "artist", "title", "version"),
    [
        ("Mira - Tides (Kora Remix)", "Mira", "Tides", "Kora Remix"),
        ("Tides", "Kora", "Tides", None),
        (None, "Kora", "untitled", None),
    ],
)
def test_another_file_of_the_post_is_what_its_own_name_says(
    stem: str | None, artist: str, title: str, version: str | None
) -> None:
    values = name_values(_download(stem=stem), _POST)
    assert (values["artist"], values["title"], values["version"]) == (artist, title, version)
    assert values["label"] == "Frost"


def test_a_post_that_is_not_stored_any_more_leaves_what_the_download_knows() -> None:
    values = name_values(_download(), None)
    assert (values["artist"], values["title"], values["version"]) == ("Kora", "Lines", "Dub")
    assert (values["blog"], values["post"], values["date"]) == ("blog.example", None, None)
    assert name_values(_download(referer=None), None)["blog"] is None
    assert name_values(_download(referer="https://[::1/"), None)["blog"] is None


def test_a_part_of_an_archive_is_told_apart_from_the_title() -> None:
    values = name_values(_download(stem="Kora - Lines (Dub).part02"), _POST)
    assert (values["title"], values["version"], values["part"]) == ("Lines", "Dub", "part02")


@pytest.mark.parametrize(("text", "year"), [("2024-05", "2024"), ("2024-W20", "2024"), ("1999", "1999")])
def test_a_date_is_never_more_exact_than_the_blog_said(text: str, year: str) -> None:
    published = Published(text=text, precision=Precision.MONTH, timestamp=0)
    values = name_values(_download(), Post(url="u", key="u", blog="b", title="t", published=published))
    assert (values["date"], values["year"]) == (text, year)


def test_the_host_of_a_blog_is_written_as_people_read_it() -> None:
    post = Post(url="u", key="u", blog="https://www.xn--msik-0ra.example/", title="t")
    assert name_values(_download(), post)["blog"] == "müsik.example"


def test_an_id_is_that_of_the_link_whatever_it_is_called() -> None:
    one, other = _download(), _download(stem="x")
    assert name_values(one, None)["id"] == name_values(other, _POST)["id"]
    assert name_values(replace(one, key="other"), None)["id"] != name_values(one, None)["id"]
