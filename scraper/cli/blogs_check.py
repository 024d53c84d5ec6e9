"""scrape blogs check: a short look at one blog, of which nothing is kept."""

from __future__ import annotations

import json
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from scraper.blogs.check_report import UnreadPost
from scraper.blogs.checking import check_blog
from scraper.cli.blog_failures import blog_failure_lines
from scraper.cli.blog_sources import checked_address, open_existing
from scraper.cli.blogs_check_report import check_lines, check_object
from scraper.cli.console import put, say
from scraper.cli.exits import Exit
from scraper.cli.query import graph_of
from scraper.cli.report import next_command
from scraper.cli.resources import open_sparing_client
from scraper.crawl_job import BlogFailure
from storage.blogs import Blogs

if TYPE_CHECKING:
    import argparse


async def check(options: argparse.Namespace) -> Exit:
    """Look at the blog and print what was found."""
    url = checked_address(options.urls[0])
    async with AsyncExitStack() as stack:
        database = await open_existing(options)
        followed: list[str] = []
        if database is not None:
            await stack.enter_async_context(database)
            followed = await Blogs(database).followed()
        client = await stack.enter_async_context(open_sparing_client(options, database))
        found = await check_blog(url, client=client, graph=graph_of(options))
    failed = found.error is not None or all(isinstance(post, UnreadPost) for post in found.posts)
    if options.json:
        put(json.dumps(check_object(found), ensure_ascii=True) + "\n")
    else:
        put("".join(f"{line}\n" for line in check_lines(found)))
    if found.error is not None:
        for line in blog_failure_lines(BlogFailure(blog=url, error=found.error, until=found.until)):
            say(line)
    elif failed:
        say(f"scrape: {url}: none of its newest posts could be read; look above for why")
    elif not (options.json or options.quiet or url in followed):
        say(f"Next: {next_command(f'blogs add {url}', options)}   (follow it)")
    return Exit.SOME_FAILED if failed else Exit.DONE
