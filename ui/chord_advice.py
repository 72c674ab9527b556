"""Asks the engine what chord could come next, lets chords be heard, and says which one was meant to be placed.

Without Qt. At most one question is on its way, asked whenever the last answer no longer fits what is played; answers to
older ones count for nothing. What is asked is planned in `presenters.chords_asked`, how a chord sounds in
`presenters.chords_heard`.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import msgspec

from cocomposer.harmony.voicing.rules import VoicingRules
from cocomposer.harmony.voicing.voicing import Voicing
from cocomposer.jam import inputs, outputs
from cocomposer.jam.outputs import Mode
from cocomposer.runtime.news import FromFront
from ui.presenters.chords import read, shown_key
from ui.presenters.chords_asked import CARDS, asked_of, last_chord
from ui.presenters.chords_heard import audition_of, is_tried, voiced
from ui.presenters.chords_wish import ChordWish
from ui.presenters.session import Link, Session

WAITS_SECONDS: Final = 5.0
"""A question that is not answered in this time is asked again: its engine may be gone."""
AGAIN_SECONDS: Final = 2.0
"""What came to nothing is asked again after this."""
NO_CARD: Final = "There is no such suggestion yet; play some chords first."
NO_KEY: Final = "No key is heard yet; play some more, or choose one in the chord panel."


class ChordAdvice:
    """The suggestions of one session."""

    def __init__(
        self,
        session: Session,
        send: Callable[[FromFront], bool],
        place: Callable[[str], None],
    ) -> None:
        """`send` tells whether there is an engine; `place` puts a symbol into the progression."""
        self._session, self._send, self._place = session, send, place
        self._number = 0
        self._asked: inputs.Suggest | None = None
        """The last question, without its number."""
        self._on_its_way: int | None = None
        self._asked_at = 0.0
        self._meant: list[int] = []
        """Suggestions to be placed when the answer comes, by their numbers from 0."""
        self.seen = True
        """Somebody sees the suggestions; else nothing is asked until one is meant."""
        self._tried: Voicing | None = None
        """The last chord that was placed, as it was heard."""

    # -- ask -----------------------------------------------------------------------------------

    def look(self, now: float) -> None:
        """Each frame: ask if there is something new to be asked at `now` (seconds), and somebody sees the answer."""
        session = self._session
        if session.link is not Link.JOINED:
            self._on_its_way = self._asked = None
            self._meant.clear()
            return
        if not self.seen:
            # What nobody sees grows old; who looks again is told anew.
            self._asked = session.suggested = None
            return
        waited = now - self._asked_at
        if self._on_its_way is not None and waited < WAITS_SECONDS:
            return
        wanted = asked_of(session)
        if wanted is None:
            self._asked, session.suggested = None, None
            return
        failed = session.suggested is not None and session.suggested.failure is not None
        lost = self._on_its_way is not None
        if wanted == self._asked and not lost and not (failed and waited >= AGAIN_SECONDS):
            return
        self._ask(wanted, now)

    def _ask(self, wanted: inputs.Suggest, now: float) -> None:
        self._number += 1
        if self._send(msgspec.structs.replace(wanted, request=self._number)):
            self._asked, self._on_its_way, self._asked_at = wanted, self._number, now

    def take_in(self, news: outputs.Suggested) -> None:
        """What came of a question; of another's, or of an older one, nothing."""
        if news.request == self._on_its_way:
            self._on_its_way = None
            self._session.suggested = news
            meant, self._meant = self._meant, []
            if meant:
                self._choose(meant[0])
            for later in meant[1:]:
                self.choose(later)

    # -- wish ----------------------------------------------------------------------------------

    def wish(self, wish: ChordWish) -> None:
        """From now on this is wanted."""
        self._session.chord_wish = wish

    def pin_key(self) -> None:
        """Keep the key that is heard, or follow what is played again."""
        session = self._session
        pinned = session.chord_wish.pinned_key
        key = shown_key(session.harmony, session.suggested, session.chord_wish)
        if pinned is None and key is None:
            session.say(NO_KEY)
            return
        self.wish(replace(session.chord_wish, pinned_key=None if pinned or key is None else key.name))

    # -- hear and place --------------------------------------------------------------------------

    def rest_on(self, symbol: str) -> None:
        """The pointer or the focus rests on a chord: it is heard, unless something else is."""
        session = self._session
        other = session.audition is not None and not is_tried(session.audition.name)
        given = session.chords.sound and bool(session.chords.slots)
        plays = session.mode in (Mode.ARMED, Mode.ANSWERING) or other or given
        if session.chord_wish.hear and not plays:
            self._hear(symbol)

    def choose(self, place: int) -> None:
        """Place the suggestion with this number, from 0, and hear it.

        That is the one that is seen. A pad that is pressed while none is seen means what could come next now.
        """
        wanted = None if self.seen or self._session.link is not Link.JOINED else asked_of(self._session)
        if wanted is None:
            self._choose(place)
            return
        self._meant.append(place)
        # Whenever somebody looks again: an answer is not waited for that long.
        self._ask(wanted, -math.inf)

    def _choose(self, place: int) -> None:
        suggested = self._session.suggested
        if suggested is None or not 0 <= place < min(CARDS, len(suggested.chords)):
            failure = None if suggested is None else suggested.failure
            self._session.say(failure or NO_CARD)
            return
        self.place(suggested.chords[place].symbol)

    def place(self, symbol: str) -> None:
        """Put it into the progression, and hear it."""
        self._tried = self._hear(symbol)
        self._place(symbol)

    def _hear(self, symbol: str) -> Voicing | None:
        voicing = voiced(symbol, self._before(), self._rules())
        if voicing is not None and self._session.link is Link.JOINED:
            self._send(audition_of(voicing, symbol, self._session.document.progression.channel))
        return voicing

    def _rules(self) -> VoicingRules:
        return VoicingRules(self._session.document.progression.style)

    def _before(self) -> Voicing | None:
        """How the chord before was heard; as it would have been where it was not."""
        last = last_chord(self._session)
        if last is None:
            return None
        if self._tried is not None and self._tried.chord == read(last):
            return self._tried
        return voiced(last, None, self._rules())
