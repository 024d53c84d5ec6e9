"""Ask a song server for files and drop them: how fast it can be.

``python -m benchmarks.bare_reader URL FILES AT_ONCE``
"""

from __future__ import annotations

import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

_BUFFER = 1 << 20
_REQUEST = "GET {path}{number}.mp3 HTTP/1.1\r\nHost: {host}\r\n\r\n"


def read(base: str, numbers: range) -> int:
    """Read the files of these `numbers` over one connection; return how many bytes came, headers included."""
    address = urlsplit(base)
    buffer = memoryview(bytearray(_BUFFER))
    came = 0
    with socket.create_connection((address.hostname or "", address.port or 80)) as connection:
        for number in numbers:
            request = _REQUEST.format(path=address.path, number=number, host=address.netloc)
            connection.sendall(request.encode("ascii"))
            count = connection.recv_into(buffer)
            head, _, start = bytes(buffer[:count]).partition(b"\r\n\r\n")
            left = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0]) - len(start)
            came += count
            while left > 0 and (count := connection.recv_into(buffer, min(left, _BUFFER))):
                left -= count
                came += count
    return came


def main(words: list[str]) -> int:
    """Read all files and return the exit code."""
    base, files, at_once = words[0], int(words[1]), int(words[2])
    with ThreadPoolExecutor(at_once) as threads:
        came = sum(threads.map(lambda first: read(base, range(first, files, at_once)), range(at_once)))
    print(came)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
