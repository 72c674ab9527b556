"""What front ends are told while a jam goes on: keys down and up, drafts, and where the beat is."""

import math
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cocomposer.generation.worker import Worker
from cocomposer.jam import inputs
from cocomposer.jam.outputs import BeatChanged, Drafted, Heard, ModeChanged, Output, Play, Released
from cocomposer.jam.settings import Settings, changed
from cocomposer.music.grid import BeatSource
from cocomposer.music.message import CC_SUSTAIN, CLOCK, START, STOP, note_off, note_on
from cocomposer.music.note import Pedal
from tests.scenarios.rig import Rig, Script, clock, message, pedal, played, scale, single
from tests.scenarios.test_silence import scripts, workers


def keys_told(rig: Rig) -> list[tuple[str, float, int, int]]:
    return [
        (type(told).__name__, told.at_seconds, told.pitch, told.channel)
        for told in rig.offline.told
        if isinstance(told, Heard | Released)
    ]


def assert_paired(told: list[Output]) -> None:
    """Each key is told down, then up, then down …, and at the end none is down."""
    down: dict[tuple[int, int], tuple[float, float]] = {}
    for one in told:
        if isinstance(one, Heard):
            assert (one.channel, one.pitch) not in down, "struck while it is told as held"
            down[one.channel, one.pitch] = (one.at_seconds, one.tick)
        elif isinstance(one, Released):
            at_seconds, tick = down.pop((one.channel, one.pitch))
            assert one.at_seconds >= at_seconds and one.tick >= tick - 48
    assert not down


def test_a_key_is_told_down_and_up_with_its_place_and_its_pedal() -> None:
    rig = Rig(tempo=120)
    rig.run(played((1.0, 60, 0.25)), [pedal(0.9, CC_SUSTAIN), pedal(1.6, CC_SUSTAIN, 0)], until=2)
    assert rig.told(Heard) == [Heard(1.0, 60, 80, 0, 96.0, Pedal.FRESH)]
    assert rig.told(Released) == [Released(1.25, 60, 0, 120.0)]


def test_a_key_held_into_the_answer_is_told_up_when_it_comes_up() -> None:
    rig = Rig(tempo=120)
    rig.run(played((0.0, 60, 4.0)), [(1.0, inputs.TakeOver())], until=5)
    assert keys_told(rig) == [("Heard", 0.0, 60, 0), ("Released", 4.0, 60, 0)]


@pytest.mark.parametrize(
    ("ends", "at_seconds"),
    [
        ((1.0, inputs.Panic()), 1.0),
        ((1.0, inputs.Reset()), 1.0),
        ((1.0, inputs.PortLost(True, "It is gone.")), 1.0),
        (message(1.0, note_on(0, 60, 50)), 1.0),
        (single(1.0, 0xFF), 1.0),
        ((1.0, inputs.Woke()), 20.0),
    ],
)
def test_every_end_of_a_held_key_is_told_once(ends: tuple[float, inputs.Input], at_seconds: float) -> None:
    rig = Rig(answer=False)
    rig.run([message(0.0, note_on(0, 60, 80)), ends], until=30)
    assert rig.told(Released)[0].at_seconds == at_seconds
    rig.run([message(30.0, note_off(0, 60))], until=60)
    assert_paired(rig.offline.told)


@given(scripts(), workers())
@settings(max_examples=60)
def test_heard_and_released_pair_up_whatever_happens(case: tuple[Script, float], worker: Worker | None) -> None:
    script, end = case
    rig = Rig(worker=worker, composer=worker is not None)
    rig.run(script, until=end)
    rig.run([(rig.now, inputs.Panic())], until=rig.now)
    assert_paired(rig.offline.told)


# -- drafts ----------------------------------------------------------------------------------------


class Tapped(Rig):
    """A rig that keeps what each step said."""

    def __init__(self, worker: Worker | None = None, composer: bool = True, **settings: object) -> None:
        self.steps: list[list[Output]] = []
        super().__init__(worker, composer, **settings)
        step = self.jam.step

        def tapped(event: inputs.Input, now: float) -> list[Output]:
            said = step(event, now)
            self.steps.append(list(said))
            turn = self.jam.turn
            drafts = () if turn is None else tuple(draft.note for draft in turn.drafts)
            assert self.jam.standing[1] == Drafted(getattr(self.jam.standing[1], "turn"), drafts)  # noqa: B009
            return said

        self.jam.step = tapped  # type: ignore[method-assign]


@given(scripts(), workers())
@settings(max_examples=40)
def test_drafts_told_are_always_those_planned_and_told_once_a_step(
    case: tuple[Script, float], worker: Worker | None
) -> None:
    script, end = case
    rig = Tapped(worker, worker is not None)
    rig.run(script, until=end + 2)
    told: tuple[object, ...] = ()
    for said in rig.steps:
        drafts = [one for one in said if isinstance(one, Drafted)]
        assert len(drafts) <= 1
        for one in drafts:
            assert one.notes != told, "told without a change"
            told = one.notes


def test_drafts_are_drawn_and_committed_one_after_another() -> None:
    rig = Rig(tempo=120, length="bars", length_bars=2)
    rig.run(scale(), until=30)
    drafted = rig.told(Drafted)
    assert {one.turn for one in drafted} == {1} and drafted[-1].notes == ()
    committed = {play.note for play in rig.plays}
    assert committed == {note for one in drafted for note in one.notes}
    seen: set[object] = set()
    for one in rig.offline.told:
        if isinstance(one, Drafted):
            assert not seen & set(one.notes), "committed notes are no drafts"
        elif isinstance(one, Play):
            seen.add(one.note)


def test_a_cut_leaves_no_drafts() -> None:
    rig = Rig(tempo=120, length="endless")
    rig.run(scale(), [(4.0, inputs.StopAnswer())], until=4.5)
    assert rig.told(Drafted)[-1].notes == () and len(rig.told(Drafted)[-2].notes) > 0


# -- the beat --------------------------------------------------------------------------------------


class FollowedLine(Rig):
    """A rig that, whenever asked, holds the line told last against the jam's own grid."""

    def followed(self, script: Script, end: float) -> Iterator[float]:
        """Let it happen, and look every few milliseconds how far off the line is."""
        place, wake = 0, 0.0
        while self.now < end:
            until = self.now + 0.007
            due = [event for event in script[place:] if event[0] <= until]
            place += len(due)
            if due:
                wake = math.inf
            elif wake <= until:
                # Between two looks no wake-up would come by itself.
                due, wake = [(max(wake, self.now), inputs.Woke())], math.inf
            self.run(due, until=until)
            wake = min(wake, self.jam.wake_at(self.now))
            yield self.off_seconds()

    def off_seconds(self) -> float:
        told, grid = self.told(BeatChanged)[-1], self.jam.grid(self.now)
        tick = told.tick + (self.now - told.at_seconds) / told.seconds_per_tick
        return abs(tick - grid.tick_at(self.now)) * grid.seconds_per_tick


def ramp(begin_bpm: float, end_bpm: float, seconds: float, jitter: float, seed: int) -> Script:
    """A clock that changes its tempo evenly."""
    moments, at_seconds = [], 0.0
    while at_seconds < seconds:
        moments.append(at_seconds)
        at_seconds += 60.0 / (begin_bpm + (end_bpm - begin_bpm) * at_seconds / seconds) / 24
    shaken = clock(120, 0.0, len(moments) / 48, jitter, seed)
    even = clock(120, 0.0, len(moments) / 48)
    shifts = [one[0] - other[0] for one, other in zip(shaken, even, strict=True)]
    arrivals = sorted(max(0.0, moment + shift) for moment, shift in zip(moments, shifts, strict=False))
    return [message(arrival, bytes((CLOCK,))) for arrival in arrivals]


@given(st.floats(60, 180), st.floats(-1, 1), st.sampled_from((0.0, 0.001, 0.005)), st.integers(0, 100), st.booleans())
# Always the same examples: each is half a minute of clock, and none is simpler than another.
@settings(max_examples=20, deadline=None, derandomize=True, phases=[Phase.generate])
def test_who_goes_along_the_line_told_last_is_never_far_off(
    bpm: float, faster: float, jitter: float, seed: int, stops: bool
) -> None:
    """`faster`: BPM a second."""
    rig = FollowedLine(answer=False)
    script = [single(0.0, START), *ramp(bpm, bpm + 12 * faster, 12.0, jitter, seed)]
    if stops:
        script.append(single(6.0, STOP))
    script.sort(key=lambda event: event[0])
    lagging = 0
    for off in rig.followed(script, 14.0):
        # Between a loss of the clock and the wake-up for it may lie one look.
        same = rig.told(BeatChanged)[-1].source is rig.jam.grid(rig.now).source
        lagging = 0 if same else lagging + 1
        assert lagging <= 1 and (off <= 0.004 or not same), f"at {rig.now}"
    told = rig.told(BeatChanged)
    seconds = Counter(int(one.at_seconds) for one in told)
    settled = [count for second, count in seconds.items() if 3 <= second < 12 and second != 6]
    assert max(settled, default=0) <= 15


def test_a_steady_beat_is_told_once() -> None:
    rig = Rig(tempo=100, answer=False)
    rig.run(scale(), until=20)
    assert [(one.source, one.running) for one in rig.told(BeatChanged)] == [(BeatSource.SET, True)]
    assert 60 / rig.told(BeatChanged)[0].seconds_per_tick / 48 == pytest.approx(100)


def test_another_source_metre_or_tempo_is_told_at_once() -> None:
    rig = Rig(answer=False)
    rig.run(
        [(1.0, inputs.Change({"tempo": 90})), (2.0, inputs.Change({"beats_per_bar": 3}))],
        [(3.0, inputs.Change({"tempo": 91})), (3.01, inputs.Change({"tempo": 140}))],
        until=4,
    )
    told = [(round(one.at_seconds, 3), one.source, one.beats_per_bar) for one in rig.told(BeatChanged)]
    assert told[:3] == [(0.0, BeatSource.FREE, 4), (1.0, BeatSource.SET, 4), (2.0, BeatSource.SET, 3)]
    assert [at for at, _, _ in told[3:]] == [3.0, pytest.approx(3.02, abs=0.1)]


def test_a_take_keeps_the_settings_of_its_beginning() -> None:
    rig = Rig(tempo=120, length="bars", length_bars=2, seed=7)
    rig.run(scale(), until=3.0)
    assert rig.jam.turn is not None
    before = rig.jam.settings
    rig.run([(3.0, inputs.Change({"creativity": 1.5}))], until=12)
    assert rig.takes[0].settings == before == changed(Settings(), {"entry": "beat", "tempo": 120, "seed": 7,
        "length": "bars", "length_bars": 2})  # fmt: skip
    assert rig.told(ModeChanged)
