"""JSON as servers with PHP really send it: behind warnings, before the comment of a cache. Pure."""

from __future__ import annotations

import json
import re
from typing import Final

from scraper.blogs.ways.fields import read_json
from scraper.blogs.ways.way import UnusableAnswerError

MAX_NOISE: Final = 65_536
"""Characters of warnings before the JSON that are skipped."""

# What PHP prints with display_errors, with or without html_errors: https://www.php.net/manual/errorfunc.constants
_MESSAGE = re.compile(r"\b(?:Warning|Notice|Deprecated|Strict Standards)(?:</b>)?:")
_PAGE = re.compile(r"<(?:!doctype|html|head|body|script)\b", re.IGNORECASE)
_OPENING = re.compile(r'\[\s*[\]{]|\{\s*["}]')
_BLANKS = re.compile(r"\s*")
_DECODER = json.JSONDecoder(parse_constant=lambda _: None)


def read_noisy_json(body: bytes, where: str) -> object:
    """Return the JSON value in `body`, though PHP's messages stand before it or markup behind it.

    JSON within an HTML page is not looked for. Raises `UnusableAnswerError`, and nothing else.
    """
    text = body.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    try:
        return read_json(text, where)
    except UnusableAnswerError:
        value = _value_in(text)
        if value is None:
            raise
        return value


def _value_in(text: str) -> object:
    """Return the array or object that begins behind the messages; None if there is no sound one."""
    message = _MESSAGE.search(text, 0, MAX_NOISE)
    page = _PAGE.search(text, 0, MAX_NOISE)
    for opening in _OPENING.finditer(text, 0, MAX_NOISE):
        start = opening.start()
        if (page and page.start() < start) or (start and not (message and message.start() < start)):
            return None
        try:
            value: object
            value, end = _DECODER.raw_decode(text, start)
        except json.JSONDecodeError as error:
            if error.pos > MAX_NOISE:  # no bracket in a message, but broken JSON
                return None
        except (ValueError, RecursionError):
            return None
        else:
            if _ends(text, end):
                return value
    return None


def _ends(text: str, end: int) -> bool:
    blanks = _BLANKS.match(text, end)
    behind = blanks.end() if blanks else end
    return behind == len(text) or text[behind] == "<"
