from __future__ import annotations

import pytest

from tests.scraper.posts.links.markup import links_of


@pytest.mark.parametrize("name", [pytest.param("wp-playlist-script", id="L11")])
def test_a_playlist_gives_its_tracks_with_artist_and_title(name: str) -> None:
    first = r'{"src":"https:\/\/b\/1.mp3","title":"T","meta":{"artist":"A"}}'
    tracks = '{"tracks":[' + first + ',{"src":"https://b/2.mp3"}]}'
    found = links_of(f'<script type="application/json" class="{name}">{tracks}</script>')
    assert [(each.url, each.text) for each in found] == [
        ("https://b/1.mp3", "A – T"),
        ("https://b/2.mp3", None),
    ]


@pytest.mark.parametrize(
    "script", ["", "[", '{"tracks": 1}', '{"tracks": [1, {"src": 2}]}', "[" * 100_000, '"x"']
)
def test_a_broken_playlist_gives_nothing(script: str) -> None:
    assert not links_of(f'<script class="wp-playlist-script">{script}</script>')


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(
            """var t=[{title:"Crazy",artist:"Nasty C",audio:"Nasty C - Crazy.mp3"},
            {audio:"D:/site/x.mp3",title:"q"}]""",
            id="L32",
        )
    ],
)
def test_arrays_of_tracks_in_scripts(script: str) -> None:
    (found,) = links_of(f"<script>{script}</script>")
    assert found.url == "https://b.example/p/Nasty%20C%20-%20Crazy.mp3"
    assert found.text == "Nasty C – Crazy"
