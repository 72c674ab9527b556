"""The contract of shapers: what the composer asks, tells and heeds."""

from collections.abc import Sequence
from itertools import islice

import numpy as np

from cocomposer.events.codec import Metre
from cocomposer.events.layout import DRAWN, UNPLACED
from cocomposer.generation.composer import Composer
from cocomposer.generation.given_chords import progression
from cocomposer.generation.key_lean import KeyLean, key_lean
from cocomposer.generation.request import Hearing, Wish
from cocomposer.generation.shaping import Drawing, Logits
from cocomposer.harmony.chord import Chord
from cocomposer.music.note import Note
from tests.fakes.note_model import FakeNoteModel

HEARD = tuple(Note(24 * n, 60 + n, 20, 80) for n in range(8))
WISH = Wish(1, 5, 200, 200, 800, metre=Metre(True, 0), chords=progression([(0, Chord(7, "min7"))]), use_pedal=True)


class Witness:
    """A shaper that writes down what it is asked and told, and may push a field."""

    def __init__(self, push: dict[str, int] | None = None) -> None:
        self.begun: list[int] = []
        self.asked: list[tuple[str, Drawing, tuple[Note, ...]]] = []
        self.told: list[Note] = []
        self._push = push or {}

    def begin(self, heard: Sequence[Note]) -> None:
        self.begun.append(len(heard))

    def shape(self, field: str, logits: Logits, drawing: Drawing) -> Logits:
        self.asked.append((field, drawing, tuple(drawing.notes)))
        if field not in self._push:
            return logits
        return logits + np.where(np.arange(len(logits)) == self._push[field], 1e4, 0.0)

    def took(self, note: Note) -> None:
        self.told.append(note)


def composer(*shapers: Witness) -> Composer:
    found = Composer(FakeNoteModel(window=64), shapers)
    for _ in found.hear(Hearing(0, HEARD, WISH.metre, chords=WISH.chords)):
        pass
    return found


def test_a_shaper_is_asked_for_every_field_and_told_every_note() -> None:
    witness = Witness()
    notes = list(islice(composer(witness).play(WISH), 6))
    assert witness.begun == [len(HEARD)] and witness.told == notes
    names = [field.name for field in DRAWN]
    # The first onset is given; each later note is asked for with its own.
    assert [field for field, _, _ in witness.asked] == [*names[1:], *names * 5]
    asked = iter(witness.asked)
    for number, note in enumerate(notes):
        last = notes[number - 1].onset_tick if number else HEARD[-1].onset_tick
        for place, name in enumerate(names):
            if (number, name) == (0, "onset"):
                continue
            field, drawing, so_far = next(asked)
            assert (field, len(drawing.drawn), drawing.last_tick) == (name, place, last)
            assert so_far == tuple(notes[:number])
            assert drawing.onset_tick == (note.onset_tick if place else None)
            where = (note.onset_tick % 48, note.onset_tick // 48 % 4, 7, 4, 0)
            assert drawing.place == (where if place else UNPLACED)


def test_a_witness_changes_nothing_and_each_turn_begins() -> None:
    witness = Witness()
    watched, plain = composer(witness), composer()
    for _ in range(2):
        assert list(islice(watched.play(WISH), 6)) == list(islice(plain.play(WISH), 6))
    assert witness.begun == [len(HEARD), len(HEARD) + 6]


def test_shapers_are_heeded_but_never_beyond_a_constraint() -> None:
    assert {note.pitch for note in islice(composer(Witness({"pitch": 61})).play(WISH), 4)} >= {61}
    forbidden = Witness({"pitch": 20, "velocity": 0, "duration": 0})
    for note in islice(composer(forbidden).play(WISH), 12):
        assert note.pitch >= WISH.lowest_pitch and note.velocity > 0 and note.duration_ticks > 0


def test_the_key_lean_is_a_shaper_of_pitches_alone() -> None:
    shaper = KeyLean(0.5)
    shaper.begin(HEARD)
    drawing = Drawing((), 0, None, UNPLACED, ())
    np.testing.assert_array_equal(shaper.shape("pitch", np.ones(128), drawing), 1 + key_lean(HEARD, 0.5))
    logits = np.ones(33)
    assert shaper.shape("velocity", logits, drawing) is logits
