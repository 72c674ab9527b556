"""What is heard of the harmony while a jam goes on: told when it changes, by hands and the machine, never twice."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cocomposer.jam import inputs
from cocomposer.jam.outputs import HarmonyChanged, Play
from cocomposer.music.message import CLOCK, START, STOP, note_off, note_on
from cocomposer.music.note import Note
from tests.scenarios.rig import Rig, message, played, scale

POP = ((57, 60, 64), (53, 57, 60), (48, 55, 64), (55, 59, 62))


def chords(count: int = 8, begin: float = 0.0) -> Any:
    """A bar each at 120."""
    return played(*((begin + 2.0 * n, pitch, 1.9) for n in range(count) for pitch in POP[n % 4]))


def shown(rig: Rig) -> list[str | None]:
    """One chord after another."""
    names = [one.chord for one in rig.told(HarmonyChanged)]
    return [name for number, name in enumerate(names) if not number or names[number - 1] != name]


def test_chords_are_shown_once_each_and_lapse() -> None:
    rig = Rig(tempo=120, answer=False)
    rig.run(chords(), until=24)
    assert shown(rig) == ["Am", "F", "C", "G", "Am", "F", "C", "G", None]
    last = rig.told(HarmonyChanged)[-1]
    assert last.key == "C major" and last.key_confidence >= 0.4
    assert [name for _, _, name in last.spans] == ["Am", "F", "C", "G"] * 2
    assert [tick for tick, _, _ in last.spans] == [192 * n for n in range(8)]
    assert last in rig.jam.standing


def test_a_key_of_six_accidentals_is_written_as_the_key_before() -> None:
    rig = Rig(tempo=120, answer=False)
    flat = [(2.0 * n, pitch, 1.9) for n in range(6) for pitch in ((61, 65, 68), (56, 60, 63, 66))[n % 2]]
    flatter = [
        (12.0 + 2.0 * n, p, 1.9) for n in range(12) for p in ((54, 58, 61), (59, 63, 66), (61, 65, 68, 71))[n % 3]
    ]
    rig.run(played(*flat), played(*flatter), until=37)
    told = rig.told(HarmonyChanged)
    keys = [one.key for one in told if one.key is not None]
    assert list(dict.fromkeys(keys)) == ["Db major", "Gb major"]
    assert {name for _, _, name in told[-1].spans} <= {"Db", "Ab7", "Gb", "Cb", "Db7"}


def test_a_chord_is_shown_within_a_fifth_of_a_second() -> None:
    rig = Rig(tempo=120, answer=False)
    rig.run(chords(1), until=1)
    assert 0 < rig.told(HarmonyChanged)[0].at_seconds <= 0.2


def test_the_machine_is_heard_too_and_what_is_cut_sounds_no_more() -> None:
    rig = Rig(tempo=120, answer=False)
    line = rig.jam._harmony
    grid = rig.jam.grid(0.0)
    said: list[Any] = [Play(1, n, Note(0, pitch, 480, 80), 0.0, 5.0) for n, pitch in enumerate((60, 64, 67))]
    line.follow(said, None, grid, 0.0)
    while line.told is None:
        line.follow([], None, grid, min(line.moments(None, grid, 0.0)))
    assert line.told.chord == "C"


def test_an_answer_changes_what_is_heard() -> None:
    rig = Rig(tempo=120, length="endless")
    rig.run(scale(), until=12)
    assert rig.plays and rig.told(HarmonyChanged)[-1].at_seconds > rig.plays[0].on_seconds + 2
    rig.run([(12.0, inputs.StopAnswer())], until=22)
    assert rig.told(HarmonyChanged)[-1].chord is None


def test_an_idle_jam_sleeps() -> None:
    rig = Rig(tempo=120, answer=False)
    rig.run(chords(4), until=20)
    steps, step = 0, rig.jam.step

    def counted(event: inputs.Input, now: float) -> list[Any]:
        nonlocal steps
        steps += 1
        return step(event, now)

    rig.jam.step = counted  # type: ignore[method-assign]
    rig.run(until=70)
    assert steps <= 50 / 0.25 + 2


def test_a_key_that_is_held_is_looked_at_no_more_than_a_window_draws() -> None:
    rig = Rig(tempo=120, answer=False)
    rig.run(played(*((0.0, pitch, 8.0) for pitch in POP[0])), until=8)
    assert len(rig.told(HarmonyChanged)) < 8 / 0.05


def test_reset_forgets_it() -> None:
    rig = Rig(tempo=120, answer=False)
    rig.run(chords(4), [(7.0, inputs.Reset())], until=9)
    forgotten = next(one for one in rig.told(HarmonyChanged) if one.at_seconds >= 7.0)
    assert (forgotten.chord, forgotten.key, forgotten.spans) == (None, None, ())


def test_hours_of_rest_take_no_time_and_the_chords_before_stay() -> None:
    rig = Rig(tempo=120, answer=False)
    rig.run(chords(4), until=20)
    rig.offline.now = 20_000.0
    rig.run(chords(4, begin=20_000.0), until=20_012)
    last = rig.told(HarmonyChanged)[-1]
    assert [name for _, _, name in last.spans] == ["Am", "F", "C", "G"] * 2


@pytest.mark.parametrize("beats", [3, 5])
def test_another_metre_keeps_what_was_heard(beats: int) -> None:
    rig = Rig(tempo=120, answer=False)
    rig.run(
        chords(8), [(7.3, inputs.Change({"beats_per_bar": beats})), (9.1, inputs.Change({"tempo": None}))], until=20
    )
    spans = rig.told(HarmonyChanged)[-1].spans
    assert [name for _, _, name in spans][:3] == ["Am", "F", "C"]
    assert all(a[1] <= b[0] for a, b in pairwise(spans)) and all(a < b for a, b, _ in spans)


KEYS = st.tuples(st.integers(0, 1), st.integers(36, 90), st.booleans())
EVENTS = st.one_of(
    KEYS.map(lambda key: note_on(key[0], key[1], 80) if key[2] else note_off(key[0], key[1])),
    st.sampled_from([bytes((CLOCK,)), bytes((START,)), bytes((STOP,)), b"\xb0\x40\x7f", b"\xb0\x40\x00"]),
    st.sampled_from([inputs.Reset(), inputs.Panic(), inputs.TakeOver(), inputs.StopAnswer(), inputs.Tap(0.0)]),
    st.sampled_from([inputs.Change({"tempo": 77.0}), inputs.Change({"tempo": None}),
                     inputs.Change({"beats_per_bar": 3})]),
)  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([0.0, 0.01, 0.1, 0.6, 3.0, 40.0]), EVENTS), max_size=40))
def test_whatever_happens_it_never_raises_nor_tells_the_same_twice(events: list[Any]) -> None:
    rig = Rig()
    now = 0.0
    for after, event in events:
        now += after
        happened = inputs.Tap(now) if isinstance(event, inputs.Tap) else event
        rig.run([message(now, happened) if isinstance(happened, bytes) else (now, happened)], until=now)
    rig.run(until=now + 5)
    told = [(h.chord, h.confidence, h.alternatives, h.key, h.key_confidence, h.spans) for h in rig.told(HarmonyChanged)]
    assert all(a != b for a, b in pairwise(told))
    for one in rig.told(HarmonyChanged):
        assert len(one.spans) <= 32 and all(a < b for a, b, _ in one.spans)
