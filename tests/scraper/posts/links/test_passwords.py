from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.posts.links.passwords import MAX_LENGTH, MAX_PASSWORDS, read_passwords
from scraper.posts.links.reading import read_links

PAGE = "https://b.example/p/"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Password: foo57", ["foo57"], id="L44"),
        pytest.param("Pass: www.site.com", ["www.site.com"], id="L44 address"),
        pytest.param("Password: foo57 / Pass: www.site.com", ["foo57", "www.site.com"], id="L44 both"),
        pytest.param("RAR pw - x1", ["x1"], id="L44 rar"),
        pytest.param("Password:name57", ["name57"], id="without-space"),
        pytest.param("PASSWORD = Secret", ["Secret"], id="equals"),
        pytest.param("rar password → abc", ["abc"], id="arrow"),
        pytest.param("Password: “two words”.", ["two words"], id="quoted"),
        pytest.param("Password: foo57.", ["foo57"], id="end-of-sentence"),
        pytest.param("Password: (foo)", ["(foo)"], id="brackets"),
        pytest.param("(Password: foo57)", ["foo57"], id="in-brackets"),
        pytest.param("Password:\nfoo57", ["foo57"], id="next-line"),
        pytest.param("Password\nfoo57\nmore words", ["foo57"], id="cell"),
        pytest.param("The password is foo57", ["foo57"], id="is"),
        pytest.param("Mot de passe : secret", ["secret"], id="french"),
        pytest.param("Passwort: geheim", ["geheim"], id="german"),
        pytest.param("Contraseña: clave1", ["clave1"], id="spanish"),
        pytest.param("Senha: blog", ["blog"], id="portuguese"),
        pytest.param("Пароль: музыка", ["музыка"], id="russian"),
        pytest.param("パスワード：abc", ["abc"], id="japanese"),
        pytest.param("解压密码：blog.example", ["blog.example"], id="chinese"),
        pytest.param("Hasło: x", ["x"], id="one-letter"),
        pytest.param("Password: a\nPassword: a", ["a"], id="each-once"),
        pytest.param("password protected", [], id="protected"),
        pytest.param("Forgot password?", [], id="forgot"),
        pytest.param("Forgot your password: click", [], id="forgot-with-colon"),
        pytest.param("Username: Password:", [], id="form"),
        pytest.param("Password: none", [], id="none"),
        pytest.param("Password: not needed", [], id="not-needed"),
        pytest.param("Passwort: keins", [], id="none-german"),
        pytest.param("This post is password-protected. Enter your password: ok", [], id="locked"),
        pytest.param("The password is always the same", [], id="prose"),
        pytest.param("Festival pass: 99 Euro", [], id="another-pass"),
        pytest.param("a pass - through the valley", [], id="a-word"),
        pytest.param("Compass: north", [], id="part-of-a-word"),
        pytest.param("Password: -", [], id="nothing-but-signs"),
        pytest.param("Password:", [], id="nothing"),
        pytest.param("Password\nLogin", [], id="form-of-lines"),
        pytest.param(f"Password: {'x' * 200}", [], id="too-long"),
    ],
)
def test_passwords_are_read_from_the_text(text: str, expected: list[str]) -> None:
    assert list(read_passwords(text)) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param("<p>Password: <strong>foo57</strong></p>", ["foo57"], id="L44 bold"),
        pytest.param("<p>Password:<br><code>foo57</code></p>", ["foo57"], id="L44 code"),
        pytest.param(
            '<p>Pass: <a href="http://www.site.com/">www.site.com</a></p>', ["www.site.com"], id="L44 link"
        ),
        pytest.param("<tr><td>Password</td><td>foo57</td></tr>", ["foo57"], id="L44 table"),
        pytest.param('<p style="display:none">Password: foo57</p>', [], id="hidden"),
        pytest.param("<script>var t = 'Password: foo57'</script>", [], id="script"),
        pytest.param("<!-- Password: foo57 -->", [], id="comment"),
    ],
)
def test_passwords_are_what_the_post_shows(html: str, expected: list[str]) -> None:
    html = f"<table>{html}</table>" if html.startswith("<tr") else html
    reading = read_links(BeautifulSoup(html, "lxml"), base=PAGE, page=PAGE)
    assert list(reading.passwords) == expected
    assert reading.links == ()


def test_there_is_an_end_of_passwords() -> None:
    assert len(read_passwords("\n".join(f"Password: p{number}" for number in range(50)))) == MAX_PASSWORDS


@settings(deadline=None, max_examples=80)
@given(st.text(max_size=40), st.sampled_from(["Password: ", "pw - ", "Пароль ", "パスワード：", "senha\n"]))
def test_any_text_gives_short_passwords_that_stand_in_it(text: str, label: str) -> None:
    whole = f"{text}{label}{text}"
    for found in read_passwords(whole):
        assert 0 < len(found) <= MAX_LENGTH
        assert found in whole
