"""Links that stand together with nothing but words of hosters, in several languages; passwords for them."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from scraper.posts.links.passwords import read_passwords
from scraper.posts.links.reading import read_links
from storage.records import Link, LinkKind

PAGE = "https://b.example/p/"


def _links(inner: str) -> tuple[Link, ...]:
    return read_links(BeautifulSoup(f"<div>{inner}</div>", "lxml"), base=PAGE, page=PAGE).links


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Скачать с Turbobit", "Скачать с Яндекс.Диск", id="L42 in Russian"),
        pytest.param("Télécharger (Uptobox)", "Télécharger (1fichier)", id="L42 in French"),
        pytest.param("Kraken", "GDrive", id="L42 short names"),
        pytest.param("part1", "part2", id="L43 parts without a name"),
    ],
)
def test_mirrors_are_one_offer(one: str, other: str) -> None:
    links = _links(
        f"<p><a href='https://turbobit.net/aaaa1111.html'>{one}</a><br><a href='https://gofile.io/d/bbbb2222'>{other}</a></p>"
    )
    assert [link.group for link in links] == [1, 1]


@pytest.mark.parametrize(
    ("text", "password"),
    [
        ("Password for all files: nightshift", "nightshift"),
        ("Пароль на архив: music", "music"),
        ("Senha do arquivo: abc", "abc"),
        ("Passwort zum Entpacken: abc1", "abc1"),
        ("Contraseña para todos los archivos: x.example", "x.example"),
        ("Mot de passe pour le fichier : zed", "zed"),
    ],
)
def test_a_password_may_say_what_it_opens(text: str, password: str) -> None:
    # L44
    assert read_passwords(text) == (password,)


@pytest.mark.parametrize(
    "text", ["Password to the party: foo", "Password of the day: foo", "Password for my wifi: x"]
)
def test_a_password_to_anything_else_is_none(text: str) -> None:
    # L44
    assert read_passwords(text) == ()


def test_an_old_address_of_a_shop_is_a_shop() -> None:
    # L26
    (link,) = _links("<a href='http://www.amazon.com/exec/obidos/ASIN/B00006JK7I/blog-20'>buy</a>")
    assert link.kind is LinkKind.STORE
