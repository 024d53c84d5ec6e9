"""What goes wrong between a link and its file."""

from __future__ import annotations

import errno

from storage.errors import CratedigError
from storage.reasons import Reason, explain, in_words

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class DownloadError(CratedigError):
    """A file that was not published, with its reason; `detail` says what exactly was seen."""

    def __init__(self, reason: Reason, where: str, *, detail: str | None = None) -> None:
        super().__init__(in_words(reason, detail), where=where, next_step=explain(reason).next_step)
        self.reason = reason
        self.detail = detail


class VolumeError(CratedigError):
    """The folder for downloads cannot take files now: full, read-only, or failing. Nothing is lost."""

    def __init__(self, reason: Reason, where: str, *, detail: str) -> None:
        super().__init__(
            f"{explain(reason).sentence} ({detail})",
            where=where,
            next_step=explain(reason).next_step.capitalize(),
        )
        self.reason = reason
        self.detail = detail

    @classmethod
    def of(cls, error: OSError, where: str) -> VolumeError:
        """Return `error` as one of the folder `where`."""
        reason = Reason.DISK_FULL if error.errno in _FULL else Reason.DISK_ERROR
        return cls(reason, where, detail=error.strerror or str(error))
