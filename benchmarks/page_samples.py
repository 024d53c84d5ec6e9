"""Pages of posts as blogs have them, and as none should have: read by `benchmarks.understanding`. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

URL: Final = "https://copper-nights.example/2024/05/kora-lines/"

_WORDS = "a record that nobody pressed and everybody hummed on the way home from the last train "
_TRACK = """<p><strong>Kora &#8211; Lines {number}</strong><br />
<a href="https://copper-nights.example/wp-content/uploads/lines-{number}.mp3">Download</a></p>
"""
_POST = f"""<p>{_WORDS * 4}</p>
<p>Genre: Deep House, Techno<br />Label: Night Signal</p>
{"".join(_TRACK.format(number=number) for number in range(1, 6))}
<p><iframe title="Lines" width="100%" src="https://bandcamp.com/EmbeddedPlayer/album=912825731/"></iframe></p>
"""

_BLOCK_RULE = ".wp-block-{number} > .alignwide {{ margin: calc(var(--gap) * {number}) auto }}\n"
_COMMENT = """<li id="comment-{number}" class="comment even depth-1"><article class="comment-body">
<footer class="comment-meta"><b class="fn">somebody</b> <a href="#comment-{number}">
<time datetime="2024-05-02T10:00:00+00:00">May 2, 2024</time></a></footer>
<div class="comment-content"><p>Played this all night, thanks for the link.</p></div></article></li>
"""
_RELATED = """<li class="wp-block-post post-{number} type-post category-house">
<h3 class="wp-block-post-title"><a href="/2024/04/other-{number}/">Somebody &#8211; Other {number}</a></h3>
<time datetime="2024-04-01">April 1, 2024</time></li>
"""
_MONTH = """<ul class='hierarchy'><li class='archivedate collapsed'>
<a class='toggle' href='javascript:void(0)'><span class='zippy'>&#9658;</span></a>
<a class='post-count-link' href='/2024/{number}/'>Month {number}</a>
<span class='post-count' dir='ltr'>({number})</span></li></ul>
"""
_LABEL = """<li><a dir='ltr' href='/search/label/{number}'>label {number}</a>
<span dir='ltr'>({number})</span></li>
"""
_DRAWING = """<svg class="icon" viewBox="0 0 24 24">
<path d="M{number} 2c-5 0-9 4-9 9s4 9 9 9 9-4 9-9z"></path></svg>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A page and its name."""

    name: str
    body: bytes


def ordinary_pages(size: int) -> list[Sample]:
    """Return pages of `size` bytes: a small part is the post, the rest what stands around posts."""
    return [
        Sample(name="like WordPress", body=_wordpress(size)),
        Sample(name="like Blogger", body=_blogger(size)),
        Sample(name="static, much prose", body=_prose(size)),
    ]


def extreme_pages() -> list[Sample]:
    """Return pages that are larger, deeper or denser than any post."""
    start = '<html><body><article class="post"><h1>Kora - Lines</h1><p>Genre: Techno</p>'
    links = _many('<a href="/files/lines-{number}.mp3">Lines {number}</a>\n', 50_000)
    return [
        Sample(name="12 MB of prose", body=(start + f"<p>{_WORDS * 46}</p>\n" * 3000).encode()),
        Sample(name="10,000 nested elements", body=(start + "<div>" * 10_000 + _WORDS).encode()),
        Sample(name="50,000 links", body=(start + links).encode()),
    ]


def _wordpress(size: int) -> bytes:
    part = size // 60_000
    return _page(
        '<meta name="generator" content="WordPress 6.8" />'
        '<meta property="og:title" content="Kora &#8211; Lines" />'
        f"<style>{_many(_BLOCK_RULE, 150 * part)}</style>",
        '<header class="wp-block-template-part"><a href="/">Copper Nights</a></header><main>'
        '<article class="post-17 post type-post category-deep-house tag-kora">'
        '<h1 class="wp-block-post-title">Kora &#8211; Lines</h1>'
        '<div class="wp-block-post-date"><time datetime="2024-05-01T10:00:00+02:00">May 1</time></div>'
        f'<div class="entry-content wp-block-post-content">{_POST}</div><div class="taxonomy-category">'
        '<a href="/category/deep-house/" rel="tag">Deep House</a></div></article>'
        f'<div class="wp-block-comments"><ol>{_many(_COMMENT, 30 * part)}</ol></div></main>'
        f'<aside><ul class="wp-block-post-template">{_many(_RELATED, 40 * part)}</ul></aside>'
        f"{_many(_DRAWING, 40 * part)}",
        size=size,
    )


def _blogger(size: int) -> bytes:
    part = size // 60_000
    return _page(
        "<meta content='blogger' name='generator'/><meta content='Kora - Lines' property='og:title'/>",
        "<div class='content-outer'><div class='main section' id='main'><div class='widget Blog' id='Blog1'>"
        "<h2 class='date-header'><span>Wednesday, May 1, 2024</span></h2><div class='post hentry'>"
        "<h3 class='post-title entry-title' itemprop='name'>Kora - Lines</h3>"
        f"<div class='post-body entry-content'>{_POST}</div><div class='post-footer'>"
        "<abbr class='published' title='2024-05-01T10:00:00+02:00'>10:00</abbr><span class='post-labels'>"
        "Labels: <a href='/search/label/deep%20house' rel='tag'>deep house</a></span></div></div></div></div>"
        f"<div class='sidebar section'><div class='widget BlogArchive'>{_many(_MONTH, 90 * part)}</div>"
        f"<div class='widget Label'><ul>{_many(_LABEL, 110 * part)}</ul></div></div></div>",
        size=size,
    )


def _prose(size: int) -> bytes:
    return _page(
        '<meta name="generator" content="Hugo 0.140" />',
        '<article><h1>Kora - Lines</h1><time datetime="2024-05-01">1 May 2024</time>'
        f"{_POST}{f'<p>{_WORDS * 6}</p>' * (size // 600)}</article>",
        size=size,
    )


def _many(markup: str, times: int) -> str:
    return "".join(markup.format(number=number) for number in range(1, times + 1))


def _page(head: str, body: str, *, size: int) -> bytes:
    """Return a page of `size` bytes, filled up with a script, as themes and plugins do."""
    start = (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="UTF-8" />'
        f"<title>Kora - Lines | Copper Nights</title>{head}</head>\n<body>{body}<script>"
    )
    end = "</script><footer><p>Records that nobody pressed.</p></footer></body></html>\n"
    left = max(0, size - len((start + end).encode()))
    script = 'window.settings.push({"widget": "player", "autoplay": false});\n'
    return (start + (script * (left // len(script) + 1))[:left] + end).encode()
