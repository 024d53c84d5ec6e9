"""How the process gives memory back to the system."""

from __future__ import annotations

import ctypes
from typing import Final

_M_MMAP_THRESHOLD: Final = -3  # of malloc.h
_LARGE: Final = 512 * 1024


def give_back_large_buffers() -> None:
    """Have what is larger than 512 KiB returned to the system as soon as it is freed, if the C library can.

    The 256 KiB that asyncio reads at once are not: new pages for each of them cost a tenth of a download.
    glibc raises that bound by itself to the largest buffer that was freed (mallopt(3)). After one page of
    15 MB the following ones would come from the heap, which seldom shrinks. Elsewhere nothing changes.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _LARGE)
