"""What a walk is to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkPlan:
    """What is known of a blog before the walk, and how far to go.

    `complete` says that an earlier run has read the whole archive, so that the walk may stop where
    everything is known. `full` walks as if nothing were known. `since` (POSIX seconds UTC) and
    `max_posts` bound it. `feed` is what `WalkResult.feed` was of the last walk; `listing_due` says that
    the listing is to be asked all the same. `way`, `way_source`, `marker` and `announced` are what
    `WalkResult` had of them after the last complete walk; `resume` is where an interrupted one had come.
    """

    url: str
    complete: bool = False
    full: bool = False
    since: float | None = None
    max_posts: int | None = None
    feed: str | None = None
    listing_due: bool = False
    way: str | None = None
    way_source: str | None = None
    marker: float | None = None
    announced: int | None = None
    resume: str | None = None

    @property
    def incremental(self) -> bool:
        """Whether the walk only looks for news."""
        return self.complete and not self.full
