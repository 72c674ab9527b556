"""How accompaniments are judged, on made-up ones; and a made-up progression played along with, in virtual time."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cocomposer.bench.accompanied import PARTS, Sounded, Tally, accompanied, judged_beats
from cocomposer.bench.accompaniment import ROLE, _accompany, made_up
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.progression import ChordSpan
from cocomposer.music.note import Note

BAR = 192
SPANS = [
    ChordSpan(0, BAR, Chord(0, "maj")),
    ChordSpan(BAR, 2 * BAR, None),
    ChordSpan(2 * BAR, 3 * BAR, Chord(7, "maj")),
]
PLAYER = [Note(beat * 48, 72, 40, 80) for beat in range(12)]


@pytest.mark.parametrize(
    ("pitch", "begin", "end", "notes", "fitting"),
    [
        (60, 0, 48, 1, 1), (61, 0, 48, 1, 0), (60, 200, 300, 0, 0), (55, 100, 500, 1, 1), (64, 180, 420, 1, 0),
        (64, 150, 420, 1, 1),
    ],
)  # fmt: skip
def test_a_note_fits_where_it_is_a_chord_tone_for_half_its_time(
    pitch: int, begin: float, end: float, notes: int, fitting: int
) -> None:
    tally = Tally()
    tally.judge("chords", pitch, begin, end, SPANS)
    assert (tally.notes["all"], tally.fitting["all"]) == (notes, fitting)


def test_beats_are_judged_from_the_line_after_an_entrance_to_the_last_whole_one() -> None:
    assert judged_beats(PLAYER, 4) == set(range(1, 11))
    early = [replace(note, onset_tick=note.onset_tick + 30) for note in PLAYER[:6]]
    after_a_bar = [replace(note, onset_tick=note.onset_tick + 3 * BAR) for note in PLAYER[:4]]
    assert judged_beats([*after_a_bar, *early], 4) == {1, 2, 3, 4, 5, 6, 13, 14}
    assert judged_beats([], 4) == set()


def test_a_beat_is_covered_if_enough_sounds_there_and_nothing_was_late() -> None:
    heard = [Sounded("chords", 60, beat * 48.0, beat * 48 + 40.0, beat * 48, 0.0, 0.08) for beat in range(1, 12)]
    for change, covered in (
        ({}, 10),
        ({"late_seconds": 0.02}, 9),
        ({"begin": 0.0, "end": 1.0, "planned_tick": 0}, 9),
        ({"end": 3 * 48 + 10.0}, 9),
        ({"end": 3 * 48 + 13.0}, 10),
    ):
        tally = Tally()
        tally.cover([*heard[:2], replace(heard[2], **change), *heard[3:]], judged_beats(PLAYER, 4))  # type: ignore[arg-type]
        assert (tally.beats, tally.covered) == (10, covered)


@pytest.mark.parametrize(("way", "least"), [("block chords", 0.9), ("melody", 0.7)])
def test_a_progression_is_played_along_with_on_every_beat(way: str, least: float) -> None:
    player, spans = made_up()[way]
    player = [note for note in player if note.onset_tick < 8 * BAR]
    tally = Tally()
    _accompany(tally, player, spans, 4, is_given=False)
    assert tally.share_covered == 1.0 and tally.share_fitting() >= least
    assert {note.part for note in accompanied(player[:20], ROLE, 4)} <= set(PARTS.values())


@settings(max_examples=8)
@given(
    st.lists(st.tuples(st.integers(40, 84), st.sampled_from([12, 24, 48, 72, 96])), min_size=8, max_size=24),
    st.sampled_from([2, 3, 4]),
)
def test_whatever_the_melody_no_beat_is_left_out(melody: list[tuple[int, int]], beats_per_bar: int) -> None:
    tick, player = 0, []
    for pitch, ticks in melody:
        player.append(Note(tick, pitch, ticks - 2, 80))
        tick += ticks
    tally = Tally()
    tally.cover(accompanied(player, ROLE, beats_per_bar), judged_beats(player, beats_per_bar))
    assert tally.covered == tally.beats
