"""Where the defaults of options come from: the environment, then config.toml."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from scraper.cli.exits import UsageError
from scraper.settings import VALUE_CHECKS, ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

ENVIRONMENT_PREFIX = "CRATEDIG_"
SETTINGS = {"contact": "contact", "from": "sender", "genre_file": "genre_file"}
"""What is set in config.toml or the environment only, and where options keep it: it belongs to the person."""

TABLES = ("default_genres",)
"""What is set in config.toml only, since it does not fit on a line."""

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off", ""})


def setting(key: str, config: Mapping[str, Any], environment: Mapping[str, str]) -> Any:
    """Return what the environment, else `config`, says of a key of `SETTINGS`. Raises `UsageError`."""
    name = ENVIRONMENT_PREFIX + key.upper()
    text = environment.get(name)
    if not text or key not in VALUE_CHECKS:
        return config.get(key) if text is None else text
    try:
        return VALUE_CHECKS[key](text)
    except ValueError as error:
        raise UsageError(f"{name} in the environment: {error}") from error


def take_default(action: argparse.Action, config: Mapping[str, Any], environment: Mapping[str, str]) -> None:
    """Let an option have the default that the environment, else `config`, gives it.

    Raises `UsageError` or `ConfigError` for what is no value of the option.
    """
    if action.dest in config:
        try:
            action.default = _configured(action, config[action.dest])
        except argparse.ArgumentTypeError as error:
            raise ConfigError(f"in the configuration, {action.dest}: {error}") from error
    name = ENVIRONMENT_PREFIX + action.dest.upper()
    if not action.option_strings or name not in environment:
        return
    try:
        action.default = _from_text(action, environment[name])
    except (argparse.ArgumentTypeError, ValueError) as error:
        raise UsageError(f"{name} in the environment: {error}") from error


def _configured(action: argparse.Action, value: Any) -> Any:
    convert = action.type
    if isinstance(value, list):
        return [convert(item) if callable(convert) else item for item in value]
    if isinstance(value, bool) or not callable(convert):
        return value
    return convert(str(value))


def _from_text(action: argparse.Action, text: str) -> Any:
    if action.nargs == 0:
        word = text.strip().lower()
        if word not in _TRUE | _FALSE:
            raise ValueError(f"{text!r} is neither yes nor no")
        return word in _TRUE
    convert = action.type if callable(action.type) else str
    words = text.split(",") if action.nargs in {"+", "*"} else [text]
    found = [convert(word.strip()) for word in words if word.strip()]
    for value in found:
        if action.choices is not None and value not in action.choices:
            raise ValueError(f"{value!r} is not one of {', '.join(map(str, action.choices))}")
    return found if action.nargs in {"+", "*"} else convert(text)
