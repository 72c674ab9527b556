"""Asks the engine to answer a take anew, four times side by side or around bars that stay, and notes what comes of it.

Without Qt. What is asked for is planned in `presenters.alternatives`; what is kept of it is the panel's.
"""

from collections.abc import Callable
from typing import Final

import msgspec

from cocomposer.document.document import moved
from cocomposer.document.takes import KeptTake
from cocomposer.jam import inputs, outputs
from cocomposer.music.note import Note
from cocomposer.runtime.news import FromFront
from ui.presenters.alternative_cards import audition_name, to_hear
from ui.presenters.alternatives import Regeneration, plan_again
from ui.presenters.roles_asked import Asking, Place, drums, harmonise
from ui.presenters.session import Alternatives, Session

CONTEXT_NOTES: Final = 256
"""So much of the jam is told with what shall be answered anew."""


class AskingAgain:
    """The alternatives of one session."""

    def __init__(
        self,
        session: Session,
        send: Callable[[FromFront], bool],
        audition: Callable[[str, tuple[Note, ...], float, tuple[Note, ...]], None],
    ) -> None:
        """`send` tells whether there is an engine; `audition(name, notes, bpm, along)` lets notes be heard."""
        self._session, self._send, self._audition = session, send, audition
        self._request = 0
        self._regeneration: Regeneration | None = None
        self._asking: Asking | None = None
        self._again: Callable[[], None] = lambda: None
        """Ask once more for what was asked for last."""

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
        offset = self._session.document.offset_ticks
        asked = plan_again(wanted, rounds, self._context(take), self._request + 1, offset)
        self._request += len(asked)
        self._regeneration = self._asking = None
        self._again = lambda: self.ask(take)
        requests, seeds = tuple(one.request for one in asked), tuple(one.seed for one in asked)
        self._session.alternatives = Alternatives(take.id, requests, seeds, rounds, settings=wanted.settings)
        for one in asked:
            self._send(one)

    def ask_for(self, take: KeptTake, plan: Callable[[KeptTake, Place], Asking], rounds: int = 0) -> None:
        """Draw what a role makes of a take; `plan` is given it with the settings in force."""
        session = self._session
        if not self._send(inputs.GiveUp()):
            return
        wanted = msgspec.structs.replace(take, settings=session.settings)
        place = Place(self._context(take), self._request + 1, rounds, session.document.offset_ticks)
        self._regeneration, asking = None, plan(wanted, place)
        self._asking = asking
        self._again = lambda: self.ask_for(take, plan, rounds + 1)
        self._request += len(asking.requests)
        session.alternatives = Alternatives(
            take.id,
            tuple(one.request for one in asking.requests),
            tuple(one.seed for one in asking.requests),
            rounds,
            settings=session.settings,
            title=asking.title,
            base=asking.base,
            under=asking.under,
            whole=asking.whole,
        )
        for one in asking.requests:
            self._send(one)

    def drums(self, take: KeptTake | None) -> None:
        """Draw drums under a take; nothing for None."""
        if take is not None:
            self.ask_for(take, drums)

    def harmonise(self, take: KeptTake | None) -> None:
        """Find chords under a take; nothing for None."""
        if take is not None:
            self.ask_for(take, harmonise)

    def more(self) -> None:
        """Draw four more of what was asked for last."""
        self._again()

    def regenerate(self, take: KeptTake, kept_bars: frozenset[int]) -> None:
        """Keep these bars of the answer, draw the rest anew."""
        if not self._send(inputs.GiveUp()):
            return
        before = self._session.alternatives
        again = before is not None and (before.take_id, before.kept_bars) == (take.id, kept_bars)
        rounds = before.round + 1 if before is not None and again else 0
        self._request += 1
        wanted = msgspec.structs.replace(take, settings=self._session.settings)
        offset = self._session.document.offset_ticks
        self._asking = None
        anew = self._regeneration = Regeneration(wanted, kept_bars, self._context(take), self._request, rounds, offset)
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
        if self._asking is not None and self._asking.back_ticks and alternatives is not None:
            self._bring_back(alternatives, news, self._asking.back_ticks)
        if regeneration is None or alternatives is None or not regeneration.take_in(news):
            return
        alternatives.answers.pop(0, None)
        if regeneration.failure is not None:
            alternatives.failures[0] = regeneration.failure
        elif regeneration.answer is not None:
            alternatives.answers[0] = regeneration.answer
        else:
            self._ask_next()

    @staticmethod
    def _bring_back(alternatives: Alternatives, news: outputs.Alternative, ticks: int) -> None:
        """Lay what came where it belongs."""
        if news.request in alternatives.requests and news.failure is None:
            place = alternatives.requests.index(news.request)
            alternatives.answers[place] = moved(news.notes, -ticks)

    def hear(self, place: int) -> None:
        """Let one be heard, if it is there."""
        alternatives = self._session.alternatives
        take = None if alternatives is None else self._session.document.take(alternatives.take_id)
        if alternatives is not None and take is not None:
            notes, along = to_hear(alternatives, take, place)
            self._audition(audition_name(place), notes, take.bpm, along)

    def close(self) -> None:
        """Nobody wants them any more."""
        if self._session.alternatives is not None and self._session.alternatives.waiting:
            self._send(inputs.GiveUp())
        self._regeneration = self._asking = None
        self._again = lambda: None
        self._session.alternatives = None
