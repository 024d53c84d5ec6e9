"""Mistakes and trouble: one clear line each, the right exit code, no traceback, nothing lost."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from scraper.cli.app import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scraper.demo.server import DemoServer


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "No blog is named"),
        (("--genres", "house"), "No blog is named"),
        (("b.example",), "No genres are named"),
        (("b.example", "--genres", "hause"), "Did you mean house"),
        (("b.example", "--genres", "house", "--json", "--export", "-"), "both write to stdout"),
        (("b.example", "--genres", "house", "--dry-run", "--download"), "Leave one of them out"),
        (("b.example", "--genres", "house", "--since", "yesterday"), "write 2026-11-01, or 7d"),
        (("b.example", "--genres", "house", "--since", "99999y"), "write 2026-11-01, or 7d"),
        (("b.example", "--genres", "house", "--since", "1d", "--until", "2d"), "Swap the dates"),
        (("http://127.0.0.1:99999/", "--genres", "house"), "host or port cannot be"),
        (("http://me:secret@b.example/", "--genres", "house"), "sends neither"),
        (("b.example", "--genres", "house", "--max-posts", "0"), "from 1 up"),
        (("b.example", "--genres", "house", "--concurrency", "5000"), "connections"),
        (("b.example", "--genres", "house", "--delay", "-1"), "number of seconds"),
        (("ftp://b.example/", "--genres", "house"), "only http and https"),
        (("b.example", "--genres", "house", "--kinds", "hosters"), "did you mean hoster"),
        (("b.example", "--genres", "house", "--kinds", "store"), "use one of direct, archive, hoster"),
        (("b.example", "--genres", "house", "--formats", "mp4"), "no format of music"),
        (("b.example", "--genres", "house", "--prefer", "losless"), "did you mean lossless? Try: "),
        (("--genres", "house", "--kinds", "direct", "https://b.example/"), "put it before the options"),
        (("b.example", "--genres", "house", "--text", "!!!"), "Give a word with letters or digits"),
        (("export", "--prefer", "mp3"), "--prefer"),
        (("frobnicate",), "no address of a blog"),
        (("--nonsense",), "--nonsense"),
        (("dowload",), "There is no command 'dowload'. Did you mean scrape download?"),
        (("statsu", "--json"), "Did you mean scrape status?"),
        (("help",), "Try: scrape --help"),
        (("b.example", "--genre", "house"), "Unrecognized arguments: --genre house. Did you mean --genres?"),
        (("--genre", "house"), "Unrecognized arguments: --genre. Did you mean --genres?"),
        (("--genre=house", "house"), "Unrecognized arguments: --genre. Did you mean --genres?"),
        (("--max-post", "5", "b.example"), "Did you mean --max-posts?"),
        (("explain", "--genre", "house", "b.example/a/"), "Did you mean --genres?"),
        (("queue", "--sate", "failed", "list"), "Did you mean --state?"),
        (("--nothing-like-it", "house"), "Argument BLOG: 'house' is no address of a blog"),
        (("--", "--genre"), "Argument BLOG: '--genre' is no address of a blog"),
        (("status", "--jsno"), "Did you mean --json?"),
        (("status", "here"), "Unrecognized arguments: here. Try: scrape status --help"),
        (
            ("export", "--since", "-7d"),
            "a value is missing; a word that begins with - is taken for an option",
        ),
        (("b.example", "--genres"), "Argument --genres: a value is missing"),
        (("b.example", "--genres", "house", "--export", ""), "no file is named"),
        (("export", ""), "no file is named"),
        (("status", "--to", ""), "no folder is named"),
        (("demo", "--folder", " "), "no folder is named"),
        (("status", "--database", ""), "no database is named"),
        (("download", "--max-size", "huge"), "write 500M or 2G"),
        (("queue",), "action"),
        (("queue", "list", "--state", "lost"), "waiting"),
        (("queue", "retry", "--reason", "to-large"), "did you mean too-large? Try: "),
        (("export", "--format", "xml"), "json"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_usage_is_one_line_with_the_next_step(
    scrape: Callable[..., Any], words: tuple[str, ...], said: str
) -> None:
    ran = scrape(*words)
    assert ran.code == 2
    assert ran.out == ""
    assert said in ran.err
    assert len(ran.err.strip().splitlines()) == 1
    assert ran.err.startswith("scrape: ")


def test_an_unreachable_blog_fails_alone_and_the_others_are_read(
    scrape: Callable[..., Any], served: DemoServer, unused_tcp_port: int
) -> None:
    nobody = f"http://127.0.0.1:{unused_tcp_port}/"
    ran = scrape(nobody, served.url, "--genres", "house", "techno", "--allow-private")
    assert ran.code == 1
    assert f"{nobody}" in ran.err.splitlines()[0]
    assert "could not be reached" in ran.err.splitlines()[0]
    assert "unreachable" in ran.err
    matched = next(line.split() for line in ran.err.splitlines() if line.startswith("matched"))
    assert matched[1] == "21"


def test_a_private_address_is_refused_unless_it_is_allowed(
    scrape: Callable[..., Any], served: DemoServer
) -> None:
    ran = scrape(served.url, "--genres", "house")
    assert ran.code == 1
    assert "--allow-private" in ran.err
    assert not served.requests


@pytest.mark.parametrize("command", [("download",), ("export",), ("status",), ("queue", "list")])
def test_a_slip_in_the_name_of_the_database_begins_no_empty_one(
    scrape: Callable[..., Any], tmp_path: Path, command: tuple[str, ...]
) -> None:
    path = tmp_path / "no-such.sqlite3"
    ran = scrape(*command, "--database", str(path))
    assert ran.code == 3
    assert "There is no database yet" in ran.err
    assert not path.exists()


def test_a_database_of_a_newer_version_is_left_as_it_is(
    scrape: Callable[..., Any], served: DemoServer, tmp_path: Path
) -> None:
    scrape(served.url, "--genres", "house", "--allow-private", "--max-posts", "1")
    path = tmp_path / "crate.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE schema_version SET version = 99")
    connection.close()
    before = path.read_bytes()
    ran = scrape("status")
    assert ran.code == 3
    assert "newer" in ran.err
    assert "pgrade" in ran.err
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_left_as_it_is(scrape: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Mum, " * 1000, encoding="utf-8")
    ran = scrape("status", "--database", str(path))
    assert ran.code == 3
    assert "not a database" in ran.err
    assert path.read_text(encoding="utf-8").startswith("Dear Mum")


def test_a_folder_that_takes_no_files_stops_the_downloads_and_loses_none(
    scrape: Callable[..., Any], served: DemoServer, tmp_path: Path
) -> None:
    scrape(served.url, "--genres", "house", "techno", "--allow-private")
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    ran = scrape("download", "--to", str(tmp_path / "file" / "music"), "--allow-private")
    assert ran.code == 3
    assert "could not be written" in ran.err
    again = scrape("download", "--to", str(tmp_path / "music"), "--allow-private")
    assert again.code == 1, "only the page called .mp3 fails"
    assert len([path for path in (tmp_path / "music").iterdir() if path.is_file()]) == 21


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('blogz = ["https://b.example/"]', "Did you mean blogs"),
        ("genres = 'house'", "must be a list of strings"),
        ("per_host = true", "must be a whole number"),
        ("genres = [", "not valid TOML"),
        ('blogs = ["not an address"]', "no address of a blog"),
        ("per_host = 0", "from 1 up"),
        ("concurrency = 100000", "connections"),
        ("delay = -1", "number of seconds"),
        (
            'prefer = "flak"',
            "In the configuration, prefer: 'flak' is no format or quality: did you mean flac",
        ),
        ('formats = ["mp3", "jpg"]', "no format of music"),
        ('kinds = "direct"', "must be a list of strings"),
        ("from_text = 1", "must be true or false"),
        ('default_genres = ["house"]', "must be a table of lists of strings"),
        ('[default_genres]\n"b.example" = "house"', "must be a table of lists of strings"),
        ('blogs = ["b.example"]\n[default_genres]\n"b.example" = ["hause"]', "Did you mean house"),
        ('blogs = ["b.example"]\n[default_genres]\nnowhere = ["house"]', "default_genres of nowhere"),
    ],
)
def test_a_mistake_in_the_configuration_is_named(
    scrape: Callable[..., Any], tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    ran = scrape("--config", str(path), "--genres", "house")
    assert ran.code == 3
    assert said in ran.err


def test_a_configuration_that_is_named_and_absent_is_an_error(
    scrape: Callable[..., Any], tmp_path: Path
) -> None:
    assert scrape("--config", str(tmp_path / "none.toml"), "--genres", "house").code == 3


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("CRATEDIG_PER_HOST", "many", ("b.example", "--genres", "house")),
        ("CRATEDIG_KINDS", "direct,embed", ("b.example", "--genres", "house")),
        ("CRATEDIG_PREFER", "loud", ("b.example", "--genres", "house")),
        ("CRATEDIG_FROM_TEXT", "perhaps", ("b.example", "--genres", "house")),
        ("CRATEDIG_STATE", "bogus", ("queue", "list")),
        ("CRATEDIG_FORMAT", "xml", ("export",)),
    ],
)
def test_a_mistake_in_the_environment_names_the_variable(
    scrape: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv(name, value)
    ran = scrape(*words)
    assert ran.code == 2
    assert name in ran.err


def test_help_is_there_even_when_the_configuration_is_broken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "config.toml"
    path.write_text("genres = [", encoding="utf-8")
    monkeypatch.setenv("CRATEDIG_CONFIG", str(path))
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert "--genres" in capsys.readouterr().out


def test_an_export_that_could_not_be_written_is_refused_before_anything_is_read(
    scrape: Callable[..., Any], served: DemoServer, tmp_path: Path
) -> None:
    target = tmp_path / "none" / "x.json"
    ran = scrape(served.url, "--genres", "house", "--allow-private", "--export", str(target))
    assert ran.code == 3
    assert not served.requests
