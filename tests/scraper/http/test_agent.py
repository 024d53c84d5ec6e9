"""Who asks: the headers of every request, and what a contact and a sender may be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper import __version__
from scraper.http.agent import checked_contact, checked_sender, identity_headers

AGENT = f"cratedig/{__version__}"


@pytest.mark.parametrize(
    ("contact", "sender", "headers"),
    [
        (None, None, {"User-Agent": AGENT}),
        ("", "", {"User-Agent": AGENT}),
        ("me@b.example", None, {"User-Agent": f"{AGENT} (+me@b.example)"}),
        ("https://b.example/about", None, {"User-Agent": f"{AGENT} (+https://b.example/about)"}),
        ("mailto:me@b.example", None, {"User-Agent": f"{AGENT} (+mailto:me@b.example)"}),
        (
            r"http://b.example/a_(b)\c",
            None,
            {"User-Agent": AGENT + r" (+http://b.example/a_\(b\)\\c)"},
        ),
        (None, "me@b.example", {"User-Agent": AGENT, "From": "me@b.example"}),
        (
            "me@b.example",
            "you@b.example",
            {"User-Agent": f"{AGENT} (+me@b.example)", "From": "you@b.example"},
        ),
    ],
)
def test_the_user_agent_is_truthful_and_names_whom_to_turn_to(
    contact: str | None, sender: str | None, headers: dict[str, str]
) -> None:
    assert identity_headers(contact=contact, sender=sender) == headers


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("me", "reaches nobody"),
        ("b.example", "reaches nobody"),
        ("https://", "reaches nobody"),
        ("ftp://b.example/", "reaches nobody"),
        ("https://b.example/ and more", "reaches nobody"),
        ("me@b.example, you@b.example", "reaches nobody"),
        ("me@b.example\r\nCookie: a=b", "holds what no header may"),
        ("me@b.example\n", "holds what no header may"),
        ("https://b.example/\x1b[2J", "holds what no header may"),
        ("https://b.example/\x00", "holds what no header may"),
        ("https://b.example/größe", "ASCII"),
        ("https://b.example/" + "a" * 200, "more than 200 characters"),
        (" ", "reaches nobody"),
    ],
)
def test_a_contact_that_reaches_nobody_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        checked_contact(text)
    with pytest.raises(ValueError, match=said):
        identity_headers(contact=text, sender=None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("me", "not one e-mail address"),
        ("@b.example", "not one e-mail address"),
        ("me@", "not one e-mail address"),
        ("me@b..example", "not one e-mail address"),
        ("Jo <me@b.example>", "not one e-mail address"),
        ("me@b.example, you@b.example", "not one e-mail address"),
        ("https://b.example/", "not one e-mail address"),
        ("mailto:me@b.example", "not one e-mail address"),
        ("me@b.example\r\nX: y", "holds what no header may"),
        ("jö@b.example", "ASCII"),
        ("a" * 200 + "@b.example", "more than 200 characters"),
    ],
)
def test_a_sender_is_one_mailbox(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        checked_sender(text)
    with pytest.raises(ValueError, match=said):
        identity_headers(contact=None, sender=text)


@given(st.text(max_size=250) | st.from_regex(r"https://[!-~]{1,190}", fullmatch=True))
def test_no_contact_breaks_out_of_its_comment(text: str) -> None:
    try:
        agent = identity_headers(contact=text, sender=None)["User-Agent"]
    except ValueError:
        return
    assert agent.isascii()
    assert agent.isprintable()
    comment = agent.removeprefix(AGENT).replace("\\\\", "").replace("\\(", "").replace("\\)", "")
    assert comment == "" or (comment.startswith(" (+") and comment.index(")") == len(comment) - 1)
    assert "\\" not in comment
    assert comment.count("(") <= 1
