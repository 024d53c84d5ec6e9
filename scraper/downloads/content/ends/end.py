"""Which walk finds the end of which kind of file."""

from __future__ import annotations

import struct
from functools import partial
from typing import TYPE_CHECKING, Final

from scraper.downloads.content.bounded import TooMuchReadError
from scraper.downloads.content.ends.archive_end import why_7z_is_cut, why_rar_is_cut, why_zip_is_cut
from scraper.downloads.content.ends.flac_end import why_flac_is_cut
from scraper.downloads.content.ends.mpeg_end import why_adts_is_cut, why_mpeg_is_cut
from scraper.downloads.content.ends.ogg_end import why_ogg_is_cut
from scraper.downloads.content.ends.sized import (
    why_asf_is_cut,
    why_dsdiff_is_cut,
    why_dsf_is_cut,
    why_form_is_cut,
    why_monkey_is_cut,
    why_mp4_is_cut,
    why_wavpack_is_cut,
)
from scraper.downloads.content.ends.tar_end import why_packed_is_cut, why_tar_is_cut

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scraper.downloads.content.window import Window

_WALKS: Final[Mapping[str, Callable[[Window], str | None]]] = {
    "mp3": why_mpeg_is_cut,
    "aac": why_adts_is_cut,
    "flac": why_flac_is_cut,
    **dict.fromkeys(("ogg", "opus", "oga", "spx"), why_ogg_is_cut),
    **dict.fromkeys(("wav", "aiff"), why_form_is_cut),
    "m4a": why_mp4_is_cut,
    "wma": why_asf_is_cut,
    "ape": why_monkey_is_cut,
    "wv": why_wavpack_is_cut,
    "dsf": why_dsf_is_cut,
    "dff": why_dsdiff_is_cut,
    "zip": why_zip_is_cut,
    "7z": why_7z_is_cut,
    "rar": why_rar_is_cut,
    "tar": why_tar_is_cut,
    "tgz": partial(why_packed_is_cut, packed="gz"),
    "tbz2": partial(why_packed_is_cut, packed="bz2"),
    "txz": partial(why_packed_is_cut, packed="xz"),
}


def why_cut(extension: str, window: Window) -> str | None:
    """Return what is missing of a file that was found to be of the kind `extension`; None when it is whole.

    Where it cannot be told, it is not whole.
    """
    walk = _WALKS.get(extension)
    if walk is None:
        return "nothing in it says where it ends"
    try:
        return walk(window)
    except TooMuchReadError as error:
        return str(error)
    except (struct.error, LookupError, OverflowError):
        return "it ends in the middle"
