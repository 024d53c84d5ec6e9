"""What trials take for a stale change."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scraper.downloads.trials.ledger import Change, stale_changes

_CLAIM = {"worker": "a", "was": "waiting", "became": "running", "new_token": "1"}
_LEASE = {"token": "1", "lease_until": 110.0}


def _change(**values: Any) -> Change:
    given: dict[str, Any] = {"moment": 100.0, "id": 1, "token": None, "new_token": None, "lease_until": None}
    return Change(**given | values)


@pytest.mark.parametrize(
    ("change", "stale"),
    [
        ({"worker": "a", "was": "running", "became": "running", "new_token": "1"}, False),
        ({"worker": "a", "was": "running", "became": "done", "new_token": "1"}, False),
        ({"worker": "a", "was": "running", "became": "waiting"}, False),
        ({"worker": "b", "was": "running", "became": "waiting", "moment": 111.0}, False),
        ({"worker": "b", "was": "running", "became": "failed", "moment": 111.0}, False),
        ({"worker": "b", "was": "running", "became": "waiting", "moment": -9000.0}, False),
        ({"worker": "b", "was": "running", "became": "waiting"}, True),
        ({"worker": "b", "was": "running", "became": "running", "new_token": "1", "moment": 111.0}, True),
        ({"worker": "b", "was": "running", "became": "running", "new_token": "2", "moment": 111.0}, True),
        ({"worker": "b", "was": "running", "became": "done", "new_token": "1", "moment": 111.0}, True),
        ({"worker": "a", "was": "done", "became": "waiting"}, True),
    ],
)
def test_only_who_holds_a_row_changes_it_but_for_taking_it_back_after_its_lease(
    change: dict[str, Any], *, stale: bool
) -> None:
    changes = [_change(**_CLAIM), _change(**_LEASE | change)]
    assert len(list(stale_changes(changes))) == stale


def test_where_the_clock_jumped_a_row_is_taken_back_at_any_time_and_changed_by_no_stranger() -> None:
    back = _change(**_LEASE, worker="b", was="running", became="waiting")
    done = _change(**_LEASE, worker="b", was="running", became="done", new_token="1")
    assert list(stale_changes([_change(**_CLAIM), back], jumped=True)) == []
    assert len(list(stale_changes([_change(**_CLAIM), done], jumped=True))) == 1
