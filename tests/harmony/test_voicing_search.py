"""The search: exact against trying everything, strict where it says so, and what a pianist expects of known lines."""

from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.templates import TEMPLATES
from cocomposer.harmony.voicing.candidates import candidates_of, locked, mud
from cocomposer.harmony.voicing.motion import motion_between, parallels, transition
from cocomposer.harmony.voicing.rules import Style, VoicingRules
from cocomposer.harmony.voicing.search import leads_into_minor, next_voicing, voice_progression
from cocomposer.harmony.voicing.voicing import Voicing, voicing_of
from tests.harmony.voicings import chord, chords, pitches, random_chords, slow_transition

_FULL = tuple(quality for quality in TEMPLATES if quality != "5")
"""Two bare fifths in four voices cannot follow each other without parallels."""
_PROGRESSIONS = (
    "Dm7 G7 Cmaj7",
    "Am F C G",
    "C7 F7 C7 G7",
    "Am7 D7 Gmaj7 Cmaj7 F#m7b5 B7 Em6",
    "C G/B Am Am/G F C/E Dm7 G7 C",
)


def voiced(line: str, rules: VoicingRules) -> list[Voicing]:
    found = [voicing for voicing in voice_progression(chords(line), rules).voicings if voicing]
    assert len(found) == len(line.split())
    return found


def cheapest_of_all(progression: list[Chord], rules: VoicingRules) -> float:
    """The least cost over every way to voice the chords."""
    following = [*progression[1:], None]
    nodes = [
        candidates_of(one, rules, leads_into_minor(one, two)) for one, two in zip(progression, following, strict=True)
    ]
    best = float("inf")
    for rows in product(*(range(len(node.cost)) for node in nodes)):
        cost = float(nodes[0].opening[rows[0]])
        cost += sum(float(node.cost[row]) for node, row in zip(nodes, rows, strict=True))
        steps = zip(pairwise(nodes), pairwise(rows), strict=True)
        cost += sum(slow_transition(a, i, b, j, rules) for (a, b), (i, j) in steps)
        best = min(best, cost)
    return best


@settings(max_examples=60, deadline=None)
@given(
    st.lists(random_chords(), min_size=1, max_size=3),
    st.sampled_from(Style),
    st.booleans(),
    st.booleans(),
    st.integers(50, 58),
)
def test_no_other_voicings_cost_less(
    progression: list[Chord], style: Style, is_strict: bool, no_hidden: bool, lowest: int
) -> None:
    # A narrow register leaves few enough to try them all.
    rules = VoicingRules(style, strict=is_strict, no_hidden=no_hidden, lowest=lowest - 14, highest=lowest + 20)
    try:
        found = voice_progression(progression, rules)
    except ValueError:
        return
    assert found.cost == pytest.approx(cheapest_of_all(progression, rules), abs=1e-3)


_PLAYED = st.sets(st.integers(40, 80), min_size=2, max_size=6)


@settings(max_examples=300, deadline=None)
@given(random_chords(), random_chords(), _PLAYED, _PLAYED, st.sampled_from([0, 12, -12]), st.booleans())
def test_the_cost_of_a_step_is_counted_right(
    one: Chord, two: Chord, played: set[int], next_played: set[int], leap: int, no_hidden: bool
) -> None:
    """Of any two voicings, by arrays and voice by voice; also where some voices stay and one leaps an octave."""
    rules = VoicingRules(strict=True, no_hidden=no_hidden)
    before = locked(voicing_of(one, sorted(played), 16), rules)
    leapt = {max(played) + leap, *sorted(played)[:-1]}
    for other in (next_played, leapt):
        after = locked(voicing_of(two, sorted(other), 16), rules)
        found = transition(before, after, rules)
        assert found.shape == (1, 1)
        assert float(found[0, 0]) == pytest.approx(slow_transition(before, 0, after, 0, rules), abs=1e-3)


@settings(max_examples=1000, deadline=None)
@given(st.lists(random_chords(_FULL), min_size=2, max_size=5), st.booleans())
def test_the_strict_style_has_no_parallels(progression: list[Chord], is_root_position: bool) -> None:
    rules = VoicingRules(Style.CHORALE, root_position=is_root_position)
    found = [voicing for voicing in voice_progression(progression, rules).voicings if voicing]
    assert sum(parallels(before, after) for before, after in pairwise(found)) == 0


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [
        ("C3 G3 E4", "D3 A3 F4", 1),  # fifths
        ("C3 G3 E4", "D3 A4 D5", 1),  # a fifth and a twelfth
        ("C3 E4 C5", "D3 F4 D5", 1),  # octaves
        ("C3 G3", "C3 G3", 0),  # nobody moves
        ("C3 G3 C4", "F3 A3 C4", 0),
        ("C3 C4", "C3 C5", 0),  # only one moves
        ("G3 D4", "C4 G3", 0),
        ("C3 G3 C4 E4", "D3 A3 D4 F4", 2),
        ("C3 G3 G4", "D3 A4", 1),  # between the outer voices, where one falls silent
    ],
)
def test_parallels(before: str, after: str, count: int) -> None:
    def of(line: str) -> Voicing:
        return voicing_of(Chord(0), pitches(line), 16)

    assert parallels(of(before), of(after)) == count


@pytest.mark.parametrize("semitones", range(12))
@pytest.mark.parametrize(
    "style", [Style.CLOSE, Style.DROP_2, Style.OPEN, Style.ROOTLESS, Style.GUIDE_TONE, Style.CHORALE]
)
def test_two_five_one_moves_little_in_every_key(style: Style, semitones: int) -> None:
    progression = [one.transposed(semitones) for one in chords("Dm7 G7 Cmaj7")]
    found = [voicing for voicing in voice_progression(progression, VoicingRules(style)).voicings if voicing]
    for before, after in pairwise(found):
        upper = zip(before.pitches[1:], after.pitches[1:], strict=True)
        assert all(abs(low - high) <= 5 for low, high in upper)
    seventh = (5 + semitones) % 12  # F falls to E
    falls = [b - a for a, b in zip(found[1].pitches, found[2].pitches, strict=True) if a % 12 == seventh]
    assert falls and all(fall in {-1, 0} for fall in falls)


@pytest.mark.parametrize("line", _PROGRESSIONS)
def test_voice_leading_moves_less_than_half_of_root_position_blocks(line: str) -> None:
    blocks = voiced(line, VoicingRules(Style.BLOCK, voices=3))
    close = voiced(line, VoicingRules(Style.CLOSE, left_bass=False, voices=3, root_position=False))
    if "/" not in line:
        naive = sum(motion_between(before, after) for before, after in pairwise(blocks))
        assert sum(motion_between(before, after) for before, after in pairwise(close)) < naive / 2


@pytest.mark.parametrize("line", _PROGRESSIONS)
@pytest.mark.parametrize("style", [style for style in Style if style not in {Style.BLOCK, Style.POWER}])
def test_nothing_is_muddy(line: str, style: Style) -> None:
    for voicing in voiced(line, VoicingRules(style)):
        assert mud(locked(voicing, VoicingRules()).pitches)[0] == 0


@pytest.mark.parametrize("line", _PROGRESSIONS)
def test_the_first_chord_lies_around_middle_c(line: str) -> None:
    first = voiced(line, VoicingRules())[0]
    assert 55 <= sum(first.right_hand) / len(first.right_hand) <= 67
    assert 36 <= first.pitches[0] <= 50
    assert first.left == 1


def test_a_long_circle_does_not_drift() -> None:
    falling = [Chord(-5 * step % 12, "7") for step in range(48)]
    for style in Style:
        found = [voicing for voicing in voice_progression(falling, VoicingRules(style)).voicings if voicing]
        middles = [sum(voicing.pitches) / len(voicing.pitches) for voicing in found]
        assert max(middles) - min(middles) < 14


@settings(max_examples=50, deadline=None)
@given(st.lists(random_chords(), min_size=3, max_size=6), st.sampled_from(Style), st.data())
def test_a_locked_voicing_stays(progression: list[Chord], style: Style, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(progression) - 1))
    played = data.draw(st.sets(st.integers(40, 80), min_size=1, max_size=8))
    kept = voicing_of(progression[number], sorted(played), 16)
    found = voice_progression(progression, VoicingRules(style), {number: kept})
    assert found.voicings[number] is kept
    assert all(found.voicings)


def test_neighbours_come_towards_a_locked_voicing() -> None:
    high = voicing_of(chord("G"), pitches("G3 G4 B4 D5"), 16)
    free = voice_progression(chords("C G C")).voicings[0]
    drawn = voice_progression(chords("C G C"), locks={1: high}).voicings[0]
    assert free and drawn and sum(drawn.pitches) > sum(free.pitches)


def test_no_chord_is_silent_and_voices_lead_across_it() -> None:
    first, *rest = chords("C G")
    found = voice_progression([None, first, None, *rest, None])
    with_gap = [voicing for voicing in found.voicings if voicing]
    assert [voicing is None for voicing in found.voicings] == [True, False, True, False, True]
    assert with_gap == voiced("C G", VoicingRules())
    assert voice_progression([None]).voicings == (None,)
    assert voice_progression([]).cost == 0


@settings(max_examples=50, deadline=None)
@given(random_chords(), random_chords(), st.sampled_from(Style))
def test_the_next_voicing_is_a_progression_of_one(one: Chord, two: Chord, style: Style) -> None:
    rules = VoicingRules(style)
    first = next_voicing(one, None, rules)
    assert voice_progression([one], rules).voicings == (first,)
    assert voice_progression([two], rules, previous=first).voicings == (next_voicing(two, first, rules),)
    assert next_voicing(one, first, rules) == first  # nothing nearer than itself


def test_a_repeated_chord_stays() -> None:
    one, two = voiced("G7 G7", VoicingRules(Style.CHORALE))
    assert one == two


def test_rootless_knows_where_a_dominant_leads() -> None:
    dark = next_voicing(chord("G7"), None, VoicingRules(Style.ROOTLESS), following=chord("Cm6"))
    bright = next_voicing(chord("G7"), None, VoicingRules(Style.ROOTLESS), following=chord("Cmaj7"))
    assert {8} & {pitch % 12 for pitch in dark.pitches}
    assert {9} & {pitch % 12 for pitch in bright.pitches}
    assert voiced("Dm7b5 G7 Cm6", VoicingRules(Style.ROOTLESS))[1].pitches != bright.pitches
