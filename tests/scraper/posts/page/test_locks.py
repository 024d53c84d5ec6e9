"""Posts behind a password, told from posts beside which somebody may log in."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.posts.page.document import parse_document, parse_fragment
from scraper.posts.page.locks import LockedPostError, is_locked

URL = "https://blog.example/2024/05/a-post/"
FORM = """<form action="https://blog.example/wp-login.php?action=postpass" class="post-password-form" method="post">
<p>This content is password protected. To view it please enter your password below:</p>
<p><label>Password: <input name="post_password" type="password" size="20"></label></p></form>"""
LOGIN = """<form action="/wp-login.php" method="post"><input name="log"><input name="pwd" type="password"></form>"""
RELATED = '<div class="yarpp"><h3>Related posts:</h3><p>words of another post</p></div>'


def _is_locked(body: str, *, url: str = URL) -> bool:
    return is_locked(parse_document(f"<html><body>{body}".encode(), charset="utf-8"), url=url)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            f'<main><h1 class="wp-block-post-title">x</h1><div class="entry-content">{FORM}{RELATED}</div></main>',
            id="block theme",
        ),
        pytest.param(
            f'<article class="post type-post post-password-required hentry"><h1>x</h1>{FORM}</article>',
            id="classic theme",
        ),
        pytest.param(
            '<article class="post"><h1>x</h1><form action="/wp-login.php?action=postpass" method="post">'
            '<input type="password" name="post_password"></form></article>',
            id="a form of the theme's own",
        ),
        pytest.param(
            '<article class="post"><h1>x</h1><form class="protected-post-form" action="/wp-pass.php">'
            '<input type="text" name="post_password"></form></article>',
            id="WordPress before 3.5",
        ),
        pytest.param(
            '<div class="gh-app"><div class="gh-viewport"><main class="gh-main" role="main">'
            '<section class="gh-flow-content private"><header><h1>This site is private.</h1></header>'
            '<form class="gh-signin" method="post"><input class="gh-input" type="password" name="password">'
            "</form></section></main></div></div>",
            id="private Ghost site",
        ),
        pytest.param(
            '<div class="staticrypt-page"><div class="staticrypt-form"><div class="staticrypt-instructions">'
            '<p class="staticrypt-title">Protected Page</p></div><form id="staticrypt-form" action="#">'
            '<input id="staticrypt-password" type="password" name="password"></form></div></div>',
            id="StaticCrypt",
        ),
        pytest.param(
            '<article class="post"><h1>x</h1><div class="post-content"><div id="hexo-blog-encrypt">'
            '<input type="password" id="hbePass"><label>Password</label></div></div></article>',
            id="hexo-blog-encrypt",
        ),
    ],
)
def test_a_form_where_the_post_should_be_locks_it(body: str) -> None:
    assert _is_locked(body)


POST = '<article class="post"><h1>x</h1><p>words of the post</p>{}</article>'


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(POST.format(""), id="no form"),
        pytest.param(
            POST.format("") + f'<aside class="sidebar">{LOGIN}</aside>', id="a login in the sidebar"
        ),
        pytest.param(POST.format(LOGIN), id="a login in the post"),
        pytest.param(POST.format("") + f'<aside class="widget">{FORM}</aside>', id="the form in a widget"),
        pytest.param(POST.format(f'<div class="related">{FORM}</div>'), id="the form in related posts"),
        pytest.param(POST.format(f"<div hidden>{FORM}</div>"), id="the form hidden"),
        pytest.param(POST.format("") + f'<div id="comments">{FORM}</div>', id="the form among the comments"),
        pytest.param(POST.format("Enter the password to view comments."), id="words about a password"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_post_that_says_something_is_not_locked(body: str) -> None:
    assert not _is_locked(body)


@pytest.mark.parametrize(("slug", "locked"), [("a-post", False), ("another", True)])
def test_of_several_posts_the_one_that_the_address_names_decides(slug: str, *, locked: bool) -> None:
    posts = [
        f'<article class="post"><h2><a href="/{name}/">x</a></h2>{text}</article>'
        for name, text in (("a-post", "<p>words</p>"), ("another", FORM))
    ]
    assert _is_locked("".join(posts), url=f"https://blog.example/{slug}/") is locked


def test_the_text_of_a_listing_is_locked_by_the_form_and_by_nothing_around_it() -> None:
    assert is_locked(parse_fragment(f"<p>Protected</p>{FORM}{RELATED}"))
    assert not is_locked(parse_fragment(f'<p>words</p><div class="widget">{FORM}</div>{LOGIN}'))


def test_the_error_says_where_and_the_next_step() -> None:
    assert str(LockedPostError(URL)).startswith(f"The post is behind a password: {URL}. Open the address")


_PIECES = ("<form class=post-password-form>", "<input type=password name=post_password>", "</form>", "<article>",
           "<input type=password>", "</article>", "<aside>", "text", "<input name=post_password", "<h1>")  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(_PIECES)))
def test_any_page_is_locked_or_not(pieces: list[str]) -> None:
    assert _is_locked("".join(pieces)) in {True, False}
