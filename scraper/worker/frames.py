"""What goes through the pipes between a run and its worker: pickles, each behind its length.

Both ends are this program; what comes from the web is in them as text and bytes only.
"""

from __future__ import annotations

import pickle
import struct
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LENGTH: Final = struct.Struct(">Q")

READY: Final = b""
"""The first frame that a worker sends."""

_SHARED, _CALL = "shared", "call"


def frame(data: bytes) -> tuple[bytes, bytes]:
    """Return `data` as it goes through a pipe, in two parts."""
    return LENGTH.pack(len(data)), data


class Requests:
    """Packs what one worker is to do. Objects of the types `shared` go to it once for all calls."""

    def __init__(self, shared: tuple[type, ...] = ()) -> None:
        self._shared = shared
        self._sent: list[object] = []

    def pack(
        self, function: Callable[..., object], args: tuple[object, ...], kwargs: Mapping[str, object]
    ) -> list[bytes]:
        """Return the data of frames: objects that the worker does not have yet, then the call.

        Raises what pickle raises where an argument cannot travel.
        """
        known = len(self._sent)
        request = BytesIO()
        _Pickler(request, self._shared, self._sent).dump((_CALL, (function, args, dict(kwargs))))
        return [*(pickle.dumps((_SHARED, new)) for new in self._sent[known:]), request.getvalue()]


class Received:
    """Unpacks what `Requests` has packed."""

    def __init__(self) -> None:
        self._shared: list[object] = []

    def unpack(self, data: bytes) -> tuple[Callable[..., object], tuple[Any, ...], dict[str, Any]] | None:
        """Return a call, or None where `data` is an object that later calls need."""
        kind, found = _Unpickler(BytesIO(data), self._shared).load()
        if kind == _SHARED:
            self._shared.append(found)
            return None
        function, args, kwargs = found
        return function, args, kwargs


class _Pickler(pickle.Pickler):
    def __init__(self, file: BytesIO, shared: tuple[type, ...], sent: list[object]) -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        self._shared = shared
        self._sent = sent

    def persistent_id(self, obj: object) -> int | None:
        if not isinstance(obj, self._shared):
            return None
        place = next((place for place, sent in enumerate(self._sent) if sent is obj), None)
        if place is None:
            self._sent.append(obj)
            return len(self._sent) - 1
        return place


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: BytesIO, shared: list[object]) -> None:
        super().__init__(file)
        self._shared = shared

    def persistent_load(self, pid: int) -> object:
        return self._shared[pid]


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
