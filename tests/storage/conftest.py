from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from storage.database import Database
from storage.records import Link, LinkKind, Post, ReadPost, WantedDownload

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path


class _Clock:
    """Stands still until it is told to go on."""

    def __init__(self) -> None:
        self.time = 1_000_000.0

    def __call__(self) -> float:
        return self.time

    def advance(self, seconds: float) -> None:
        self.time += seconds


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def pass_time(clock: _Clock) -> Callable[[float], None]:
    return clock.advance


@pytest.fixture
async def database(tmp_path: Path, clock: _Clock) -> AsyncIterator[Database]:
    async with await Database.open(tmp_path / "crate.db", clock=clock) as opened:
        yield opened


@pytest.fixture
def wish() -> Callable[..., WantedDownload]:
    def make(name: str, **values: Any) -> WantedDownload:
        url = f"https://files.example/{name}.mp3"
        given: dict[str, Any] = {"key": url, "url": url, "host": "files.example", "kind": LinkKind.DIRECT}
        return WantedDownload(**given | values)

    return make


@pytest.fixture
def post() -> Callable[..., Post]:
    def make(name: str, *, files: tuple[str, ...] = (), **values: Any) -> Post:
        url = f"https://blog.example/{name}"
        links = tuple(
            Link(
                url=f"https://files.example/{file}.mp3",
                key=f"https://files.example/{file}.mp3",
                kind=LinkKind.DIRECT,
                host="files.example",
            )
            for file in files
        )
        given: dict[str, Any] = {
            "url": url,
            "key": url,
            "blog": "https://blog.example/",
            "title": name,
            "links": links,
        }
        return Post(**given | values)

    return make


@pytest.fixture
def read(post: Callable[..., Post], wish: Callable[..., WantedDownload]) -> Callable[..., ReadPost]:
    def make(
        name: str, *, files: tuple[str, ...] = (), matched: tuple[str, ...] = ("house",), **values: Any
    ) -> ReadPost:
        return ReadPost(
            post=post(name, files=files, **values),
            matched=matched,
            wanted=tuple(wish(file) for file in files),
        )

    return make
