"""What a blog runs on, told from its pages: real marks, and everything that only looks like one."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.blogs.platforms import Platform, recognition_marks
from scraper.blogs.recognition import Recognised, recognise
from scraper.posts.page.document import UnreadablePageError, parse_document
from tests.scraper.blogs.recognised_pages import HOME, PORTAL, SEARCH, WP_HEAD, page, told


@pytest.mark.parametrize(
    ("generator", "platform"),
    [
        ("WordPress 6.1.9", Platform.WORDPRESS),
        ("WordPress.com", Platform.WORDPRESS_COM),
        ("blogger", Platform.BLOGGER),
        ("Ghost 5.99", Platform.GHOST),
        ("Jekyll v4.3.2", Platform.JEKYLL),
        ("Hugo 0.111.3", Platform.HUGO),
        ("Hugo 0.74.0-DEV", Platform.HUGO),
        ("Eleventy v2.0.1", Platform.ELEVENTY),
        ("Hexo 6.3.0", Platform.HEXO),
        ("Pelican", Platform.PELICAN),
        ("Nikola (getnikola.com)", Platform.NIKOLA),
        ("Drupal 9 (https://www.drupal.org)", Platform.DRUPAL),
        ("Joomla! - Open Source Content Management", Platform.JOOMLA),
        ("Wix.com Website Builder", Platform.WIX),
        ("WooCommerce 8.2.1", Platform.WORDPRESS),
        ("Elementor 3.18.3; features: e_dom_optimization", Platform.WORDPRESS),
        ("Site Kit by Google 1.117.0", Platform.WORDPRESS),
        ("WordPress Download Manager 3.2.84", Platform.WORDPRESS),
        ("Ghost Kit 2.0", Platform.UNKNOWN),
        ("Hugo Theme Stack", Platform.UNKNOWN),
        ("Hugoboss", Platform.UNKNOWN),
        ("made with WordPress", Platform.UNKNOWN),
        ("Microsoft FrontPage 4.0", Platform.UNKNOWN),
    ],
)
def test_generators_name_platforms_alone_or_before_a_version(generator: str, platform: Platform) -> None:
    found = told(f'<meta name="Generator" content="{generator}">')
    assert (found.platform, found.by) == (
        platform,
        "" if platform is Platform.UNKNOWN else f"meta generator {generator}"[:75],
    )


def test_of_several_generators_the_platforms_own_counts() -> None:
    found = told(
        '<meta name="generator" content="Elementor 3.18.3; features: x"><meta name="generator" content="Hugo Theme">'
        '<meta name="generator" content="WooCommerce 8.2"><meta name="generator" content="WordPress 6.4.2">'
    )
    assert (found.platform, found.by) == (Platform.WORDPRESS, "meta generator WordPress 6.4.2")


@pytest.mark.parametrize(
    ("headers", "platform", "by"),
    [
        (
            [("LINK", '<https://b.example/wp-json/>; rel="https://api.w.org/"')],
            Platform.WORDPRESS,
            "Link header of api.w.org",
        ),
        (
            [("X-Pingback", "https://b.example/xmlrpc.php")],
            Platform.WORDPRESS,
            "header x-pingback: https://b.example/xmlrpc.php",
        ),
        ([("x-tumblr-user", "crates")], Platform.TUMBLR, "header x-tumblr-user: crates"),
        ([("Server", "Squarespace")], Platform.SQUARESPACE, "header server: Squarespace"),
        ([("X-Served-By", "Substack")], Platform.SUBSTACK, "header x-served-by: Substack"),
        (
            [
                ("Host-Header", "WordPress.com"),
                ("Link", '<https://b.example/wp-json/>; rel="https://api.w.org/"'),
            ],
            Platform.WORDPRESS_COM,
            "header host-header: WordPress.com",
        ),
        (
            [("X-Generator", "Drupal 10 (https://www.drupal.org)")],
            Platform.DRUPAL,
            "header x-generator: Drupal 10 (https://www.drupal.org)",
        ),
        (
            [("X-Powered-By", "PHP/8.2"), ("Server", "nginx"), ("X-Served-By", "cache-ams-1")],
            Platform.UNKNOWN,
            "",
        ),
    ],
)
def test_headers_name_platforms(headers: list[tuple[str, str]], platform: Platform, by: str) -> None:
    found = told(headers=headers)
    assert (found.platform, found.by) == (platform, by)


@pytest.mark.parametrize(
    ("head", "platform"),
    [
        ('<link rel="EditURI" type="application/rsd+xml" href="/xmlrpc.php?rsd">', Platform.WORDPRESS),
        (
            "<link rel=stylesheet href='/wp-includes/css/dist/block-library/style.min.css'>",
            Platform.WORDPRESS,
        ),
        ("<script src='//b.example/wp-content/themes/x/app.js'></script>", Platform.WORDPRESS),
        ('<link rel="service.post" href="https://www.blogger.com/feeds/42/posts/default">', Platform.BLOGGER),
        (
            '<link rel=alternate type="application/atom+xml" href="/feeds/posts/default?alt=rss">',
            Platform.BLOGGER,
        ),
        (
            '<script src="https://www.blogger.com/static/v1/widgets/1-widgets.js"></script>',
            Platform.BLOGGER,
        ),
        ('<meta property="al:ios:app_name" content="Tumblr">', Platform.TUMBLR),
        (
            '<script src="https://assets.tumblr.com/assets/scripts/pre_tumblelog.js"></script>',
            Platform.TUMBLR,
        ),
        (PORTAL, Platform.GHOST),
        (SEARCH, Platform.GHOST),
        (
            "<script>Static = window.Static || {}; Static.SQUARESPACE_CONTEXT = {}</script>",
            Platform.SQUARESPACE,
        ),
        (
            '<script src="//assets.squarespace.com/universal/scripts-compressed/common.js"></script>',
            Platform.SQUARESPACE,
        ),
        ('<link rel="preconnect" href="https://substackcdn.com">', Platform.SUBSTACK),
        ('<script src="https://substackcdn.com/bundle/static/js/main.js"></script>', Platform.SUBSTACK),
        ('<meta property="al:ios:app_name" content="Medium">', Platform.MEDIUM),
        ('<script src="/sites/default/files/js/js_a.js"></script>', Platform.DRUPAL),
    ],
)
def test_platforms_are_known_without_generator_and_headers(head: str, platform: Platform) -> None:
    assert told(head).platform is platform


@pytest.mark.parametrize(
    ("url", "platform"),
    [
        ("https://crates.wordpress.com/", Platform.WORDPRESS_COM),
        ("https://crates.blogspot.com/", Platform.BLOGGER),
        ("https://crates.blogspot.co.uk/", Platform.BLOGGER),
        ("https://crates.tumblr.com/", Platform.TUMBLR),
        ("https://crates.substack.com/", Platform.SUBSTACK),
        ("https://crates.ghost.io/", Platform.GHOST),
        ("https://medium.com/@crates", Platform.MEDIUM),
        ("https://www.wordpress.com/", Platform.UNKNOWN),
        ("https://www.tumblr.com/tagged/house", Platform.UNKNOWN),
        ("https://wordpress.com.evil.example/", Platform.UNKNOWN),
        ("https://notmedium.com/", Platform.UNKNOWN),
    ],
)
def test_the_host_names_the_platform_where_nothing_else_does(url: str, platform: Platform) -> None:
    assert told(url=url).platform is platform


@pytest.mark.parametrize(
    ("head", "body"),
    [
        # A blog that links to platforms, or writes about them.
        (
            "",
            '<a href="https://www.blogger.com/profile/1">me</a><a href="https://x.wordpress.com/wp-content/a">x</a>',
        ),
        (
            "<title>WordPress 6.1.9 and /wp-content/</title>",
            "<pre>&lt;meta name=generator content=WordPress&gt; /wp-includes/ Static.SQUARESPACE_CONTEXT = {}</pre>",
        ),
        ('<link rel="me" href="https://www.blogger.com/profile/1">', ""),
        ('<meta name="description" content="WordPress 6.1.9">', ""),
        # What other blogs embed.
        ("", '<iframe src="https://crates.substack.com/embed"></iframe>'),
        ("", '<script src="https://substackapi.com/widget.js"></script>'),
        ("", '<script async src="https://assets.tumblr.com/post.js"></script>'),
        (
            "",
            '<img src="https://images.squarespace-cdn.com/content/a.jpg"><img src="https://substackcdn.com/image/a">',
        ),
        (
            "",
            '<script src="https://cdn.jsdelivr.net/ghost/signup-form.min.js" data-site="https://o.example/"></script>',
        ),
        ("", PORTAL.replace(HOME, "https://other.example/")),
        # Pictures and feeds that stayed where they were when a blog moved.
        ("", '<img src="/wp-content/uploads/2014/05/a.jpg"><img src="https://1.bp.blogspot.com/a.jpg">'),
        ('<link rel="stylesheet" href="https://other.example/wp-content/themes/x/style.css">', ""),
        ('<link rel=alternate type="application/atom+xml" href="https://o.example/feeds/posts/default">', ""),
    ],
)
def test_what_only_mentions_or_embeds_a_platform_does_not_run_on_it(head: str, body: str) -> None:
    found = told(head, body)
    assert (found.platform, found.by) == (Platform.UNKNOWN, "")


def test_a_hugo_site_that_embeds_substack_is_hugo() -> None:
    found = told(
        '<meta name="generator" content="Hugo 0.120.4"><link rel=preconnect href="https://substackcdn.com">',
        '<iframe src="https://crates.substack.com/embed"></iframe>',
    )
    assert found.platform is Platform.HUGO


def test_evidence_is_one_short_printable_line() -> None:
    found = told(f'<meta name="generator" content="WordPress 6\x1b]0;pwn\x07\u202e\n {"9" * 500}">')
    assert found.platform is Platform.WORDPRESS
    assert found.by.isprintable()
    assert len(found.by) < 90


def test_a_page_of_endless_signs_is_read_quickly() -> None:
    links = '<link rel="https://api.w.org/x stylesheet preload" href="/a">' * 20_000
    start = time.thread_time()
    found = told(links, headers=[("Link", "<" * 4000), ("Link", '<a>; rel="' * 400)])
    assert found.platform is Platform.UNKNOWN
    assert time.thread_time() - start < 30


@given(
    st.lists(
        st.sampled_from([
            WP_HEAD, PORTAL, SEARCH, "<base href='http://['>", "<base href='//x'>", "<link rel=home href='http://[x'>",
            "<body class=blog>", "<script data-key>", "<script data-key=x data-api='http://['>", "<meta name=generator>",
            "<link rel=alternate type=application/rss+xml href='?feed=rss2'>", "<svg>", "<a rel=home href=..>", "\x00",
        ])
    ),
    st.text(max_size=50),
    st.sampled_from([HOME, "https://b.example/a?b=c", "https://medium.com", "http://[", "https://a.blogspot.com/search/label/"]),
    st.lists(st.tuples(st.sampled_from(["Link", "Server", "X-Pingback", "é"]), st.text(max_size=50))),
)  # fmt: skip
def test_no_page_raises(pieces: list[str], text: str, url: str, headers: list[tuple[str, str]]) -> None:
    answer = page("".join(pieces) + text, url + text, headers)
    try:
        tree = parse_document(answer.body, charset="utf-8")
    except UnreadablePageError:
        return
    assert isinstance(recognise(answer, tree), Recognised)


def test_every_platform_but_the_unknown_has_marks() -> None:
    platforms = [marks.platform for marks in recognition_marks().platforms]
    assert sorted(platforms) == sorted(set(Platform) - {Platform.UNKNOWN})
    for marks in recognition_marks().platforms:
        assert marks.generators or marks.headers or marks.hosts or marks.metas
        written = (*marks.generators, *marks.plugins, *marks.scripts, *marks.metas.values(), *marks.headers)
        assert all(word == word.lower() for word in written)
