"""The verdict that a file is not published."""

from __future__ import annotations

from storage.reasons import Reason

_LONGEST = 200


class RefusedError(Exception):
    """A file is not what it should be; travels between processes. `detail` says what was seen."""

    def __init__(self, reason: Reason, detail: str | None = None) -> None:
        self.reason = reason
        self.detail = detail[:_LONGEST] if detail else None
        super().__init__(reason, self.detail)


def broken(detail: str) -> RefusedError:
    """Return the verdict on what begins like music or an archive and is none."""
    return RefusedError(Reason.PROBE_FAILED, detail)


def not_music(detail: str) -> RefusedError:
    """Return the verdict on what is something else altogether."""
    return RefusedError(Reason.NOT_AUDIO, detail)


def cut_short(detail: str) -> RefusedError:
    """Return the verdict on a file whose end is missing, or cannot be told."""
    return RefusedError(Reason.SHORT_BODY, detail)
