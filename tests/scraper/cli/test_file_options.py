"""What options, config.toml and the environment say about files, as a drain is told it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from scraper.cli import download, main_job
from scraper.cli.draining import settings_of
from scraper.cli.exits import UsageError
from scraper.cli.parsing import parse
from scraper.settings import ConfigError, load_config

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

CONFIG = """
bandwidth = "2M"
name = "{blog}/{artist} - {title}"
sidecar = true
unpack = true
keep_rejected = true
max_size = "500M"
"""


def _settings(command: ModuleType, *words: str, config: dict[str, Any], **environment: str) -> Any:
    return settings_of(parse(command.build_parser(), words, config=config, environment=environment))


@pytest.mark.parametrize("command", [download, main_job])
def test_without_a_word_files_are_as_they_come(command: ModuleType) -> None:
    settings = _settings(command, config={})
    assert (settings.name, settings.sidecar, settings.unpack, settings.keep_rejected) == (
        None,
        False,
        False,
        False,
    )
    assert (settings.bandwidth, settings.max_bytes) == (None, 2_000_000_000)


@pytest.mark.parametrize("command", [download, main_job])
def test_options_the_environment_and_the_configuration_say_the_same(
    command: ModuleType, tmp_path: Path
) -> None:
    file = tmp_path / "config.toml"
    file.write_text(CONFIG, encoding="utf-8")
    template = "{blog}/{artist} - {title}"
    flags = ("--sidecar", "--unpack", "--keep-rejected", "--max-size", "500M")
    said = [
        _settings(command, config=load_config(file)),
        _settings(command, *flags, "--bandwidth", "2M", "--name", template, config={}),
        _settings(
            command,
            config={},
            CRATEDIG_BANDWIDTH="2M",
            CRATEDIG_NAME=template,
            CRATEDIG_SIDECAR="yes",
            CRATEDIG_UNPACK="1",
            CRATEDIG_KEEP_REJECTED="true",
            CRATEDIG_MAX_SIZE="500M",
        ),
    ]
    assert said[0] == said[1] == said[2]
    assert said[0].name.text == template
    assert (said[0].bandwidth, said[0].max_bytes) == (2_000_000, 500_000_000)
    assert said[0].sidecar
    assert said[0].unpack
    assert said[0].keep_rejected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('name = "{artis}"', r"name: .*did you mean \{artist\}"),
        ('bandwidth = "7"', "bandwidth: '7' is no rate"),
    ],
)
def test_a_mistake_in_the_configuration_is_named(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=said):
        _settings(download, config=load_config(file))


def test_a_mistake_in_the_environment_names_the_variable() -> None:
    with pytest.raises(UsageError, match="CRATEDIG_NAME in the environment"):
        _settings(download, config={}, CRATEDIG_NAME="{artis}")
