"""The programs that fetch the same list of files: cratedig's command as people run it, and its peers."""

from __future__ import annotations

import asyncio
import shutil
from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from benchmarks.command_run import ProcessRun, run_process, run_scrape
from storage.database import Database
from storage.posts import Posts
from storage.records import LinkKind, Post, ReadPost, WantedDownload

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """`urls` to be fetched into the folder `to`, `at_once`; `work` is for what a program needs besides."""

    urls: Sequence[str]
    to: Path
    at_once: int
    work: Path


class Downloader(Protocol):
    """A program that fetches a list of files."""

    @property
    @abstractmethod
    def name(self) -> str:
        """What it is called in tables."""

    @abstractmethod
    def prepare(self, job: Job) -> None:
        """Write what it is to fetch where it looks for it; not on the clock."""

    @abstractmethod
    def run(self, job: Job) -> ProcessRun:
        """Fetch it."""


class Cratedig:
    """``scrape download`` with a queue of its own, at full speed: as many at a host as in all."""

    name = "cratedig"

    def prepare(self, job: Job) -> None:
        """Fill the queue of a new database."""
        asyncio.run(_fill_queue(_database(job), job.urls))

    def run(self, job: Job, program: Sequence[str] = ("-m", "scraper")) -> ProcessRun:
        """Drain it; `program` says how Python is to begin the command."""
        at_once = str(job.at_once)
        words = ["download", "--to", str(job.to), "--concurrency", at_once, "--per-host", at_once]
        words += ["--allow-private", "--no-robots", "--database", str(_database(job))]
        return run_scrape(words, folder=job.work, program=program)


class Aria2:
    """``aria2c``, one connection a file."""

    name = "aria2c"

    def prepare(self, job: Job) -> None:
        """Write its list."""
        (job.work / "aria2").write_text("".join(f"{url}\n out={_file_name(url)}\n" for url in job.urls))

    def run(self, job: Job) -> ProcessRun:
        """Fetch the list."""
        words = ["aria2c", "--no-conf", f"-j{job.at_once}", "-x1", "--file-allocation=none"]
        words += ["--console-log-level=error", "--summary-interval=0", "--download-result=hide"]
        words += ["--show-console-readout=false", "-d", str(job.to), "-i", str(job.work / "aria2")]
        return _run_peer(words, job)


class Curl:
    """``curl --parallel``."""

    name = "curl"

    def prepare(self, job: Job) -> None:
        """Write its configuration."""
        lines = [f'url = "{url}"\noutput = "{job.to / _file_name(url)}"\n' for url in job.urls]
        (job.work / "curl").write_text("".join(lines))

    def run(self, job: Job) -> ProcessRun:
        """Fetch what the configuration names."""
        words = ["curl", "-q", "--parallel", "--parallel-max", str(job.at_once)]
        words += ["--silent", "--show-error", "--fail", "-K", str(job.work / "curl")]
        return _run_peer(words, job)


def installed_peers() -> tuple[list[Downloader], list[str]]:
    """Return the peers that this machine has, and the names of those that it has not."""
    peers: list[Downloader] = [Aria2(), Curl()]
    missing = [peer.name for peer in peers if shutil.which(peer.name) is None]
    return [peer for peer in peers if peer.name not in missing], missing


def _run_peer(words: Sequence[str], job: Job) -> ProcessRun:
    return run_process(words, output=job.work / "stdout", messages=job.work / "stderr")


def _database(job: Job) -> Path:
    return job.work / "database.sqlite3"


async def _fill_queue(path: Path, urls: Sequence[str]) -> None:
    wanted = tuple(
        WantedDownload(
            key=url,
            url=url,
            host=urlsplit(url).hostname or "",
            kind=LinkKind.DIRECT,
            format="mp3",
            stem=f"Kora - Take {number}",
        )
        for number, url in enumerate(urls)
    )
    post = Post(url="http://blog.example/crate", key="crate", blog="http://blog.example/", title="Crate")
    async with await Database.open(path) as database:
        await Posts(database).save([ReadPost(post=post, matched=("any",), wanted=wanted)])


def _file_name(url: str) -> str:
    return url.rpartition("/")[2]
