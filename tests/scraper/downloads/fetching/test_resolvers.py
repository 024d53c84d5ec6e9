from __future__ import annotations

import pytest

from scraper.downloads.errors import DownloadError
from scraper.downloads.fetching.resolvers import file_address, is_fetchable
from storage.reasons import Reason
from storage.records import Download, DownloadState, LinkKind


def _download(url: str, kind: LinkKind) -> Download:
    return Download(
        id=1,
        key=url,
        url=url,
        host="x",
        state=DownloadState.RUNNING,
        attempts=1,
        due=0,
        created=0,
        updated=0,
        kind=kind,
    )


_DRIVE_ID = "1A2b3C4d5E6f7G8h9I0j"
_DRIVE_FILE = f"https://drive.usercontent.google.com/download?id={_DRIVE_ID}&export=download"


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://www.dropbox.com/s/abc/a.mp3?dl=0", "https://www.dropbox.com/s/abc/a.mp3?dl=1"),
        ("https://dropbox.com/s/abc/a.mp3", "https://dropbox.com/s/abc/a.mp3?dl=1"),
        ("https://www.dropbox.com/scl/fi/x/a.mp3?rlkey=k&st=&dl=0#t", "https://www.dropbox.com/scl/fi/x/a.mp3?rlkey=k&st=&dl=1"),
        (f"https://drive.google.com/file/d/{_DRIVE_ID}/view?usp=sharing", _DRIVE_FILE),
        (f"https://drive.google.com/open?id={_DRIVE_ID}", _DRIVE_FILE),
        (f"https://drive.google.com/uc?export=download&id={_DRIVE_ID}", _DRIVE_FILE),
        (f"https://drive.google.com/file/u/1/d/{_DRIVE_ID}/preview", _DRIVE_FILE),
        (f"https://docs.google.com/uc?id={_DRIVE_ID}&export=download", _DRIVE_FILE),
        (f"https://docs.google.com/a/kora.example/file/d/{_DRIVE_ID}/edit", _DRIVE_FILE),
        (f"https://drive.usercontent.google.com/download?id={_DRIVE_ID}&authuser=0", f"https://drive.usercontent.google.com/download?id={_DRIVE_ID}&authuser=0"),
        (f"https://drive.google.com/file/d/{_DRIVE_ID}/view?resourcekey=0-ab_C", f"{_DRIVE_FILE}&resourcekey=0-ab_C"),
        ("https://www.dropbox.com/s/abc/a.mp3?raw=1", "https://www.dropbox.com/s/abc/a.mp3?dl=1"),
        ("https://www.dropbox.com/scl/fo/x/y?rlkey=k", "https://www.dropbox.com/scl/fo/x/y?rlkey=k&dl=1"),
        ("https://archive.org/stream/item/a.mp3#t=1", "https://archive.org/download/item/a.mp3"),
        ("https://archive.org/download/item/a%20b.mp3", "https://archive.org/download/item/a%20b.mp3"),
        ("https://ia801.us.archive.org/3/items/item/a.mp3", "https://ia801.us.archive.org/3/items/item/a.mp3"),
    ],
)  # fmt: skip
def test_an_open_hoster_has_a_file_address(url: str, address: str) -> None:
    assert file_address(_download(url, LinkKind.HOSTER)) == address
    assert is_fetchable(url, LinkKind.HOSTER)


@pytest.mark.parametrize(
    "url",
    [
        "https://mega.nz/file/abc#key",
        "https://archive.org/details/item",
        "https://archive.org/download/item",
        "https://archive.org/download/item/folder/",
        "https://drive.google.com/drive/my-drive",
        "https://drive.google.com/drive/folders/1A2b3C4d5E6f7G8h9I0j?id=1A2b3C4d5E6f7G8h9I0j",
        "https://drive.google.com/open?id=short",
        "https://drive.google.com/uc?id=1A2b3C4d5E6f7G8h9I0j%0d%0aHost:x",
        f"https://drive.google.com/uc?id={'a' * 101}",
        "https://docs.google.com/document/d/1A2b3C4d5E6f7G8h9I0j/edit",
        "https://dropbox.com.evil.example/s/abc/a.mp3",
        "https://notdropbox.com/s/abc/a.mp3",
    ],
)
def test_other_pages_of_hosters_have_no_resolver(url: str) -> None:
    assert not is_fetchable(url, LinkKind.HOSTER)
    with pytest.raises(DownloadError) as caught:
        file_address(_download(url, LinkKind.HOSTER))
    assert caught.value.reason is Reason.NO_RESOLVER


@pytest.mark.parametrize("kind", [LinkKind.DIRECT, LinkKind.ARCHIVE])
def test_a_link_to_a_file_is_its_own_address(kind: LinkKind) -> None:
    url = "https://blog.example/a%2Fb.zip?token=1&x"
    assert file_address(_download(url, kind)) == url


def test_a_link_to_a_file_at_a_hoster_is_resolved_as_well() -> None:
    url = "https://www.dropbox.com/s/abc/a.mp3?dl=0"
    assert file_address(_download(url, LinkKind.DIRECT)).endswith("dl=1")


def test_an_address_that_cannot_be_read_is_refused_with_its_reason() -> None:
    with pytest.raises(DownloadError) as caught:
        file_address(_download("https://[::1/a.mp3", LinkKind.DIRECT))
    assert caught.value.reason is Reason.URL_INVALID


@pytest.mark.parametrize("kind", [LinkKind.DIRECT, LinkKind.ARCHIVE])
def test_a_file_itself_needs_no_resolver(kind: LinkKind) -> None:
    assert is_fetchable("https://files.example/a.mp3", kind)
    assert not is_fetchable("https://[broken/a.mp3", LinkKind.HOSTER)
