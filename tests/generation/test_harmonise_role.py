"""Harmonise as a sketch beside the jam, with a network that likes a key: what is played, and what cannot be."""

from collections.abc import Sequence
from dataclasses import replace

import msgspec
import pytest

from cocomposer.events.codec import Metre
from cocomposer.generation.given_chords import progression
from cocomposer.generation.request import Reply, Sketched, Wish
from cocomposer.generation.roles.harmonising import Harmonising
from cocomposer.generation.roles.tasks import Harmonise
from cocomposer.generation.worker import Worker
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.progressions.vocabulary import TOKENS, token_of
from cocomposer.music.note import Note
from tests.fakes.note_model import FakeNoteModel, no_spare
from tests.generation.test_roles import METRE, done, sketch
from tests.harmony.chord_songs import AM, C, F, G, KnownNetwork

TUNE = tuple(
    Note(48 * n, pitch, 48, 90)
    for n, pitch in enumerate((60, 64, 67, 64, 65, 69, 72, 69, 67, 71, 74, 71, 72, 67, 64, 60))
)
"""C, F, G and C, a bar each."""
UNDER = Wish(0, 1, 0, 0, 768, METRE, channel=1)


def likes_key() -> KnownNetwork:
    """After any chord the triads of C major are likeliest, all alike."""
    network = KnownNetwork()
    network.rows[:] = 1e-4
    for chord in (C, F, G, AM, Chord(2, "min"), Chord(4, "min")):
        network.rows[:, token_of(chord, 0)] = 1.0
    network.rows[range(TOKENS), range(TOKENS)] = 1e-12
    network.rows /= network.rows.sum(axis=1, keepdims=True)
    return network


def harmonised(wish: Wish = UNDER, **changes: object) -> tuple[Note, ...]:
    task = msgspec.structs.replace(Harmonise(TUNE), **changes)
    return done(Harmonising(likes_key)(task, wish))


def test_chords_lie_under_the_melody() -> None:
    notes = harmonised(velocity=60)
    assert (
        notes[0].onset_tick == 0 and all(note.end_tick <= 768 for note in notes) and {n.channel for n in notes} == {1}
    )
    assert max(note.pitch for note in notes) <= 62 and all(40 <= note.velocity <= 80 for note in notes)
    for bar, chord in enumerate((C, F, G, C)):
        sounding = {note.pitch % 12 for note in notes if note.onset_tick == 192 * bar}
        assert sounding == chord.pitch_classes
        assert min(note.pitch for note in notes if note.onset_tick == 192 * bar) % 12 == chord.root
    assert len(harmonised(rhythm="quarters")) > len(notes)


@pytest.mark.parametrize(("up", "highest"), [(0, 62), (3, 62), (5, 64), (6, 64), (8, 67)])
def test_chords_leave_a_melody_its_room(up: int, highest: int) -> None:
    tune = tuple(replace(note, pitch=note.pitch + up) for note in TUNE)
    assert highest - 7 <= max(note.pitch for note in harmonised(melody=tune)) <= highest


def test_chords_are_cut_to_the_time_that_is_asked_for() -> None:
    notes = harmonised(msgspec.structs.replace(UNDER, earliest_tick=200, first_tick=200, end_tick=500))
    assert notes and all(note.onset_tick >= 200 and note.end_tick <= 500 for note in notes)
    assert harmonised(msgspec.structs.replace(UNDER, earliest_tick=9000, first_tick=9000, end_tick=9500)) == ()


def test_given_chords_are_played() -> None:
    chords = progression([(0, AM), (192, Chord(2, "min7"))])
    notes = harmonised(msgspec.structs.replace(UNDER, chords=chords))
    at = [{note.pitch % 12 for note in notes if note.onset_tick == tick} for tick in (0, 192, 384, 576)]
    assert at[0] == AM.pitch_classes and all(other == Chord(2, "min7").pitch_classes for other in at[1:])


def chords_of(notes: Sequence[Note]) -> list[frozenset[int]]:
    """What sounds on each beat."""
    sounding = [
        frozenset(note.pitch % 12 for note in notes if note.onset_tick <= tick < note.end_tick)
        for tick in range(0, 768, 48)
    ]
    assert all(sounding)
    return sounding


def test_other_seeds_play_other_chords() -> None:
    ways = [harmonised(msgspec.structs.replace(UNDER, seed=seed)) for seed in range(7)]
    assert ways[0] == ways[1] == harmonised()
    assert len({tuple(chords_of(way)) for way in ways[1:5]}) == 4


def test_where_there_are_no_other_chords_they_come_in_other_rhythms() -> None:
    chords = progression([(0, AM), (192, Chord(2, "min7"))])
    ways = [harmonised(msgspec.structs.replace(UNDER, chords=chords, seed=seed)) for seed in range(1, 6)]
    assert len(set(ways)) == 5
    assert all({note.pitch % 12 for note in way if note.onset_tick < 144} <= AM.pitch_classes for way in ways)
    waltz = msgspec.structs.replace(UNDER, chords=chords, metre=Metre(True, 0, 144))
    threes = {harmonised(msgspec.structs.replace(waltz, seed=seed), rhythm="waltz") for seed in range(1, 5)}
    assert len(threes) == 4, "all of them are made for three"


def test_no_chord_model_fails_this_sketch_alone_in_one_sentence() -> None:
    def broken() -> KnownNetwork:
        network = likes_key()
        network.rows = network.rows[:1]
        return network

    def missing() -> KnownNetwork:
        raise OSError("models/chords is no next-chord model; restore it")

    for opens, words in ((missing, "Models/chords is no"), (None, "no next-chord model"), (broken, "failed at this")):
        worker = Worker(FakeNoteModel(), no_spare, open_chords=opens)
        worker.take(sketch(1, None))
        worker.take(sketch(2, Harmonise(TUNE)))
        worker.take(sketch(3, None))
        told: list[Reply] = []
        while not worker.idle:
            told += worker.work()
        one, two, three = (reply for reply in told if isinstance(reply, Sketched))
        assert one.notes == three.notes != () and (two.notes, two.failed) == ((), True)
        assert two.reason is not None and words in two.reason and two.reason.endswith(".")


def test_a_harmonisation_is_done_in_small_pieces() -> None:
    work = Harmonising(likes_key)(Harmonise(TUNE), UNDER)
    pieces = 0
    while next(work, 0) is None:
        pieces += 1
    assert pieces > 16, "one for each beat"
