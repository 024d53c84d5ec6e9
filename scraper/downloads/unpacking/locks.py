"""Which password opens an entry, of those that a post tells. Nothing else is tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scraper.downloads.unpacking.report import LockedError, SkippedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scraper.downloads.unpacking.entry import Source

MAX_TRIED: Final = 10
"""Passwords of a post that are tried."""

_PIECE: Final = 256 * 1024
# Nothing in a zip tells the letters of its password. UTF-8 by whatever is not Windows; the code pages of DOS
# (OEM) and Windows (ANSI) by 7-Zip, WinZip, WinRAR and Explorer: ip7z/7zip#87, nih-at/libzip#207.
_LETTERS: Final = ("utf-8", "cp437", "cp1252", "cp866", "cp1251", "cp932", "gbk")


class WrongPasswordError(Exception):
    """A password that surely does not open an entry."""


def spellings(password: str) -> tuple[bytes, ...]:
    r"""Return the bytes that `password` may stand for, the most likely first, each once.

    >>> spellings("é1")
    (b'\xc3\xa91', b'\x821', b'\xe91', b'\xa8\xa61')
    """
    found: dict[bytes, None] = {}
    for letters in _LETTERS:
        try:
            found[password.encode(letters)] = None
        except UnicodeEncodeError:
            continue
    return tuple(found)


class Passwords:
    """The passwords that are tried, at most `MAX_TRIED`; `stop` raises when it is time to."""

    def __init__(self, told: Iterable[str], *, stop: Callable[[], None]) -> None:
        tried = tuple(dict.fromkeys(filter(None, told)))[:MAX_TRIED]
        self._tried = len(tried)
        self._stop = stop
        self.keys = tuple(dict.fromkeys(key for password in tried for key in spellings(password)))

    def open(self, opening: Callable[[bytes], Source]) -> Source:
        """Return an entry opened by the password that fits; `opening` raises `WrongPasswordError`.

        What tells a wrong password at once lets some pass: where several seem to fit, the first whose bytes
        come out whole is taken. Raises `LockedError` where none fits, and when the bytes turn out wrong.
        """
        key = self._key(opening)
        if key is None:
            raise LockedError(self._words)
        return _Locked(opening(key), f"{self._words} to the end")

    def _key(self, opening: Callable[[bytes], Source]) -> bytes | None:
        fitting = [key for key in self.keys if self._may_fit(opening, key)]
        if len(fitting) > 1:
            return next((key for key in fitting if self._fits(opening, key)), None)
        return fitting[0] if fitting else None

    def _may_fit(self, opening: Callable[[bytes], Source], key: bytes) -> bool:
        self._stop()
        try:
            opening(key)
        except WrongPasswordError:
            return False
        return True

    def _fits(self, opening: Callable[[bytes], Source], key: bytes) -> bool:
        try:
            source = opening(key)
            while source.read(_PIECE):
                self._stop()
        except SkippedError:
            return False
        return True

    @property
    def _words(self) -> str:
        if not self._tried:
            return "it needs a password, and the post tells none"
        if self._tried == 1:
            return "it needs a password, and the one that the post tells does not fit"
        return f"it needs a password, and none of the {self._tried} that the post tells fits"


class _Locked:
    def __init__(self, source: Source, words: str) -> None:
        self._source = source
        self._words = words

    def read(self, size: int, /) -> bytes:
        try:
            return self._source.read(size)
        except SkippedError as error:  # a wrong password that was let pass, or bytes that are damaged
            raise LockedError(self._words) from error
