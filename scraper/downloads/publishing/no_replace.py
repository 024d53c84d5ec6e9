"""Giving a file or folder its name without ever replacing what has it. Blocks."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import sys
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_NO_HARD_LINKS: Final = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK})
_NO_SUCH_RENAME: Final = frozenset({errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP})

# The function and its flag: renameat2(2), RENAME_NOREPLACE on Linux; renameatx_np(2), RENAME_EXCL on macOS.
_FUNCTIONS: Final = {"linux": ("renameat2", 1), "darwin": ("renameatx_np", 4)}


def link_new(source: str, target: str, *, source_fd: int, target_fd: int) -> None:
    """Give the file `source` the name `target`; it may keep the old one as well.

    Names are looked up in the folders of the descriptors, links are not followed. Raises `FileExistsError`
    where anything has the name.
    """
    try:
        os.link(source, target, src_dir_fd=source_fd, dst_dir_fd=target_fd, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        rename_new(source, target, source_fd=source_fd, target_fd=target_fd)


def rename_new(source: str, target: str, *, source_fd: int, target_fd: int) -> None:
    """Rename the file or folder `source` to `target`; otherwise as `link_new`."""
    number = _exclusively(source, target, source_fd, target_fd)
    if number in _NO_SUCH_RENAME:
        _rename_under_lock(source, target, source_fd, target_fd)
    elif number:
        raise OSError(number, os.strerror(number), target)


def _exclusively(source: str, target: str, source_fd: int, target_fd: int) -> int:
    """Rename by one call that refuses to replace; return its error number, 0 where it succeeded."""
    found = _function()
    if found is None:
        return errno.ENOSYS
    call, flag = found
    failed = call(source_fd, os.fsencode(source), target_fd, os.fsencode(target), flag)
    return ctypes.get_errno() if failed else 0


@cache
def _function() -> tuple[Callable[..., int], int] | None:
    name, flag = _FUNCTIONS.get(sys.platform, ("", 0))
    try:
        call = getattr(ctypes.CDLL(None, use_errno=True), name)
    except (OSError, AttributeError, TypeError):
        return None
    call.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
    return call, flag


def _rename_under_lock(source: str, target: str, source_fd: int, target_fd: int) -> None:
    # A rename replaces what is there, so no two of our processes may look and rename at once. The lock ends
    # with its process, however that ends.
    lock = os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=target_fd)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            os.stat(target, dir_fd=target_fd, follow_symlinks=False)
        except FileNotFoundError:
            os.rename(source, target, src_dir_fd=source_fd, dst_dir_fd=target_fd)
        else:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target)
    finally:
        os.close(lock)
