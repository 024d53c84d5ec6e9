"""Addresses that stand behind an option of several words: ``--genres house https://blog.example/``."""

from __future__ import annotations

from argparse import ArgumentTypeError
from typing import TYPE_CHECKING, Final

from scraper.cli.exits import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

_OPTIONS: Final = ("genres", "exclude_genres", "text", "exclude_text")


def take_addresses(options: argparse.Namespace, convert: Callable[[str], str], *, command: str) -> list[str]:
    """Return the addresses among the words of `options`, which lose them: no genre is an address.

    `convert` checks each. Raises `UsageError` that names the help of `command`.
    """
    found: list[str] = []
    for name in _OPTIONS:
        words = getattr(options, name) or []
        addresses = [word for word in words if "://" in word]
        if addresses:
            setattr(options, name, [word for word in words if "://" not in word])
            found += addresses
    try:
        return [convert(word) for word in found]
    except ArgumentTypeError as error:
        raise UsageError(str(error), next_step=f"Try: {command} --help") from error
