"""Where the demo's blog lies: beside this module in an installed package, else in the checkout."""

from __future__ import annotations

from pathlib import Path

from storage.errors import CratedigError

_INSTALLED = Path(__file__).parent / "blog"
_CHECKOUT = Path(__file__).parents[2] / "fixtures" / "blog"


def site_folder() -> Path:
    """Return the folder that the demo serves; a `CratedigError` says where it was looked for."""
    for folder in (_INSTALLED, _CHECKOUT):
        if folder.is_dir():
            return folder
    raise CratedigError(
        "the demo's blog is missing",
        where=f"{_INSTALLED} or {_CHECKOUT}",
        next_step="Install cratedig again, or run this from a whole checkout",
    )
