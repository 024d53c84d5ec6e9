"""How long a change waits for another program: one that follows another that waited in vain, only shortly."""

from __future__ import annotations

import math
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy.exc import OperationalError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

LONG: Final = 30_000
"""Milliseconds. A change of ours takes less than a second, a migration of a large database several."""
SHORT: Final = 500
"""Milliseconds."""


class Patience:
    """Begins transactions of changes, one after another.

    Each of many that wait for the same lock would else wait its own half minute, those included that end a
    run: a signal would be heeded after minutes.
    """

    def __init__(self) -> None:
        self._in_vain = -math.inf

    @contextmanager
    def begin(self, engine: Engine) -> Iterator[Connection]:
        """Give a connection of `engine`, whose connections wait for `LONG`, within a transaction."""
        short = time.monotonic() - self._in_vain < LONG / 1000
        with engine.connect() as connection:
            if short:
                _wait_at_most(connection, SHORT)
            try:
                transaction = connection.begin()
            except OperationalError:
                self._in_vain = time.monotonic()
                raise
            finally:
                if short:
                    _wait_at_most(connection, LONG)
            self._in_vain = -math.inf
            with transaction:
                yield connection


def _wait_at_most(connection: Connection, milliseconds: int) -> None:
    """Let `connection` wait so long for other programs."""
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA busy_timeout={milliseconds}")
