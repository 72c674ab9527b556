"""A voicing as a value: the pitches that a chord is played with, and which hand plays them. Knows no style."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cocomposer.harmony.chord import Chord

FINGERS: Final = 5
MIDDLE_C: Final = 60
_ONE_HAND_SPAN: Final = 12
"""What lies within an octave is played by one hand, though two could."""


@dataclass(frozen=True, slots=True)
class Voicing:
    """One chord as it is played."""

    chord: Chord
    pitches: tuple[int, ...]
    """MIDI pitches, ascending, none twice."""
    left: int
    """How many of them, from the lowest, the left hand plays."""

    @property
    def left_hand(self) -> tuple[int, ...]:
        """What the left hand plays; may be empty."""
        return self.pitches[: self.left]

    @property
    def right_hand(self) -> tuple[int, ...]:
        """What the right hand plays; may be empty."""
        return self.pitches[self.left :]


def voicing_of(chord: Chord, pitches: Sequence[int], hand_span: int, bass_apart: bool = False) -> Voicing:
    """The voicing with these pitches, divided between the hands as a pianist would.

    A bass that is apart is the left hand's alone. Where no division is playable (a locked voicing may be anything
    that somebody wrote), the hands meet at the widest gap.
    """
    ascending = tuple(sorted(set(pitches)))
    return Voicing(chord, ascending, 1 if bass_apart else _left_of(ascending, hand_span))


def _left_of(pitches: tuple[int, ...], hand_span: int) -> int:
    count = len(pitches)
    if count <= FINGERS and (not count or pitches[-1] - pitches[0] <= min(_ONE_HAND_SPAN, hand_span)):
        return 0 if sum(pitches) >= (MIDDLE_C - 5) * count else count
    inner = range(1, count)
    playable = [number for number in inner if is_playable(pitches, number, hand_span)]
    return max(playable or inner, key=lambda number: pitches[number] - pitches[number - 1], default=count)


def is_playable(pitches: Sequence[int], left: int, hand_span: int) -> bool:
    """Whether each hand has fingers enough and need not reach further than `hand_span` semitones."""
    hands = pitches[:left], pitches[left:]
    return all(len(hand) <= FINGERS and (not hand or hand[-1] - hand[0] <= hand_span) for hand in hands)


def has_playable_hands(pitches: Sequence[int], hand_span: int) -> bool:
    """Whether two hands can play the pitches, ascending, at all."""
    return any(is_playable(pitches, left, hand_span) for left in range(len(pitches) + 1))
