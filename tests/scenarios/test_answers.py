"""A phrase, a pause, an answer: when it enters, how long it is, and that it is the model's."""

from itertools import pairwise

import pytest

from cocomposer.jam import inputs
from cocomposer.jam.outputs import Mode
from cocomposer.music.message import ACTIVE_SENSING, CLOCK, note_on
from cocomposer.music.note import Pedal
from cocomposer.playback.sounding import THRU_TURN
from tests.scenarios.rig import Rig, clock, message, pedal, played, pressed, scale, single


def test_a_phrase_and_a_pause_and_the_answer_enters() -> None:
    rig = Rig()
    rig.run(scale(), until=10)
    assert rig.modes == [Mode.HEARING, Mode.ARMED, Mode.ANSWERING, Mode.LISTENING]
    # The last key comes up at 1.95 s, and nothing is over before 0.3 s of silence.
    assert 2.25 <= rig.entry() <= 2.5
    take = rig.takes[0]
    assert len(take.phrase) == 8 and len(take.answer) == len(rig.heard) and not take.cut_short
    rig.assert_silent()


def test_an_answer_of_a_model_in_time_is_all_the_models() -> None:
    for entry, tempo in (("free", None), ("beat", 100), ("bar", 180)):
        rig = Rig(entry=entry, tempo=tempo, length="bars", length_bars=8)
        rig.run(scale(), until=40)
        assert rig.plays and not [play for play in rig.plays if play.fallback]


def test_same_seed_same_settings_same_playing_same_answer() -> None:
    answers = []
    for seed in (5, 5, 6):
        rig = Rig(seed=seed)
        rig.run(scale(), scale(12.0, low=50), until=25)
        assert len(rig.takes) == 2
        answers.append(rig.heard)
    assert answers[0] == answers[1] != answers[2]


@pytest.mark.parametrize(("bars", "beats_per_bar"), [(1, 4), (3, 4), (2, 3)])
def test_an_answer_of_so_many_bars(bars: int, beats_per_bar: int) -> None:
    rig = Rig(length="bars", length_bars=bars, beats_per_bar=beats_per_bar, tempo=120)
    rig.run(scale(), until=30)
    onsets = [note.on - rig.entry() for note in rig.heard]
    length = bars * beats_per_bar * 0.5
    assert length - 2.0 <= max(onsets) < length
    assert max(note.off or 99 for note in rig.heard) <= rig.entry() + length + 0.5 + 1e-6


def test_an_answer_as_long_as_its_phrase_in_whole_bars_of_the_beat() -> None:
    rig = Rig(tempo=120, length="phrase")
    rig.run(scale(0.0, count=14), until=30)
    wish_bars = 2
    assert max(note.on - rig.entry() for note in rig.heard) < wish_bars * 2.0
    assert max(note.on - rig.entry() for note in rig.heard) > wish_bars * 2.0 - 2.0


def test_an_endless_answer_plays_thousands_of_notes_and_ends_when_told() -> None:
    rig = Rig(length="endless", tempo=180)
    rig.run(scale(), until=4)
    while len(rig.plays) < 2000:
        rig.run(until=rig.now + 5)
    assert not [play for play in rig.plays if play.fallback]
    assert max(b.on - a.on for a, b in pairwise(rig.heard)) <= 2.0
    rig.run([(rig.now, inputs.StopAnswer())], until=rig.now + 1)
    rig.assert_silent()
    assert len(rig.jam.history) <= 1280


def test_a_player_who_goes_on_during_an_answer_that_may_not_be_interrupted_is_answered_next() -> None:
    rig = Rig(interruptible=False, length="bars", length_bars=2, tempo=120)
    rig.run(scale(), scale(3.5, count=4, low=40), until=30)
    assert len(rig.takes) == 2 and not rig.takes[0].cut_short
    assert {note.pitch for note in rig.takes[1].phrase} == {40, 41, 42, 43}


def test_only_on_command_where_answers_are_switched_off() -> None:
    rig = Rig(answer=False)
    rig.run(scale(), until=10)
    assert not rig.heard and rig.mode() is Mode.LISTENING
    rig.run([(10.0, inputs.TakeOver())], until=20)
    assert rig.takes and len(rig.takes[0].phrase) == 8
    assert 10.0 <= rig.entry() <= 10.1


def test_phrases_near_each_other_are_answered_together_and_one_long_before_is_not() -> None:
    rig = Rig(answer=False, tempo=120)
    rig.run(scale(), scale(9.0, low=40), [(14.0, inputs.TakeOver())], until=60)
    assert len(rig.takes[0].phrase) == 16
    rig = Rig(answer=False, tempo=120)
    rig.run(scale(), scale(60.0, low=40), [(65.0, inputs.TakeOver())], until=90)
    assert {note.pitch for note in rig.takes[0].phrase} == set(range(40, 48))


def test_nothing_played_nothing_to_answer() -> None:
    rig = Rig()
    rig.run([(1.0, inputs.TakeOver())], until=5)
    assert not rig.heard and "Nothing was played yet" in rig.notices[-1]


def test_taking_over_again_goes_on_from_where_the_jam_stands() -> None:
    rig = Rig()
    rig.run(scale(), [(12.0, inputs.TakeOver())], until=25)
    assert len(rig.takes) == 2
    assert set(rig.takes[0].answer) <= set(rig.takes[1].phrase)


def test_eighty_eight_keys_at_once() -> None:
    rig = Rig()
    rig.run(played(*((1.0, pitch, 0.5) for pitch in range(21, 109))), until=12)
    assert len(rig.takes[0].phrase) == 88 and rig.heard
    rig.assert_silent()


def test_a_hanging_key_expires_and_the_jam_goes_on() -> None:
    rig = Rig()
    rig.run([message(0.5, note_on(0, 100, 90))], scale(), until=60)
    assert 20.5 <= rig.entry() <= 21.5
    rig.assert_silent()


def test_a_restrike_and_a_note_on_of_velocity_nothing_end_notes() -> None:
    restruck = [message(0.1 * number, note_on(0, 60, 80)) for number in range(6)]
    rig = Rig()
    rig.run(restruck, [message(0.7, bytes((0x90, 60, 0)))], until=10)
    assert [note.pitch for note in rig.takes[0].phrase] == [60] * 6
    assert all(note.duration_ticks <= 20 for note in rig.takes[0].phrase)


def test_clock_and_active_sensing_between_the_notes_change_nothing_for_the_keys() -> None:
    sensing = [single(0.1 * number, ACTIVE_SENSING) for number in range(100)]
    plain, noisy = Rig(), Rig()
    plain.run(scale(), until=10)
    noisy.run(scale(), sensing, until=10)
    assert plain.heard == noisy.heard
    ticking = Rig()
    ticking.run(scale(), clock(120, 0.0, 10.0), sensing, until=10)
    assert [note.pitch for note in ticking.takes[0].phrase] == [60 + number for number in range(8)]
    assert bytes((CLOCK,)) not in {data for _, data in ticking.sent}


def test_overlapping_channels_are_keys_of_their_own() -> None:
    rig = Rig()
    rig.run(played((0.0, 60, 1.0)), played((0.5, 60, 1.0), channel=5), until=10)
    assert [(note.channel, note.duration_ticks) for note in rig.takes[0].phrase] == [(0, 96), (5, 96)]


def test_a_phrase_with_pedal_is_answered_with_pedal_and_the_pedal_comes_up() -> None:
    rig = Rig(length="bars", length_bars=4)
    feet = [pedal(number * 0.5 - 0.05 if number else 0.0, 64, 0 if number % 2 else 127) for number in range(5)]
    rig.run(scale(), [*feet, pedal(2.3, 64, 0)], until=30)
    assert any(note.pedal > Pedal.UP for note in rig.takes[0].phrase)
    assert any(data[:2] == bytes((0xB0, 64)) and data[2] == 127 for _, data in rig.sent)
    rig.assert_silent()


def test_a_phrase_without_pedal_is_answered_without() -> None:
    rig = Rig(length="bars", length_bars=4)
    rig.run(scale(), until=30)
    assert not [data for _, data in rig.sent if data[0] & 0xF0 == 0xB0]


def test_answers_go_out_on_their_channel_and_within_their_pitches() -> None:
    rig = Rig(channel=10, lowest_pitch=60, highest_pitch=64, length="bars", length_bars=4)
    rig.run(scale(), until=30)
    assert {note.channel for note in rig.heard} == {9}
    assert {note.pitch for note in rig.heard} <= set(range(60, 65))


@pytest.mark.parametrize("nudge", [-250, -150, -100, -40, 0, 40, 250])
def test_a_nudge_moves_every_note_by_so_much_and_makes_none_late(nudge: int) -> None:
    rig = Rig(tempo=120, nudge_ms=nudge)
    rig.run(scale(), until=10)
    assert rig.heard and rig.offline.player.dropped == 0
    beat = (rig.entry() - nudge / 1000) / 0.5
    assert beat == pytest.approx(round(beat), abs=1e-3)
    for at_seconds, sent in rig.offline.heard:
        assert at_seconds - sent.due_seconds < 1e-3


def test_thru_passes_on_what_is_played_but_no_clock_and_no_trigger() -> None:
    rig = Rig(thru=True, answer=False)
    rig.run(scale(count=2), pressed(1.0, 67), clock(120, 0.0, 1.0), [pedal(0.3, 1, 64)], until=1.02)
    passed = [m.data for _, m in rig.offline.heard if m.turn == THRU_TURN]
    assert passed[:2] == [note_on(0, 60, 80), bytes((0x80, 60, 64))]
    assert bytes((0xB0, 1, 64)) in passed
    assert not [data for data in passed if data[0] >= 0xF0 or data[:2] == bytes((0xB0, 67))]


def test_thru_switched_off_under_held_keys_ends_them() -> None:
    rig = Rig(thru=True, answer=False)
    rig.run(played((0.0, 60, 2.0)), [pedal(0.1, 64), (1.0, inputs.Change({"thru": False}))], until=1.5)
    assert rig.offline.player.silent
    assert rig.sent[-2:] == [(1.0, bytes((0x80, 60, 64))), (1.0, bytes((0xB0, 64, 0)))]


def test_without_thru_only_answers_go_out() -> None:
    rig = Rig(answer=False)
    rig.run(scale(), until=5)
    assert rig.sent == []


def test_a_take_knows_its_metre_also_when_it_was_changed_on_the_way() -> None:
    rig = Rig(tempo=120, length="bars", length_bars=1)
    rig.run([(0.0, inputs.Change({"beats_per_bar": 3}))], scale(), until=12)
    take = rig.takes[0]
    assert take.beats_per_bar == 3 and take.answer[-1].onset_tick < take.answer[0].onset_tick + 3 * 48
