"""What tests of voicing share: symbols read the short way, random chords, and costs counted slowly, voice by voice."""

from itertools import combinations

from hypothesis import strategies as st

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.pitch_class import pitch_class_at, place_of_name
from cocomposer.harmony.templates import TEMPLATES
from cocomposer.harmony.voicing.candidates import Candidates
from cocomposer.harmony.voicing.motion import BASS_WEIGHT, ENTERING_COST, FORBIDDEN, UNRESOLVED
from cocomposer.harmony.voicing.rules import VoicingRules

_QUALITIES = {template.suffix: quality for quality, template in TEMPLATES.items()}
NAMES = "C Db D Eb E F F# G Ab A Bb B".split()


def chord(symbol: str) -> Chord:
    """A chord from the name that `Chord.name` gives it."""
    name, slash, bass = (symbol, "", "") if symbol.endswith("6/9") else symbol.partition("/")
    letters = 2 if name[1:2] in {"b", "#"} else 1
    root, quality = name[:letters], _QUALITIES[name[letters:]]
    return Chord(_pitch_class(root), quality, _pitch_class(bass) if slash else None)


def chords(line: str) -> list[Chord]:
    """Several chords in a row."""
    return [chord(symbol) for symbol in line.split()]


def pitch(name: str) -> int:
    """The MIDI pitch of a name such as "C4" (60)."""
    octave = int(name[-1])
    return 12 * (octave + 1) + _pitch_class(name[:-1])


def pitches(line: str) -> tuple[int, ...]:
    """Several pitches in a row."""
    return tuple(pitch(name) for name in line.split())


def _pitch_class(name: str) -> int:
    return pitch_class_at(place_of_name(name))


@st.composite
def random_chords(draw: st.DrawFn, qualities: tuple[str, ...] = tuple(TEMPLATES)) -> Chord:
    """Any root and quality; one in four on a bass of its own."""
    root = draw(st.integers(0, 11))
    quality = draw(st.sampled_from(qualities))
    has_bass = draw(st.integers(0, 3)) == 0
    return Chord(root, quality, draw(st.integers(0, 11)) if has_bass else None)


def slow_transition(before: Candidates, row: int, after: Candidates, column: int, rules: VoicingRules) -> float:
    """The cost of one step, counted voice by voice."""
    a: list[int] = before.pitches[row].tolist()
    b: list[int] = after.pitches[column].tolist()
    weight = BASS_WEIGHT if after.is_bass_given else 1.0
    cost = weight * abs(a[0] - b[0]) + _upper_motion(a[1:], b[1:])
    if len(a) == len(b):
        cost += UNRESOLVED * sum(
            _is_unresolved(low, high, before.chord, after.chord) for low, high in zip(a, b, strict=True)
        )
    else:
        a, b = [a[0], a[-1]], [b[0], b[-1]]
    if rules.is_strict:
        cost += FORBIDDEN * sum(_is_parallel(a, b, i, j) for i, j in combinations(range(len(a)), 2))
        if rules.no_hidden:
            rises, leaps = (b[0] - a[0]) * (b[-1] - a[-1]) > 0, abs(b[-1] - a[-1]) > 2
            cost += FORBIDDEN * (rises and leaps and (b[-1] - b[0]) % 12 in {0, 7})
    return cost


def _upper_motion(a: list[int], b: list[int]) -> float:
    fewer, more = sorted((a, b), key=len)
    matched = min(
        sum(abs(one - other) for one, other in zip(fewer, chosen, strict=True))
        for chosen in combinations(more, len(fewer))
    )
    return matched + ENTERING_COST * (len(more) - len(fewer))


def _is_unresolved(low: int, high: int, before: Chord, after: Chord) -> int:
    degrees = {tone.semitones: tone.degree for tone in before.template.tones}
    degree, move = degrees.get((low - before.root) % 12), high - low
    seventh = degree in {"7", "b7", "bb7"} and before != after and move not in {0, -1, -2}
    leads = degree == "3" and (after.root - before.root) % 12 == 5 and move not in {0, 1}
    return seventh + leads


def _is_parallel(a: list[int], b: list[int], i: int, j: int) -> bool:
    interval = (a[j] - a[i]) % 12
    return interval in {0, 7} and interval == (b[j] - b[i]) % 12 and a[i] != b[i] and a[j] != b[j]
