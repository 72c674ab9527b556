"""What the circle of fifths shows: keys around it, which is lit, the key's own chords, and the chord of now. No Qt."""

from dataclasses import dataclass
from typing import Final

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import Key, Mode, key_named
from cocomposer.harmony.names.numeral_writing import write_numeral
from cocomposer.harmony.names.symbols import NoChord, UnknownChord, read_symbol
from cocomposer.harmony.names.writing import Style, write_chord
from cocomposer.harmony.pitch_class import PITCH_CLASSES, name_at, pitch_class_at
from ui.presenters.progression import row_key, sounding_card
from ui.presenters.session import Session

_TRIADS: Final = {Mode.MAJOR: "maj", Mode.MINOR: "min"}


@dataclass(frozen=True, slots=True)
class Segment:
    """One key, and the triad on its tonic."""

    place: int
    """Clockwise from C major (outside) and A minor (inside), 0–11."""
    mode: Mode
    """Major keys lie outside, minor ones inside."""
    label: str
    """With real accidentals: "B♭", "Gm"."""
    key: str
    """Its key by name."""
    symbol: str
    """Its triad."""
    numeral: str
    """Of the triad in the key that is lit; empty if it is none of that key's own."""
    lit: bool
    """It is the key that counts."""
    now: bool
    """Its triad, perhaps with more tones, sounds now."""
    spoken: str


@dataclass(frozen=True, slots=True)
class CircleView:
    """All 24, the outer ring first, each from the top clockwise; equal views look alike."""

    segments: tuple[Segment, ...] = ()
    key: str = ""
    chosen: bool = False
    """Somebody chose the key; else it was found or heard."""


def circle_of(session: Session, now: float) -> CircleView:
    """As things stand."""
    key = row_key(session)
    chosen = session.document.progression.chosen_key is not None or session.chord_wish.pinned_key is not None
    return circle_view(key, chosen and key is not None, _chord_now(session, now))


def circle_view(key: Key | None, chosen: bool, now: Chord | None) -> CircleView:
    """The circle around a key, while a chord sounds."""
    segments = tuple(_segment(place, mode, key, now) for mode in Mode for place in range(PITCH_CLASSES))
    return CircleView(segments, "" if key is None else key.name, chosen)


def _segment(place: int, mode: Mode, key: Key | None, now: Chord | None) -> Segment:
    own = key_at(place, mode)
    chord = Chord(own.tonic, _TRIADS[mode])
    if key is not None:
        # As the chord is written in the key: Gb major beside Db major, F# major beside E major.
        own = key_named(f"{name_at(chord.root_place(key))} {mode}")
    # A chord of the key is spelt as the key has it: G# minor is iii of E major, Ab minor is iv of Eb minor.
    diatonic = key is not None and chord.pitch_classes <= key.scale
    numeral = write_numeral(chord, key) if diatonic and key is not None else ""
    label = write_chord(chord, Style.UNICODE, key if diatonic else own)
    lit = key == own
    facts = [own.name, f"{numeral} of {key.name}" if numeral and key is not None and not lit else ""]
    facts += ["the key"] * lit + ["sounds now"] * _is_now(chord, now)
    return Segment(
        place, mode, label, own.name, write_chord(chord, key=key), numeral, lit, _is_now(chord, now),
        ", ".join(fact for fact in facts if fact),
    )  # fmt: skip


def key_at(place: int, mode: Mode) -> Key:
    """The key at a place of the circle; a minor one lies inside its relative major."""
    major = Key(pitch_class_at(place))
    return major if mode is Mode.MAJOR else major.relative


def _is_now(triad: Chord, now: Chord | None) -> bool:
    return now is not None and now.root == triad.root and triad.pitch_classes <= now.pitch_classes


def _chord_now(session: Session, now: float) -> Chord | None:
    """The card that plays, else what is heard."""
    card = sounding_card(session, now)
    if card is not None:
        chord: Chord | NoChord = session.document.progression.cards[card].chord
    elif session.harmony is not None and session.harmony.chord is not None:
        try:
            chord = read_symbol(session.harmony.chord)
        except UnknownChord:  # of a newer engine
            return None
    else:
        return None
    return chord if isinstance(chord, Chord) else None
