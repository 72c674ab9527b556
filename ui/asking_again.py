"""Asks the engine to answer a take anew, four times side by side or around bars that stay, and notes what comes of it.

Without Qt. What is asked for is planned in `presenters.alternatives`; what is kept of it is the panel's.
"""

from collections.abc import Callable
from typing import Final

import msgspec

from cocomposer.document.takes import KeptTake
from cocomposer.jam import inputs, outputs
from cocomposer.music.note import Note
from cocomposer.runtime.news import FromFront
from ui.presenters.alternatives import Regeneration, plan_again
from ui.presenters.session import Alternatives, Session

CONTEXT_NOTES: Final = 256
"""So much of the jam is told with what shall be answered anew."""


class AskingAgain:
    """The alternatives of one session."""

    def __init__(
        self,
        session: Session,
        send: Callable[[FromFront], bool],
        audition: Callable[[str, tuple[Note, ...], float], None],
    ) -> None:
        """`send` tells whether there is an engine; `audition(name, notes, bpm)` lets notes be heard."""
        self._session, self._send, self._audition = session, send, audition
        self._request = 0
        self._regeneration: Regeneration | None = None

    def _context(self, take: KeptTake) -> tuple[Note, ...]:
        """What was played before the take's phrase."""
        if not take.phrase:
            return ()
        return tuple(self._session.document.timeline.notes(0, take.phrase[0].onset_tick)[-CONTEXT_NOTES:])

    def ask(self, take: KeptTake | None) -> None:
        """Draw four other answers; nothing for None."""
        if take is None or not self._send(inputs.GiveUp()):
            return
        before = self._session.alternatives
        rounds = before.round + 1 if before is not None and before.take_id == take.id else 0
        # Drawn as the musician wants it now, not as it was wanted then.
        wanted = msgspec.structs.replace(take, settings=self._session.settings)
        asked = plan_again(wanted, rounds, self._context(take), self._request + 1)
        self._request += len(asked)
        self._regeneration = None
        requests, seeds = tuple(one.request for one in asked), tuple(one.seed for one in asked)
        self._session.alternatives = Alternatives(take.id, requests, seeds, rounds, settings=wanted.settings)
        for one in asked:
            self._send(one)

    def regenerate(self, take: KeptTake, kept_bars: frozenset[int]) -> None:
        """Keep these bars of the answer, draw the rest anew."""
        if not self._send(inputs.GiveUp()):
            return
        before = self._session.alternatives
        again = before is not None and (before.take_id, before.kept_bars) == (take.id, kept_bars)
        rounds = before.round + 1 if before is not None and again else 0
        self._request += 1
        wanted = msgspec.structs.replace(take, settings=self._session.settings)
        anew = self._regeneration = Regeneration(wanted, kept_bars, self._context(take), self._request, rounds)
        self._session.alternatives = Alternatives(
            take.id, (anew.request,), (anew.seed,), rounds, kept_bars, wanted.settings
        )
        if anew.answer is not None:
            self._session.alternatives.answers[0] = anew.answer
        self._ask_next()

    def _ask_next(self) -> None:
        if self._regeneration is not None:
            asked = self._regeneration.next_request()
            if asked is not None:
                self._send(asked)

    def take_in(self, news: outputs.Alternative) -> None:
        """The session has noted it; where only a gap was asked for, ask for the next one or put all together."""
        regeneration, alternatives = self._regeneration, self._session.alternatives
        if regeneration is None or alternatives is None or not regeneration.take_in(news):
            return
        alternatives.answers.pop(0, None)
        if regeneration.failure is not None:
            alternatives.failures[0] = regeneration.failure
        elif regeneration.answer is not None:
            alternatives.answers[0] = regeneration.answer
        else:
            self._ask_next()

    def hear(self, place: int) -> None:
        """Let one be heard, if it is there."""
        alternatives = self._session.alternatives
        take = None if alternatives is None else self._session.document.take(alternatives.take_id)
        if alternatives is not None and take is not None:
            self._audition(f"alternative {place + 1}", alternatives.answers.get(place, ()), take.bpm)

    def close(self) -> None:
        """Nobody wants them any more."""
        if self._session.alternatives is not None and self._session.alternatives.waiting:
            self._send(inputs.GiveUp())
        self._regeneration = None
        self._session.alternatives = None
