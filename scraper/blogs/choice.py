"""Which ways of listing a blog offers, the best first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.blogs.pages import ListingPage
    from scraper.blogs.plan import WalkPlan
    from scraper.blogs.ways.way import Way


@dataclass(frozen=True, slots=True)
class Offer:
    """A way of listing, and what it can be made of again in a later run: `source`."""

    way: Way
    source: str

    def resume(self, address: str) -> str:
        """Return what is kept of an address that a walk by this way has reached."""
        return f"{self.way.name}\t{address}"

    def resume_of(self, plan: WalkPlan) -> str | None:
        """Return the address at which a walk by this way was interrupted."""
        name, _, address = (plan.resume or "").partition("\t")
        return address if address and name == self.way.name else None


def offers_of(listing: ListingPage, url: str) -> tuple[Offer, ...]:
    """Return the ways that the blog whose page at `url` was read offers, the best first."""
    del listing, url
    return ()


def offered_before(plan: WalkPlan) -> Offer | None:
    """Return the way by which an earlier walk came through to its end."""
    del plan
    return None
