"""Settings that a person keeps: what config.toml and the environment may say of who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper.cli.exits import UsageError
from scraper.cli.parsing import Parser, parse
from scraper.settings import ConfigError, load_config

if TYPE_CHECKING:
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
    assert said.lower().startswith(f"{key} in the configuration ")
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
