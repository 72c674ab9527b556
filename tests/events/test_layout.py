"""The fingerprint of the vocabulary: pinned, because every released model depends on it."""

import pytest

from cocomposer.events import layout
from cocomposer.events.steps import STEP_COUNT

RELEASED = "4d4460d82cedf3864a6a2eff4576023c7fbdb9be353bb34c3092a8ca99b5d204"


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
