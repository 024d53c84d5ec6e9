from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from protego import Protego

from scraper.http.robots.rules import MAX_CRAWL_DELAY, MAX_SITEMAPS, RobotsRules
from scraper.http.robots.text import MAX_BYTES, robots_text

_SITE = "https://b.example"
_RFC_5_1 = """\
User-Agent: *
Disallow: *.gif$
Disallow: /example/
Allow: /publications/

User-Agent: foobot
Disallow:/
Allow:/example/page.html
Allow:/example/allowed.gif

User-Agent: barbot
User-Agent: bazbot
Disallow: /example/page.html

User-Agent: quxbot
"""


def _rules(text: str) -> RobotsRules:
    return RobotsRules(robots_text(text.encode()), origin=_SITE)


def _allows(text: str, path: str) -> bool:
    return _rules(text).allows(_SITE + path)


@pytest.mark.parametrize(
    ("name", "path", "allowed"),
    [
        ("nobody", "/example/page.html", False),
        ("nobody", "/a.gif", False),
        ("nobody", "/a.gif?b", True),
        ("nobody", "/publications/", True),
        ("nobody", "/", True),
        ("foobot", "/", False),
        ("foobot", "/example/page.html", True),
        ("foobot", "/example/allowed.gif", True),
        ("foobot", "/example/page", False),
        ("barbot", "/example/page.html", False),
        ("bazbot", "/example/page.html", False),
        ("bazbot", "/a.gif", True),
        ("quxbot", "/example/", True),
    ],
)
def test_the_example_of_rfc_9309_section_5_1_reads_as_it_says(name: str, path: str, allowed: bool) -> None:
    assert _allows(_RFC_5_1.replace(name, "cratedig"), path) is allowed


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        pytest.param("Disallow: /a", "/ab", False, id="prefix"),
        pytest.param("Disallow: /a", "/A", True, id="case"),
        pytest.param("Disallow: /a\nAllow: /a", "/a", True, id="allow wins a tie"),
        pytest.param("Allow: /a/\nDisallow: /a/b.gif", "/a/b.gif", False, id="5.2-longest match"),
        pytest.param("Disallow: /a*/c", "/ab/c", False, id="star"),
        pytest.param("Disallow: /a$", "/ab", True, id="end"),
        pytest.param("Disallow: /a # why\nAllow: /ab#b", "/ab", True, id="comment"),
        pytest.param("Disallow: /a%2Ab", "/a*b", False, id="escaped star"),
        pytest.param("Disallow: /foo/bar/ツ", "/foo/bar/%E3%83%84", False, id="2.2.2-not ASCII"),
        pytest.param("Disallow: /foo/bar/%E3%83%84", "/foo/bar/ツ", False, id="2.2.2-not ASCII, escaped"),
        pytest.param("Disallow: /foo/bar/%62%61%7A", "/foo/bar/baz", False, id="2.2.2-needless escape"),
        pytest.param("Disallow: /foo?bar=https://a.b", "/foo?bar=https://a.b", False, id="2.2.2-reserved"),
        pytest.param("Disallow: /ac%2Fdc", "/ac/dc", True, id="H4-escaped slash"),
        pytest.param("Disallow: /ac%2Fdc", "/ac%2fdc", False, id="H4-escaped slash, small letters"),
        pytest.param("Disallow:", "/", True, id="empty rule"),
        pytest.param("Disallow: /", "/robots.txt", True, id="2.2.2-robots.txt itself"),
        pytest.param("Sitemap: /s.xml\nDisallow: /a", "/a", False, id="2.2.4-sitemap in a group"),
        pytest.param("Noindex: /\nFoo\n: /\nDisallow /a", "/a", False, id="2.3.1.5-odd lines"),
        pytest.param("Disallow: a", "/a", True, id="rule without a slash"),
    ],
)
def test_rules_are_matched_as_rfc_9309_says(rules: str, path: str, allowed: bool) -> None:
    assert _allows(f"User-agent: *\n{rules}", path) is allowed


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        pytest.param("User-agent: CrateDig\nDisallow: /", False, id="case"),
        pytest.param("User-agent: cratedig/1.0 (x)\nDisallow: /", False, id="version"),
        pytest.param("User-agent: *cratedig*\nDisallow: /", False, id="stars"),
        pytest.param("User-agent: crate\nDisallow: /", True, id="shorter name"),
        pytest.param("User-agent: cratedigger\nDisallow: /", True, id="longer name"),
        pytest.param("User-agent: c\nDisallow: /", True, id="one letter"),
        pytest.param("User-agent: *\nDisallow: /\nUser-agent: cratedig\nAllow: /", True, id="own group"),
        pytest.param("User-agent: cratedig\n\nUser-agent: x\nDisallow: /", False, id="two names, one group"),
        pytest.param(
            "User-agent: cratedig\nDisallow:\nUser-agent: x\nDisallow: /", True, id="empty rule ends"
        ),
        pytest.param(
            "User-agent: cratedig\nAllow: /b\nUser-agent: x\nUser-agent: cratedig\nDisallow: /a",
            False,
            id="two groups",
        ),
        pytest.param("Disallow: /\nUser-agent: *\nDisallow: /b", True, id="rule in no group"),
        pytest.param("User-agent: x\nDisallow: /", True, id="no group"),
        pytest.param("User-agent:\nDisallow: /", True, id="no name"),
        pytest.param("", True, id="nothing"),
    ],
)
def test_the_group_is_found_by_the_whole_name(text: str, allowed: bool) -> None:
    assert _allows(text, "/a") is allowed


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_all_ends_of_lines_count(end: str) -> None:
    text = end.join(["User-agent: *", "Disallow: /a", "", "Crawl-delay: 2"])
    assert not _allows(text, "/a")
    assert _allows(text, "/b")
    assert _rules(text).crawl_delay == 2


@pytest.mark.parametrize(
    ("body", "path"),
    [
        pytest.param(b"\xef\xbb\xbfUser-agent: *\nDisallow: /a", "/a", id="byte order mark"),
        pytest.param(b"# caf\xe9\nUser-agent: *\nDisallow: /\xe9\nDisallow: /a", "/a", id="H1-no UTF-8"),
        pytest.param(b"User-agent: *\nDisallow: /\0\nDisallow: /a", "/a", id="NUL"),
        pytest.param(b"\xff\xfe" + "User-agent: *\nDisallow: /a".encode("utf-16-le"), "/a", id="UTF-16"),
    ],
)
def test_odd_bytes_do_not_open_what_other_lines_close(body: bytes, path: str) -> None:
    rules = RobotsRules(robots_text(body))
    assert not rules.allows(_SITE + path)
    assert rules.allows(_SITE + "/public")


def test_a_rule_that_the_cap_cuts_is_not_taken_for_a_wider_one() -> None:
    start = b"User-agent: *\nDisallow: /first\n"
    start += b"#" * (MAX_BYTES - len(start) - 12) + b"\n"
    rules = RobotsRules(robots_text(start + b"Disallow: /private\n"))
    assert not rules.allows(f"{_SITE}/first")
    assert rules.allows(f"{_SITE}/post"), "the first 500 KiB end with: Disallow: /"


@pytest.mark.parametrize(
    ("rules", "delay"),
    [
        pytest.param("Crawl-delay: 0.5", 0.5, id="H2-fraction"),
        pytest.param("crawl delay .25", 0.25, id="H2-fraction without a zero"),
        pytest.param("Crawl-delay: 10 # seconds", 10, id="comment"),
        pytest.param("Crawl-delay: 86400", MAX_CRAWL_DELAY, id="more than the cap"),
        pytest.param("Crawl-delay: 1e300", MAX_CRAWL_DELAY, id="huge"),
        pytest.param("Crawl-delay: 1e400", 0, id="beyond a float"),
        pytest.param("Crawl-delay: -1", 0, id="negative"),
        pytest.param("Crawl-delay: nan", 0, id="no number"),
        pytest.param("Crawl-delay: inf", 0, id="endless"),
        pytest.param("Crawl-delay: ten", 0, id="word"),
        pytest.param("Crawl-delay:", 0, id="empty"),
        pytest.param("Request-rate: 1/10", 10, id="rate"),
        pytest.param("Request-rate: 4/1", 0.25, id="rate, several a second"),
        pytest.param("Request-rate: 30/1m 0600-0845", 2, id="rate in minutes and at times"),
        pytest.param("Request-rate: 1/1d", MAX_CRAWL_DELAY, id="rate beyond the cap"),
        pytest.param(f"Request-rate: 1/{'9' * 4000}", MAX_CRAWL_DELAY, id="rate beyond a float"),
        pytest.param(f"Request-rate: {'9' * 4000}/1", 0, id="rate below a float"),
        pytest.param("Request-rate: 1/0", 0, id="rate of nothing"),
        pytest.param("Request-rate: 1/10\nCrawl-delay: 2", 10, id="the longer of both, the rate"),
        pytest.param("Request-rate: 1/2\nCrawl-delay: 10", 10, id="the longer of both, the delay"),
        pytest.param("Disallow: /a", 0, id="none"),
    ],
)
def test_the_pause_between_requests_is_what_the_file_asks_for(rules: str, delay: float) -> None:
    assert _rules(f"User-agent: *\n{rules}").crawl_delay == delay


def test_the_pause_of_others_is_not_ours() -> None:
    text = (
        "User-agent: *\nCrawl-delay: 9\nUser-agent: x\nCrawl-delay: 8\nUser-agent: cratedig\nCrawl-delay: 1"
    )
    assert _rules(text).crawl_delay == 1


def test_sitemaps_are_absolute_addresses_each_once() -> None:
    text = """\
Sitemap: HTTPS://B.example/a b.xml
User-agent: x
Sitemap: https://other.example/s.xml?a=1 # why
sitemap https://b.example/c.xml
Sitemap: https://b.example/c.xml
Sitemap: /relative.xml
Sitemap: ftp://b.example/s.xml
Sitemap: http:///s.xml
Sitemap: javascript:alert(1)
Sitemap: https://u:p@b.example/secret.xml
Sitemap:
"""
    assert _rules(text).sitemaps == (
        "https://b.example/a%20b.xml",
        "https://other.example/s.xml?a=1",
        "https://b.example/c.xml",
        "https://b.example/relative.xml",
        "https://b.example/secret.xml",
    )


def test_relative_sitemaps_need_an_origin() -> None:
    assert RobotsRules("Sitemap: /s.xml\nSitemap: s.xml\nSitemap: //b.example/s.xml").sitemaps == ()


def test_no_more_than_a_hundred_sitemaps_are_named() -> None:
    text = "".join(f"Sitemap: /{number}.xml\n" for number in range(5_000))
    assert _rules(text).sitemaps == tuple(f"{_SITE}/{number}.xml" for number in range(MAX_SITEMAPS))


def test_a_page_has_no_rules_and_no_sitemaps() -> None:
    rules = _rules(
        "<!DOCTYPE html>\n<pre>\nUser-agent: *\nDisallow: /\nCrawl-delay: 9\nSitemap: /s.xml\n</pre>"
    )
    assert rules.allows(f"{_SITE}/")
    assert (rules.crawl_delay, rules.sitemaps, rules.lines) == (0, (), 0)


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param("Allow: /*" + "a" * 48 + "b" + "a" * 48, id="long"),
        pytest.param("Allow: /" + "*a" * 400 + "b", id="many stars"),
        pytest.param("Disalow: /*" + "a" * 48 + "b" + "a" * 48, id="misspelled"),
    ],
)
def test_an_address_that_would_take_too_long_to_judge_is_not_allowed(rule: str) -> None:
    # Without a bound, one judgement of such an address by such a file takes up to a second.
    text = "User-agent: *\nDisallow: /private\n" + "".join(
        f"{rule}{number}\n" for number in range(450_000 // len(rule))
    )
    rules = _rules(text)
    assert rules.allows(f"{_SITE}/2024/05/post")
    assert not rules.allows(f"{_SITE}/private")
    assert not rules.allows(f"{_SITE}/{'a' * 8000}")


def test_wildcards_for_others_cost_nothing() -> None:
    rule = "Allow: /*" + "a" * 48 + "b" + "a" * 48
    text = (
        "User-agent: x\n"
        + "".join(f"{rule}{number}\n" for number in range(4_000))
        + "User-agent: *\nAllow: /"
    )
    assert _allows(text, f"/{'a' * 8000}")


_PATHS = st.text(alphabet="abz/.-_~09", max_size=20).map(lambda path: f"/{path}")
_FIELDS = """User-agent: | user agent | useragent : | USER  AGENT | user-agent | Allow: | Disallow: | disallow |
Dissalow: | Crawl-delay: | Sitemap: | Host | Foo: | foo | #"""
_VALUES = "* | cratedig | Cratedig* | x | x y:z | x: cratedig | / | /a | /b | /*b$ | /a$ | 1.5 | : | # x | "
_LINES = st.lists(
    st.tuples(
        st.sampled_from([field.strip() for field in _FIELDS.split("|")]),
        st.sampled_from([value.strip() for value in _VALUES.split("|")]),
        st.sampled_from(["\n", "\r\n", "\r", "\n\n"]),
    ),
    max_size=14,
)


@given(_LINES, st.sampled_from(["/", "/a", "/b", "/ab", "/a$"]))
def test_leaving_out_what_concerns_others_changes_no_verdict_of_protego(
    parts: list[tuple[str, str, str]], path: str
) -> None:
    text = "".join(f"{field} {value}{end}" for field, value, end in parts)
    whole = Protego.parse(text)
    ours = _rules(text)
    assert ours.allows(_SITE + path) == whole.can_fetch(_SITE + path, "cratedig")
    assert ours.crawl_delay == (whole.crawl_delay("cratedig") or 0)


@given(_PATHS, _PATHS)
def test_the_path_of_a_rule_is_disallowed_and_an_unrelated_one_is_not(path: str, other: str) -> None:
    assume(not other.startswith(path))
    assume(f"{path}x" != "/robots.txt")
    rules = _rules(f"User-agent: *\nDisallow: {path}")
    assert not rules.allows(f"{_SITE}{path}")
    assert not rules.allows(f"{_SITE}{path}x?y=z")
    assert rules.allows(f"{_SITE}{other}")


@given(
    st.binary(max_size=400)
    | st.lists(st.sampled_from([b"User-agent:*", b"Disallow:", b"\n", b"*", b"$", b"\xff", b"%", b"/"])).map(
        b"".join
    )
)
def test_any_bytes_are_rules(body: bytes) -> None:
    rules = RobotsRules(robots_text(body), origin=_SITE)
    assert rules.allows(f"{_SITE}/robots.txt")
    assert isinstance(rules.allows(f"{_SITE}/a%2Fb?c=%FF&d#e"), bool)
    assert 0 <= rules.crawl_delay <= MAX_CRAWL_DELAY
    assert len(rules.sitemaps) <= MAX_SITEMAPS
