"""Settings that a person keeps: config.toml, checked, with the nearest name for what is misspelt."""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from platformdirs import user_config_path, user_data_path, user_music_path

from scraper.http.agent import checked_contact, checked_sender
from storage.errors import CratedigError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Every key of config.toml and the type of its value; the names are those of the options.
_KEYS: dict[str, type | tuple[type, ...]] = {
    "blogs": list,
    "genres": list,
    "exclude_genres": list,
    "default_genres": dict,
    "from_text": bool,
    "text": list,
    "exclude_text": list,
    "kinds": list,
    "formats": list,
    "prefer": str,
    "genre_file": str,
    "contact": str,
    "from": str,
    "database": str,
    "to": str,
    "concurrency": int,
    "per_host": int,
    "delay": (int, float),
    "max_size": str,
    "bandwidth": str,
    "name": str,
    "sidecar": bool,
    "unpack": bool,
    "keep_rejected": bool,
    "allow_private": bool,
}
_TYPE_NAMES = {
    list: "a list of strings",
    str: "a string",
    int: "a whole number",
    bool: "true or false",
    dict: "a table of lists of strings",
}

# What must hold for the value of a key beyond its type; each raises ValueError with what to write instead.
VALUE_CHECKS: dict[str, Callable[[str], str]] = {"contact": checked_contact, "from": checked_sender}


class ConfigError(CratedigError):
    """The configuration cannot be used as it is."""


def config_path() -> Path:
    """Return where the configuration is looked for unless --config names another file."""
    return _of_user(lambda: user_config_path("cratedig"), option="--config") / "config.toml"


def database_path() -> Path:
    """Return where the database is kept unless --database names another file."""
    return _of_user(lambda: user_data_path("cratedig"), option="--database") / "cratedig.sqlite3"


def download_path() -> Path:
    """Return where files are published unless --to names another folder."""
    return _of_user(user_music_path, option="--to") / "cratedig"


def load_config(path: Path | None) -> dict[str, Any]:
    """Return the values of config.toml by key; of the default file, an absent one is empty.

    Raises `ConfigError` for a file that is absent although named, cannot be read, is not TOML, or has
    an unknown key or a value of the wrong type, or one that cannot be sent to a server.
    """
    try:
        target = path or config_path()
    except ConfigError:
        return {}  # a user without a home, as in a container, has no file there
    try:
        data = tomllib.loads(target.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        if path is None:
            return {}
        raise ConfigError("There is no such configuration file", where=str(target)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError("The configuration cannot be read", where=f"{target}: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            "The configuration is not valid TOML", where=f"{target}: {error}", next_step="Mend that line"
        ) from error
    for key, value in data.items():
        _check(key, value, target)
    return data


def _of_user(folder: Callable[[], Path], *, option: str) -> Path:
    try:
        return folder()
    except RuntimeError as error:  # neither the environment nor the system knows a home
        step = f"Set HOME, or use {option}"
        raise ConfigError("This user has no home folder", where=str(error), next_step=step) from error


def _check(key: str, value: object, path: Path) -> None:
    if key not in _KEYS:
        near = get_close_matches(key, _KEYS, n=1)
        step = f"Did you mean {near[0]}?" if near else f"The keys are {', '.join(sorted(_KEYS))}"
        raise ConfigError(f"Unknown key {key!r} in the configuration", where=str(path), next_step=step)
    wanted = _KEYS[key]
    fits = isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool))
    if fits and isinstance(value, list):
        fits = _is_words(value)
    if fits and isinstance(value, dict):
        fits = all(map(_is_words, value.values()))
    if not fits:
        name = _TYPE_NAMES.get(wanted, "a number") if isinstance(wanted, type) else "a number"
        raise ConfigError(f"In the configuration, {key} must be {name}", where=str(path))
    if key in VALUE_CHECKS and value:
        try:
            VALUE_CHECKS[key](str(value))
        except ValueError as error:
            what = f"In the configuration, {key} cannot be used"
            raise ConfigError(what, where=f"{path}: {error}") from error


def _is_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
