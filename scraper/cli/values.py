"""What people type as values of options: dates, sizes, numbers, addresses, kinds of links. Pure."""

from __future__ import annotations

import re
from argparse import ArgumentTypeError
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.downloads.naming.template import NameTemplate
    from storage.reasons import Reason
    from storage.records import LinkKind

_AGO = re.compile(r"(\d{1,5})\s*([hdwmy])")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?")
_NO_TLS = re.compile(r"(?:localhost|\d+\.\d+\.\d+\.\d+)(?:[:/]|$)")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_LONG_UNITS = {"m": timedelta(days=30), "y": timedelta(days=365)}
_FACTORS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_MAX_CONNECTIONS = 1000
_LEAST_RATE = 1000  # bytes a second: what is slower than that counts as a server that has stopped
_PER_SECOND = re.compile(r"(?:/s|ps)$")


def moment(text: str, *, now: datetime | None = None) -> float:
    """Return POSIX seconds UTC of a date (``2026-11-01``), a time, or a span ago (``7d 2w 3m 1y 12h``).

    A date without a zone counts as local. Raises `ArgumentTypeError`.
    """
    ago = _AGO.fullmatch(text.strip().lower())
    try:
        if ago:
            unit = (_UNITS | _LONG_UNITS)[ago[2]]
            return ((now or datetime.now(UTC)) - int(ago[1]) * unit).timestamp()
        return datetime.fromisoformat(text.strip()).astimezone().timestamp()
    except (ValueError, OverflowError, OSError) as error:
        raise ArgumentTypeError(f"{text!r} is no date: write 2026-11-01, or 7d for a week ago") from error


def past_moment(text: str) -> float:
    """Return what `moment` does. Raises `ArgumentTypeError`, also for a moment that is yet to come."""
    now = datetime.now(UTC)
    found = moment(text, now=now)
    if found > now.timestamp():
        raise ArgumentTypeError(f"{text!r} is yet to come: write a date in the past, or 30d for 30 days ago")
    return found


def size(text: str) -> int:
    """Return the bytes of ``500M``, ``2G``, ``1.5 GB``. Raises `ArgumentTypeError`."""
    match = _SIZE.fullmatch(text.strip().lower())
    if not match:
        raise ArgumentTypeError(f"{text!r} is no size: write 500M or 2G")
    number = int(float(match[1]) * _FACTORS[match[2]])
    if not number:
        raise ArgumentTypeError("no file is that small: write 500M or 2G")
    return number


def rate(text: str) -> int:
    """Return the bytes a second of ``2M``, ``500k``, ``1.5 MB/s``. Raises `ArgumentTypeError`."""
    match = _SIZE.fullmatch(_PER_SECOND.sub("", text.strip().lower()))
    number = int(float(match[1]) * _FACTORS[match[2]]) if match else 0
    if number < _LEAST_RATE:
        raise ArgumentTypeError(f"{text!r} is no rate from 1k up: write 2M for 2 MB a second, or 500k")
    return number


def count(text: str) -> int:
    """Return a whole number from 1 up. Raises `ArgumentTypeError`."""
    if not text.isascii() or not text.isdigit() or not int(text[:12]):
        raise ArgumentTypeError(f"{text!r} is not a whole number from 1 up")
    return int(text[:12])


def connections(text: str) -> int:
    """Return a number of connections, 1 to 1000. Raises `ArgumentTypeError`."""
    number = count(text)
    if number > _MAX_CONNECTIONS:
        raise ArgumentTypeError(f"{number} connections are more than the {_MAX_CONNECTIONS} that make sense")
    return number


def seconds(text: str) -> float:
    """Return seconds, 0 or more, fractions allowed. Raises `ArgumentTypeError`."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < 86_400:  # noqa: PLR2004 - a day
        raise ArgumentTypeError(f"{text!r} is not a number of seconds")
    return number


def blog_address(text: str) -> str:
    """Return the address of a blog with its scheme: ``blog.example`` is ``https://blog.example/``.

    Addresses of this machine and IP addresses get http. Raises `ArgumentTypeError`, also for an address
    with a password: cratedig sends none.
    """
    return _address(text, "a blog", "https://blog.example/")


def post_address(text: str) -> str:
    """Return the address of a post with its scheme, as `blog_address` does that of a blog."""
    return _address(text, "a post", "https://blog.example/2026/11/a-post/")


def _address(text: str, of: str, example: str) -> str:
    address = text.strip()
    if "://" not in address:
        host = address.split("/", 1)[0]
        if ("." not in host and not _NO_TLS.match(host)) or any(char.isspace() for char in address):
            raise ArgumentTypeError(f"{text!r} is no address of {of}: write {example}")
        address = f"{'http' if _NO_TLS.match(address) else 'https'}://{address}"
    scheme, _, rest = address.partition("://")
    if scheme.lower() not in {"http", "https"} or not rest.strip("/"):
        raise ArgumentTypeError(f"{text!r} is no address of {of}: only http and https are read")
    try:
        parts = urlsplit(address)
        broken = parts.hostname is None or parts.port == 0
    except ValueError:
        broken = True
    if broken:
        raise ArgumentTypeError(f"{text!r} is no address of {of}: its host or port cannot be")
    if parts.username is not None or parts.password is not None:
        raise ArgumentTypeError("an address with a user or password is not read: cratedig sends neither")
    return address if "/" in rest else f"{address}/"


def folder(text: str) -> Path:
    """Return the folder that `text` names: not nothing, as of a variable that is not set."""
    return Path(_named(text, "folder"))


def database(text: str) -> str:
    """Return what `text` says of a database: not nothing, which would be another one than was meant."""
    return _named(text, "database")


def export_target(text: str) -> str:
    """Return the file that `text` names, or ``-``: not nothing."""
    return _named(text, "file")


def _named(text: str, what: str) -> str:
    if not text.strip():
        raise ArgumentTypeError(f"no {what} is named")
    return text


def name_template(text: str) -> NameTemplate:
    """Return how files are to be named, such as ``{artist} - {title}``. Raises `ArgumentTypeError`."""
    from scraper.downloads.naming.template import NameTemplate, NameTemplateError  # noqa: PLC0415 - the same

    try:
        return NameTemplate.parse(text)
    except NameTemplateError as error:
        meant = f": did you mean {{{error.nearest}}}?" if error.nearest else ""
        raise ArgumentTypeError(f"{error.what}{meant}") from error


def link_kind(text: str) -> LinkKind:
    """Return the kind of link that can be queued and is called `text`. Raises `ArgumentTypeError`."""
    from filters.wants import QUEUED_KINDS  # noqa: PLC0415 - --help does not need it

    kinds = {str(kind): kind for kind in QUEUED_KINDS}
    return kinds[_one_of(text, kinds, what="no kind of link that is queued")]


def file_format(text: str) -> str:
    """Return the file extension that `text` names, without its dot. Raises `ArgumentTypeError`."""
    from scraper.downloads.choosing.preference import known_formats  # noqa: PLC0415 - --help does not need it

    return _one_of(text.removeprefix("."), known_formats(), what="no format of music or archives")


def preference(text: str) -> str:
    """Return the format or quality that `text` names, or ``all``. Raises `ArgumentTypeError`."""
    from filters.wants import ALL  # noqa: PLC0415 - --help does not need it
    from scraper.downloads.choosing.preference import known_formats, known_qualities  # noqa: PLC0415 - the same

    known = (ALL, *known_qualities(), *known_formats())
    return _one_of(text.removeprefix("."), known, what="no format or quality")


def reason(text: str) -> Reason:
    """Return the reason of a failure that is called `text`. Raises `ArgumentTypeError`."""
    from storage.reasons import Reason  # noqa: PLC0415 - --help does not need it

    return Reason(_one_of(text, map(str, Reason), what="no reason"))


def _one_of(text: str, known: Iterable[str], *, what: str) -> str:
    if "://" in text:  # after an option that takes several words, the address of a blog is taken for one
        raise ArgumentTypeError(f"{text[:60]!r} is an address: put it before the options")
    word = text.strip().casefold()
    names = list(known)
    if word in names:
        return word
    near = get_close_matches(word[:60], names, n=1)
    advice = f"did you mean {near[0]}?" if near else f"use one of {', '.join(names)}"
    raise ArgumentTypeError(f"{text[:60]!r} is {what}: {advice}")
