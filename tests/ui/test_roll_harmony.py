"""Chords of many takes in one lane: each keeps its beginning, none overlaps."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from cocomposer.document.timeline import Timeline
from cocomposer.harmony.metre import Metre
from cocomposer.music.note import Note
from ui.presenters.roll_harmony import EVERY_SECONDS, ChordStretch, RollHarmony, without_overlap
from ui.presenters.roll_time import MetreChange

FOUR_FOUR = (MetreChange(0.0, Metre(4, 0, True)),)
stretches = st.lists(
    st.builds(lambda tick, length, name: ChordStretch(tick, tick + length, name), st.integers(0, 500),
              st.integers(1, 200), st.sampled_from(["C", "Dm", "G7"])), max_size=20
)  # fmt: skip


@given(stretches)
def test_none_overlaps_and_none_begins_elsewhere(given_stretches: list[ChordStretch]) -> None:
    found = without_overlap(sorted(given_stretches, key=lambda stretch: stretch.tick))
    assert all(a.end_tick <= b.tick for a, b in itertools.pairwise(found))
    assert {stretch.tick for stretch in found} == {stretch.tick for stretch in given_stretches}
    assert all(stretch.end_tick > stretch.tick for stretch in found)


def played(timeline: Timeline, first: int, pitches: tuple[int, ...]) -> None:
    for place, pitch in enumerate(pitches):
        timeline.played(1, Note(first + 24 * place, pitch, 24, 80))


def test_the_key_is_heard_again_only_if_there_is_more_and_not_too_often() -> None:
    harmony, timeline = RollHarmony(), Timeline()
    played(timeline, 0, (60, 64, 67, 72, 71, 67, 65, 62, 60, 64, 67, 60))
    harmony.hear(timeline, FOUR_FOUR, 400, 10.0)
    assert harmony.key is not None and harmony.key.name == "C major"
    live = harmony.live
    assert live[0].name == "C"
    played(timeline, 300, (62, 65, 69) * 4)
    harmony.hear(timeline, FOUR_FOUR, 700, 10.0 + EVERY_SECONDS / 2)
    assert harmony.live is live
    harmony.hear(timeline, FOUR_FOUR, 700, 10.0 + EVERY_SECONDS)
    assert harmony.live is not live and harmony.live[-1].name.startswith("Dm")


def test_what_is_not_yet_heard_is_not_named() -> None:
    harmony, timeline = RollHarmony(), Timeline()
    played(timeline, 1000, (60, 64, 67, 72, 71, 67, 65, 62))
    harmony.hear(timeline, FOUR_FOUR, 500, 10.0)
    assert harmony.key is None and harmony.live == ()
