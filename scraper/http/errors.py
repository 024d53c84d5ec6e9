"""What goes wrong between a request and its body."""

from __future__ import annotations

from storage.errors import CratedigError
from storage.reasons import Reason, explain, in_words


class FetchError(CratedigError):
    """A request that gave nothing usable, with its reason.

    `url` is the address asked for, `status` the HTTP status where one came, `retry_after` the seconds
    that the server asked to wait, `detail` what exactly was seen. `asked` is false where nothing was sent:
    the host is to be left alone for longer than a run waits, or a failure of its robots.txt is remembered.
    """

    def __init__(
        self,
        reason: Reason,
        url: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        detail: str | None = None,
        asked: bool = True,
    ) -> None:
        super().__init__(in_words(reason, detail), where=url, next_step=explain(reason).next_step)
        self.reason = reason
        self.url = url
        self.status = status
        self.retry_after = retry_after
        self.detail = detail
        self.asked = asked

    @property
    def transient(self) -> bool:
        """Whether the same request may succeed a little later."""
        return explain(self.reason).transient
