"""Memory that goes back to the system, seen from a process of its own."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

_PROGRAM = """
from scraper.cli.memory import give_back_large_buffers
give_back_large_buffers()

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096

first = bytearray(20_000_000)
del first
before = resident()
kept = []
for megabytes in range(10, 18):
    # What stays behind each buffer keeps the heap from shrinking, as the tree of a page does.
    buffer = bytearray(megabytes * 1_000_000)
    kept.append([bytes(1000) for _ in range(100)])
    del buffer
print(resident() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="glibc's malloc")
def test_large_buffers_go_back_to_the_system_when_they_are_freed() -> None:
    ran = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True)
    assert int(ran.stdout) < 5_000_000
