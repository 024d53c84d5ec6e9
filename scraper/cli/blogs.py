"""scrape blogs: the blogs that are followed, how they fare, and what a short look at one gives."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from scraper.cli import parsing, values
from scraper.cli.console import put, say
from scraper.cli.exits import Exit, UsageError
from scraper.cli.report import next_command

if TYPE_CHECKING:
    import argparse

    from storage.blogs import Blogs, BlogState

_EPILOG = """\
A run without BLOG reads the blogs of config.toml and those that are followed. One that fails night after
night is asked more and more seldom, at least once a week; list says when, and naming it asks at once.

examples:
  scrape blogs add https://blog.example/ https://other.example/
  scrape blogs list
  scrape blogs check https://blog.example/   # what is read of it
  scrape --genres house                        # read them all
"""
_NEEDS = {"add": "the blogs to follow", "remove": "the blogs to follow no more", "check": "the blog"}


def build_parser() -> parsing.Parser:
    """Return the parser of the command."""
    parser = parsing.Parser(
        prog="scrape blogs",
        description="Follow blogs, see how they fare, and look at what is read of one.",
        epilog=_EPILOG,
    )
    parser.add_argument(
        "action",
        choices=("list", "add", "remove", "check"),
        help="list: all blogs, and how they fare; add, remove: follow them, or no more; "
        "check: how one blog is listed and what its newest posts give",
    )
    parser.add_argument(
        "urls", nargs="*", default=[], metavar="BLOG", type=values.blog_address, help="address of a blog"
    )
    parsing.add_connections(parser, concurrency=20)
    parsing.add_common(parser)
    return parser


async def run(options: argparse.Namespace) -> Exit:
    """Do what the action says."""
    _require_addresses(options)
    match options.action:
        case "list":
            from scraper.cli.blogs_list import list_blogs  # noqa: PLC0415 - --help needs none of these

            return await list_blogs(options)
        case "check":
            from scraper.cli.blogs_check import check  # noqa: PLC0415

            return await check(options)
        case "add":
            return await _add(options)
        case _:
            return await _remove(options)


def _require_addresses(options: argparse.Namespace) -> None:
    action, given = options.action, len(options.urls)
    if action == "list" and given:
        raise UsageError("list takes no address", next_step="Try: scrape blogs check BLOG")
    if action != "list" and not given:
        raise UsageError(
            f"No blog is named: {action} needs {_NEEDS[action]}",
            next_step=f"Try: scrape blogs {action} https://blog.example/",
        )
    if action == "check" and given > 1:
        raise UsageError("check looks at one blog at a time", next_step="Give one address")


async def _add(options: argparse.Namespace) -> Exit:
    from scraper.cli.blog_sources import checked_address, one_spelling  # noqa: PLC0415
    from scraper.cli.resources import open_database  # noqa: PLC0415
    from storage.blogs import Blogs  # noqa: PLC0415

    added = []
    wanted = one_spelling(checked_address(url) for url in options.urls)
    async with await open_database(options, create=True) as database:
        blogs = Blogs(database)
        before = set(await blogs.followed())
        for url in wanted:
            name = await _name_of(blogs, url)
            if name not in before:
                await blogs.follow(name)
            added.append({"url": name, "new": name not in before})
    if options.json:
        put(json.dumps({"followed": added}, ensure_ascii=True) + "\n")
    elif not options.quiet:
        for one in added:
            say(f"{one['url']}: {'followed from now on' if one['new'] else 'followed already'}")
        say(f"Next: {next_command('--genres house', options)}   (read all that is followed)")
        if len(added) == 1:
            look = next_command(f"blogs check {added[0]['url']}", options)
            say(f"  or: {look}   (what is read of it)")
    return Exit.DONE


async def _remove(options: argparse.Namespace) -> Exit:
    from scraper.cli.blog_sources import configured_blogs, one_spelling  # noqa: PLC0415
    from scraper.cli.resources import open_database  # noqa: PLC0415
    from storage.blogs import Blogs  # noqa: PLC0415
    from storage.posts import Posts  # noqa: PLC0415

    removed, missing = [], []
    async with await open_database(options) as database:
        blogs = Blogs(database)
        for url in one_spelling(options.urls):
            alike = await _spelled_alike(blogs, url)
            known = [one.url for one in alike if await blogs.unfollow(one.url)]
            removed += [{"url": one, "posts": await Posts(database).count_of(one)} for one in known]
            missing += [] if known else [url]
        followed = await blogs.followed()
    if options.json:
        put(json.dumps({"removed": removed, "not_followed": missing}, ensure_ascii=True) + "\n")
    elif not options.quiet:
        for one in removed:
            say(f"{one['url']}: no longer followed; its {one['posts']:,} posts and their downloads stay")
    if missing:
        raise _not_followed(missing, followed, configured_blogs(options))
    return Exit.DONE


async def _name_of(blogs: Blogs, url: str) -> str:
    """Return the address under which the blog at `url` is followed or was read well, else `url` itself."""
    alike = await _spelled_alike(blogs, url)
    followed = (one.url for one in alike if one.followed)
    read = (one.url for one in alike if one.reason is None)
    return next(followed, None) or next(read, url)


async def _spelled_alike(blogs: Blogs, url: str) -> list[BlogState]:
    """Return the known blogs whose address is `url` in one of its spellings, `url` itself first."""
    from scraper.http.addresses.identity import post_key  # noqa: PLC0415

    alike = [state for state in await blogs.all() if post_key(state.url) == post_key(url)]
    return sorted(alike, key=lambda one: one.url != url)


def _not_followed(missing: list[str], followed: list[str], configured: list[str]) -> UsageError:
    from difflib import get_close_matches  # noqa: PLC0415

    from scraper.http.addresses.identity import post_key  # noqa: PLC0415

    keys = {post_key(url) for url in configured}
    near = get_close_matches(missing[0], followed, n=1, cutoff=0.8)
    if any(post_key(url) in keys for url in missing):
        step = "It stands in blogs of config.toml: take it out there"
    elif near:
        step = f"Did you mean {near[0]}?"
    else:
        step = "Look at what is followed with scrape blogs list"
    what = "This blog is not followed" if len(missing) == 1 else "These blogs are not followed"
    return UsageError(what, where=", ".join(missing), next_step=step)
