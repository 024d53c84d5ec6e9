from __future__ import annotations

import pytest

from scraper.posts.genres.music_signs import own_names, shows_music
from scraper.posts.titles import parse_title
from storage.records import Link, LinkKind

PLAIN = parse_title("What happened in the village")


def link(kind: LinkKind, host: str, *, sure: bool = True) -> Link:
    return Link(url=f"https://{host}/x", key=f"https://{host}/x", kind=kind, host=host, sure=sure)


@pytest.mark.parametrize(
    ("kind", "host", "sure", "music"),
    [
        (LinkKind.DIRECT, "blog.example", True, True),
        (LinkKind.DIRECT, "blog.example", False, False),
        (LinkKind.HOSTER, "mediafire.com", True, True),
        (LinkKind.GATE, "hypeddit.com", True, True),
        (LinkKind.STORE, "beatport.com", True, True),
        (LinkKind.STORE, "amazon.de", True, False),
        (LinkKind.STORE, "amzn.to", True, False),
        (LinkKind.EMBED, "soundcloud.com", True, True),
        (LinkKind.EMBED, "youtube.com", True, False),
        (LinkKind.EMBED, "www.youtube-nocookie.com", True, False),
        (LinkKind.EMBED, "notyoutube.com", True, True),
        (LinkKind.DEAD, "zippyshare.com", True, False),
    ],
)
def test_a_link_shows_music_where_nothing_else_is_offered(
    kind: LinkKind, host: str, sure: bool, music: bool
) -> None:
    assert shows_music(PLAIN, [link(kind, host, sure=sure)]) is music


@pytest.mark.parametrize(
    ("title", "music"),
    [
        ("Kora – Lines", True),
        ("Kora – “Lines” (Kora Remix)", True),
        ("What happened in the village", False),
        ("Village by the sea", False),
    ],
)
def test_a_title_of_artist_and_track_shows_music(title: str, music: bool) -> None:
    assert shows_music(parse_title(title), []) is music


def test_the_names_of_a_post_are_its_title_and_all_who_made_it() -> None:
    title = parse_title("Kora – Lines feat. Milo (Dub Remix) [Nine Lives]")
    names = own_names(title)
    assert {"Kora", "Lines", "Milo", "Dub Remix", "Nine Lives", title.text} <= set(names)
    assert list(names) == sorted(names, key=len, reverse=True)
