"""What the wire brings of one body, and whether its end is one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError

from scraper.http.answers.failures import translate
from scraper.http.bodies.large import LARGE

if TYPE_CHECKING:
    from aiohttp.client_proto import ResponseHandler

_GLANCE = 1.0  # seconds: aiohttp leaves who waits for a body waiting where it fails to parse one


class Wire:
    """The body of `response` as it is sent, chunk by chunk."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._url = str(response.url)
        self._content = response.content
        self._protocol: ResponseHandler | None = None
        if response.connection is not None:
            self._protocol = response.connection.protocol
        chunked = "chunked" in response.headers.get("Transfer-Encoding", "").lower()
        length = response.content_length
        self._until_close = length is None and not chunked
        # aiohttp makes one piece of all that has come: of large bodies that is a copy of every byte.
        self._one_by_one = length is not None and length > LARGE and not chunked

    async def next(self, deadline: float) -> bytes:
        """Return the next chunk, or nothing at the end of a body that is whole as far as HTTP can say.

        `deadline` is a time of the event loop. Raises `FetchError` with short-body, protocol-error,
        header-too-large (of trailers) or timeout.
        """
        with translate(self._url):
            chunk = await self._chunk(deadline)
            if not chunk and self._until_close and isinstance(self._error(), aiohttp.ClientOSError):
                # aiohttp takes a reset for the end of a body that lasts until the connection does.
                raise aiohttp.ClientPayloadError("the connection was reset")
            return chunk

    async def _chunk(self, deadline: float) -> bytes:
        try:
            if not self._one_by_one and (chunk := self._content.read_nowait()):
                return chunk
            return b"" if self._content.at_eof() else await self._wait_for_chunk(deadline)
        except (aiohttp.ClientPayloadError, RuntimeError) as error:
            broken = self._error()
            if isinstance(broken, HttpProcessingError):
                raise broken from error  # the body knows that it is not complete, the protocol why
            if isinstance(error, RuntimeError):  # what aiohttp says where the connection is gone
                raise aiohttp.ClientPayloadError("the connection was closed") from error
            raise

    async def _wait_for_chunk(self, deadline: float) -> bytes:
        loop = asyncio.get_running_loop()
        while True:
            glance = asyncio.timeout_at(min(deadline, loop.time() + _GLANCE))
            try:
                async with glance:
                    if self._one_by_one:
                        return (await self._content.readchunk())[0]
                    return await self._content.readany()
            except TimeoutError:
                if not glance.expired() or loop.time() >= deadline:
                    raise

    def _error(self) -> BaseException | None:
        return self._protocol.exception() if self._protocol is not None else None
