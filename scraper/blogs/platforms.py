"""The platforms that blogs run on, and recognition.toml, read once: the marks by which they are known."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class Platform(StrEnum):
    """The platforms, as people read of them."""

    WORDPRESS = "WordPress"
    WORDPRESS_COM = "WordPress.com"
    BLOGGER = "Blogger"
    TUMBLR = "Tumblr"
    GHOST = "Ghost"
    SQUARESPACE = "Squarespace"
    SUBSTACK = "Substack"
    MEDIUM = "Medium"
    JEKYLL = "Jekyll"
    HUGO = "Hugo"
    ELEVENTY = "Eleventy"
    HEXO = "Hexo"
    PELICAN = "Pelican"
    NIKOLA = "Nikola"
    GATSBY = "Gatsby"
    ASTRO = "Astro"
    PUBLII = "Publii"
    DRUPAL = "Drupal"
    JOOMLA = "Joomla"
    TEXTPATTERN = "Textpattern"
    MOVABLE_TYPE = "Movable Type"
    TYPEPAD = "TypePad"
    WIX = "Wix"
    WEEBLY = "Weebly"
    WEBFLOW = "Webflow"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformMarks:
    """What one platform is known by: the kinds of marks are explained in recognition.toml.

    Patterns are searched in text in lower case, but `labels` and `lists_all`, which see paths as they are.
    """

    platform: Platform
    generators: tuple[str, ...]
    plugins: tuple[str, ...]
    headers: Mapping[str, re.Pattern[str]]
    relations: Mapping[str, re.Pattern[str]]
    own_relations: Mapping[str, re.Pattern[str]]
    metas: Mapping[str, str]
    assets: tuple[re.Pattern[str], ...]
    own_assets: tuple[re.Pattern[str], ...]
    scripts: tuple[str, ...]
    hosts: tuple[re.Pattern[str], ...]
    at_root: bool
    named_by_path: tuple[str, ...]
    labels: tuple[re.Pattern[str], ...]
    label_queries: tuple[str, ...]
    lists_all: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognitionMarks:
    """recognition.toml as it is asked: the platforms in its order, and what holds for all of them."""

    platforms: tuple[PlatformMarks, ...]
    feeds: re.Pattern[str]
    paging: re.Pattern[str]
    posts_pages: frozenset[str]
    part_segments: frozenset[str]
    part_queries: frozenset[str]

    def of(self, platform: Platform) -> PlatformMarks | None:
        """Return the marks of `platform`; None for the unknown one."""
        return next((marks for marks in self.platforms if marks.platform is platform), None)


@cache
def recognition_marks() -> RecognitionMarks:
    """Return the marks of recognition.toml."""
    data = tomllib.loads(files("scraper.blogs").joinpath("recognition.toml").read_text(encoding="utf-8"))
    pages = data["pages"]
    return RecognitionMarks(
        platforms=tuple(_platform(raw) for raw in data["platform"]),
        feeds=re.compile(pages["feeds"]),
        paging=re.compile(pages["paging"]),
        posts_pages=frozenset(pages["posts_pages"]),
        part_segments=frozenset(pages["part_segments"]),
        part_queries=frozenset(pages["part_queries"]),
    )


def _platform(raw: dict[str, Any]) -> PlatformMarks:
    return PlatformMarks(
        platform=Platform(raw["name"]),
        generators=tuple(raw.get("generators", ())),
        plugins=tuple(raw.get("plugins", ())),
        headers=_named(raw, "headers"),
        relations=_named(raw, "relations"),
        own_relations=_named(raw, "own_relations"),
        metas=raw.get("metas", {}),
        assets=_patterns(raw, "assets"),
        own_assets=_patterns(raw, "own_assets"),
        scripts=tuple(raw.get("scripts", ())),
        hosts=_patterns(raw, "hosts"),
        at_root=raw.get("at_root", False),
        named_by_path=tuple(raw.get("named_by_path", ())),
        labels=_patterns(raw, "labels"),
        label_queries=tuple(raw.get("label_queries", ())),
        lists_all=_patterns(raw, "lists_all"),
    )


def _named(raw: dict[str, Any], kind: str) -> dict[str, re.Pattern[str]]:
    return {name: re.compile(pattern) for name, pattern in raw.get(kind, {}).items()}


def _patterns(raw: dict[str, Any], kind: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in raw.get(kind, ()))
