"""Runs of each command that together print every field that it has."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete

from scraper.blogs.check_report import Asked, BlogCheck, RefusedWay, RobotsVerdict, Source, UnreadPost
from scraper.cli.blogs_check_report import check_object
from scraper.cli.layout_watch import ChangedLayout, layout_objects
from scraper.cli.put_off_blogs import put_off_objects
from scraper.crawl import PutOff
from storage.reasons import Reason
from storage.records import LinkKind, Selection, WantedDownload
from storage.schema import holds
from storage.yields import Lack, Yield

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from storage.queue import Queue

GENRES = ("--genres", "house", "techno", "--allow-private")
POST = "2025/05/wren-coil-copper-wire/"

Outputs = list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """What the commands print. `nobody` is an address at which nobody answers."""

    scrape: Callable[..., Any]
    change: Callable[..., None]
    served: Any
    nobody: str
    folder: Path

    def of(self, command: str) -> Outputs:
        """Return what `command` prints in all the cases that fill its fields."""
        own = getattr(self, re.sub(r"[^a-z]+", "_", command.removeprefix("scrape")) or "_main")
        outputs: Outputs = own()
        return outputs

    def ask(self, *words: str) -> dict[str, Any]:
        """Run a command and return the object that it prints, on one line."""
        ran = self.scrape(*words, "--json")
        assert ran.out.count("\n") == 1, ran.err
        assert ran.out.isascii()
        said: dict[str, Any] = json.loads(ran.out)
        return said

    @property
    def _to(self) -> tuple[str, ...]:
        return ("--to", str(self.folder / "music"), "--allow-private")

    def _crate(self, *words: str) -> None:
        ran = self.scrape(self.served.url, self.nobody, *GENRES, "--quiet", *words)
        assert ran.code == 1, ran.err

    def _main(self) -> Outputs:
        first = self.ask(self.served.url, self.nobody, *GENRES, "--download", *self._to)
        self.served.busy_for = 3600
        self.scrape("queue", "retry")
        second = self.ask(self.served.url, *GENRES, "--download", *self._to)
        return [first, second, second | _rare(self.served.url)]

    def _download(self) -> Outputs:
        self._crate()
        self.served.busy_for = 3600
        first = self.ask("download", *self._to, "--max", "2")
        self.served.busy_for = None
        self.change(_forget_holds)
        return [first, self.ask("download", *self._to)]

    def _download_dry_run(self) -> Outputs:
        self._crate()
        self.change(_strange)
        return [self.ask("download", "--dry-run", *self._to)]

    def _queue_list(self) -> Outputs:
        self._crate("--download", *self._to)
        self.change(_strange)
        return [self.ask("queue", "list")]

    def _queue_show(self) -> Outputs:
        self._crate()
        self.change(_strange)
        self.change(lambda queue: queue.claim(limit=1, lease=60))
        self.scrape("download", *self._to, "--max", "9", "--quiet")
        return [self.ask("queue", "show", *map(str, range(1, 25)))]

    def _queue(self, *words: str) -> Outputs:
        self._crate()
        self.change(_strange)
        self.change(lambda queue: queue.pause(None, until=2.0e9, reason=Reason.DISK_FULL))
        return [self.ask("queue", *words)]

    def _queue_retry(self) -> Outputs:
        return self._queue("retry")

    def _queue_cancel(self) -> Outputs:
        return self._queue("cancel", "--state", "waiting")

    def _queue_prune(self) -> Outputs:
        return self._queue("prune")

    def _queue_pause(self) -> Outputs:
        return self._queue("pause", "blog.example", "--for", "2h")

    def _queue_resume(self) -> Outputs:
        return self._queue("resume", "blog.example")

    def _status(self) -> Outputs:
        self._crate("--download", *self._to)
        self.change(_strange)
        self.served.busy_for = 3600
        self.scrape("queue", "retry")
        self.scrape("download", *self._to, "--quiet")
        self.change(_fail_one)
        return [self.ask("status")]

    def _explain(self) -> Outputs:
        post = f"{self.served.url}{POST}"
        fresh = self.ask("explain", post, *GENRES, "--database", str(self.folder / "none"))
        self._crate("--download", *self._to)
        read = self.ask("explain", post, *GENRES)
        other = self.ask("explain", post, "--genres", "disco", "--allow-private")
        self.served.gone.add(f"/{POST}")
        return [fresh, read, other, self.ask("explain", post, *GENRES)]

    def _blogs_list(self) -> Outputs:
        self._crate()
        self.scrape("blogs", "add", "https://blog.example/")
        return [self.ask("blogs", "list")]

    def _blogs_add(self) -> Outputs:
        return [self.ask("blogs", "add", "https://blog.example/")]

    def _blogs_remove(self) -> Outputs:
        self.scrape("blogs", "add", self.served.url)
        return [self.ask("blogs", "remove", self.served.url, "https://other.example/")]

    def _blogs_check(self) -> Outputs:
        found = self.ask("blogs", "check", self.served.url, "--allow-private")
        return [found, self.ask("blogs", "check", self.nobody, "--allow-private"), _closed(self.served.url)]

    def _demo(self) -> Outputs:
        return [self.ask("demo", "--folder", str(self.folder / "demo"))]


def _rare(blog: str) -> dict[str, Any]:
    """Return what a main job prints of blogs that fail for weeks and of one whose layout has changed."""
    before, now = Yield(posts=9, with_genres=9, with_links=9), Yield(posts=3, with_genres=0, with_links=3)
    changed = ChangedLayout(blog=blog, lack=Lack.GENRES, before=before, now=now)
    put_off = [PutOff(blog=blog, until=1.0, failures=3, reason=reason) for reason in (None, Reason.GONE)]
    return {"layout_changed": layout_objects([changed]), "blogs_put_off": put_off_objects(put_off)}


def _closed(blog: str) -> dict[str, Any]:
    """Return what a look at a blog prints that closes a way, has a sitemap, and a post that is broken."""
    found = BlogCheck(
        url=blog,
        address=blog,
        robots=RobotsVerdict(obeyed=True),
        refused=[RefusedWay(way="WordPress REST", why="the server does not have it (404)")],
        sitemaps=[Source(url=f"{blog}sitemap.xml", named_by="robots.txt", asked=Asked.NOT_ASKED)],
        posts=[UnreadPost(url=f"{blog}a/", why="it is broken")],
    )
    return check_object(found)


async def _strange(queue: Queue) -> None:
    """Queue what fails without a request, and pause what waits for another host."""
    for host, kind in {"hoster.example": LinkKind.HOSTER, "paused.example": LinkKind.DIRECT}.items():
        await queue.enqueue([_wish(host, kind)])
    await queue.pause("paused.example")


async def _forget_holds(queue: Queue) -> None:
    await queue._database.change(delete(holds))
    await queue.hurry(Selection())


async def _fail_one(queue: Queue) -> None:
    await queue.enqueue([_wish("x.example", LinkKind.DIRECT)])
    (job,) = [job for job in await queue.claim(limit=50) if job.host == "x.example"]
    await queue.fail(job, Reason.NOT_FOUND, "status 404")


def _wish(host: str, kind: LinkKind) -> WantedDownload:
    return WantedDownload(key=host, url=f"https://{host}/1", host=host, kind=kind, format="mp3")
