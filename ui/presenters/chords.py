"""What the chord panel says: the chord that sounds, the key, the progression so far, and what could come next.

Chords come as symbols and are named here in the key in force: the one that the musician pinned, else the one that is
heard. Knows no Qt, and asks nobody (`chords_asked` says what is asked).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import Key, Mode, key_named
from cocomposer.harmony.key_finding import home_of
from cocomposer.harmony.names.numeral_writing import write_numerals
from cocomposer.harmony.names.symbols import NoChord, UnknownChord, read_symbol
from cocomposer.harmony.names.writing import Style, write_chord
from cocomposer.harmony.pitch_class import PITCH_CLASSES
from cocomposer.harmony.progressions.reasons import Function
from cocomposer.harmony.progressions.substitutes import substitutes
from cocomposer.jam.outputs import HarmonyChanged, Suggested, SuggestedChord
from ui.presenters.chords_wish import ChordWish, Follows
from ui.presenters.session import Session

SO_FAR: Final = 8
"""The last chords that are shown."""
ALTERNATIVES: Final = 3
"""What else the chord may be, as far as it is likely."""
LIKELY: Final = 0.05
_SHORT: Final = {Function.SUBDOMINANT.value: "subdom.", Function.APPLIED.value: "applied"}
SUBSTITUTES: Final = 8
SURE_OF_KEY: Final = 0.5
"""A heard key that is less likely gives way to the one in which the chords were read for the suggestions."""


@dataclass(frozen=True, slots=True)
class Named:
    """A chord, by name and numeral."""

    name: str
    numeral: str


@dataclass(frozen=True, slots=True)
class ChordCard:
    """One suggestion."""

    number: int
    """From 1; Alt and this number places it."""
    symbol: str
    """As every program reads it."""
    name: str
    """For the eye."""
    numeral: str
    probability: float
    function: str
    short_function: str
    reason: str
    spoken: str


@dataclass(frozen=True, slots=True)
class ChordsView:
    """All of it; equal views look alike."""

    now: str = ""
    """What sounds, or sounded last, by name; empty: nothing."""
    symbol: str = ""
    """The same as every program reads it."""
    given: bool = False
    """It is not heard but played from the progression."""
    confidence: float = 0.0
    alternatives: tuple[tuple[str, float], ...] = ()
    key: str = ""
    """By name; empty while it is unclear."""
    key_value: Key | None = None
    key_confidence: float = 0.0
    """Of a key that is heard."""
    key_supposed: bool = False
    """None is heard clearly: it is the one in which the suggestions read the chords."""
    heard_key: str = ""
    """What is heard, though another may be pinned."""
    pinned: bool = False
    so_far: tuple[Named, ...] = ()
    """The last is what sounds now, if anything does."""
    cards: tuple[ChordCard, ...] = ()
    hint: str = ""
    """Why there are no cards; a sentence."""
    wish: ChordWish = field(default_factory=ChordWish)


NOTHING_YET: Final = "Play some chords, and what could come next stands here."
NOTHING_PLACED: Final = "Place some chords, and what could come next stands here."


def view_of(harmony: HarmonyChanged | None, suggested: Suggested | None, wish: ChordWish) -> ChordsView:
    """What is shown of what the engine told."""
    key = shown_key(harmony, suggested, wish)
    heard = key_in_force(harmony, ChordWish())
    supposed = wish.pinned_key is None and key != heard
    cards_key = _key_of(suggested, key)
    now = None if harmony is None or harmony.chord is None else read(harmony.chord)
    failure = None if suggested is None else suggested.failure
    found = () if suggested is None or failure is not None else suggested.chords
    waiting = NOTHING_YET if wish.follows is Follows.JAM else NOTHING_PLACED
    return ChordsView(
        now="" if now is None else write_chord(now, Style.UNICODE, key),
        symbol="" if now is None else write_chord(now, key=key),
        given=harmony is not None and harmony.given,
        confidence=0.0 if harmony is None or now is None else harmony.confidence,
        alternatives=_alternatives(harmony, key),
        key="" if key is None else eye(key),
        key_value=key,
        heard_key="" if heard is None else eye(heard),
        key_confidence=0.0 if harmony is None or supposed else harmony.key_confidence,
        key_supposed=supposed,
        pinned=wish.pinned_key is not None and key is not None,
        so_far=so_far(harmony, key),
        cards=tuple(card_of(number, one, cards_key) for number, one in enumerate(found, 1)),
        hint="" if found else failure or waiting,
        wish=wish,
    )


def key_in_force(harmony: HarmonyChanged | None, wish: ChordWish) -> Key | None:
    """The pinned key, else the one that is heard; None while that is unclear."""
    name = wish.pinned_key or (None if harmony is None else harmony.key)
    try:
        return None if not name else key_named(name)
    except ValueError:  # of a newer engine
        return None


def shown_key(harmony: HarmonyChanged | None, suggested: Suggested | None, wish: ChordWish) -> Key | None:
    """The key in which everything is named: pinned, or heard clearly, or that of the suggestions for what was heard, or
    for the progression where nothing was.

    So no two parts of the window name one chord in different keys. None while there is no sign of any.
    """
    heard = key_in_force(harmony, wish)
    sure = wish.pinned_key is not None or (harmony is not None and harmony.key_confidence >= SURE_OF_KEY)
    if heard is not None and (sure or wish.follows is not Follows.JAM):
        return heard
    return _key_of(suggested, heard) or heard


def read(symbol: str) -> Chord | NoChord | None:
    """The chord of a symbol; None if it is one that only a newer engine knows."""
    try:
        return read_symbol(symbol)
    except UnknownChord:
        return None


def renamed(symbol: str, key: Key | None, style: Style = Style.PLAIN) -> str:
    """A symbol spelt in a key; as it is where it cannot be read."""
    chord = read(symbol)
    return symbol if chord is None else write_chord(chord, style, key)


def eye(key: Key) -> str:
    """A key's name with real accidentals."""
    return seen_key(key.name)


def seen_key(name: str) -> str:
    """The same of a key that is given by name: "Db major" is D♭ major."""
    tonic, _, mode = name.partition(" ")
    return f"{tonic[0]}{tonic[1:].replace('b', '♭').replace('#', '♯')} {mode}"


def so_far(harmony: HarmonyChanged | None, key: Key | None) -> tuple[Named, ...]:
    """The last chords, no two neighbours alike; without a key they have no numerals."""
    if harmony is None:
        return ()
    heard = [symbol for _, _, symbol in harmony.spans] + ([] if harmony.chord is None else [harmony.chord])
    chords = [chord for symbol in heard if isinstance(chord := read(symbol), Chord)]
    different = [chord for place, chord in enumerate(chords) if place == 0 or chord != chords[place - 1]][-SO_FAR:]
    numerals: Sequence[str] = [""] * len(different) if key is None else write_numerals(different, key)
    return tuple(
        Named(write_chord(chord, Style.UNICODE, key), numeral)
        for chord, numeral in zip(different, numerals, strict=True)
    )


def _alternatives(harmony: HarmonyChanged | None, key: Key | None) -> tuple[tuple[str, float], ...]:
    if harmony is None or harmony.chord is None:
        return ()
    likely = [(renamed(symbol, key, Style.UNICODE), share) for symbol, share in harmony.alternatives if share >= LIKELY]
    return tuple(likely[:ALTERNATIVES])


def card_of(number: int, one: SuggestedChord, key: Key | None) -> ChordCard:
    """A suggestion as a card, in the key in which it was made."""
    spoken = f"{number}: {one.symbol}, {one.numeral}, {share_words(one.probability)}, {one.function}, {one.reason}"
    name = renamed(one.symbol, key, Style.UNICODE)
    short = _SHORT.get(one.function, one.function)
    reason = one.reason if key is None else one.reason.replace(key.name, eye(key)).replace(key.usual.name, eye(key))
    return ChordCard(number, one.symbol, name, one.numeral, one.probability, one.function, short, reason, spoken)


def _key_of(suggested: Suggested | None, beside: Key | None) -> Key | None:
    """In which the chords were read, written as it is beside another key."""
    try:
        return None if suggested is None else key_named(suggested.key).beside(beside)
    except ValueError:  # none, or of a newer engine
        return None


def share_words(share: float) -> str:
    """A probability for people."""
    return f"{100 * share:.0f} %" if share >= 0.01 else "below 1 %"


@dataclass(frozen=True, slots=True)
class Instead:
    """A chord that may stand for another one."""

    symbol: str
    text: str
    """Name, numeral and why."""


def instead_of(symbol: str, key: Key | None) -> tuple[Instead, ...]:
    """What may stand for a chord, best first; nothing for what is no chord."""
    chord = read(symbol)
    if not isinstance(chord, Chord):
        return ()
    found = substitutes(chord, key or home_of(chord))[:SUBSTITUTES]
    return tuple(Instead(one.symbol, f"{one.symbol}   {one.numeral}   {one.reason}") for one in found)


def key_names() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """All keys by mode, for a menu: (name, for the eye)."""
    keys = {mode: [Key(tonic, mode) for tonic in range(PITCH_CLASSES)] for mode in Mode}
    return tuple((str(mode).capitalize(), tuple((key.name, eye(key)) for key in of)) for mode, of in keys.items())


class ChordsViewer:
    """Makes a view only when there is something new to be seen."""

    def __init__(self) -> None:
        self._made_of: tuple[object, ...] = ()
        self._view = ChordsView()

    def view(self, session: Session) -> ChordsView:
        """What is shown now."""
        made_of = session.harmony, session.suggested, session.chord_wish
        if len(made_of) != len(self._made_of) or any(a is not b for a, b in zip(made_of, self._made_of, strict=True)):
            self._made_of, self._view = made_of, view_of(*made_of)
        return self._view
