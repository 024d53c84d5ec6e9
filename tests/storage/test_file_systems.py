from __future__ import annotations

from pathlib import Path

import pytest

from storage.file_systems import file_system_of, networked

MOUNTS = r"""22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /home rw,relatime shared:20 - nfs4 server:/home rw,vers=4.2
31 30 8:2 / /home/local rw - xfs /dev/sdb rw
32 22 0:41 / /mnt/my\040share rw - cifs //server/share rw
33 22 0:42 / /mnt/twice rw - nfs server:/ rw
34 33 0:43 / /mnt/twice rw - tmpfs none rw
nonsense
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/crate.db", "ext4"),
        ("/homely/crate.db", "ext4"),
        ("/home/a/crate.db", "nfs4"),
        ("/home/local/crate.db", "xfs"),
        ("/mnt/my share/crate.db", "cifs"),
        ("/mnt/twice/crate.db", "tmpfs"),
    ],
)
def test_66_the_innermost_mount_tells_the_file_system(path: str, kind: str) -> None:
    assert file_system_of(Path(path), MOUNTS) == kind


@pytest.mark.parametrize(("root", "kind"), [("nfs", "nfs"), ("fuse.sshfs", "fuse.sshfs"), ("ext4", None)])
def test_66_only_network_file_systems_are_told(tmp_path: Path, root: str, kind: str | None) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"22 1 8:1 / / rw - {root} x rw\n")
    assert networked(tmp_path / "crate.db", mounts=mounts) == kind


def test_a_system_without_a_table_of_mounts_is_taken_as_local(tmp_path: Path) -> None:
    assert networked(tmp_path / "crate.db", mounts=tmp_path / "none") is None
