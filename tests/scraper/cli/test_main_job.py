"""scrape [BLOG …] --genres …, from its words to what it prints and returns."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from scraper import __version__

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scraper.demo.server import DemoServer

HOUSE = ("--genres", "house", "techno", "--allow-private")


def _paths(export: str) -> list[str]:
    return sorted(urlsplit(post["url"]).path for post in json.loads(export)["posts"])


def test_the_matching_posts_of_the_blog_are_exported_and_nothing_else_is_on_stdout(
    scrape: Callable[..., Any], served: DemoServer, expected: dict[str, Any]
) -> None:
    ran = scrape(served.url, *HOUSE, "--export", "-")
    assert ran.code == 0
    export = json.loads(ran.out)
    assert _paths(ran.out) == sorted(expected["matching"])
    assert (export["schema"], export["genres"]) == (1, ["house", "techno"])
    truth = {post["path"]: post for post in expected["posts"]}
    for post in export["posts"]:
        wanted = truth[urlsplit(post["url"]).path]
        assert sorted(post["matched"]) == sorted(wanted["matched"])
        files = [link for link in post["links"] if link["kind"] in {"direct", "archive", "hoster"}]
        queued = [link for link in post["links"] if link["download"]]
        assert [link for link in queued if link not in files] == []
        assert {link["download"]["state"] for link in queued} == ({"waiting"} if files else set())
        spared = {"wren-coil-copper-wire.mp3"} if "wren-coil" in post["url"] else set()
        assert {link["name"] for link in files if link not in queued} == spared, "it is there as FLAC"


def test_a_second_run_fetches_the_listing_alone_and_queues_nothing(
    scrape: Callable[..., Any], served: DemoServer
) -> None:
    scrape(served.url, *HOUSE)
    before = len(served.requests)
    ran = scrape(served.url, *HOUSE, "--json")
    result = json.loads(ran.out)
    assert len(served.requests) - before <= 2
    assert (ran.code, result["new"], result["matched"], result["queued"]) == (0, 0, 0, 0)


def test_another_query_over_the_same_blog_needs_no_post_again(
    scrape: Callable[..., Any], served: DemoServer, expected: dict[str, Any]
) -> None:
    scrape(served.url, *HOUSE)
    before = len(served.requests)
    ran = scrape(served.url, "--genres", "disco", "--allow-private", "--export", "-")
    assert len(served.requests) - before <= 2
    disco = [
        post["path"]
        for post in expected["posts"]
        if {"disco", "nu disco", "italo disco"} & set(post["genres"])
    ]
    assert set(disco) <= set(_paths(ran.out))


def test_a_run_with_download_leaves_the_files_and_says_what_failed(
    scrape: Callable[..., Any], served: DemoServer, tmp_path: Path
) -> None:
    ran = scrape(served.url, *HOUSE, "--download", "--to", str(tmp_path / "music"))
    assert ran.code == 1
    assert ran.out == ""
    assert "not-audio" in ran.err
    assert "scrape queue list --state failed" in ran.err
    files = [path for path in (tmp_path / "music").iterdir() if path.is_file()]
    assert len(files) == 21


def test_a_dry_run_exports_what_it_found_and_keeps_nothing(
    scrape: Callable[..., Any], served: DemoServer, expected: dict[str, Any]
) -> None:
    ran = scrape(served.url, *HOUSE, "--dry-run", "--export", "-")
    assert _paths(ran.out) == sorted(expected["matching"])
    status = json.loads(scrape("status", "--json").out)
    assert (status["posts"], status["blogs"], status["runs"]) == (0, [], [])


@pytest.mark.parametrize(
    ("words", "number"),
    [
        (("--max-posts", "3"), 3),
        (("--since", "2025-06-01"), None),
    ],
    ids=["max-posts", "since"],
)
def test_a_run_that_was_bounded_goes_on_where_it_stopped(
    scrape: Callable[..., Any], served: DemoServer, words: tuple[str, ...], number: int | None
) -> None:
    first = json.loads(scrape(served.url, "--genres", "any", "--allow-private", *words, "--json").out)
    assert first["new"] == number if number else 0 < first["new"] < 52
    rest = json.loads(scrape(served.url, "--genres", "any", "--allow-private", "--json").out)
    assert first["new"] + rest["new"] == 52


def test_exclusion_wins_and_exact_means_the_genre_alone(
    scrape: Callable[..., Any], served: DemoServer, expected: dict[str, Any]
) -> None:
    genres = {post["path"]: set(post["genres"]) for post in expected["posts"]}
    ran = scrape(served.url, *HOUSE, "--exclude-genres", "deep house", "--export", "-")
    assert _paths(ran.out) == sorted(
        path for path in expected["matching"] if "deep house" not in genres[path]
    )
    exact = scrape(
        served.url,
        "--genres",
        "techno",
        "--exact-genres",
        "--allow-private",
        "--dry-run",
        "--full",
        "--export",
        "-",
    )
    assert _paths(exact.out) == sorted(path for path, names in genres.items() if "techno" in names)


def test_blogs_and_genres_may_come_from_the_configuration_and_the_environment(
    scrape: Callable[..., Any], served: DemoServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'blogs = ["{served.url}"]\nallow_private = true\n', encoding="utf-8")
    monkeypatch.setenv("CRATEDIG_GENRES", "house, techno")
    ran = scrape("--config", str(config), "--json")
    assert json.loads(ran.out)["matched"] == 21


def test_genres_may_be_named_in_several_options(scrape: Callable[..., Any], served: Any) -> None:
    ran = scrape(served.url, "--genres", "house", "--genres", "techno", "--allow-private", "--json")
    assert json.loads(ran.out)["matched"] == 21


def test_the_contact_of_the_configuration_is_told_to_the_blog(
    scrape: Callable[..., Any], served: Any, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text('contact = "me@b.example"\n', encoding="utf-8")
    scrape(served.url, *HOUSE, "--config", str(config), "--max-posts", "1")
    assert served.agents == {f"cratedig/{__version__} (+me@b.example)"}


def test_genres_of_ones_own_may_stand_in_a_file(
    scrape: Callable[..., Any], served: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "genres.toml"
    own.write_text('[genres.mine]\n"kiosk house" = { parents = ["house"] }\n', encoding="utf-8")
    assert scrape(served.url, "--genres", "kiosk house", "--allow-private").code == 2
    monkeypatch.setenv("CRATEDIG_GENRE_FILE", str(own))
    assert scrape(served.url, "--genres", "kiosk house", "--allow-private").code == 0


def test_nothing_matched_is_an_exit_code_of_its_own_when_asked_for(
    scrape: Callable[..., Any], served: DemoServer
) -> None:
    ran = scrape(served.url, "--genres", "gospel", "--allow-private", "--fail-if-empty", "--quiet")
    assert (ran.code, ran.out, ran.err) == (4, "", "")


def test_the_closing_table_fits_into_80_columns(
    scrape: Callable[..., Any], served: DemoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    ran = scrape(served.url, *HOUSE)
    table = [line for line in ran.err.splitlines() if not line.startswith("Next: ")]  # a path may be long
    assert max(map(len, table)) <= 80
    assert "\x1b" not in ran.err


def test_quiet_and_json_give_the_object_alone(scrape: Callable[..., Any], served: Any) -> None:
    ran = scrape(served.url, *HOUSE, "--quiet", "--json")
    assert (json.loads(ran.out)["matched"], ran.err) == (21, "")


def test_blogs_may_stand_on_both_sides_of_the_genres(
    scrape: Callable[..., Any], served: Any, unused_tcp_port: int
) -> None:
    nobody = f"http://127.0.0.1:{unused_tcp_port}/"
    ran = scrape(nobody, "--genres", "house", "techno", served.url, "--allow-private", "--json")
    assert (ran.code, json.loads(ran.out)["matched"]) == (1, 21)
