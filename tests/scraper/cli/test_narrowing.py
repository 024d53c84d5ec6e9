"""Options that narrow what is kept: free text, kinds and formats of links, genres that nobody states."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scraper.demo.server import DemoServer

ANY = ("--genres", "any", "--prefer", "all", "--allow-private", "--quiet")


def _posts(out: str) -> list[dict[str, Any]]:
    posts: list[dict[str, Any]] = json.loads(out)["posts"]
    return posts


def _queued(posts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [link for post in posts for link in post["links"] if link["download"]]


def _all(scrape: Callable[..., Any], served: DemoServer) -> list[dict[str, Any]]:
    scrape(served.url, *ANY)
    return _posts(scrape("export").out)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("--kinds", "hoster", "archive"), lambda link: link["kind"] in {"hoster", "archive"}),
        (
            ("--kinds", "direct", "--formats", "flac", ".WAV"),
            lambda link: link["kind"] == "direct" and link["format"] in {"flac", "wav"},
        ),
        (("--formats", "mp3"), lambda link: link["format"] in {"mp3", None}),
    ],
    ids=["kinds", "kinds and formats", "formats"],
)
def test_only_links_that_are_asked_for_are_queued_and_posts_without_them_do_not_match(
    scrape: Callable[..., Any],
    served: DemoServer,
    tmp_path: Path,
    words: tuple[str, ...],
    wanted: Callable[[dict[str, Any]], bool],
) -> None:
    everything = _all(scrape, served)
    fitting = {link["url"] for link in _queued(everything) if wanted(link)}
    posts = {post["url"] for post in everything if fitting & {link["url"] for link in post["links"]}}
    other = ("--database", str(tmp_path / "other.sqlite3"))
    scrape(served.url, *ANY, *words, *other)
    narrowed = _posts(scrape("export", *other).out)
    assert fitting
    assert {link["url"] for link in _queued(narrowed)} == fitting
    assert {post["url"] for post in narrowed} == posts
    assert {post["url"] for post in _posts(scrape("export", *words).out)} == posts


def test_free_text_keeps_and_drops_posts(scrape: Callable[..., Any], served: DemoServer) -> None:
    everything = _all(scrape, served)
    artist = next(post["artist"] for post in everything if post["artist"] and " " in post["artist"])
    urls = {post["url"] for post in everything}
    kept = {post["url"] for post in _posts(scrape("export", "--text", artist.upper()).out)}
    dropped = {post["url"] for post in _posts(scrape("export", "--exclude-text", artist.upper()).out)}
    assert kept
    assert dropped
    assert (kept | dropped, kept & dropped) == (urls, set())


def test_a_later_query_by_text_needs_no_post_again(scrape: Callable[..., Any], served: DemoServer) -> None:
    scrape(served.url, "--genres", "gabber", "--allow-private")
    assert _posts(scrape("export").out) == []
    before = len(served.requests)
    ran = scrape(served.url, *ANY, "--text", "flac", "mp3", "--json")
    assert json.loads(ran.out)["matched"] > 0
    assert len(served.requests) - before <= 2


def test_the_default_of_a_blog_counts_where_nothing_else_does(
    scrape: Callable[..., Any], served: DemoServer, tmp_path: Path
) -> None:
    everything = _all(scrape, served)
    silent = {post["url"] for post in everything if not post["genres"]}
    assert silent
    config = tmp_path / "config.toml"
    address = served.url.removesuffix("/")
    config.write_text(f'[default_genres]\n"{address}" = ["Sambass", "gabba"]\n', encoding="utf-8")
    told = _posts(scrape("export", "--genres", "sambass", "--config", str(config)).out)
    assert {post["url"] for post in told} == silent
    assert {tuple(post["genres"]) for post in told} == {("sambass", "gabber")}
    assert _posts(scrape("export", "--genres", "sambass").out) == []
    ran = scrape(
        served.url, "--genres", "gabber", "--allow-private", "--config", str(config), "--export", "-"
    )
    newly = _posts(ran.out)
    assert {post["url"] for post in newly} == silent
    assert {tuple(post["genres"]) for post in newly} == {("sambass", "gabber")}


def test_the_configuration_and_the_environment_narrow_a_run_but_not_the_export(
    scrape: Callable[..., Any], served: DemoServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config.toml"
    config.write_text('kinds = ["hoster"]\nprefer = "320"\ntext = ["nobody says this"]\n', encoding="utf-8")
    monkeypatch.setenv("CRATEDIG_TEXT", "")
    scrape(served.url, *ANY, "--config", str(config))
    monkeypatch.setenv("CRATEDIG_TEXT", "nobody says this")
    monkeypatch.setenv("CRATEDIG_GENRES", "gospel")
    posts = _posts(scrape("export", "--config", str(config)).out)
    assert {link["kind"] for link in _queued(posts)} == {"hoster"}


def test_a_blog_may_stand_behind_the_words_to_be_said(scrape: Callable[..., Any], served: DemoServer) -> None:
    ran = scrape("--genres", "any", "--exclude-text", "zzz", served.url, "--allow-private", "--json")
    assert (ran.code, json.loads(ran.out)["new"]) == (0, 52)
