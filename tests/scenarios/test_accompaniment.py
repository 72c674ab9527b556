"""Played along in virtual time: on the beat, by the player's chords, and gone when it should be."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cocomposer.accompaniment import bass_part, voice_part
from cocomposer.jam import inputs
from cocomposer.jam.outputs import Accompany, EndMoved
from cocomposer.music.message import NOTE_ON, START, STOP, channel_of, kind_of
from tests.scenarios.rig import HeardNote, Rig, Script, clock, message, played, single

TWO_FIVE_ONE = ((50, 57, 60, 65), (43, 59, 62, 65), (48, 55, 60, 64), (48, 55, 60, 64))
"""Dm7 G7 C C, a bar each."""
ROLES = ("chords", "bass", "voice", "chords+bass")
BAR = 2.0
"""Seconds at 120 BPM."""


def blocks(
    chords: tuple[tuple[int, ...], ...] = TWO_FIVE_ONE, begin: float = 0.01, bar: float = BAR, **how: Any
) -> Script:
    """A chord on each bar line, held to just before the next."""
    notes = [(begin + n * bar, pitch, bar * 0.96) for n, chord in enumerate(chords) for pitch in chord]
    return played(*notes, **how)


def accompanied(role: str = "chords+bass", **changes: Any) -> Rig:
    return Rig(composer=False, **{"tempo": 120, "answer": False, "accompany": role, **changes})


def tones(chord: tuple[int, ...]) -> set[int]:
    return {pitch % 12 for pitch in chord}


def foreign_seconds(note: HeardNote, chords: tuple[tuple[int, ...], ...]) -> float:
    """How long it sounds under chords that it is no tone of."""
    assert note.off is not None
    total = 0.0
    for number, chord in enumerate(chords):
        if note.pitch % 12 not in tones(chord):
            total += max(0.0, min(note.off, (number + 1) * BAR) - max(note.on, number * BAR))
    return total


@pytest.mark.parametrize("role", ROLES)
def test_it_enters_on_a_beat_and_follows_a_chord_that_comes_unexpected(role: str) -> None:
    rig = accompanied(role)
    rig.run(blocks(), until=12)
    assert rig.heard and rig.entry() in (pytest.approx(0.5), pytest.approx(1.0))
    assert {note.on // BAR for note in rig.heard} >= {0, 1, 2, 3}
    assert max(foreign_seconds(note, TWO_FIVE_ONE) for note in rig.heard) < 0.15
    for number in (1, 2):
        struck = [n for n in rig.heard if number * BAR <= n.on < number * BAR + 0.5]
        assert any(n.pitch % 12 in tones(TWO_FIVE_ONE[number]) for n in struck)
    rig.assert_silent()


def test_tones_that_are_not_sure_on_a_bar_line_come_when_the_chord_is_heard() -> None:
    rig = accompanied("chords", accompany_rhythm="quarters")
    rig.run(blocks(), until=12)
    for number in (1, 2):
        line, sounding = number * BAR, tones(TWO_FIVE_ONE[number])
        on_the_line = [note.pitch % 12 for note in rig.heard if abs(note.on - line) < 0.01]
        after = [note.pitch % 12 for note in rig.heard if line + 0.01 <= note.on < line + 0.3]
        assert len([tone for tone in on_the_line if tone not in sounding]) <= 1
        assert after and set(after) <= sounding


def test_the_bass_is_there_on_every_bar_line_whatever_the_chord_may_be() -> None:
    rig = accompanied("bass")
    rig.run(blocks(), until=12)
    for number in (1, 2, 3):
        struck = [note for note in rig.heard if note.on == pytest.approx(number * BAR, abs=0.01)]
        assert len(struck) == 1 and foreign_seconds(struck[0], TWO_FIVE_ONE) < 0.15


def test_the_tones_that_two_chords_share_are_held_when_one_follows_the_other() -> None:
    rig = accompanied("chords", accompany_rhythm="half")
    chords = ((48, 55, 60, 64), (45, 57, 60, 64)) * 2
    rig.run(blocks(chords), until=10)
    ended_early = [note for note in rig.heard if note.off is not None and note.off - note.on < 0.3]
    assert not [note for note in ended_early if note.pitch % 12 in {0, 4}]


@pytest.mark.parametrize("role", ROLES)
def test_a_progression_that_comes_round_is_foreseen(role: str) -> None:
    rig = accompanied(role)
    rig.run(blocks(TWO_FIVE_ONE * 4), until=34)
    later = [note for note in rig.heard if note.on >= 12 * BAR]
    assert len(later) > 8
    for note in later:
        assert note.on / 0.5 == pytest.approx(round(note.on / 0.5), abs=1e-3)
        if role != "chords+bass" and role != "bass":
            assert foreign_seconds(note, TWO_FIVE_ONE * 4) < 0.05


def test_a_modulation_is_followed() -> None:
    there = tuple(tuple(pitch + 3 for pitch in chord) for chord in TWO_FIVE_ONE)
    chords = TWO_FIVE_ONE * 2 + there * 2
    rig = accompanied("chords")
    rig.run(blocks(chords), until=36)
    assert max(foreign_seconds(note, chords) for note in rig.heard) < 0.5


def test_arpeggios_and_a_melody_are_accompanied_too() -> None:
    broken = [(0.01 + bar * BAR + n * 0.25, chord[n % 4] + 12 * (n % 4 == 0) * 0, 0.24)
              for bar, chord in enumerate(TWO_FIVE_ONE * 2) for n in range(8)]  # fmt: skip
    rig = accompanied("chords")
    rig.run(played(*broken), until=20)
    fits = [foreign_seconds(note, TWO_FIVE_ONE * 2) < 0.5 for note in rig.heard]
    assert len(fits) > 20 and sum(fits) / len(fits) > 0.8
    tune = accompanied("chords+bass")
    tune.run(played(*((n * 0.5, (72, 76, 79, 76)[n % 4], 0.45) for n in range(32))), until=20)
    assert {note.channel for note in tune.heard} == {1, 2}
    assert all(note.pitch % 12 in {0, 2, 4, 7, 9, 11} for note in tune.heard)


def test_nothing_is_committed_far_ahead_and_an_end_only_moves_forward() -> None:
    rig = accompanied()
    rig.run(blocks(), until=0)
    offline = rig.offline
    told = 0
    for at, event in blocks(TWO_FIVE_ONE * 3):
        offline.run([(at, event)], at)
        for output in offline.told[told:]:
            if isinstance(output, Accompany):
                assert output.on_seconds - offline.now <= 0.1
        told = len(offline.told)
    plans = {one.note_id: one for one in rig.told(Accompany)}
    for moved in rig.told(EndMoved):
        assert plans[moved.note_id].on_seconds <= moved.off_seconds <= plans[moved.note_id].off_seconds


def test_each_part_has_its_channel_and_follows_the_players_loudness() -> None:
    heard = {}
    for velocity in (40, 100):
        rig = accompanied("chords+bass", accompany_chords_channel=6, accompany_bass_channel=7, accompany_volume=0.5)
        rig.run(blocks(velocity=velocity), until=12)
        assert {note.channel for note in rig.heard} == {5, 6}
        heard[velocity] = max(note.velocity for note in rig.heard)
    assert heard == {40: 20, 100: 50}


def test_it_rests_when_the_player_rests_and_enters_again_on_a_beat() -> None:
    rig = accompanied("chords")
    rig.run(blocks(TWO_FIVE_ONE[:2]), blocks(TWO_FIVE_ONE[:2], begin=12.1), until=22)
    gap = [note for note in rig.heard if 6.5 < note.on < 12.1]
    assert not gap
    again = min(note.on for note in rig.heard if note.on > 12.1)
    assert again in (pytest.approx(12.5), pytest.approx(13.0))


STOPS = (inputs.Rest(), inputs.Panic(), inputs.StopAnswer(), inputs.Reset(), inputs.PortLost(False, "It is gone."))


@pytest.mark.parametrize("command", STOPS)
def test_these_end_it_at_once(command: inputs.Input) -> None:
    rig = accompanied()
    # What the player would play after it is left out: a Reset forgets that anybody played.
    rig.run([event for event in blocks(TWO_FIVE_ONE * 2) if event[0] < 5.2], [(5.2, command)], until=5.9)
    assert max(at for at, _ in rig.sent) == pytest.approx(5.2)
    rig.run(until=20)
    rig.assert_silent()


def test_after_a_stop_it_waits_for_a_rest_of_the_players() -> None:
    rig = accompanied()
    rig.run(blocks(TWO_FIVE_ONE * 2), [(5.2, inputs.StopAnswer())], blocks(begin=20.01), until=30)
    assert not [note for note in rig.heard if 5.2 < note.on < 20]
    assert [note for note in rig.heard if note.on > 20]


def test_it_ends_with_the_clock_and_needs_a_beat() -> None:
    rig = accompanied(tempo=None)
    rig.run([single(0.0, START), *clock(120, 0.0, 6.2), single(6.2, STOP)], blocks(TWO_FIVE_ONE * 2), until=7)
    assert rig.heard and max(note.on for note in rig.heard) <= 6.2
    assert max(note.off or 99 for note in rig.heard) <= 6.25
    rig.assert_silent()
    free = accompanied(tempo=None)
    free.run(blocks((TWO_FIVE_ONE[0],), begin=0.3), until=1.0)
    assert not free.heard and [words for words in free.notices if "needs a beat" in words] == [free.notices[0]]


def test_a_chord_that_is_held_while_the_clock_is_found_is_accompanied_at_once() -> None:
    rig = accompanied("chords", tempo=None)
    rig.run([single(0.0, START), *clock(120, 0.0, 4.0)], blocks((TWO_FIVE_ONE[0],)), until=4)
    assert rig.entry() <= 1.51 and {note.pitch % 12 for note in rig.heard} <= tones(TWO_FIVE_ONE[0])


def test_it_goes_along_with_another_tempo() -> None:
    rig = accompanied("chords", accompany_rhythm="quarters")
    rig.run(blocks(), [(4.0, inputs.Change({"tempo": 60}))], until=8)
    later = sorted({round(note.on, 3) for note in rig.heard if note.on > 5.0})
    assert all(after - before == pytest.approx(1.0, abs=0.01) for before, after in pairwise(later)) and len(later) >= 2
    rig.run(until=20)
    rig.assert_silent()


def test_a_mute_and_another_role_act_at_once() -> None:
    rig = accompanied("chords+bass")
    changes = [
        (4.7, inputs.Change({"mute_bass": True})),
        (6.7, inputs.Change({"mute_bass": False, "accompany": "off"})),
    ]
    rig.run(blocks(TWO_FIVE_ONE * 2), list(changes), until=16)
    bass = [note for note in rig.heard if note.channel == 2]
    assert bass and max(note.off or 99 for note in bass) <= 4.71
    chords = [note for note in rig.heard if note.channel == 1]
    assert max(note.on for note in chords) > 5.5 and max(note.off or 99 for note in chords) <= 6.71


def test_keys_that_came_up_while_it_was_off_are_held_no_more_when_it_is_on_again() -> None:
    rig = accompanied("chords")
    changes = [(1.5, inputs.Change({"accompany": "off"})), (8.0, inputs.Change({"accompany": "chords"}))]
    rig.run(blocks(TWO_FIVE_ONE[:2]), list(changes), blocks(begin=16.01), until=26)
    assert [note for note in rig.heard if note.on < 1.5] and [note for note in rig.heard if note.on > 16]
    assert not [note for note in rig.heard if 1.5 < note.on < 16]


def test_it_is_no_part_of_what_was_played_and_its_echo_changes_nothing() -> None:
    alone, echoed = accompanied(), accompanied()
    alone.run(blocks(), until=9)
    back = [message(at + 0.01, data) for at, data in alone.sent]
    echoed.run(blocks(), back, until=9)
    assert echoed.jam.echoes == sum(kind_of(data) == NOTE_ON for _, data in alone.sent)
    assert [(note.on, note.pitch) for note in echoed.heard] == [(note.on, note.pitch) for note in alone.heard]
    assert len(alone.jam.history) + len(alone.jam.phrase) == 16


def test_it_makes_way_for_an_answer() -> None:
    rig = Rig(tempo=120, accompany="chords", length="bars", length_bars=1)
    rig.run(blocks(TWO_FIVE_ONE[:2]), until=20)
    answer = rig.plays[0].on_seconds
    ours = [note for note in rig.heard if note.channel == 1]
    assert ours and max(note.on for note in ours) <= answer
    rig.assert_silent()


@settings(max_examples=25)
@given(
    st.sampled_from(ROLES),
    st.lists(st.tuples(st.integers(36, 84), st.integers(0, 24), st.integers(1, 100)), min_size=1, max_size=24),
    st.sampled_from([2, 3, 4, 5]),
    st.floats(-0.2, 0.2),
)
def test_whatever_is_played_notes_end_and_stay_in_range(
    role: str, notes: list[tuple[int, int, int]], beats: int, nudge: float
) -> None:
    rig = accompanied(role, beats_per_bar=beats, nudge_ms=1000 * nudge)
    at, script = 0.0, []
    for pitch, wait, length in notes:
        at += wait / 16
        script.append((at, pitch, length / 50))
    # The rig's pairing refuses a key that is struck while it sounds.
    rig.run(played(*script), until=at + 20)
    for note in rig.heard:
        assert 28 <= note.pitch <= 96
        if note.channel == 2:
            assert bass_part.LOWEST <= note.pitch <= bass_part.HIGHEST
        if note.channel == 3:
            assert voice_part.LOWEST - 12 <= note.pitch <= voice_part.HIGHEST
    assert {channel_of(data) for _, data in rig.sent} <= {1, 2, 3}
    rig.assert_silent()


@pytest.mark.parametrize("command", [inputs.Rest(), inputs.Panic(), inputs.Change({"mute_chords": True})])
def test_notes_that_are_cut_are_told_with_their_ends(command: inputs.Input) -> None:
    rig = accompanied("chords")
    rig.run(blocks(TWO_FIVE_ONE[:3]), [(3.3, command)], until=3.5)
    ends = {one.note_id: one.off_seconds for one in rig.told(Accompany)}
    ends |= {one.note_id: one.off_seconds for one in rig.told(EndMoved)}
    assert ends and max(ends.values()) <= 3.3 + 1e-6
    for moved in rig.told(EndMoved):
        plan = next(one for one in rig.told(Accompany) if one.note_id == moved.note_id)
        sounds = plan.on_seconds + moved.share * (plan.off_seconds - plan.on_seconds)
        assert sounds == pytest.approx(moved.off_seconds)
