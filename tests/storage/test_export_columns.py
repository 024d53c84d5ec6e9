"""What the documented format promises to whoever reads it by position."""

from __future__ import annotations

from storage.export import CSV_COLUMNS


def test_columns_that_came_later_stand_at_the_end() -> None:
    first = "url blog title artist track version label published genres matched cover link_url link_kind"
    later = "link_host link_format link_name download_state download_path download_bytes download_sha256"
    documented = f"{first} {later} download_reason".split()
    assert list(CSV_COLUMNS[: len(documented)]) == documented
