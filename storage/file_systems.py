"""Which file system a file is on, as the system tells, to refuse those that cannot share a database."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_MOUNTS = Path("/proc/self/mountinfo")
_LONGEST = 10_000_000
"""Characters of the table of mounts that are read."""

# A write-ahead log needs memory that all who use the database share, and locks that hold: between machines
# there is neither. https://www.sqlite.org/wal.html ("does not work over a network filesystem"),
# https://www.sqlite.org/howtocorrupt.html section 2.1. The names are those of Linux: man 5 filesystems.
NETWORKED: Final = frozenset(
    {
        "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "fuse.ceph", "fuse.davfs2", "fuse.glusterfs",
        "fuse.rclone", "fuse.s3fs", "fuse.sshfs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "smb3",
        "smbfs",
    }
)  # fmt: skip


def networked(path: Path, *, mounts: Path = _MOUNTS) -> str | None:
    """Return the name of the network file system that `path` is on, None if it is on none or nobody knows.

    Known where the system has a table of its mounts as Linux has it: man 5 proc_pid_mountinfo.
    """
    try:
        with mounts.open(encoding="utf-8", errors="surrogateescape") as table:
            text = table.read(_LONGEST)
    except OSError:
        return None  # another system: the switch to a write-ahead log tells what it can
    kind = file_system_of(path.resolve(), text)
    return kind if kind in NETWORKED else None


def file_system_of(path: Path, mountinfo: str) -> str | None:
    r"""Return the kind of file system of `path` by a table of mounts.

    >>> file_system_of(Path("/home/a/x"), "1 0 0:1 / / rw - ext4 /dev/a rw\n2 1 0:2 / /home rw - nfs4 h:/ rw")
    'nfs4'
    """
    best, kind = -1, None
    for line in mountinfo.splitlines():
        about, _, system = line.partition(" - ")
        fields, names = about.split(" "), system.split(" ")
        if len(fields) < 5 or not names[0]:  # noqa: PLR2004 - man 5 proc_pid_mountinfo: the fifth is the place
            continue
        place = Path(_unescaped(fields[4]))
        # Of two at the same place the later one lies above.
        if len(place.parts) >= best and path.is_relative_to(place):
            best, kind = len(place.parts), names[0]
    return kind


def _unescaped(text: str) -> str:
    for escape, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(escape, character)
    return text
