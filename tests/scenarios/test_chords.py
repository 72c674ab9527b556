"""The jam's own chords: in time with the beat, taken over on bar lines, ended without a trace, and gone by."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cocomposer.generation.request import Ask
from cocomposer.harmony.names.symbols import read_symbol
from cocomposer.jam import inputs
from cocomposer.jam.inputs import ChordSlot, PlayChords
from cocomposer.jam.outputs import ChordsChanged, HarmonyChanged, SettingsChanged
from cocomposer.music.message import START, STOP
from tests.scenarios.rig import Late, Rig, clock, message, played, scale, single

POP = ("Am", "F", "C", "G")


def slots(*symbols: str, beats: float = 4) -> tuple[ChordSlot, ...]:
    return tuple(ChordSlot(symbol, beats) for symbol in symbols)


def strokes(rig: Rig) -> list[tuple[float, set[int]]]:
    """When chords are struck on their channel, and their pitch classes."""
    found: dict[float, set[int]] = {}
    for note in rig.heard:
        if note.channel == 1:
            found.setdefault(round(note.on, 3), set()).add(note.pitch % 12)
    return sorted(found.items())


def tones(*symbols: str) -> list[set[int]]:
    return [set(read_symbol(symbol).pitch_classes) for symbol in symbols]  # type: ignore[union-attr]


def test_it_begins_on_the_next_bar_and_goes_round_until_it_is_stopped() -> None:
    rig = Rig(tempo=120)
    rig.run([(0.6, PlayChords(slots(*POP))), (11.0, PlayChords())], until=14)
    assert strokes(rig) == [(2.0 + 2 * n, chord) for n, chord in enumerate(tones(*POP, "Am"))]
    assert max(note.off or 99 for note in rig.heard) == pytest.approx(11.0, abs=0.001)
    begun, ended = rig.told(ChordsChanged)
    assert (begun.first_tick, begun.loop_ticks, begun.ticks) == (192, 768, (192, 384, 576, 768, 960))
    assert ended == ChordsChanged() and rig.offline.player.dropped == 0
    assert rig.jam.history == () and not rig.plays, "accompaniment is no part of the jam"
    rig.assert_silent()


def test_without_a_beat_it_gives_one() -> None:
    rig = Rig()
    rig.run([(0.6, PlayChords(slots(*POP), bpm=60))], until=9.1)
    assert [told.settings.tempo for told in rig.told(SettingsChanged)] == [60]
    moments = [at for at, _ in strokes(rig)]
    assert moments[0] < 2.0 and [b - a for a, b in pairwise(moments)] == [pytest.approx(4)]


def test_it_follows_a_daw_and_ends_with_it() -> None:
    rig = Rig()
    daw = [single(0.0, START), *clock(150, 0.0, 9.0), single(9.01, STOP)]
    rig.run(daw, [(0.5, PlayChords(slots(*POP)))], until=14)
    assert [at for at, _ in strokes(rig)] == [pytest.approx(1.6 * n, abs=0.003) for n in range(1, 6)]
    assert max(note.off or 99 for note in rig.heard) < 9.1 and rig.told(ChordsChanged)[-1] == ChordsChanged()
    rig.assert_silent()


def test_a_change_takes_over_on_the_bar_line_in_its_place() -> None:
    rig = Rig(tempo=120)
    other = slots("Am", "F", "E", "Dm")
    rig.run([(0.6, PlayChords(slots(*POP))), (5.1, PlayChords(other))], until=11.9)
    assert [chord for _, chord in strokes(rig)] == tones("Am", "F", "E", "Dm", "Am")
    assert [told.first_tick for told in rig.told(ChordsChanged)] == [192, 192]


def test_a_change_that_is_longer_begins_from_its_top_and_no_note_sounds_twice() -> None:
    rig = Rig(tempo=120)
    rig.run([(0.6, PlayChords(slots("Am", beats=16))), (5.1, PlayChords(slots("Am", "F", beats=8)))], until=15.9)
    assert [(at, chord) for at, chord in strokes(rig)] == [
        (at, chord) for at, chord in zip((2, 6, 10, 14), tones("Am", "Am", "F", "Am"), strict=True)
    ]
    for note in rig.heard:
        assert sum(other.on < note.on < (other.off or 99) and other.pitch == note.pitch for other in rig.heard) == 0


def test_many_changes_within_a_bar_leave_only_the_last() -> None:
    rig = Rig(tempo=120)
    changes: Any = [(2.2 + 0.2 * n, PlayChords(slots("Am", symbol))) for n, symbol in enumerate(("E", "D", "C", "G"))]
    rig.run([(0.6, PlayChords(slots("Am", "F")))], changes, until=7.9)
    assert [chord for _, chord in strokes(rig)] == tones("Am", "G", "Am")


@pytest.mark.parametrize("pattern", [None, "charleston", "bossa", "push", "whole"])
def test_a_rhythm_goes_on_over_the_seams_of_its_bars(pattern: str | None) -> None:
    """Each round is struck at the same places as the one before."""
    rig = Rig(tempo=120)
    rig.run([(0.6, PlayChords(slots(*POP), pattern=pattern))], until=25.9)
    moments = {at for at, _ in strokes(rig)}
    second = {round(at - 8, 3) for at in moments if 10 <= at < 17.4}
    third = {round(at - 16, 3) for at in moments if 18 <= at < 25.4}
    assert len(second) >= 4 and second == third
    rig.run([(26.0, PlayChords())], until=27)
    rig.assert_silent()


def test_once_only_ends_by_itself() -> None:
    rig = Rig(tempo=120)
    rig.run([(0.6, PlayChords(slots("Am", "E"), loop=False, lock=True))], until=9)
    assert [chord for _, chord in strokes(rig)] == tones("Am", "E")
    assert rig.told(ChordsChanged)[-1] == ChordsChanged() and rig.told(ChordsChanged)[0].loop_ticks is None
    rig.assert_silent()


@pytest.mark.parametrize(
    ("command", "locked"),
    [
        (inputs.StopAnswer(), True),
        (inputs.Rest(), True),
        (inputs.Panic(), True),
        (inputs.PortLost(False, "It is gone."), True),
        (inputs.Reset(), False),
        (PlayChords(), False),
    ],
)
def test_these_end_the_sound(command: inputs.Input, locked: bool) -> None:
    rig = Rig(tempo=120)
    rig.run([(0.6, PlayChords(slots(*POP), lock=True)), (5.1, command)], until=9)
    assert max(note.off or 99 for note in rig.heard) == pytest.approx(5.1, abs=0.001)
    last = rig.told(ChordsChanged)[-1]
    assert (last.sound, last.lock, bool(last.slots)) == (False, locked, locked)
    rig.assert_silent()


def test_another_metre_begins_it_anew_and_holds_what_has_no_rhythm_there() -> None:
    rig = Rig(tempo=120)
    change = inputs.Change({"beats_per_bar": 3})
    rig.run([(0.6, PlayChords(slots(*POP), pattern="charleston")), (5.1, change)], until=9)
    assert any("held" in sentence for sentence in rig.notices)
    assert rig.told(ChordsChanged)[-1].pattern is None
    rig.run([(9.0, PlayChords())], until=10)
    rig.assert_silent()


BAD = [
    (PlayChords(slots("Am", "Hxyz7")), "Hxyz7"),
    (PlayChords(slots("x" * 500)), "no chord that can be read"),
    (PlayChords(slots(*["C"] * 10_000)), "at most 256"),
    (PlayChords(slots("C", beats=0)), "beats"),
    (PlayChords(slots("C", beats=float("nan"))), "beats"),
    (PlayChords(slots("C", beats=float("inf"))), "beats"),
    (PlayChords(slots("N.C.")), "no chord in this progression"),
    (PlayChords(slots("C"), bpm=float("nan")), "tempo"),
    (PlayChords(slots("C"), style="loud"), "laid out"),
    (PlayChords(slots("C"), voices=99), "voices"),
    (PlayChords(slots("C"), pattern="waltz"), "rhythm"),
    (PlayChords(slots("C"), pattern="polka"), "rhythm"),
    (PlayChords(slots("C"), channel=0), "channels"),
    (PlayChords(slots("C"), velocity=200), "velocity"),
]


@pytest.mark.parametrize(("command", "word"), BAD, ids=[word for _, word in BAD])
def test_what_makes_no_sense_is_one_sentence_and_changes_nothing(command: PlayChords, word: str) -> None:
    rig = Rig(tempo=120)
    rig.run([(0.6, PlayChords(slots(*POP))), (1.0, command)], until=7.9)
    (sentence,) = [one for one in rig.notices if "model" not in one]
    assert word in sentence and sentence.endswith((".", "?")) and len(sentence) < 300
    assert [chord for _, chord in strokes(rig)] == tones("Am", "F", "C") and len(rig.told(ChordsChanged)) == 1


def asked(*script: Any, until: float = 9, **changes: Any) -> list[Ask]:
    """What the composer was asked for."""
    worker = Late(lambda _: False)
    rig = Rig(worker, tempo=120, **changes)
    worker.now = lambda: rig.now
    rig.run(*script, until=until)
    return [request for request in worker.requests if isinstance(request, Ask)]


def test_locked_answers_go_by_the_chords_from_where_they_are_in_force() -> None:
    first, *_ = asked([(0.6, PlayChords(slots(*POP), lock=True))], scale(2.0))
    wish = first.wish
    assert wish.chords == first.hearing.chords and wish.controls.chord == 1.0 and not wish.chord_tones_only
    names = [None if (one := wish.chords.at(tick)) is None else one.name for tick in (191, 192, 400, 768, 960)]
    assert names == [None, "Am", "F", "G", "Am"]


def test_only_sounding_chords_are_not_told_to_the_model() -> None:
    first, *_ = asked([(0.6, PlayChords(slots(*POP)))], scale(2.0))
    assert not first.wish.chords.chords and not first.hearing.chords.chords


def test_strictly_locked_answers_have_no_other_tones() -> None:
    rig = Rig(tempo=120, follow_key=0.0)
    rig.run([(0.6, PlayChords(slots(*POP), sound=False, lock=True, strict=True))], scale(2.0), until=12)
    (take,) = rig.takes
    chords = tones(*POP)
    assert len(take.answer) > 4
    assert all(note.pitch % 12 in chords[(note.onset_tick - 192) // 192 % 4] for note in take.answer)
    assert not strokes(rig)


def test_the_lock_acts_on_the_running_answer() -> None:
    lock = PlayChords(slots(*POP), sound=False, lock=True, strict=True)
    requests = asked(scale(0.0), [(5.0, lock), (7.0, PlayChords())], until=9, length="endless")
    assert [bool(request.wish.chords.chords) for request in requests] == [False, True, False]


def test_while_it_sounds_it_is_the_harmony() -> None:
    rig = Rig(tempo=120, answer=False)
    rig.run([(0.6, PlayChords(slots("Am", "N.C.", "Bb7"))), (8.1, PlayChords())], scale(2.0), until=12)
    since: dict[str | None, float] = {}
    for one in rig.told(HarmonyChanged):
        if one.given:
            since.setdefault(one.chord, one.at_seconds)
    assert since == {"Am": pytest.approx(2.0), None: pytest.approx(4.0), "Bb7": pytest.approx(6.0)}
    assert not rig.told(HarmonyChanged)[-1].given
    assert (192, 384, "Am") in rig.told(HarmonyChanged)[-1].spans


def test_its_echoes_are_no_phrase_and_it_is_not_passed_on() -> None:
    rig = Rig(tempo=120, thru=True)
    rig.run([(0.0, PlayChords(slots(*POP), pattern="quarters"))], until=0.0)
    fed = 0
    while rig.now < 6.0:
        rig.run(until=rig.now + 0.01)
        while fed < len(rig.sent) and rig.sent[fed][0] + 0.03 <= rig.now:
            rig.run([message(rig.now, rig.sent[fed][1])], until=rig.now)
            fed += 1
    assert rig.jam.echoes > 20 and rig.jam.history == () and rig.jam.phrase == ()


COMMANDS = st.one_of(
    st.builds(
        PlayChords,
        slots=st.lists(
            st.builds(ChordSlot, st.sampled_from(["Am", "F7/A", "N.C.", "G#dim7"]), st.sampled_from([0.25, 1, 3.5, 8])),
            max_size=5,
        ).map(tuple),
        loop=st.booleans(),
        sound=st.booleans(),
        lock=st.booleans(),
        strict=st.booleans(),
        style=st.sampled_from(["close", "rootless", "chorale"]),
        pattern=st.sampled_from([None, "bossa", "push", "waltz"]),
    ),
    st.sampled_from([inputs.StopAnswer(), inputs.TakeOver(), inputs.Panic(), inputs.Reset(), inputs.Rest()]),
    st.sampled_from([90.0, None, 200.0]).map(lambda bpm: inputs.Change({"tempo": bpm})),
    st.sampled_from([3, 4, 7]).map(lambda beats: inputs.Change({"beats_per_bar": beats})),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), COMMANDS), max_size=12), st.booleans())
def test_whatever_happens_no_note_hangs_and_nothing_is_told_twice(events: list[Any], with_clock: bool) -> None:
    rig = Rig()
    daw = [single(1.0, START), *clock(130, 1.0, 4.0)] if with_clock else []
    script = [(tenths / 10, command) for tenths, command in events]
    rig.run(daw, sorted(script, key=lambda one: one[0]), played((0.5, 60, 1.0), (2.0, 64, 3.0)), until=7)
    for kind in (ChordsChanged, HarmonyChanged):
        told = [str(one).partition("chord=")[2] or str(one) for one in rig.told(kind)]
        assert all(a != b for a, b in pairwise(told))
    rig.run([(7.0, inputs.Reset())], until=9)
    rig.assert_silent()
