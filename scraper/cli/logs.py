"""Logging: one line an event on stderr, with nothing of strangers taken for control characters."""

from __future__ import annotations

import logging

from scraper.cli.console import visible

_FORMAT = "%(levelname)s %(name)s: %(message)s"


class _VisibleFormatter(logging.Formatter):
    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is logging's
        """Write the message on one line; only a traceback behind it has several."""
        return visible(super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        return "\n".join(visible(line) for line in super().format(record).split("\n"))


def set_up_logging(*, verbose: bool, quiet: bool) -> None:
    """Send the program's log to stderr: warnings, with `verbose` all it has to say, with `quiet` errors."""
    handler = logging.StreamHandler()
    handler.setFormatter(_VisibleFormatter(_FORMAT))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    level = logging.ERROR if quiet else logging.INFO if verbose else logging.WARNING
    logging.getLogger("scraper").setLevel(level)
