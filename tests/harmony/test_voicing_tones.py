"""Which tones are played by so many voices."""

from collections import Counter

import pytest

from cocomposer.harmony.templates import TEMPLATES
from cocomposer.harmony.voicing.tones import is_dominant, tone_sets


def best(quality: str, voices: int, lowest: int | None = 0) -> set[str]:
    """The cheapest sets, as the degrees from the root up."""
    template = TEMPLATES[quality]
    names = {tone.semitones: tone.degree for tone in template.tones}
    sets = tone_sets(template, voices, lowest)
    least = min(cost for _, cost in sets)
    return {" ".join(names.get(tone, f"({tone})") for tone in played) for played, cost in sets if cost == least}


@pytest.mark.parametrize(
    ("quality", "voices", "lowest", "sets"),
    [
        # As many voices as tones.
        ("maj", 3, 0, {"1 3 5"}),
        ("7", 4, 0, {"1 3 5 b7"}),
        ("min9", 5, 0, {"1 9 b3 5 b7"}),
        # Fewer: the fifth goes first, then the root where another tone is the bass, then inner extensions.
        ("7", 3, 0, {"1 3 b7"}),
        ("7", 3, None, {"1 3 b7"}),
        ("7", 2, None, {"3 b7"}),
        ("9", 4, 0, {"1 9 3 b7"}),
        ("9", 3, None, {"9 3 b7"}),
        ("13", 4, 0, {"1 3 13 b7"}),
        ("min11", 4, 0, {"1 b3 11 b7"}),
        ("maj(9)", 3, 0, {"1 9 3"}),
        ("maj7(#11)", 4, 0, {"1 3 #11 7"}),
        ("7(#9)", 4, 0, {"1 #9 3 b7"}),
        ("maj6(9)", 4, 0, {"1 9 3 6"}),
        # An altered fifth is no fifth to leave out.
        ("hdim7", 3, None, {"b3 b5 b7"}),
        ("aug(b7)", 3, None, {"3 #5 b7"}),
        # More: the root, then the fifth; in a diminished chord the third.
        ("maj", 4, 0, {"1 1 3 5"}),
        ("min", 5, 0, {"1 1 b3 5 5", "1 1 1 b3 5"}),
        ("dim", 4, 0, {"1 b3 b3 b5"}),
        ("sus4", 4, 0, {"1 1 4 5"}),
        ("5", 4, 0, {"1 1 1 5", "1 1 5 5"}),
        # Slash chords: the bass is not doubled if it is the third; a strange bass is added.
        ("maj", 4, 4, {"1 1 3 5"}),
        ("maj", 4, 2, {"1 (2) 3 5"}),
        ("7", 4, 11, {"1 3 b7 (11)"}),
    ],
)
def test_best_tones(quality: str, voices: int, lowest: int | None, sets: set[str]) -> None:
    assert best(quality, voices, lowest) == sets


@pytest.mark.parametrize("quality", TEMPLATES)
@pytest.mark.parametrize("voices", [3, 4, 5, 6])
def test_what_names_the_chord_is_kept_and_what_leads_is_not_doubled(quality: str, voices: int) -> None:
    template = TEMPLATES[quality]
    needed = {tone.semitones for tone in template.tones if tone.degree not in {"1", "5"} and tone.importance > 0.1}
    alone = {tone.semitones for tone in template.tones if tone.degree in {"7", "b7", "bb7", "b9", "#9", "#5", "b13"}}
    if is_dominant(template):
        alone.add(4)
    for played, _ in tone_sets(template, voices, None):
        counts = Counter(played)
        assert len(played) == voices
        if len(needed) <= voices:
            assert needed <= set(played)
        if voices <= len(template.tones) + 1:
            assert all(counts[tone] <= 1 for tone in alone)


def test_sets_come_with_their_costs_and_the_worst_is_near_the_best() -> None:
    for template in TEMPLATES.values():
        costs = [cost for _, cost in tone_sets(template, 4, 0)]
        assert max(costs) - min(costs) <= 3.0
