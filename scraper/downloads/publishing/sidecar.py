"""A JSON file beside a published one that says where it came from."""

from __future__ import annotations

import errno
import math
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from scraper.downloads.part.parts import key_hash
from scraper.downloads.publishing.folder import UNFINISHED
from scraper.downloads.publishing.no_replace import link_new
from scraper.downloads.publishing.small_files import as_json, read_object, written

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.downloads.publishing.folder import OpenFolder
    from scraper.downloads.publishing.place import Place
    from storage.records import Download, Post

SIDECAR_SCHEMA: Final = 1
ENDING: Final = ".json"

_PARTS: Final = frozenset({"schema", "post", "link", "file", "times"})
# Who may come in stands between the scheme and the host: RFC 3986, section 3.2.1.
_CREDENTIALS = re.compile(r"(?<=://)[^\s/?#]*@")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sidecar:
    """What is told of a file. `address` is the one that answered at last, `seconds` how long it plays."""

    download: Download
    post: Post | None
    size: int
    sha256: str
    fetched: float
    """POSIX seconds UTC."""
    address: str | None = None
    seconds: float | None = None


def write_sidecar(folder: OpenFolder, place: Place, sidecar: Sidecar) -> Path | None:
    """Write the sidecar of the file that stands at `place`, durably, and return its path. Blocks.

    An older one of ours is replaced; of anything else that has the name nothing is touched, and None
    returned, as for a file of another folder than this. Raises `DownloadError` and `VolumeError`.
    """
    if not place.path.is_relative_to(folder.path):
        return None
    wanted = PurePosixPath(place.path.relative_to(folder.path))
    name = f"{wanted.name}{ENDING}"
    data = as_json(sidecar_object(sidecar, name=wanted.name))
    unfinished = f"{key_hash(sidecar.download.key)}.{sidecar.download.token}{ENDING}{UNFINISHED}"
    with folder.errors(wanted.with_name(name)), folder.below(wanted.parent, make=True) as fd:
        folder.check()
        with written(data, unfinished, folder.incomplete_fd), folder.naming:
            try:
                _put(folder, unfinished, name, fd)
            except FileExistsError:
                return None
            folder.names.added(fd, name)
        os.fsync(fd)
    return place.path.with_name(name)


def sidecar_object(sidecar: Sidecar, *, name: str) -> dict[str, Any]:
    """Return what stands in the sidecar of the file called `name`. Pure."""
    download, post = sidecar.download, sidecar.post
    link = next((link for link in post.links if link.key == download.key), None) if post else None
    told = {
        "schema": SIDECAR_SCHEMA,
        "post": None if post is None else _post(post),
        "link": {
            "url": download.url,
            "address": sidecar.address,
            "kind": str(download.kind),
            "text": link.text if link else None,
        },
        "file": {
            "name": name,
            "bytes": sidecar.size,
            "sha256": sidecar.sha256,
            "extension": name.rpartition(".")[2],
            "seconds": _finite(sidecar.seconds),
        },
        "times": {"queued": _moment(download.created), "fetched": _moment(sidecar.fetched)},
    }
    return {key: _clean(value) for key, value in told.items()}


def without_credentials(text: str) -> str:
    """Return `text` with no user and password in the addresses that it holds."""
    return _CREDENTIALS.sub("", text)


def _post(post: Post) -> dict[str, Any]:
    return {
        "url": post.url,
        "blog": post.blog,
        "title": post.title,
        "artist": post.artist,
        "track": post.track,
        "version": post.version,
        "label": post.label,
        "genres": list(post.genres),
        "published": post.published.text if post.published else None,
    }


def _put(folder: OpenFolder, unfinished: str, name: str, fd: int) -> None:
    alike = folder.names.alike(fd, name)
    if not alike:
        link_new(unfinished, name, source_fd=folder.incomplete_fd, target_fd=fd)
    elif alike == [name] and _is_ours(name, fd):
        os.replace(unfinished, name, src_dir_fd=folder.incomplete_fd, dst_dir_fd=fd)
    else:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), name)


def _is_ours(name: str, fd: int) -> bool:
    found = read_object(name, fd)
    return found is not None and found.keys() == _PARTS and isinstance(found["schema"], int)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return without_credentials(value)
    if isinstance(value, dict):
        return {key: _clean(inner) for key, inner in value.items()}
    return [_clean(inner) for inner in value] if isinstance(value, list) else value


def _finite(seconds: float | None) -> float | None:
    return round(seconds, 3) if seconds is not None and math.isfinite(seconds) else None


def _moment(seconds: float) -> str | None:
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
    except (OverflowError, ValueError, OSError):
        return None
