"""What goes through the pipes between a run and its worker: pickles, each behind its length.

Both ends are this program; what comes from the web is in them as text only.
"""

from __future__ import annotations

import pickle
import struct
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from filters.graph import GenreGraph

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LENGTH: Final = struct.Struct(">Q")

READY: Final = b""
"""The first frame that a worker sends."""


def frame(data: bytes) -> tuple[bytes, bytes]:
    """Return `data` as it goes through a pipe, in two parts."""
    return LENGTH.pack(len(data)), data


class Requests:
    """Packs what one worker is to do. A graph of genres goes to it once, whatever many pages need it."""

    def __init__(self) -> None:
        self._sent: list[GenreGraph] = []

    def pack(
        self, read: Callable[..., object], args: tuple[object, ...], kwargs: Mapping[str, object]
    ) -> list[bytes]:
        """Return the data of frames: graphs that the worker does not have yet, then the call.

        Raises what pickle raises where an argument cannot travel.
        """
        known = len(self._sent)
        request = BytesIO()
        _Pickler(request, self._sent).dump((read, args, dict(kwargs)))
        return [*(pickle.dumps(graph) for graph in self._sent[known:]), request.getvalue()]


class Received:
    """Unpacks what `Requests` has packed."""

    def __init__(self) -> None:
        self._graphs: list[GenreGraph] = []

    def unpack(self, data: bytes) -> tuple[Callable[..., object], tuple[Any, ...], dict[str, Any]] | None:
        """Return a call, or None where `data` is a graph that later calls need."""
        found = _Unpickler(BytesIO(data), self._graphs).load()
        if isinstance(found, GenreGraph):
            self._graphs.append(found)
            return None
        read, args, kwargs = found
        return read, args, kwargs


class _Pickler(pickle.Pickler):
    def __init__(self, file: BytesIO, sent: list[GenreGraph]) -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        self._sent = sent

    def persistent_id(self, obj: object) -> int | None:
        if not isinstance(obj, GenreGraph):
            return None
        place = next((place for place, graph in enumerate(self._sent) if graph is obj), None)
        if place is None:
            self._sent.append(obj)
            return len(self._sent) - 1
        return place


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: BytesIO, graphs: list[GenreGraph]) -> None:
        super().__init__(file)
        self._graphs = graphs

    def persistent_load(self, pid: int) -> GenreGraph:
        return self._graphs[pid]


def pack_answer(value: object, error: Exception | None) -> bytes:
    """Return what a call gave, or the error that it raised; one that cannot travel becomes its text."""
    try:
        data = pickle.dumps((value, error), protocol=pickle.HIGHEST_PROTOCOL)
        if error is not None:
            pickle.loads(data)  # noqa: S301 - our own, one line above
    except Exception as untold:  # noqa: BLE001 - whatever an error's own code raises
        told = RuntimeError(repr(error or untold))
        return pickle.dumps((None, told), protocol=pickle.HIGHEST_PROTOCOL)
    return data


def unpack_answer(data: bytes) -> tuple[Any, Exception | None]:
    """Return what `pack_answer` was given."""
    value, error = pickle.loads(data)  # noqa: S301 - from our own worker, which sends no foreign pickles
    return value, error
