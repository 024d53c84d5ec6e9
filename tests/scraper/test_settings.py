"""Settings that a person keeps: what config.toml and the environment may say of who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper.cli.exits import UsageError
from scraper.cli.parsing import Parser, add_filters, parse
from scraper.settings import ConfigError, config_path, database_path, download_path, load_config

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_contact_and_from_reach_the_options(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('contact = "https://b.example/"\nfrom = "me@b.example"\n', encoding="utf-8")
    options = parse(Parser(), [], config=load_config(path), environment={})
    assert (options.contact, options.sender) == ("https://b.example/", "me@b.example")


def test_the_environment_speaks_before_the_configuration() -> None:
    config = {"contact": "me@b.example", "from": "me@b.example"}
    environment = {"CRATEDIG_CONTACT": "you@b.example", "CRATEDIG_FROM": ""}
    options = parse(Parser(), [], config=config, environment=environment)
    assert (options.contact, options.sender) == ("you@b.example", "")


def test_who_asks_is_not_made_up() -> None:
    options = parse(Parser(), [], config={}, environment={})
    assert (options.contact, options.sender) == (None, None)


@pytest.mark.parametrize(
    ("line", "key", "advice"),
    [
        (r'contact = "me@b.example\r\nCookie: a=b"', "contact", "on one line"),
        ('contact = "me"', "contact", "write https://blog.example/about or me@blog.example"),
        ('contact = "https://b.example/größe"', "contact", "write it in ASCII"),
        ("contact = 5", "contact", "must be a string"),
        (r'from = "me@b.example\nCookie: a=b"', "from", "on one line"),
        ('from = "Jo <me@b.example>"', "from", "write me@blog.example"),
        ('from = "jö@b.example"', "from", "write it in ASCII"),
    ],
)
def test_a_bad_value_in_the_configuration_names_key_file_and_remedy(
    tmp_path: Path, line: str, key: str, advice: str
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    said = str(caught.value)
    assert said.startswith(f"In the configuration, {key} ")
    assert str(path) in said
    assert advice in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("name", "value"),
    [("CRATEDIG_CONTACT", "me\nCookie: a=b"), ("CRATEDIG_FROM", "me"), ("CRATEDIG_FROM", "jö@b.example")],
)
def test_a_bad_value_in_the_environment_names_the_variable(name: str, value: str) -> None:
    with pytest.raises(UsageError, match=rf"{name} in the environment: .*write "):
        parse(Parser(), [], config={}, environment={name: value})


def test_default_genres_come_from_the_configuration_alone(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[default_genres]\n"https://b.example/" = ["deep house"]\n', encoding="utf-8")
    environment = {"CRATEDIG_DEFAULT_GENRES": "dub"}
    options = parse(Parser(), [], config=load_config(path), environment=environment)
    assert options.default_genres == {"https://b.example/": ["deep house"]}
    assert parse(Parser(), [], config={}, environment=environment).default_genres == {}


@pytest.mark.parametrize(
    ("words", "environment", "prefer", "kinds"),
    [
        ([], {}, "flac", ["direct"]),
        ([], {"CRATEDIG_PREFER": "320", "CRATEDIG_KINDS": "archive, hoster"}, "320", ["archive", "hoster"]),
        (["--prefer", "V0", "--kinds", "hoster"], {"CRATEDIG_PREFER": "320"}, "v0", ["hoster"]),
    ],
)
def test_the_command_line_speaks_before_the_environment_and_the_configuration(
    words: list[str], environment: dict[str, str], prefer: str, kinds: list[str]
) -> None:
    parser = Parser()
    add_filters(parser)
    config = {"prefer": "flac", "kinds": ["direct"]}
    options = parse(parser, words, config=config, environment=environment)
    assert (options.prefer, options.kinds) == (prefer, kinds)


def test_a_command_that_queues_nothing_prefers_nothing() -> None:
    parser = Parser()
    add_filters(parser, queues=False)
    assert parse(parser, [], config={"prefer": "flac"}, environment={}).prefer is None


@pytest.fixture
def _homeless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run as a user of a container: no variable names a home, and the system does not know the user."""

    def unknown(number: int) -> None:
        raise KeyError(number)

    monkeypatch.setattr("pwd.getpwuid", unknown)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_MUSIC_DIR"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("_homeless")
def test_a_user_without_a_home_has_no_configuration() -> None:
    assert load_config(None) == {}


@pytest.mark.usefixtures("_homeless")
@pytest.mark.parametrize(
    ("path", "option"),
    [(config_path, "--config"), (database_path, "--database"), (download_path, "--to")],
)
def test_a_user_without_a_home_is_told_which_option_helps(path: Callable[[], Path], option: str) -> None:
    with pytest.raises(ConfigError, match=f"Set HOME, or use {option}"):
        path()
