"""Why an address that a post carries is no link to music."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    """Reasons for which an address is passed over; the values are for people to read."""

    PLACE_ON_PAGE = "a place on this page"
    OTHER_SCHEME = "another scheme"
    NO_ADDRESS = "no address that can be fetched"
    PRIVATE = "leads to a private address"
    THE_POST = "the post itself"
    OWN_BLOG = "the post's own blog"
    SHARES = "shares the post"
    IMAGE = "an image"
    OTHER_FILE = "another kind of file"
    OTHER_FORMAT = "its words name another kind of file"
    PLACEHOLDER = "an empty sound of a player"
    HOST_PAGE = "a page of the host itself"
    PROFILE = "profile of an artist"
    OTHER_HOST = "a host without music"
    SAYS_NOTHING = "a short address whose text offers no download"
    PAGE = "a page, not a file"
    REPEATS = "repeats another link"
    TOO_MANY = "more links than a post keeps"
