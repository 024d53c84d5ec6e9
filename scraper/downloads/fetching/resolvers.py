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

_DRIVE_PATH = re.compile(r"/file/(?:u/\d+/)?d/(?P<id>[^/]+)")
_DRIVE_ID = re.compile(r"[A-Za-z0-9_-]{10,100}")
_DRIVE_PAGES = frozenset({"open", "uc", "download"})


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
    said = parse_qsl(parts.query, keep_blank_values=True)
    query = [(name, value) for name, value in said if name not in {"dl", "raw"}]
    return urlunsplit(parts._replace(query=urlencode([*query, ("dl", "1")]), fragment=""))


def _drive(url: str) -> str | None:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    match = _DRIVE_PATH.search(parts.path)
    by_query = query.get("id") if parts.path.rpartition("/")[2] in _DRIVE_PAGES else None
    file_id = match["id"] if match else by_query
    if not file_id or not _DRIVE_ID.fullmatch(file_id):
        return None
    wanted = {"id": file_id, "export": "download"}
    if key := query.get("resourcekey"):
        # Files shared before September 2021 need it: https://developers.google.com/workspace/drive/api/guides/resource-keys
        wanted["resourcekey"] = key
    return f"https://drive.usercontent.google.com/download?{urlencode(wanted)}"


def _drive_file(url: str) -> str | None:
    # What the others lead to; the post's own address is not changed.
    return url if _drive(url) else None


def _internet_archive(url: str) -> str | None:
    # /download/ITEM/FILE is a file, /stream/ITEM/FILE a page that plays it; /details/ITEM is about many.
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    if len(segments) < 3 or parts.path.endswith("/"):  # noqa: PLR2004
        return None
    if segments[0] == "stream":
        return urlunsplit(parts._replace(path=parts.path.replace("/stream/", "/download/", 1), fragment=""))
    return url if segments[0] == "download" or "items" in segments else None


_RESOLVERS: dict[str, Callable[[str], str | None]] = {
    "dropbox.com": _dropbox,
    "drive.google.com": _drive,
    "docs.google.com": _drive,
    "drive.usercontent.google.com": _drive_file,
    "archive.org": _internet_archive,
}
