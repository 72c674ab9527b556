"""Lets the engine play the progression, or the answers go by it, and tells it when they change. Without Qt."""

from collections.abc import Callable

from cocomposer.document.progression import Progression
from cocomposer.jam.inputs import ChordSlot, PlayChords
from cocomposer.jam.outputs import ChordsChanged
from cocomposer.runtime.news import FromFront
from ui.presenters.progression import bpm_now
from ui.presenters.session import Session


class ChordPlayer:
    """The progression of one session, as the engine has it."""

    def __init__(self, session: Session, send: Callable[[FromFront], bool]) -> None:
        self._session, self._send = session, send
        self._told: Progression | None = None
        """What the engine was last told."""
        self._asked = False, False
        """Whether it was then to be heard, and to lead the answers …"""
        self._asked_of: ChordsChanged | None = None
        """… when this was how the engine stood: until it tells another, that is how things stand."""

    @property
    def _stands(self) -> tuple[bool, bool]:
        playing = self._session.chords
        return self._asked if self._asked_of is playing else (playing.sound, playing.lock)

    def play(self, sound: bool) -> None:
        """Play the progression, or not any more."""
        self._tell(sound, self._stands[1])

    def lock(self, on: bool) -> None:
        """Let the answers go by the progression, or not any more."""
        self._tell(self._stands[0], on)

    def set_loop(self, on: bool) -> None:
        """Again and again, or once."""
        self._session.row.loop = on
        self._tell_again()

    def set_strict(self, on: bool) -> None:
        """Locked answers have no other tones than the chords'."""
        self._session.row.strict = on
        self._tell_again()

    def changed(self) -> None:
        """The document was changed: what plays becomes what it is now."""
        if self._session.document.progression is not self._told:
            self._tell_again()

    def end(self) -> None:
        """There is another document; what plays belongs to the one before."""
        if self._session.chords.slots:
            self._send(PlayChords())
        self._told = self._asked_of = None

    def _tell_again(self) -> None:
        if self._session.chords.slots or any(self._stands):
            self._tell(*self._stands)

    def _tell(self, sound: bool, lock: bool) -> None:
        row, state = self._session.document.progression, self._session.row
        if not row.cards and (sound or lock) and not self._session.chords.slots:
            self._session.say("There are no chords yet; place or type some first.")
            return
        self._told = row
        self._asked, self._asked_of = (sound, lock), self._session.chords
        if not row.cards or not (sound or lock):
            self._send(PlayChords())
            return
        self._send(
            PlayChords(
                slots=tuple(ChordSlot(card.symbol, card.beats) for card in row.cards),
                loop=state.loop,
                sound=sound,
                lock=lock,
                strict=state.strict,
                style=row.style.value,
                pattern=row.pattern,
                channel=row.channel,
                bpm=bpm_now(self._session),
            )
        )
