"""From a link to its file, where a host offers one openly. Gates and captchas are not passed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from scraper.downloads.errors import DownloadError
from storage.reasons import Reason
from storage.records import Download, LinkKind

if TYPE_CHECKING:
    from collections.abc import Callable

_DRIVE_PATH = re.compile(r"/file/d/(?P<id>[\w-]{10,100})")


def file_address(download: Download) -> str:
    """Return the address whose answer is the file of `download`.

    Raises `DownloadError` with `no-resolver` for hosts whose files are behind pages of their own, and with
    `url-invalid`.
    """
    try:
        address = _resolve(download.url)
    except ValueError as error:
        raise DownloadError(Reason.URL_INVALID, download.url, detail=str(error)) from error
    if address is not None:
        return address
    if download.kind is LinkKind.HOSTER:
        raise DownloadError(Reason.NO_RESOLVER, download.url, detail=download.host)
    return download.url


def is_fetchable(url: str, kind: LinkKind) -> bool:
    """Whether `file_address` has an address for a link of this kind."""
    try:
        return kind is not LinkKind.HOSTER or _resolve(url) is not None
    except ValueError:
        return False


def _resolve(url: str) -> str | None:
    host = (urlsplit(url).hostname or "").removesuffix(".")
    for suffix, resolve in _RESOLVERS.items():
        if host == suffix or host.endswith(f".{suffix}"):
            return resolve(url)
    return None


def _dropbox(url: str) -> str | None:
    # https://help.dropbox.com/share/force-download: dl=1 gives the file itself; rlkey must stay.
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "dl"]
    return urlunsplit(parts._replace(query=urlencode([*query, ("dl", "1")]), fragment=""))


def _drive(url: str) -> str | None:
    parts = urlsplit(url)
    match = _DRIVE_PATH.search(parts.path)
    file_id = match["id"] if match else dict(parse_qsl(parts.query)).get("id")
    if not file_id:
        return None
    return f"https://drive.usercontent.google.com/download?{urlencode({'id': file_id, 'export': 'download'})}"


def _internet_archive(url: str) -> str | None:
    # /download/ITEM/FILE is a file; /details/ITEM is a page about many.
    segments = [segment for segment in urlsplit(url).path.split("/") if segment]
    is_file = len(segments) > 2 and (segments[0] == "download" or "items" in segments)  # noqa: PLR2004
    return url if is_file else None


_RESOLVERS: dict[str, Callable[[str], str | None]] = {
    "dropbox.com": _dropbox,
    "drive.google.com": _drive,
    "archive.org": _internet_archive,
}
