"""A small web server for the demo: it serves one folder as the blog that it is, on loopback."""

from __future__ import annotations

import asyncio
import hashlib
from collections import deque
from http import HTTPStatus
from typing import TYPE_CHECKING, Self
from urllib.parse import quote

from aiohttp import web

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

_PLACEHOLDER = b"http://blog.example"
"""The blog's origin as its files write it; the server puts its own in its place."""

_TEXT_TYPES = {
    ".html": "text/html",
    ".xml": "application/rss+xml",
    ".txt": "text/plain",
    ".css": "text/css",
    ".svg": "image/svg+xml",
}
_FILE_TYPES = {
    ".mp3": "audio/mpeg",
    ".flac": "audio/flac",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".wav": "audio/wav",
    ".zip": "application/zip",
}
_INDEXES = ("index.html", "index.xml")
_NOT_FOUND_PAGE = "404.html"
_ANY_ETAG = "*"
_REMEMBERED = 10_000
_SHUTDOWN_SECONDS = 0.5


def _inside(folder: Path, path: str) -> Path | None:
    """Return what the decoded `path` names in `folder`, following links; nothing outside has a name."""
    try:
        target = folder.joinpath(path.lstrip("/")).resolve(strict=True)
    except (OSError, ValueError, RuntimeError):  # not there, not a name at all, a circle of links
        return None
    return target if target.is_relative_to(folder) else None


def _served(folder: Path, path: str) -> Path | str | None:
    """Return the file that answers `path`, or the address to be asked instead, or nothing."""
    target = _inside(folder, path)
    if target is None or not target.is_dir():
        return target if target is None or not path.endswith("/") else None
    index = next((target / name for name in _INDEXES if (target / name).is_file()), None)
    if index is None or path.endswith("/"):
        return index
    # Built from the folder, not from the request: `//about` would name another host.
    return f"/{quote(target.relative_to(folder).as_posix())}/"


class DemoServer:
    """An async context manager that serves `folder` at `url`; `port` 0 takes any that is free.

    `url` ends with a slash and is known once entered. `requests` holds the latest 10,000 requests as
    ``GET /feed/ 200``, oldest first. Entering raises `OSError` where the port is taken. Text carries
    an ETag of its content; other files have Last-Modified, ETag and ranges.
    """

    def __init__(self, folder: Path, *, port: int = 0, host: str = "127.0.0.1") -> None:
        self.url = ""
        self.requests: deque[str] = deque(maxlen=_REMEMBERED)
        self._folder = folder.resolve()
        self._host = host
        self._port = port
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        app.on_response_prepare.append(self._remember)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError:
            await self._runner.cleanup()
            raise
        self.url = f"http://{self._host}:{self._runner.addresses[0][1]}/"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    async def _remember(self, request: web.Request, response: web.StreamResponse) -> None:
        # Only here is the status of a file known: 200, 206, 304 or 416.
        self.requests.append(f"{request.method} {request.raw_path} {response.status}")

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        served = await asyncio.to_thread(_served, self._folder, request.path)
        if served is None:
            return await self._not_found()
        if isinstance(served, str):
            return web.Response(status=HTTPStatus.MOVED_PERMANENTLY, headers={"Location": served})
        if served.suffix in _TEXT_TYPES:
            return await self._text(request, served)
        kind = _FILE_TYPES.get(served.suffix, "application/octet-stream")
        return web.FileResponse(served, headers={"Content-Type": kind})

    async def _text(self, request: web.Request, file: Path) -> web.Response:
        body = await self._body(file)
        etag = hashlib.sha256(body).hexdigest()[:32]
        if {etag, _ANY_ETAG} & {tag.value for tag in request.if_none_match or ()}:
            response = web.Response(status=HTTPStatus.NOT_MODIFIED)
        else:
            response = web.Response(body=body, content_type=_TEXT_TYPES[file.suffix], charset="utf-8")
        response.etag = etag
        return response

    async def _not_found(self) -> web.Response:
        try:
            body = await self._body(self._folder / _NOT_FOUND_PAGE)
        except FileNotFoundError:
            body = b"not found"
        return web.Response(status=HTTPStatus.NOT_FOUND, body=body, content_type="text/html", charset="utf-8")

    async def _body(self, file: Path) -> bytes:
        body = await asyncio.to_thread(file.read_bytes)
        return body.replace(_PLACEHOLDER, self.url.rstrip("/").encode())
