"""The steps of the main job, once its options are understood: crawl, match, download, export, report."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from scraper.cli.blog_failures import blog_failure_lines, blog_failure_objects
from scraper.cli.console import put, say
from scraper.cli.drain_report import put_back_object, say_failures, say_results
from scraper.cli.draining import Draining
from scraper.cli.exits import Exit
from scraper.cli.exporting import write_posts
from scraper.cli.failure_groups import failures_object
from scraper.cli.layout_watch import (
    ChangedLayout,
    emptied_blogs,
    layout_lines,
    layout_objects,
    watch_layouts,
)
from scraper.cli.progress import crawl_progress
from scraper.cli.put_off_blogs import put_off_notes, put_off_objects
from scraper.cli.report import bytes_text, closing_table, next_command, seconds_text
from scraper.cli.wrapping import wrapped
from scraper.crawl import Crawl
from scraper.crawl_job import CrawlBounds, Stores
from scraper.downloads.draining.counts import DrainCounts
from scraper.rematch import match_stored, queue_spares
from storage.blogs import Blogs
from storage.posts import Posts
from storage.queue import Queue
from storage.reasons import explain
from storage.records import MatchedPost, ReadPost
from storage.runs import Runs
from storage.spare_links import SpareLinks
from storage.unreadable import Unreadable
from storage.validators import Validators

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncIterator, Iterable

    from rich.console import Console

    from filters.criteria import Criteria
    from filters.graph import GenreGraph
    from scraper.http.client import Client
    from storage.database import Database
    from storage.turns import Turns


@dataclass(slots=True, kw_only=True)
class MainRun:
    """One run of the main job. With `only_due` blogs that failed again and again are left out for a while."""

    options: argparse.Namespace
    graph: GenreGraph
    criteria: Criteria
    database: Database
    client: Client
    console: Console
    started: float = field(default_factory=time.time)
    drained: DrainCounts | None = None
    turns: Turns
    only_due: bool = False
    _found: list[ReadPost] = field(default_factory=list)
    _changed: list[ChangedLayout] = field(default_factory=list)
    _emptied: dict[str, int] = field(default_factory=dict)
    _waiting: int = 0

    async def do(self) -> Exit:
        """Run the steps; whatever ends them early, what was done is kept and reported."""
        crawl = self._crawl()
        runs = Runs(self.database)
        number = None if self.options.dry_run else await runs.start("scrape", self.criteria.describe())
        outcome = "failed"
        try:
            await self._steps(crawl)
            outcome = "done" if self._exit(crawl) is not Exit.SOME_FAILED else "some failed"
        except asyncio.CancelledError:
            outcome = "interrupted"
            raise
        finally:
            if number is not None:
                await runs.finish(number, outcome, self._counts(crawl))
            self._report(crawl, outcome)
        return self._exit(crawl)

    async def _steps(self, crawl: Crawl) -> None:
        shown = not (self.options.no_progress or self.options.quiet)
        with crawl_progress(crawl.counts, console=self.console, shown=shown):
            await crawl.run(self.options.blogs)
        if not self.options.dry_run:
            await self._watch_layouts(crawl)
            await self._match_stored(crawl)
        if self.options.download:
            self.drained = DrainCounts()
            draining = Draining(
                options=self.options,
                database=self.database,
                client=self.client,
                console=self.console,
                counts=self.drained,
            )
            await draining.once()
            self._waiting = await Queue(self.database).waiting_total()
        if self.options.export:
            await write_posts(self._matched(), self.options.export, "json", genres=self.criteria.genres)

    def _crawl(self) -> Crawl:
        options = self.options
        keeps_matches = options.dry_run and options.export
        return Crawl(
            client=self.client,
            stores=Stores(
                blogs=Blogs(self.database),
                posts=Posts(self.database),
                validators=Validators(self.database),
                turns=self.turns,
                unreadable=Unreadable(self.database),
            ),
            criteria=self.criteria,
            bounds=CrawlBounds(full=options.full, since=options.since, max_posts=options.max_posts),
            dry_run=options.dry_run,
            only_due=self.only_due,
            matches=self._found.append if keeps_matches else None,
            graph=self.graph,
        )

    async def _watch_layouts(self, crawl: Crawl) -> None:
        self._emptied = await emptied_blogs(Posts(self.database), crawl.failures)
        if crawl.counts.read:
            self._changed = await watch_layouts(Blogs(self.database), self.options.blogs, since=self.started)

    async def _match_stored(self, crawl: Crawl) -> None:
        saved = await match_stored(
            Posts(self.database),
            self.options.blogs,
            criteria=self.criteria,
            graph=self.graph,
            now=self.started,
        )
        crawl.counts.matched += saved.new
        crawl.counts.queued += saved.queued
        crawl.counts.queued += await queue_spares(
            Posts(self.database),
            SpareLinks(self.database),
            self.options.blogs,
            criteria=self.criteria,
            graph=self.graph,
            now=self.started,
        )

    async def _matched(self) -> AsyncIterator[MatchedPost]:
        if self.options.dry_run:
            for read in self._found:
                yield self._counted(MatchedPost(post=read.post, matched=read.matched))
            return
        async for matched in Posts(self.database).matched(since_matched=self.started):
            if matched.post.blog in self.options.blogs:
                yield self._counted(matched)

    def _counted(self, matched: MatchedPost) -> MatchedPost:
        return replace(matched, post=self.criteria.as_counted(matched.post, self.graph))

    def _exit(self, crawl: Crawl) -> Exit:
        if crawl.counts.failed or (
            self.drained is not None and (self.drained.failed or self.drained.put_back)
        ):
            return Exit.SOME_FAILED
        if self.options.fail_if_empty and not crawl.counts.matched:
            return Exit.EMPTY
        return Exit.DONE

    def _counts(self, crawl: Crawl) -> dict[str, int]:
        counts = crawl.counts
        numbers = {
            "blogs": counts.blogs_done,
            "found": counts.found,
            "new": counts.new,
            "matched": counts.matched,
            "queued": counts.queued,
            "failed": counts.failed.total(),
            "bytes": counts.bytes,
            "requests": self.client.requests,
            "unchanged": counts.unchanged,
        }
        if self.drained is not None:
            numbers |= self.drained.numbers()
        return numbers

    def _report(self, crawl: Crawl, outcome: str) -> None:
        self._say_troubles(crawl)
        if self.options.json:
            drained = self.drained.failed if self.drained else {}
            failed = {
                str(reason): number for reason, number in (crawl.counts.failed + Counter(drained)).items()
            }
            result = {"outcome": outcome, **self._counts(crawl), "failed_by_reason": failed}
            result["blogs_failed"] = blog_failure_objects(crawl.failures, emptied=self._emptied)
            result["blogs_put_off"] = put_off_objects(crawl.put_off)
            result["layout_changed"] = layout_objects(self._changed)
            if self.drained is not None:
                result |= put_back_object(self.drained) | failures_object(self.drained)
            put(json.dumps(result | {"seconds": round(time.time() - self.started, 3)}) + "\n")
            return
        if self.options.quiet:
            if self.drained is not None:
                say_failures(self.drained)
            return
        failures = crawl.counts.failed + (
            self.drained.failed if self.drained else type(crawl.counts.failed)()
        )
        later = self.drained.later if self.drained else None
        words = self.drained is None or bool(crawl.counts.failed)
        self.console.print(closing_table(self._rows(crawl), failures, later=later, words=words))
        if self.drained is not None:
            say_results(self.options, self.drained)
        if outcome in {"done", "some failed"}:
            self._next_step(crawl)

    def _say_troubles(self, crawl: Crawl) -> None:
        for failure in crawl.failures:
            _say(blog_failure_lines(failure, stored=self._emptied.get(failure.blog, 0)))
        for changed in self._changed:
            _say(layout_lines(changed))
        if self.options.quiet:
            return
        for note in [*crawl.notes, *put_off_notes(crawl.put_off, now=time.time())]:
            _say(wrapped(note, first="note: "))

    def _rows(self, crawl: Crawl) -> list[tuple[str, str]]:
        counts = crawl.counts
        rows = [
            ("posts found", f"{counts.found:,}"),
            ("new", f"{counts.new:,}"),
            ("matched", f"{counts.matched:,}"),
            ("links queued", f"{counts.queued:,}"),
        ]
        if self.drained is not None:
            rows.append(("downloaded", f"{self.drained.done:,} ({bytes_text(self.drained.bytes)})"))
            rows.append(("tried again later", f"{self.drained.put_back:,}"))
            if self._waiting > self.drained.put_back:  # for what earlier runs put off
                rows.append(("still waiting", f"{self._waiting:,}"))
        return [
            *rows,
            ("requests", f"{self.client.requests:,} ({counts.unchanged} unchanged)"),
            ("read", bytes_text(counts.bytes)),
            ("time", seconds_text(time.time() - self.started)),
        ]

    def _next_step(self, crawl: Crawl) -> None:
        if self.drained is not None and self.drained.failed:
            say(f"Next: {next_command('queue list --state failed', self.options)}   (why each one failed)")
        elif any(explain(reason).transient for reason in crawl.counts.failed):
            say("Next: the same command again; what could not be read is tried again.")
        elif crawl.counts.queued:
            if self.drained is None and not self.options.dry_run:
                say(f"Next: {next_command('download', self.options)}   (fetch what is queued)")
        elif not _came(crawl) and not (self.client.requests == 0 and (crawl.notes or crawl.put_off)):
            # Where nothing was asked, the notes say why: another run reads the blog, or it is left out.
            say("Nothing new since the last run.")
            if self._waiting:
                what = "download waits" if self._waiting == 1 else "downloads wait"
                status = next_command("status", self.options)
                say(f"{self._waiting:,} {what}; {status} says for what and when.")
            if self.options.dry_run:
                say("A dry run matches only what it reads: with --full all of the blog.")


def _came(crawl: Crawl) -> int:
    return crawl.counts.new + crawl.counts.matched + crawl.counts.failed.total()


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        say(line)
