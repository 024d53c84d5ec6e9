from __future__ import annotations

import pytest

from storage.errors import (
    CratedigError,
    LeaseLostError,
    NewerDatabaseError,
    StorageError,
    UnfitDownloadError,
)
from storage.reasons import Reason, explain


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_sentence_and_a_next_step(reason: Reason) -> None:
    explanation = explain(reason)
    assert explanation.sentence
    assert explanation.next_step
    assert not explanation.sentence.endswith(".")


@pytest.mark.parametrize(
    "kind", [CratedigError, StorageError, NewerDatabaseError, LeaseLostError, UnfitDownloadError]
)
def test_every_error_says_what_where_and_the_next_step(kind: type[CratedigError]) -> None:
    assert str(kind("It broke", where="/a", next_step="Mend it")) == "It broke: /a. Mend it."
    assert str(kind("It broke")) == "It broke"


def test_the_errors_of_storage_are_all_listed_here() -> None:
    assert set(StorageError.__subclasses__()) == {NewerDatabaseError, LeaseLostError, UnfitDownloadError}
