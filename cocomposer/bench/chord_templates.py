"""How well single chords are named: every template on every root, in every inversion, closed and open, whole, with one
tone doubled or one missing. Needs no corpus.

Some are two chords at once (C6 is Am7/C, any tone of dim7 and aug may be the root): `same tones` counts a name that
says the very tones that sound over their bass, `among three` the name that was meant among the first three.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.harmony.recognition import recognise_pitches
from cocomposer.harmony.templates import TEMPLATES

PLAIN: Final = frozenset({"maj", "min", "dim", "aug", "7", "maj7", "min7", "hdim7", "dim7", "minmaj7"})
"""Triads and sevenths."""
COUNTED: Final = ("exact", "same tones", "same root", "among three")
_LOWEST: Final = 48


def positions(quality: str, root: int) -> Iterator[tuple[str, str, Chord, tuple[int, ...]]]:
    """(position, change, chord, pitches) of one template on one root."""
    steps = sorted(TEMPLATES[quality].semitones)
    for inversion, lowest in enumerate(steps):
        order = steps[inversion:] + [step + PITCH_CLASSES for step in steps[:inversion]]
        chord = Chord(root, quality, None if lowest == 0 else (root + lowest) % PITCH_CLASSES)
        place = "root" if inversion == 0 else "inverted"
        for spacing in ("closed", "open"):
            pitches = [_LOWEST + root + step for step in order]
            if spacing == "open":  # every other voice an octave up, as in drop voicings
                pitches = sorted(pitch + PITCH_CLASSES * (number % 2) for number, pitch in enumerate(pitches))
            yield f"{place} {spacing}", "whole", chord, tuple(pitches)
            for number, pitch in enumerate(pitches):
                yield f"{place} {spacing}", "one doubled", chord, (*pitches, pitch + 2 * PITCH_CLASSES)
                # Without its lowest tone it would be another inversion.
                if number and len(pitches) > 2:
                    yield f"{place} {spacing}", "one missing", chord, (*pitches[:number], *pitches[number + 1 :])


def measure(qualities: Iterable[str] = tuple(TEMPLATES)) -> dict[str, dict[str, float]]:
    """Shares by group ("plain" templates, then "all") and position and change, with the number of chords."""
    counts: dict[str, Counter[str]] = {}
    for quality in qualities:
        for root in range(PITCH_CLASSES):
            for place, change, wanted, pitches in positions(quality, root):
                found = [chord for chord, _ in recognise_pitches(pitches, 3)]
                for group in ("plain", "all") if quality in PLAIN else ("all",):
                    row = counts.setdefault(f"{group}, {place}, {change}", Counter())
                    row["chords"] += 1
                    row["exact"] += found[0] == wanted
                    row["same tones"] += says(found[0], pitches)
                    row["same root"] += found[0].root == wanted.root
                    row["among three"] += wanted in found
    return {
        name: {"chords": row["chords"]} | {word: row[word] / row["chords"] for word in COUNTED}
        for name, row in sorted(counts.items(), key=lambda item: (not item[0].startswith("plain"), item[0]))
    }


def inversions_by_quality() -> dict[str, float]:
    """Share of closed and open positions of each quality, whole, whose first name is exact; all inversions."""
    shares = {}
    for quality in TEMPLATES:
        exact = [
            recognise_pitches(pitches, 1)[0][0] == wanted
            for root in range(PITCH_CLASSES)
            for _, change, wanted, pitches in positions(quality, root)
            if change == "whole"
        ]
        shares[quality] = sum(exact) / len(exact)
    return shares


def says(found: Chord, pitches: tuple[int, ...]) -> bool:
    """Whether a name says just the tones that sound, but for those that players leave out, over their bass."""
    sounding = {pitch % PITCH_CLASSES for pitch in pitches}
    optional = {(found.root + tone.semitones) % PITCH_CLASSES for tone in found.template.tones if tone.is_optional}
    is_said = sounding <= found.pitch_classes and found.pitch_classes - sounding <= optional
    return is_said and found.bass_or_root == min(pitches) % PITCH_CLASSES
