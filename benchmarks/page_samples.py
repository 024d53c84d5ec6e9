"""Pages of posts as blogs have them, and as none should have: read by `benchmarks.understanding`. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ONE: Final = 1
"""Tracks of most posts."""

SEVERAL: Final = 5
"""Tracks of a post that lists some."""

URL: Final = "https://copper-nights.example/2024/05/kora-lines/"

_WORDS = "a record that nobody pressed and everybody hummed on the way home from the last train "
_TRACK = """<p><strong>Kora &#8211; Lines {number}</strong><br />
<a href="https://copper-nights.example/wp-content/uploads/lines-{number}.mp3">Download</a></p>
"""
_BEGINNING = f"""<p>{_WORDS * 4}</p>
<p>Genre: Deep House, Techno<br />Label: Night Signal</p>
"""
_PLAYER = """<p><iframe title="Lines" width="100%"
src="https://bandcamp.com/EmbeddedPlayer/album=912825731/"></iframe></p>
"""

# What stands around posts, with as much markup as the pages of such blogs have: one of 40 to 80 KB that
# WordPress or Blogger made has 500 to 700 elements, 800 to 1,100 attributes with 28 KB, and 4 KB of text.
_BLOCK_RULE = ".wp-block-{number} > .alignwide {{ margin: calc(var(--gap) * {number}) auto }}\n"
_FILTER = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 0" width="0" height="0" focusable="false"
role="none" style="visibility: hidden; position: absolute; left: -9999px"><defs><filter id="duotone-{number}">
<feColorMatrix color-interpolation-filters="sRGB" type="matrix"
values=".3 .6 .1 0 0 .3 .6 .1 0 0 .3 .6 .1 0 0 .3 .6 .1 0 0" />
<feComponentTransfer><feFuncR type="table" tableValues="0 .5" /><feFuncG type="table" tableValues="0 .4" />
<feFuncB type="table" tableValues="0 .6" /></feComponentTransfer></filter></defs></svg>
"""
_MENU = """<li class="wp-block-navigation-item wp-block-navigation-link">
<a class="wp-block-navigation-item__content" href="https://copper-nights.example/page-{number}/">
<span class="wp-block-navigation-item__label">Page</span></a></li>
"""
_COMMENT = """<li id="comment-{number}" class="comment even thread-even depth-1">
<article id="div-comment-{number}" class="comment-body"><footer class="comment-meta">
<div class="comment-author vcard"><b class="fn">somebody</b> <span class="says">says:</span></div>
<!-- .comment-author --><div class="comment-metadata"><a href="https://copper-nights.example/2024/05/kora-lines/#comment-{number}">
<time datetime="2024-05-02T10:00:00+00:00">May 2, 2024</time></a></div><!-- .comment-metadata --></footer>
<div class="comment-content"><p>Played this all night, thanks for the link.</p></div><div class="reply">
<a rel="nofollow" class="comment-reply-link" data-commentid="{number}" aria-label="Reply to somebody"
data-belowelement="div-comment-{number}" data-respondelement="respond"
href="https://copper-nights.example/2024/05/kora-lines/?replytocom={number}#respond">Reply</a></div></article></li>
"""
_RELATED = """<li class="wp-block-post post-{number} post type-post status-publish hentry category-house">
<h3 class="wp-block-post-title">
<a href="https://copper-nights.example/2024/04/other-{number}/">Somebody &#8211; Other {number}</a></h3>
<div class="wp-block-post-date"><time datetime="2024-04-01">April 1, 2024</time></div></li>
"""
_RECENT = """<li>
<a href="https://copper-nights.example/2024/04/other-{number}/">Somebody &#8211; Other {number}</a>
<span class="post-date">April 1, 2024</span></li>
"""
_CLOUD = """<a href="https://copper-nights.example/tag/word-{number}/"
class="tag-cloud-link tag-link-{number} tag-link-position-{number}"
style="font-size: 8pt;" aria-label="word {number} (3 items)">word {number}</a>
"""
_MONTH = """<ul class='hierarchy'><li class='archivedate collapsed'>
<a class='toggle' href='javascript:void(0)'><span class='zippy'>&#9658;</span></a>
<a class='post-count-link' href='https://copper-nights.example/2024/{number}/'>Month {number}</a>
<span class='post-count' dir='ltr'>({number})</span></li></ul>
"""
_LABEL = """<span class='label-size label-size-2'><a dir='ltr'
href='https://copper-nights.example/search/label/label%20{number}'>label {number}</a>
<span class='label-count' dir='ltr'>({number})</span></span>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A page and its name; its post lists so many `tracks`."""

    name: str
    body: bytes
    tracks: int = ONE


def ordinary_pages(size: int) -> list[Sample]:
    """Return pages of `size` bytes: a small part is the post, the rest what stands around posts."""
    return [
        *(
            Sample(name=name, tracks=tracks, body=page(size, _post(tracks)))
            for tracks in (ONE, SEVERAL)
            for name, page in (
                ("like WordPress", _wordpress),
                ("like an older WordPress", _classic),
                ("like Blogger", _blogger),
            )
        ),
        Sample(name="static, much prose", tracks=SEVERAL, body=_prose(size, _post(SEVERAL))),
    ]


def _post(tracks: int) -> str:
    """Return the text of a post about so many tracks; several of them come with a player."""
    links = "".join(_TRACK.format(number=number) for number in range(1, tracks + 1))
    return _BEGINNING + links + (_PLAYER if tracks > ONE else "")


def extreme_pages() -> list[Sample]:
    """Return pages that are larger, deeper or denser than any post."""
    start = '<html><body><article class="post"><h1>Kora - Lines</h1><p>Genre: Techno</p>'
    links = _many('<a href="/files/lines-{number}.mp3">Lines {number}</a>\n', 50_000)
    return [
        Sample(name="12 MB of prose", body=(start + f"<p>{_WORDS * 46}</p>\n" * 3000).encode()),
        Sample(name="10,000 nested elements", body=(start + "<div>" * 10_000 + _WORDS).encode()),
        Sample(name="50,000 links", body=(start + links).encode()),
    ]


def _wordpress(size: int, post: str) -> bytes:
    part = size // 60_000
    return _page(
        '<meta name="generator" content="WordPress 6.8" />'
        '<meta property="og:title" content="Kora &#8211; Lines" />'
        f"<style>{_many(_BLOCK_RULE, 150 * part)}</style>",
        f"{_many(_FILTER, 8 * part)}"
        '<header class="wp-block-template-part"><a href="https://copper-nights.example/">Copper Nights</a>'
        f'<nav class="wp-block-navigation"><ul>{_many(_MENU, 16 * part)}</ul></nav></header><main>'
        '<div class="wp-block-group"><h1 class="wp-block-post-title">Kora &#8211; Lines</h1></div>'
        f'<div class="entry-content wp-block-post-content is-layout-constrained">{post}</div>'
        '<div class="wp-block-template-part"><div class="wp-block-group"><div class="wp-block-post-date">'
        '<time datetime="2024-05-01T10:00:00+02:00">May 1</time></div><div class="taxonomy-category">'
        '<a href="https://copper-nights.example/category/deep-house/" rel="tag">Deep House</a></div></div>'
        f'</div><div class="wp-block-comments"><ol>{_many(_COMMENT, 14 * part)}</ol></div></main>'
        f'<aside><ul class="wp-block-post-template">{_many(_RELATED, 16 * part)}</ul>'
        f'<p class="wp-block-tag-cloud">{_many(_CLOUD, 50 * part)}</p></aside>',
        size=size,
    )


def _classic(size: int, post: str) -> bytes:
    part = size // 60_000
    return _page(
        '<meta name="generator" content="WordPress 6.8" />',
        '<header id="masthead" class="site-header"><p class="site-title">Copper Nights</p></header>'
        '<div id="content" class="site-content"><main id="main"><article id="post-17" '
        'class="post-17 post type-post status-publish hentry category-deep-house tag-kora">'
        '<header class="entry-header"><h1 class="entry-title">Kora &#8211; Lines</h1></header><!-- header -->'
        f'<div class="entry-content">{post}</div><!-- content --><footer class="entry-footer"><div>'
        '<span class="posted-on">Published <time class="entry-date published" '
        'datetime="2024-05-01T10:00:00+02:00">May 1, 2024</time></span><span class="byline">By '
        '<a rel="author" href="https://copper-nights.example/author/ana/">Ana</a></span></div>'
        '<span class="cat-links">In <a '
        'href="https://copper-nights.example/category/deep-house/" rel="category tag">Deep House</a></span>'
        "</footer></article><!-- #post-17 -->"
        f'<div id="comments" class="comments-area"><ol>{_many(_COMMENT, 20 * part)}</ol></div></main></div>'
        '<aside class="widget-area"><section class="widget widget_recent_entries"><ul>'
        f'{_many(_RECENT, 40 * part)}</ul></section><section class="widget widget_tag_cloud">'
        f"{_many(_CLOUD, 70 * part)}</section></aside>",
        size=size,
    )


def _blogger(size: int, post: str) -> bytes:
    part = size // 60_000
    return _page(
        "<meta content='blogger' name='generator'/><meta content='Kora - Lines' property='og:title'/>",
        "<div class='content-outer'><div class='main section' id='main'><div class='widget Blog' id='Blog1'>"
        "<div class='blog-posts hfeed'><div class='date-outer'>"
        "<h2 class='date-header'><span>Wednesday, May 1, 2024</span></h2><div class='post-outer'>"
        "<div class='post hentry' itemprop='blogPost' itemscope='' itemtype='http://schema.org/BlogPosting'>\n"
        "<meta content='417' itemprop='postId'/>\n<a name='417'></a>\n"
        "<h3 class='post-title entry-title' itemprop='name'>\nKora - Lines\n</h3>\n"
        "<div class='post-header'>\n<div class='post-header-line-1'></div>\n</div>\n"
        f"<div class='post-body entry-content' itemprop='articleBody'>{post}"
        "<div style='clear: both;'></div></div>\n<div class='post-footer'>\n"
        "<div class='post-footer-line post-footer-line-1'>\n"
        "<span class='post-author vcard'>\nPosted by\n<span class='fn'>ana</span>\n</span>\n"
        f"<span class='post-timestamp'>\nat\n<a class='timestamp-link' href='{URL}' rel='bookmark'>"
        "<abbr class='published' title='2024-05-01T10:00:00+02:00'>10:00</abbr></a>\n</span>\n"
        "<span class='post-icons'>\n</span>\n</div>\n<div class='post-footer-line post-footer-line-2'>\n"
        "<span class='post-labels'>\nLabels:\n"
        "<a href='https://copper-nights.example/search/label/deep%20house' rel='tag'>deep house</a>"
        "\n</span>\n</div>\n</div></div></div></div></div></div></div>"
        f"<div class='sidebar section'><div class='widget BlogArchive'>{_many(_MONTH, 60 * part)}</div>"
        f"<div class='widget Label'>{_many(_LABEL, 100 * part)}</div></div></div>",
        size=size,
    )


def _prose(size: int, post: str) -> bytes:
    return _page(
        '<meta name="generator" content="Hugo 0.140" />',
        '<article><h1>Kora - Lines</h1><time datetime="2024-05-01">1 May 2024</time>'
        f"{post}{f'<p>{_WORDS * 6}</p>' * (size // 600)}</article>",
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
