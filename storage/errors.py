"""The root of every error that cratedig raises on purpose."""

from __future__ import annotations


class CratedigError(Exception):
    """Something that a person can act on: what happened, where, and what to do next.

    `what` is a sentence without a full stop, `where` an address, path or option, `next_step` an
    imperative sentence without a full stop. `str(error)` is one line: ``what: where. Next step.``
    """

    def __init__(self, what: str, *, where: str | None = None, next_step: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.next_step = next_step

    def __str__(self) -> str:
        line = f"{_capital(self.what)}: {self.where}" if self.where else _capital(self.what)
        if not self.next_step:
            return line
        return f"{_ended(line)} {_ended(_capital(self.next_step))}"


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith("?") else f"{sentence}."


class StorageError(CratedigError):
    """The database or an output file cannot be used as it is."""


class NewerDatabaseError(StorageError):
    """The database was written by a newer cratedig."""


class LeaseLostError(StorageError):
    """A worker tried to change a download whose lease has passed to somebody else."""


class UnfitDownloadError(StorageError):
    """A download is too long or too strange to be queued."""
