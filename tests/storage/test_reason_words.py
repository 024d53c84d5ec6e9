"""A reason with what exactly was seen: nothing is said twice."""

from __future__ import annotations

import pytest

from storage.reasons import Reason, explain, in_words


@pytest.mark.parametrize(
    ("reason", "detail", "behind"),
    [
        (Reason.NOT_FOUND, "status 404", ""),
        (Reason.GONE, "status 410", ""),
        (Reason.FORBIDDEN, "status 403", " (status 403)"),
        (Reason.SERVER_ERROR, "status 503", " (status 503)"),
        (Reason.SERVER_ERROR, "x", " (x)"),
        (Reason.NOT_FOUND, "", ""),
        (Reason.NOT_FOUND, None, ""),
        (Reason.NOT_FOUND, "status 404, twice", " (status 404, twice)"),
    ],
)
def test_a_detail_stands_behind_the_sentence_unless_it_says_the_same(
    reason: Reason, detail: str | None, behind: str
) -> None:
    assert in_words(reason, detail) == explain(reason).sentence + behind
