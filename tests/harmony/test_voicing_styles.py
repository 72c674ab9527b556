"""The layouts of each style: shapes that a pianist knows, all of them and no others, registers, hands."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.qualities import quality_of
from cocomposer.harmony.templates import TEMPLATES
from cocomposer.harmony.voicing.candidates import LOW_INTERVAL_LIMITS, candidates_of, mud
from cocomposer.harmony.voicing.rules import STYLES, Style, VoicingRules
from cocomposer.harmony.voicing.voicing import has_playable_hands, voicing_of
from tests.harmony.voicings import NAMES, chord, pitches, random_chords


def layouts(symbol: str, rules: VoicingRules) -> set[tuple[int, ...]]:
    """All voicings of a chord, whatever they cost."""
    return {tuple(row) for row in candidates_of(chord(symbol), rules).pitches.tolist()}


def shapes(symbol: str, rules: VoicingRules) -> set[str]:
    """Its voicings by their names without octaves."""
    return {" ".join(NAMES[pitch % 12] for pitch in layout) for layout in layouts(symbol, rules)}


@pytest.mark.parametrize(
    ("style", "symbol", "expected"),
    [
        (Style.DROP_2, "Cmaj7", {"G C E B", "B E G C", "C G B E", "E B C G"}),
        (Style.DROP_3, "Cmaj7", {"E C G B", "G E B C", "B G C E", "C B E G"}),
        (Style.DROP_2, "C", {"E C G", "G E C", "C G E"}),
        (Style.DROP_2, "C/E", {"E C G"}),
        (Style.SHELL, "Dm7", {"D F C", "D C F"}),
        (Style.SHELL, "C", {"C E G", "C G E"}),
        (Style.SHELL, "C6", {"C E A", "C A E"}),
        (Style.SHELL, "G7/B", {"B F G", "B G F"}),
        (Style.GUIDE_TONE, "G7", {"B F", "F B"}),
        (Style.GUIDE_TONE, "G9sus4", {"C F", "F C"}),
        (Style.GUIDE_TONE, "C", {"C E", "E C", "E G", "G E"}),
        (Style.ROOTLESS, "Dm7", {"F A C E", "C E F A"}),
        (Style.ROOTLESS, "Cmaj7", {"E G B D", "B D E G"}),
        (Style.ROOTLESS, "G7", {"F A B E", "B E F A", "F A B D", "B D F A"}),
        (Style.ROOTLESS, "G7b9", {"F Ab B Eb", "B Eb F Ab", "F Ab B D", "B D F Ab"}),
        (Style.ROOTLESS, "Bm7b5", {"D F A B", "A B D F"}),
        (Style.ROOTLESS, "Bdim7", {"B D F Ab", "D F Ab B", "F Ab B D", "Ab B D F"}),
        (Style.ROOTLESS, "C", {"C E G", "E G C", "G C E"}),
        (Style.POWER, "Am", {"A E A"}),
        (Style.POWER, "Bm7b5", {"B F B"}),
        (Style.POWER, "D/F#", {"F# A D"}),
        (Style.BLOCK, "G13", {"G B D F A E"}),
        (Style.BLOCK, "C/E", {"E G C"}),
        (Style.BLOCK, "C/D", {"D E G C"}),
        (Style.BLOCK, "C5", {"C G"}),
        (Style.GUIDE_TONE, "C5", {"C G", "G C"}),
    ],
)
def test_shapes(style: Style, symbol: str, expected: set[str]) -> None:
    assert shapes(symbol, VoicingRules(style)) == expected


def test_rootless_without_colours_has_the_chords_own_tones() -> None:
    assert shapes("G7", VoicingRules(Style.ROOTLESS, colours=False)) == {"B D F G", "F G B D"}


def test_rootless_in_three_voices_keeps_third_and_seventh() -> None:
    assert shapes("Dm7", VoicingRules(Style.ROOTLESS, voices=3)) == {"F C E", "C F A"}


def test_a_rootless_dominant_into_minor_is_dark() -> None:
    found = candidates_of(chord("G7"), VoicingRules(Style.ROOTLESS), into_minor=True).pitches
    assert {NAMES[pitch % 12] for pitch in found.ravel().tolist()} == {"B", "F", "Ab", "Eb", "D"}


@pytest.mark.parametrize("style", Style)
def test_every_chord_has_playable_voicings_in_the_register(style: Style) -> None:
    rules = VoicingRules(style)
    for quality, template in TEMPLATES.items():
        for root in range(12):
            found = candidates_of(Chord(root, quality), rules)
            rows = found.pitches.tolist()
            assert rows
            for row in rows:
                assert all(low < high for low, high in pairwise(row))
                assert rules.lowest <= row[0] and row[-1] <= rules.highest
                assert has_playable_hands(row, rules.hand_span)
            if style is not Style.ROOTLESS:
                tones = {(root + semitones) % 12 for semitones in template.semitones}
                assert {pitch % 12 for row in rows for pitch in row} <= tones


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 11), st.sets(st.integers(1, 11), max_size=7), st.none() | st.integers(0, 11))
def test_any_set_of_tones_has_voicings_of_its_tones(root: int, above: set[int], bass: int | None) -> None:
    wanted = Chord(root, quality_of(frozenset({0, *above})), bass)
    for style in Style:
        found = candidates_of(wanted, VoicingRules(style, colours=False)).pitches
        extra = {(root + 7) % 12} if style in {Style.POWER, Style.ROOTLESS} else set()
        assert set((found % 12).ravel().tolist()) <= wanted.pitch_classes | extra


@settings(max_examples=200, deadline=None)
@given(random_chords())
def test_the_given_bass_is_lowest(wanted: Chord) -> None:
    for style in Style:
        if style in {Style.ROOTLESS, Style.GUIDE_TONE}:
            continue  # their bass is somebody else's
        if wanted.bass_or_root == wanted.root and not STYLES[style].root_position and not STYLES[style].left_bass:
            continue
        found = candidates_of(wanted, VoicingRules(style))
        assert set((found.pitches[:, 0] % 12).tolist()) == {wanted.bass_or_root}
    for style in (Style.ROOTLESS, Style.GUIDE_TONE, Style.DROP_2):
        found = candidates_of(wanted, VoicingRules(style, left_bass=True))
        assert set((found.pitches[:, 0] % 12).tolist()) == {wanted.bass_or_root}


@pytest.mark.parametrize("symbol", ["C", "F#m", "Bb7", "Cmaj7", "Ebdim7", "Am/G"])
def test_close_voicings_are_all_there_are(symbol: str) -> None:
    """Against every row of four pitches that has all tones: a bass, and the others above it within an octave."""
    wanted = chord(symbol)
    complete = {
        four
        for four in combinations([p for p in range(40, 75) if p % 12 in wanted.pitch_classes], 4)
        if four[0] % 12 == wanted.bass_or_root
        and {p % 12 for p in four} == wanted.pitch_classes
        and four[3] - four[1] <= 12
        and 3 <= four[1] - four[0] <= 31
    }
    found = layouts(symbol, VoicingRules(lowest=40, highest=74))
    assert {four for four in found if {p % 12 for p in four} == wanted.pitch_classes} <= complete
    # A major third is never doubled.
    third = (wanted.root + 4) % 12
    assert {four for four in complete if sum(p % 12 == third for p in four) < 2} <= found


@pytest.mark.parametrize("symbol", ["Dm", "G7", "C/E", "Ebmaj7"])
def test_chorale_voicings_are_all_there_are(symbol: str) -> None:
    """Against every row of four pitches: the singers' registers, an octave at most between the upper voices."""
    wanted, rules = chord(symbol), VoicingRules(Style.CHORALE)
    found = layouts(symbol, rules)
    tones = [
        [p for p in range(*register) if p % 12 in wanted.pitch_classes]
        for register in ((40, 61), (48, 68), (55, 75), (60, 80))
    ]
    complete = {
        (bass, tenor, alto, soprano)
        for bass in tones[0]
        if bass % 12 == wanted.bass_or_root
        for tenor in tones[1]
        if bass < tenor <= bass + 24
        for alto in tones[2]
        if tenor < alto <= tenor + 12
        for soprano in tones[3]
        if alto < soprano <= alto + 12
        if {p % 12 for p in (bass, tenor, alto, soprano)} == wanted.pitch_classes
    }
    reachable = {four for four in complete if has_playable_hands(four, rules.hand_span)}
    third = (wanted.root + (3 if wanted.quality == "min" else 4)) % 12
    assert {four for four in found if {p % 12 for p in four} == wanted.pitch_classes} <= reachable
    assert {four for four in reachable if sum(p % 12 == third for p in four) == 1} <= found


@pytest.mark.parametrize(
    ("voicing", "is_muddy"),
    [
        ("C2 E2 G2", True),
        ("C3 E3 G3", False),
        ("B2 D3", True),
        ("C3 Eb3", False),
        ("C2 G2 E3", False),
        ("A1 E2", True),
        ("C2 C3 G3", False),
        ("E2 D3", True),
        ("F2 Eb3", False),
    ],
)
def test_low_intervals_are_muddy(voicing: str, is_muddy: bool) -> None:
    assert (mud(np.asarray([pitches(voicing)], np.int16))[0] > 0) == is_muddy


def test_every_interval_below_an_octave_has_its_limit() -> None:
    assert sorted(LOW_INTERVAL_LIMITS) == list(range(1, 12))


@pytest.mark.parametrize(
    ("played", "left", "right"),
    [
        ("C4 E4 G4", "", "C4 E4 G4"),
        ("C3 E3 B3", "C3 E3 B3", ""),
        ("C2 G3 C4 E4", "C2", "G3 C4 E4"),
        ("C2 G2 E3 B3 G4", "C2 G2", "E3 B3 G4"),
        ("C2 G2 E3 A3 C5", "C2 G2 E3", "A3 C5"),
        ("C2 C6", "C2", "C6"),
    ],
)
def test_hands(played: str, left: str, right: str) -> None:
    voicing = voicing_of(Chord(0), pitches(played), 16)
    assert (voicing.left_hand, voicing.right_hand) == (pitches(left), pitches(right))


def test_a_bass_apart_is_alone_in_the_left_hand() -> None:
    assert voicing_of(Chord(0), pitches("C4 E4 G4"), 16, bass_apart=True).left_hand == pitches("C4")


def test_narrow_hands_get_narrow_voicings() -> None:
    narrow = VoicingRules(Style.OPEN, hand_span=10)
    for row in candidates_of(chord("Cmaj7"), narrow).pitches.tolist():
        assert has_playable_hands(row, 10)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"style": Style.SHELL, "voices": 5}, "the style shell has 3 voices, not 5"),
        ({"style": Style.OPEN, "voices": 9}, "the style open has 3 to 6 voices, not 9"),
        ({"lowest": 70, "highest": 60}, "a register lies between"),
        ({"hand_span": 0}, "a hand spans at least a semitone"),
    ],
)
def test_wrong_rules_are_refused(bad: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        VoicingRules(**bad)  # type: ignore[arg-type]


def test_a_register_without_room_is_told() -> None:
    with pytest.raises(ValueError, match=r"no voicing of Cmaj7 in the style close lies between the pitches 60 and 66"):
        candidates_of(chord("Cmaj7"), VoicingRules(lowest=60, highest=66))


def test_hands_without_reach_are_told() -> None:
    with pytest.raises(ValueError, match=r"no hand spans C in the style close; allow a wider span"):
        candidates_of(chord("C"), VoicingRules(hand_span=2))
