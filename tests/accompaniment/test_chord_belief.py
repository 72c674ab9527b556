"""What is believed of chords: by what sounds, by what usually follows, and by how the music went before."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cocomposer.accompaniment.chord_belief import ChordBelief, likeliest, tones_of
from cocomposer.harmony.metre import Metre

BAR = 192
C, F, G, AM = (48, 55, 64), (53, 57, 60), (43, 59, 62), (45, 60, 64)


def heard(*bars: tuple[int, ...], belief: ChordBelief | None = None) -> ChordBelief:
    """A chord a bar, held to just before the next."""
    belief = belief or ChordBelief(Metre())
    for number, pitches in enumerate(bars):
        for pitch in pitches:
            belief.strike(number * BAR, pitch, 80)
        for pitch in pitches:
            belief.release(number * BAR + BAR - 4, pitch)
    return belief


@pytest.mark.parametrize(("pitches", "name"), [(C, "C"), (F, "F"), (AM, "Am"), ((50, 57, 60, 65), "Dm7")])
def test_a_chord_that_is_struck_is_believed_at_once(pitches: tuple[int, ...], name: str) -> None:
    belief = heard(C, G, C)
    for pitch in pitches:
        belief.strike(3 * BAR, pitch, 80)
    belief.pass_to(3 * BAR + 12)
    assert likeliest(belief.at(3 * BAR + 12, 3 * BAR + 12)).name() == name


def test_before_a_bar_line_less_is_sure_than_within_the_bar() -> None:
    belief = ChordBelief(Metre())
    for pitch in C:
        belief.strike(0, pitch, 80)
    within, after = (tones_of(belief.at(tick, tick - 10)) for tick in (48, BAR))
    assert within[[0, 4, 7]].min() > 0.8 > after[[0, 4, 7]].max()


def test_a_progression_that_came_round_is_believed_to_come_again() -> None:
    once, often = heard(C, F, G, AM), heard(*(C, F, G, AM) * 4)
    shares = [tones_of(belief.at(bars * BAR, bars * BAR - 5))[0] for belief, bars in ((once, 4), (often, 16))]
    assert shares[1] > 0.8 > shares[0]


def test_music_that_stays_on_its_chord_is_believed_to_stay() -> None:
    after = [tones_of(heard(*[C] * bars).at(bars * BAR, bars * BAR - 5))[[0, 4, 7]].min() for bars in (1, 12)]
    assert after[1] > 0.7 > after[0]


def test_while_nobody_plays_the_last_chord_holds() -> None:
    belief = heard(C, F)
    belief.pass_to(4 * BAR)
    assert likeliest(belief.at(4 * BAR, 4 * BAR)).name() == "F"


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(30, 90), st.booleans()), max_size=40),
    st.sampled_from([2, 3, 4, 5]),
)
def test_whatever_is_played_it_is_a_probability(keys: list[tuple[int, int, bool]], beats: int) -> None:
    belief, tick = ChordBelief(Metre(beats)), 0
    for wait, pitch, is_down in keys:
        tick += wait
        if is_down:
            belief.strike(tick, pitch, 80)
        else:
            belief.release(tick, pitch)
        for later in (tick, tick + 60):
            chords = belief.at(later, tick)
            assert chords.min() >= 0 and chords.sum() == pytest.approx(1)
            assert np.all(tones_of(chords) <= 1 + 1e-9)
