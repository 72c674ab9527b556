"""Chords divided into bars."""

from fractions import Fraction

import pytest
from hypothesis import given

from cocomposer.export.lead_sheet import LONGEST_BARS, LeadSheet, SheetError, bars_of, filled, joined
from cocomposer.harmony.names.chart import Step
from cocomposer.harmony.names.symbols import NoChord
from tests.export.sheets import heard, sheet_of, sheets


def test_chords_are_held_over_bar_lines() -> None:
    bars = bars_of(sheet_of("Am*6 F*1"))
    assert [[(str(piece.start), str(piece.beats), piece.begins) for piece in bar] for bar in bars] == [
        [("0", "4", True)],
        [("0", "2", False), ("2", "1", True)],
    ]


@given(sheets())
def test_bars_hold_all_chords(sheet: LeadSheet) -> None:
    bars = bars_of(sheet)
    pieces = [piece for bar in bars for piece in bar]
    assert heard([Step(piece.chord, piece.beats) for piece in pieces]) == heard(sheet)
    assert sum(piece.begins for piece in pieces) == len(sheet.steps)
    assert [piece.section for piece in pieces if piece.begins] == [step.section for step in sheet.steps]
    assert not any(piece.section for piece in pieces if not piece.begins)
    assert all(sum(piece.beats for piece in bar) == sheet.bar_beats for bar in bars[:-1])
    full = filled(sheet)
    assert full.beats % sheet.bar_beats == 0 and 0 <= full.beats - sheet.beats < sheet.bar_beats


def test_a_section_parts_equal_neighbours() -> None:
    steps = sheet_of("Am Am [B] Am F").steps
    assert [(step.section, int(step.beats)) for step in joined(steps)] == [("", 8), ("B", 4), ("", 4)]


@pytest.mark.parametrize("meter", [(0, 4), (4, 0), (4, 3), (65, 4), (-3, 4)])
def test_what_is_no_metre_is_refused(meter: tuple[int, int]) -> None:
    with pytest.raises(SheetError, match="no metre"):
        LeadSheet((), meter=meter)


def test_a_sheet_of_days_is_refused() -> None:
    with pytest.raises(SheetError, match="more than"):
        LeadSheet((Step(NoChord.SILENT, Fraction(4 * LONGEST_BARS + 1)),))
