"""The fingerprint of the vocabulary: pinned, because every released model depends on it."""

import pytest

from cocomposer.events import layout
from cocomposer.events.steps import STEP_COUNT

RELEASED = "d6139248fc679b8b1f3f3c51cd8a9679e286190cb14dcff9e6b52952713c5519"


def test_the_vocabulary_is_the_released_one() -> None:
    """Changing the table means a new VERSION, new models, and only then another value here."""
    assert layout.fingerprint() == RELEASED


def test_any_change_of_the_table_changes_the_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    before = layout.fingerprint()
    monkeypatch.setattr(layout, "STYLES", (*layout.STYLES[:-1], "polka"))
    assert layout.fingerprint() != before


def test_styles_fit_their_field_and_columns_are_distinct() -> None:
    fields = {field.name: field for field in (*layout.DRAWN, *layout.GIVEN)}
    assert len(layout.STYLES) == fields["style"].classes
    assert fields["onset"].classes == fields["duration"].classes == STEP_COUNT
    assert len(set(layout.COLUMNS)) == len(layout.COLUMNS)
