"""The entries of a tar archive, packed or not, one after another in one pass.

The standard library reads a header of 512 bytes; what follows it is read here: it would take headers of
any size into memory. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html
"""

from __future__ import annotations

import tarfile
from typing import TYPE_CHECKING, Final

from scraper.downloads.content.refused import broken
from scraper.downloads.content.tars import BLOCK
from scraper.downloads.unpacking.entry import Entry, nothing
from scraper.downloads.unpacking.pax import read_pax

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.downloads.unpacking.tar_stream import TarStream

_REGULAR: Final = frozenset({tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE})
# Whatever their size says, nothing of theirs follows.
_WITHOUT_DATA: Final = frozenset(
    {tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE}
)
_LONGEST_HEADER: Final = 64 * 1024
_DIGITS: Final = 20  # of a size
_SPARSE_IS_LONG: Final = 482  # where an old sparse header says that more of it follows, and each of these
_SPARSE_GOES_ON: Final = 504


def tar_entries(stream: TarStream, *, listed: int) -> Iterator[Entry]:
    """Yield what the archive holds, without folders; each is read before the next is asked for.

    Raises `RefusedError` with `probe-failed` where the archive is broken or cut, or has more entries than
    `listed`.
    """
    pax: dict[str, str] = {}
    name: str | None = None
    for _ in range(listed):
        found = _header(stream)
        if found is None:
            return
        header, block = found
        if header.type == tarfile.XHDTYPE:
            pax |= read_pax(_small(stream, header.size))
            continue
        if header.type == tarfile.GNUTYPE_LONGNAME:
            name = _readable(_small(stream, header.size).split(b"\0", 1)[0])
            continue
        if header.type in {tarfile.XGLTYPE, tarfile.GNUTYPE_LONGLINK, tarfile.SOLARIS_XHDTYPE}:
            _small(stream, header.size)
            continue
        called = pax.get("path") or name or _readable(header.name.encode("utf-8", "surrogateescape"))
        size = _pax_size(pax, header.size)
        yield from _entry(stream, header, block, called, size, is_sparse=any("sparse" in key for key in pax))
        pax, name = {}, None
    raise broken(f"it has more than {listed} entries")


def _header(stream: TarStream) -> tuple[tarfile.TarInfo, bytes] | None:
    block = stream.read(BLOCK)
    if not any(block):
        return None
    try:
        header = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except (tarfile.HeaderError, ValueError) as error:
        raise broken(f"broken tar: {error}") from error
    if header.size < 0:
        raise broken("broken tar: a size below zero")
    return header, block


def _entry(
    stream: TarStream, header: tarfile.TarInfo, block: bytes, name: str, size: int, *, is_sparse: bool
) -> Iterator[Entry]:
    if header.type == tarfile.GNUTYPE_SPARSE:
        goes_on = block[_SPARSE_IS_LONG]
        while goes_on:
            goes_on = stream.exactly(BLOCK)[_SPARSE_GOES_ON]
    if header.type == tarfile.DIRTYPE or (header.type in _REGULAR and name.endswith("/") and not size):
        return
    why_not = _why_not(header, is_sparse=is_sparse)
    begun = stream.begin(0 if header.type in _WITHOUT_DATA else size)
    yield Entry(
        name=name, size=size, packed=None, why_not=why_not, open=nothing if why_not else lambda: begun
    )
    stream.end()


def _why_not(header: tarfile.TarInfo, *, is_sparse: bool) -> str | None:
    if header.type in {tarfile.LNKTYPE, tarfile.SYMTYPE}:
        return "it is a link"
    if header.type == tarfile.GNUTYPE_SPARSE or is_sparse:
        return "it is a file with holes"
    return None if header.type in _REGULAR else "it is no regular file"


def _small(stream: TarStream, size: int) -> bytes:
    if size > _LONGEST_HEADER:
        raise broken(f"broken tar: a header of {size} bytes")
    data = stream.exactly(size)
    stream.exactly(-size % BLOCK)
    return data


def _pax_size(pax: dict[str, str], otherwise: int) -> int:
    told = pax.get("size", "")
    return int(told) if told.isdecimal() and len(told) <= _DIGITS else otherwise


def _readable(name: bytes) -> str:
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode("latin-1")
