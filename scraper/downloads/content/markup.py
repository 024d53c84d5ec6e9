"""Pages, error messages and other text that come where music was expected, whatever their type says."""

from __future__ import annotations

from typing import Final

HEAD_SIZE: Final = 8192
"""Bytes from the start of a file that are looked at."""

_LEAST_TEXT = 16  # fewer printable bytes say nothing
_PLAYLISTS = (b"#extm3u", b"[playlist]", b"<asx", b"<smil")
_HTML = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<style", b"<title", b"<meta", b"<div")
_HTML_ERRORS = (b"<br", b"<p>", b"<h1", b"<h2", b"<center", b"<table", b"<b>", b"<pre", b"<a ")
_MARKUP = (b"<?xml", b"<!--", b"<svg", b"<mpd", b"<rss", b"<error", b"<?php", b"<!")
_JSON = (b"{", b"[")
# Bytes of text in ASCII, Latin and UTF-8; what is left when they are deleted is not written by people.
_TEXT = bytes({9, 10, 12, 13, *range(32, 127), *range(128, 256)})
_ASCII = bytes({9, 10, 12, 13, *range(32, 127)})


def kind_of_text(head: bytes) -> str | None:
    """Return what text `head`, the first bytes of a file, is; None when it is none that is known by them.

    >>> kind_of_text(b"<html><title>404")
    'an HTML page'
    """
    start = _readable(head[:HEAD_SIZE]).lstrip(b" \t\r\n\0").lower()
    if start.startswith(_PLAYLISTS) or (start.startswith(b"<?xml") and b"<mpd" in start):
        return "a playlist"
    if start.startswith(_HTML) or b"<html" in start[:1024]:
        return "an HTML page" if start.startswith((b"<", b"{", b"[")) or _is_text(start) else None
    if start.startswith(_HTML_ERRORS):
        return "a piece of an HTML page"
    if start.startswith(_MARKUP):
        return "XML"
    if start.startswith(_JSON) and _is_text(start[:64]):
        return "JSON"
    return None


def is_plain_text(head: bytes) -> bool:
    """Return whether `head`, the first bytes of a file without a known signature, are words of people."""
    start = _readable(head[:HEAD_SIZE])
    return (
        len(start) >= _LEAST_TEXT and _is_text(start) and len(start.translate(None, _ASCII)) * 4 <= len(start)
    )


def _readable(head: bytes) -> bytes:
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
    ):
        if head.startswith(mark):
            text = head[len(mark) :].decode(encoding, "ignore")
            # Music too begins with FF FE: layer I of MPEG audio. No page has these letters in its beginning.
            return text.encode(errors="ignore") if text[:2].isascii() else head
    return head


def _is_text(data: bytes) -> bool:
    return not data.translate(None, _TEXT)
