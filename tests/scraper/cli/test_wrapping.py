"""Plain text in lines of 80 columns."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from scraper.cli.console import visible
from scraper.cli.wrapping import WIDTH, wrapped


@given(st.text())
@example("0" * 73 + " \u0300")
def test_no_text_does_anything_to_the_terminal_and_only_a_word_is_too_long(text: str) -> None:
    lines = wrapped(text, first="note: ")
    assert all(visible(line) == line for line in lines)
    assert all(cell_len(line) <= WIDTH or " " not in line[6:] for line in lines)


def test_an_address_is_never_broken() -> None:
    url = f"https://b.example/{'a-' * 60}"
    assert wrapped(f"see {url} now", first="  ") == ["  see", f"  {url}", "  now"]


def test_wide_letters_take_two_columns_and_are_broken_where_a_line_is_full() -> None:
    lines = wrapped("夜の列車 " * 20 + "無料ダウンロード" * 12, first="    ")
    assert max(map(cell_len, lines)) <= WIDTH
    assert "".join("".join(lines).split()) == "夜の列車" * 20 + "無料ダウンロード" * 12
