"""The post, not the page: pages of many platforms, each with all that stands around a post."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.posts.page.document import parse_document
from scraper.posts.page.furniture import MAX_ELEMENTS
from scraper.posts.page.scope import Scope, find_scope, whole_scope
from scraper.posts.page.soup import soup_of

URL = "https://blog.example/2024/05/a-post/"

AROUND = """
<header class="site-header"><h1><a href="/">ALIEN blog</a></h1>
<nav><a href="/category/house/">ALIEN</a></nav></header>
{post}
<aside class="sidebar"><div class="widget"><h2>ALIEN</h2>
<div class="tagcloud"><a rel="tag">ALIEN</a></div></div>
</aside>
<footer id="colophon">ALIEN footer</footer>
"""

TEXT = "<p>OWN TEXT of the post</p><p>and a second paragraph</p>"

PLATFORMS = {
    "classic WordPress theme": f"""
        <main id="main"><article id="post-9" class="post-9 post type-post hentry category-dub">
        <header class="entry-header"><h1 class="entry-title">OWN TITLE</h1></header>
        <div class="entry-content">{TEXT}<div class="sharedaddy">ALIEN</div>
        <div class="yarpp yarpp-related"><h3>Related</h3>ALIEN</div></div>
        <footer class="entry-footer">
        <span class="cat-links"><a rel="category tag" href="/c">OWN FILING</a></span>
        </footer></article>
        <div id="comments" class="comments-area"><ol><li class="comment"><article>ALIEN</article></ol></div>
        <nav class="post-navigation">ALIEN</nav></main>""",
    "WordPress theme with divs": f"""
        <div id="content"><div class="post hentry" id="post-9"><h2 class="entry-title">OWN TITLE</h2>
        <div class="entry">{TEXT}</div><p class="postmetadata">OWN FILING</p></div>
        <h3 id="comments">ALIEN</h3><ol class="commentlist"><li>ALIEN</li></ol></div>""",
    "WordPress block theme": f"""
        <main class="wp-block-group"><div><h1 class="wp-block-post-title">OWN TITLE</h1></div>
        <div class="entry-content wp-block-post-content">{TEXT}</div>
        <div class="wp-block-template-part">
        <div class="taxonomy-category wp-block-post-terms">OWN FILING</div></div>
        <section><div class="wp-block-comments"><ol class="wp-block-comment-template"><li class="comment">
        <article class="comment-body">ALIEN</article></ol></div></section>
        <div class="wp-block-query"><article class="wp-block-post post hentry">ALIEN</article></div>
        </main>""",
    "Hugo theme": f"""
        <main><article class="post-single"><header class="post-header"><h1>OWN TITLE</h1></header>
        <div class="post-content">{TEXT}</div>
        <footer class="post-footer"><ul class="post-tags">OWN FILING</ul>
        <nav class="paginav">ALIEN</nav></footer></article><aside class="related">ALIEN</aside></main>""",
    "Jekyll Minima": f"""
        <main class="page-content"><div class="wrapper"><article class="post h-entry" itemscope
        itemtype="http://schema.org/BlogPosting"><header><h1 class="post-title p-name">OWN TITLE</h1>
        <p class="post-meta">OWN FILING</p></header><div class="post-content e-content">{TEXT}</div>
        </article></div></main>""",
    "Pelican notmyidea": f"""
        <section id="content" class="body"><article><header><h1 class="entry-title">OWN TITLE</h1></header>
        <div class="entry-content"><footer class="post-info"><p>OWN FILING</p></footer>{TEXT}</div></article>
        </section><section id="extras" class="body"><div class="blogroll">ALIEN</div></section>""",
    "Blogger": f"""
        <div class="main section" id="main"><div class="widget Blog" id="Blog1"><div class="blog-posts hfeed">
        <div class="post-outer"><div class="post hentry" itemtype="http://schema.org/BlogPosting">
        <h3 class="post-title entry-title">OWN TITLE</h3><div class="post-body entry-content">{TEXT}</div>
        <div class="post-footer"><div class="post-share-buttons">ALIEN</div>
        <span class="post-labels">OWN FILING</span>
        </div></div></div><div class="comments" id="comments">ALIEN</div></div></div></div>
        <div class="column-right-outer"><div class="widget Label">ALIEN</div></div>""",
    "Tumblr": f"""
        <div id="posts"><article class="type_audio dub scrollable"><h1>OWN TITLE</h1>
        <div class="caption">{TEXT}</div>
        <div class="tags">OWN FILING</div><ol class="notes"><li>ALIEN</li></ol></article></div>""",
    "Ghost": f"""
        <main class="gh-main"><article class="gh-article post tag-dub"><header class="gh-article-header">
        <a class="gh-article-tag">OWN FILING</a><h1>OWN TITLE</h1></header>
        <section class="gh-content">{TEXT}</section></article><div class="gh-comments">ALIEN</div></main>
        <section class="gh-read-next"><article class="post-card">ALIEN</article>
        <article class="post-card">ALIEN</article></section>""",
    "Squarespace": f"""
        <main><article class="hentry category-dub post-type-text blog-item entry">
        <h1 class="entry-title">OWN TITLE</h1>
        <div class="blog-item-content">{TEXT}</div><div class="blog-meta">OWN FILING</div>
        </article></main>""",
    "title beside the article": f"""
        <main><h1>OWN TITLE</h1><article>{TEXT}</article><div class="tags">OWN FILING</div></main>""",
    "microdata without classes": f"""
        <div itemscope itemtype="https://schema.org/BlogPosting"><h1>OWN TITLE</h1><p>OWN FILING</p>{TEXT}
        </div>""",
    "hand-made page": f"""
        <table><tr><td id="nav">ALIEN</td><td><h1>OWN TITLE</h1><p>OWN FILING</p>{TEXT}</td></tr></table>""",
}


def scope_of(post: str, around: str = AROUND, url: str = URL) -> Scope:
    page = f"<html><body>{around.format(post=post)}</body></html>"
    return find_scope(parse_document(page.encode(), charset="utf-8"), url=url)


def text_of(scope: Scope) -> str:
    return " ".join(soup_of(scope).get_text(" ").split())


@pytest.mark.parametrize("name", PLATFORMS)
def test_the_post_is_cut_out_with_its_own_lines_and_nothing_else(name: str) -> None:
    scope = scope_of(PLATFORMS[name])
    text = text_of(scope)
    for own in ("OWN TITLE", "OWN TEXT", "second paragraph", "OWN FILING"):
        assert own in text, scope.how
    assert "ALIEN" not in text, scope.how
    assert scope.how


def test_the_title_stands_above_the_text_wherever_the_theme_has_it() -> None:
    text = text_of(scope_of(PLATFORMS["WordPress block theme"]))
    assert text.index("OWN TITLE") < text.index("OWN TEXT") < text.index("OWN FILING")


def test_the_page_itself_is_left_alone() -> None:
    tree = parse_document(AROUND.format(post=PLATFORMS["Blogger"]).encode(), charset=None)
    before = "".join(tree.itertext())
    find_scope(tree, url=URL)
    assert "".join(tree.itertext()) == before


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(
            '<article class="post"><h2>ALIEN</h2><p>short</p></article>', id="related posts as articles"
        ),
        pytest.param(
            f'<article class="post"><h2>ALIEN</h2>{"<p>long text</p>" * 50}</article>', id="longer ones"
        ),
    ],
)
def test_of_several_articles_the_one_with_the_title_is_the_post(other: str) -> None:
    own = f'<article class="post"><h1>OWN TITLE</h1>{TEXT}</article>'
    text = text_of(scope_of(f"<main>{other}{own}{other}</main>"))
    assert "OWN TITLE" in text
    assert "ALIEN" not in text


@pytest.mark.parametrize(
    "sign",
    [
        '<h2><a href="/2024/05/a-post/">OWN TITLE</a></h2>',
        '<h2>OWN TITLE</h2><a rel="bookmark" href="https://blog.example/2024/05/a-post">x</a>',
        '<meta itemprop="url" content="https://blog.example/2024/05/a-post/">OWN TITLE',
    ],
)
def test_of_several_posts_the_one_that_the_address_names_is_meant(sign: str) -> None:
    other = f'<div class="post"><h2><a href="/2024/05/other/">ALIEN</a></h2>{"<p>long text</p>" * 50}</div>'
    text = text_of(scope_of(f'<div class="posts">{other}<div class="post">{sign}{TEXT}</div>{other}</div>'))
    assert "OWN TITLE" in text
    assert "ALIEN" not in text


def test_of_several_posts_wordpress_names_the_one_by_its_number() -> None:
    page = f"""<body class="single postid-9"><div id="post-8" class="post">{"<p>ALIEN</p>" * 50}</div>
    <div id="post-9" class="post">{TEXT}</div></body>"""
    assert "OWN TEXT" in text_of(find_scope(parse_document(page.encode(), charset=None), url=URL))


def test_else_the_largest_is_the_post() -> None:
    small = '<div class="post">ALIEN</div>'
    text = text_of(scope_of(f'{small}<div class="post">{TEXT * 5}</div>{small}'))
    assert "OWN TEXT" in text
    assert "ALIEN" not in text


FURNITURE = {
    "tag cloud (G26)": '<div class="tagcloud"><a rel="tag">ALIEN</a></div>',
    "block tag cloud": '<p class="wp-block-tag-cloud">ALIEN</p>',
    "breadcrumb (G28)": '<div class="breadcrumbs">Home › ALIEN</div>',
    "related posts (G29)": '<div class="jp-relatedposts">ALIEN</div>',
    "related posts by heading (G29)": "<div><h3>You might also like:</h3><ul><li>ALIEN</li></ul></div>",
    "related posts after a heading": "<h3>Ähnliche Beiträge</h3><p>ALIEN</p>",
    "comments (G30, L38)": '<div id="comments">ALIEN</div>',
    "comment form": '<form><textarea name="c">ALIEN</textarea></form>',
    "letter form": '<form><p>ALIEN</p><input type="email"></form>',
    "aside": "<aside>ALIEN</aside>",
    "landmark": '<div role="complementary">ALIEN</div>',
    "share": '<div class="addtoany">ALIEN</div>',
    "author": '<div class="author-box">ALIEN</div>',
    "advertisement": '<ins class="adsbygoogle">ALIEN</ins><div id="ad-top">ALIEN</div>',
    "hidden (G40, L36)": "<p hidden>ALIEN</p>",
    "not displayed (G40, L36)": '<p style="color:red; display : none">ALIEN</p>',
    "invisible": '<p style="VISIBILITY:hidden">ALIEN</p>',
    "template (G40, L36)": "<template><p>ALIEN</p></template>",
    "comment in the source (G40, L36)": "<!-- ALIEN -->",
    "script (G40)": '<script>var genre="ALIEN"</script>',
    "noscript": "<noscript>ALIEN</noscript>",
}


@pytest.mark.parametrize("name", FURNITURE)
def test_furniture_within_the_post_goes_and_the_text_behind_it_stays(name: str) -> None:
    post = f"<article><h1>OWN TITLE</h1>{TEXT}<div>{FURNITURE[name]} OWN TAIL</div></article>"
    scope = scope_of(post)
    markup = str(soup_of(scope))
    assert "ALIEN" not in markup
    assert "OWN TEXT" in markup
    if "after a heading" not in name:
        assert "OWN TAIL" in markup


@pytest.mark.parametrize(
    "kept",
    [
        '<script type="application/ld+json">{"KEPT": 1}</script>',
        '<script class="wp-playlist-script" type="application/json">{"KEPT": 1}</script>',
        '<script>tracks = [{audio: "KEPT.mp3"}]</script>',
        '<noscript><iframe src="https://player.example/KEPT"></iframe></noscript>',
        '<form action="/KEPT.mp3"><button>Download</button></form>',
        '<div class="download">KEPT</div>',
        '<p class="ad-lib shared nonmenu">KEPT</p>',
        '<p style="font-size:0.9em">KEPT</p>',
        "<h3>Links</h3><p>KEPT</p>",
    ],
)
def test_what_may_hold_tracks_stays(kept: str) -> None:
    assert "KEPT" in str(soup_of(scope_of(f"<article><h1>T</h1>{TEXT}{kept}</article>")))


def test_own_tags_after_related_posts_stay() -> None:
    related = "<h3>Related posts</h3><ul><li>ALIEN</ul>"
    post = f'<article><h1>T</h1>{TEXT}{related}<p class="tags">OWN FILING</p></article>'
    text = text_of(scope_of(post))
    assert "OWN FILING" in text
    assert "ALIEN" not in text


def test_a_page_whose_post_is_called_a_sidebar_still_gives_its_text() -> None:
    text = text_of(scope_of(f'<div class="sidebar"><article><h1>OWN TITLE</h1>{TEXT}</article></div>'))
    assert "OWN TEXT" in text


def test_the_text_of_a_feed_is_the_post_as_a_whole() -> None:
    tree = parse_document(
        f'<p>Genre: Dub</p>{TEXT}<div class="sharedaddy">ALIEN</div>'.encode(), charset=None
    )
    text = text_of(whole_scope(tree))
    assert "Genre: Dub" in text
    assert "ALIEN" not in text


def test_l53_ten_thousand_nested_elements_give_a_scope() -> None:
    page = b"<body><article><h1>T</h1><p>OWN TEXT</p>" + b"<div>" * 10_000
    assert "OWN TEXT" in text_of(find_scope(parse_document(page, charset=None), url=URL))


def test_l53_a_post_of_twelve_megabytes_is_cut_off() -> None:
    page = b"<body><article><h1>T</h1>" + b"<p>Some words of a paragraph</p>" * 380_000
    scope = find_scope(parse_document(page, charset="utf-8"), url=URL)
    assert 0.9 * MAX_ELEMENTS < sum(1 for _ in scope.body.iter()) <= MAX_ELEMENTS + 1


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("<article>", "</article>"),
        ("<div class='post'>", "</div>"),
        ("<div class='entry-content'>", "</div>"),
        ("<main>", "</main>"),
        ("<p class='meta'>", "</p>"),
    ],
)
def test_thousands_of_candidates_are_weighed_in_bounded_time(opening: str, closing: str) -> None:
    page = f"<body>{opening * 200}text{closing * 200}" + f"{opening}text{closing}" * 10_000
    assert find_scope(parse_document(page.encode(), charset=None), url=URL).how


_TAGS = (
    "article", "/article", "div class=post", "div class='entry-content'", "main", "h1", "aside", "/div", "h3",
    "td", "noscript", "!-- x --", "a href='['", "form", "meta itemprop=url content='http://[/'",
)  # fmt: skip
_PIECES = ["text", "Related", *(f"<{tag}>" for tag in _TAGS)]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(_PIECES), min_size=1, max_size=40))
def test_any_page_gives_a_scope(pieces: list[str]) -> None:
    tree = parse_document(("<p>x" + "".join(pieces)).encode(), charset=None)
    scope = find_scope(tree, url=URL)
    assert scope.body.getparent() is None
    soup_of(scope)
