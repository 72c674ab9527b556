"""Roles beside the jam: what is asked for comes back as an alternative on its channel, or with the reason why not."""

from typing import Any

import msgspec
import pytest

from cocomposer.generation.worker import Worker
from cocomposer.jam import inputs
from cocomposer.jam.outputs import Alternative
from cocomposer.jam.roles import Role
from cocomposer.music.note import Note
from tests.fakes.note_model import FakeNoteModel, spare
from tests.harmony.chord_songs import KnownNetwork
from tests.scenarios.rig import Rig, scale

PHRASE = tuple(Note(24 * number, 60 + number, 20, 80) for number in range(16))
RIGHT = tuple(Note(768 + 24 * number, 76 - number, 20, 80) for number in range(8))


def with_chords() -> Worker:
    """A composer that knows next chords too."""
    return Worker(FakeNoteModel(), spare(), open_chords=KnownNetwork)


def ask(role: Role, **changes: Any) -> inputs.Imagine:
    asked = inputs.Imagine(1, PHRASE, 16, 384, 768, True, 0, 4, 5, role=role)
    return msgspec.structs.replace(asked, **changes)


def told(asked: inputs.Imagine, **settings: Any) -> Alternative:
    rig = Rig(with_chords(), **settings)
    rig.run([(1.0, asked)], until=1.0)
    (one,) = rig.told(Alternative)
    assert not rig.heard and rig.jam.history == ()
    return one


def test_an_infill_ends_where_the_right_side_begins() -> None:
    one = told(ask(Role.INFILL, right=RIGHT, end_tick=5000), channel=3)
    assert one.failure is None and one.notes[0].onset_tick == 384
    assert all(note.onset_tick < 768 and note.channel == 2 for note in one.notes)
    low, high = PHRASE[0].pitch - 12, RIGHT[0].pitch + 12
    assert all(low <= note.pitch <= high for note in one.notes), "the register is that of both sides"


def test_a_varied_phrase_has_its_rhythm_and_nothing_else_for_the_whole_amount() -> None:
    one = told(ask(Role.VARY, amount=1.0))
    assert [n.onset_tick - 384 for n in one.notes] == [n.onset_tick for n in PHRASE]
    assert all(old.pitch != new.pitch for old, new in zip(PHRASE, one.notes, strict=True))
    same = told(ask(Role.VARY, amount=0.0))
    assert [n.pitch for n in same.notes] == [n.pitch for n in PHRASE]


def test_drums_go_out_on_a_channel_of_their_own() -> None:
    one = told(ask(Role.DRUMS, first_tick=0, end_tick=384), channel=3)
    assert {note.channel for note in one.notes} == {9} and all(0 <= n.onset_tick < 384 for n in one.notes)
    assert {n.channel for n in told(ask(Role.DRUMS), drums_channel=12).notes} == {11}


def test_chords_under_a_phrase_are_in_time_and_as_loud_as_asked() -> None:
    under = ask(Role.HARMONISE, first_tick=0, end_tick=384)
    one = told(under, channel=3)
    assert {note.channel for note in one.notes} == {1} and {note.velocity for note in one.notes} <= set(range(50, 80))
    assert all(0 <= note.onset_tick < note.end_tick <= 384 for note in one.notes) and one.notes[0].onset_tick == 0
    assert {n.channel for n in told(under, accompany_chords_channel=7).notes} == {6}
    louder = told(under, accompany_volume=1.2).notes
    assert [n.pitch for n in louder] == [n.pitch for n in one.notes] and louder[0].velocity > one.notes[0].velocity
    assert len(told(under, accompany_rhythm="quarters").notes) > len(told(under, accompany_rhythm="whole").notes)


def test_without_a_chord_model_a_sentence_says_so() -> None:
    rig = Rig()
    rig.run([(1.0, ask(Role.HARMONISE, first_tick=0, end_tick=384))], until=1.0)
    (one,) = rig.told(Alternative)
    assert one.notes == () and one.failure is not None and "no next-chord model" in one.failure


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (ask(Role.INFILL), "nothing behind the gap"),
        (ask(Role.INFILL, right=PHRASE), "no room"),
        (ask(Role.VARY, amount=1.5), "from 0 (the same) to 1"),
        (ask(Role.VARY, amount=float("nan")), "from 0 (the same) to 1"),
        (ask(Role.DRUMS, beat_known=False), "Drums need a beat"),
        (ask(Role.HARMONISE, beat_known=False), "need a beat"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(asked: inputs.Imagine, words: str) -> None:
    one = told(asked)
    assert one.notes == () and one.failure is not None and words in one.failure and one.failure.endswith(".")


def test_a_running_jam_changes_nothing_about_it() -> None:
    for role in Role:
        asked = ask(role, right=RIGHT if role is Role.INFILL else ())
        busy = Rig(with_chords(), length="endless", tempo=120)
        busy.run(scale(), [(4.0, asked)], until=6)
        (one,) = busy.told(Alternative)
        assert one.notes == told(asked, tempo=120).notes
