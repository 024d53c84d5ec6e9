"""Each mark of the markup that says what is the post and what is not, on its own."""

from __future__ import annotations

import pytest
from lxml import etree

from scraper.posts.page.document import parse_document
from scraper.posts.page.kinds import FILING, STATING
from scraper.posts.page.scope import find_scope

URL = "https://blog.example/2024/05/a-post/"
TEXT = "<p>OWN TEXT of the post</p><p>and more of it</p>"
ALIEN = '<p class="tags">ALIEN <a rel="tag" href="/tag/trance/">ALIEN</a></p>'

SIDE = f'<div class="column"><p>ALIEN column</p>{"<p>ALIEN words of a column</p>" * 30}</div>'

CONTAINERS = [
    "<article>",
    '<div class="hentry">',
    '<div class="h-entry">',
    '<div class="post">',
    '<div class="type-post">',
    '<div class="post-outer">',
    '<section class="gh-article">',
    '<div itemscope itemtype="https://schema.org/BlogPosting">',
    '<div itemscope itemtype="http://schema.org/NewsArticle">',
    '<div role="article">',
]
CONTENTS = [
    '<div class="entry-content">',
    '<div class="entry-content wp-block-post-content">',
    '<div class="post-body">',
    '<div itemprop="articleBody">',
    '<section class="gh-content">',
    '<div class="blog-item-content">',
    '<div class="post-content">',
    '<div class="e-content">',
    '<div class="available-content">',
    '<section class="page__content">',
    '<div class="td-post-content">',
]
META = [
    "entry-meta", "entry-footer", "cat-links", "tags-links", "post-labels", "post-footer", "post-tags",
    "wp-block-post-terms", "taxonomy-category", "gh-article-tag", "blog-item-meta", "page__taxonomy",
    "postmetadata", "post-info", "tag-cloud",
]  # fmt: skip


def scope_of(body: str) -> str:
    """Return the markup of what is found on a page."""
    tree = parse_document(f"<html><body>{body}</body></html>".encode(), charset="utf-8")
    scope = find_scope(tree, url=URL)
    return "".join(etree.tostring(node, encoding="unicode") for node in (scope.body, *scope.meta))


def closing(opening: str) -> str:
    return f"</{opening[1:].split(maxsplit=1)[0].rstrip('>')}>"


@pytest.mark.parametrize("opening", CONTAINERS)
def test_a_container_holds_the_post_with_its_lines(opening: str) -> None:
    own = f'{opening}<h2>OWN TITLE</h2>{TEXT}<p class="x">OWN LINE</p>{closing(opening)}'
    found = scope_of(f"<div>{SIDE}{own}{SIDE}</div>")
    assert "ALIEN" not in found
    assert all(own in found for own in ("OWN TITLE", "OWN TEXT", "OWN LINE"))


@pytest.mark.parametrize("opening", CONTENTS)
def test_the_text_is_known_by_its_element_and_its_lines_stand_beside_it(opening: str) -> None:
    own = f'<h1>OWN TITLE</h1>{opening}{TEXT}{closing(opening)}<p class="entry-meta">OWN LINE</p>'
    found = scope_of(f'<div id="content">{own}</div>{SIDE}')
    assert "ALIEN" not in found
    assert all(own in found for own in ("OWN TITLE", "OWN TEXT", "OWN LINE"))


@pytest.mark.parametrize("mark", META)
@pytest.mark.parametrize("within", [True, False], ids=["within", "beside"])
def test_meta_lines_belong_to_the_post_wherever_the_theme_has_them(mark: str, *, within: bool) -> None:
    line = f'<div class="{mark}"><a href="/tag/x/">OWN LINE</a></div>'
    text = f'<div class="entry-content">{TEXT}</div>'
    found = scope_of(
        f'<main><article><h2 class="entry-title">OWN TITLE</h2>{text}{line}</article></main>'
        if within
        else f'<main><h1 class="entry-title">OWN TITLE</h1>{text}{line if mark != "tag-cloud" else "OWN LINE"}</main>'
    )
    assert "OWN TITLE" in found
    if within or mark != "tag-cloud":  # a cloud beside the post may be the blog's
        assert "OWN LINE" in found


CLASSES = [
    # sidebars, widgets, clouds, menus
    "sidebar", "widget", "widget_categories", "widget_tag_cloud", "tagcloud", "wp-block-tag-cloud",
    "wp-block-categories", "wp-block-latest-posts", "wp-block-archives", "primary-sidebar", "footer-widgets",
    "cloud-label-widget-content", "menu", "main-navigation", "menu-item", "nav-links", "post-navigation",
    "breadcrumb", "breadcrumbs", "yoast-breadcrumbs", "wp-block-navigation", "item-pagination", "paginav", "toc",
    # other posts
    "related", "related-posts", "jp-relatedposts", "yarpp", "yarpp-related", "crp_related", "wp-block-query",
    "gh-read-next", "post-card", "page__related", "related-content--wrapper", "portable-archive-list",
    "PopularPosts", "FeaturedPost", "linkwithin_outer", "td_block_related_posts",
    # sharing, comments
    "sharedaddy", "addtoany_share_save_container", "share", "social", "shareaholic-canvas", "post-ufi",
    "comments", "comment-list", "commentlist", "comment-form", "comment", "gh-comments", "wp-block-comments",
    "giscus", "comments-page", "notes",
    # people, letters, advertisements
    "author-box", "author-info-box", "newsletter", "subscription-widget-wrap", "subscribe-widget",
    "adsbygoogle", "sponsor", "ad-banner",
    # for screen readers
    "screen-reader-text", "sr-only", "visually-hidden",
]  # fmt: skip
IDS = [
    "sidebar", "secondary", "comments", "respond", "disqus_thread", "colophon", "masthead", "related", "nav",
    "jp-relatedposts", "breadcrumbs", "ad-top", "div-gpt-ad-1", "right-sidebar", "jp-post-flair", "comment-7",
    "itemPagination",
]  # fmt: skip
FURNITURE = {
    **{f".{name}": f'<div class="{name}">{ALIEN}</div>' for name in CLASSES},
    **{f"#{name}": f'<div id="{name}">{ALIEN}</div>' for name in IDS},
    **{
        f"role {name}": f'<div role="{name}">{ALIEN}</div>'
        for name in ("complementary", "navigation", "banner", "contentinfo", "search", "menu")
    },
    **{f"<{name}>": f"<{name}>{ALIEN}</{name}>" for name in ("nav", "aside", "template", "style", "select")},
    "G40 L36 a comment of the source": f"<!-- {ALIEN} -->",
    "G40 a script": f"<script>var x = '{ALIEN}'</script>",
    "G40 L36 display:none": f'<div style="color:red;display:none">{ALIEN}</div>',
    "G40 hidden": f"<div hidden>{ALIEN}</div>",
    "noscript": f"<noscript>{ALIEN}</noscript>",
    "a form to write into": f'<form><input type="email">{ALIEN}</form>',
    "a form of comments": f"<form>{ALIEN}<textarea></textarea></form>",
    "articles in an aside": f'<aside><article class="post"><h2>ALIEN</h2>{ALIEN}</article></aside>',
    "G30 L38 articles in comments": f'<div id="comments"><article class="comment">{ALIEN}</article></div>',
    "G29 articles in related posts": f'<div class="related"><article class="post">{ALIEN}</article></div>',
}
FRAMES = {
    "in the article": "<main><article><h1>T</h1>{text}{alien}</article></main>",
    "beside the article": "<main>{alien}<article><h1>T</h1>{text}</article>{alien}</main>",
    "before the text": '<div id="content"><h1 class="entry-title">T</h1>{alien}<div class="entry-content">{text}</div></div>',
    "in the text": '<div id="content"><h1>T</h1><div class="entry-content">{text}{alien}</div></div>',
    "beside a classic post": '<div id="content"><div class="hentry"><h2>T</h2>{text}{alien}</div>{alien}</div>',
    "on a page without marks": "<div><div><h1>T</h1>{text}</div>{alien}</div>",
}


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("mark", FURNITURE)
def test_furniture_is_no_part_of_a_post(mark: str, frame: str) -> None:
    found = scope_of(FRAMES[frame].format(text=TEXT, alien=FURNITURE[mark]))
    assert "OWN TEXT" in found
    assert "ALIEN" not in found


@pytest.mark.parametrize(
    "kept",
    [
        '<span class="screen-reader-text">Genre:</span> KEPT House',
        '<a href="/a.mp3"><span class="sr-only">KEPT</span><svg></svg></a>',
        '<p aria-hidden="true">KEPT</p>',
        '<div hidden="until-found">KEPT</div>',
        '<div class="tag-cloud"><p><a href="/tag/house">KEPT</a></p></div>',
        '<noscript><iframe src="https://player.example/KEPT"></iframe></noscript>',
        "<details><summary>Tracklist</summary><p>KEPT</p></details>",
        '<p class="sidebars unrelated sharedown">KEPT</p>',
        '<h3 id="ad-astra-mix">x</h3><p>KEPT</p>',
    ],
)
def test_what_only_looks_like_furniture_stays(kept: str) -> None:
    assert "KEPT" in scope_of(f"<article><h1>T</h1>{TEXT}{kept}</article>")


def test_a_form_around_the_whole_page_is_none() -> None:
    page = f'<form><input type="search"><article><h1>T</h1>{TEXT}</article><aside>{ALIEN}</aside></form>'
    found = scope_of(page)
    assert "OWN TEXT" in found
    assert "ALIEN" not in found


def test_g26_a_cloud_of_many_tags_in_the_article_is_furniture_whatever_it_is_called() -> None:
    tags = "".join(f'<a href="/tag/{number}/">ALIEN</a>' for number in range(25))
    for name in ("tagcloud", "tag-cloud"):
        assert "ALIEN" not in scope_of(f'<article><h1>T</h1>{TEXT}<div class="{name}">{tags}</div></article>')


@pytest.mark.parametrize(
    "words", ["3 Comments", "Comments (3)", "12 Kommentare:", "No comments yet", "1 comment"]
)
def test_g30_comments_are_known_by_their_heading_whatever_their_number(words: str) -> None:
    assert "ALIEN" not in scope_of(f"<article><h1>T</h1>{TEXT}<h3>{words}</h3><p>ALIEN</p></article>")


@pytest.mark.parametrize(
    ("words", "opens"),
    [
        ("Related posts", True),
        ("3 Comments", True),
        ("Ähnliche Beiträge:", True),
        ("Share", False),
        ("Links", False),
    ],
)
def test_on_a_page_without_marks_a_paragraph_may_be_a_heading(words: str, *, opens: bool) -> None:
    below = "<p>below it</p>"
    found = scope_of(f"<div><div><b>T</b>{TEXT}<div>{words}</div>{below}</div></div>")
    assert ("below it" in found) is not opens
    marked = scope_of(f"<article><h1>T</h1>{TEXT}<div>{words}</div>{below}</article>")
    assert "below it" in marked


@pytest.mark.parametrize(
    ("inner", "kind"),
    [
        ("<p><i class='tag-dub'>x</i></p>", FILING),
        ("<p>Genre: <i itemprop='genre'>Dub</i></p>", STATING),
        ("<footer class='entry-meta'><i itemprop='genre'>Dub</i></footer>", STATING),
    ],
)
def test_a_scope_says_what_is_to_be_looked_for_in_it(inner: str, kind: int) -> None:
    post = "<main><div class='entry-content'><h1>T</h1>{}</div>{}</main>"
    beside = inner if "footer" in inner else ""
    assert _kinds(post.format(TEXT + inner, beside)) & kind
    assert not _kinds(post.format(TEXT, "")) & kind


def _kinds(post: str) -> int:
    return find_scope(parse_document(post.encode(), charset="utf-8"), url=URL).kinds
