"""What a front end wants drawn beside the jam, in any role: asked of the composer as sketches, told as alternatives.

Every one that is asked for is told once: with its notes, or with the reason why there are none. Knows no turn, and
nothing here sounds.
"""

from typing import Final

from cocomposer.events.codec import Metre
from cocomposer.generation.request import DropSketches, Sketch, Sketched
from cocomposer.jam import inputs, outputs
from cocomposer.jam.roles import Asked, RoleError, hearing_and_wish
from cocomposer.jam.settings import SettingsError, changed
from cocomposer.jam.shaping import playable
from cocomposer.jam.state import CONTEXT_NOTES, State
from cocomposer.music.ticks import TICKS_PER_BEAT

MOST_NOTES: Final = 1024
_NO_MODEL: Final = "The model cannot be asked just now; try again when it is ready."
_NOTHING_HEARD: Final = "There is nothing to answer; choose something with notes in it."
_NOTHING_DRAWN: Final = "The model wrote nothing there; try again, or ask for more bars."
_FAILED: Final = "The model failed while it drew this; try again."
_LOST: Final = "The model was lost while it drew this; try again when it is ready."


class Imagining:
    """All that is being drawn beside the jam."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._asked: dict[int, inputs.Imagine] = {}
        self._count = 0

    def ask(self, event: inputs.Imagine) -> None:
        """Have it drawn."""
        state = self._state
        heard = playable(event.heard)[-CONTEXT_NOTES:]
        if not heard:
            self._fail(event, _NOTHING_HEARD)
            return
        try:
            settings = changed(state.settings, {**event.changes, "seed": event.seed})
        except SettingsError as error:
            self._fail(event, str(error))
            return
        if not state.composer_ready:
            self._fail(event, _NO_MODEL)
            return
        bar = max(1, min(16, event.beats_per_bar)) * TICKS_PER_BEAT
        metre = Metre(event.beat_known, event.bar_tick if event.beat_known else None, bar)
        asked = Asked(
            event.role,
            event.amount,
            heard=tuple(heard),
            phrase=tuple(heard[-max(1, event.phrase_notes) :]),
            right=tuple(playable(event.right)),
            first_tick=event.first_tick,
            end_tick=event.end_tick,
            chords=state.chords.everywhere(event.moved_ticks),
            chord_tones_only=state.chord_tones_only,
        )
        try:
            hearing, wish, task = hearing_and_wish(asked, metre, settings)
        except RoleError as error:
            self._fail(event, str(error))
            return
        self._count += 1
        self._asked[self._count] = event
        state.out.append(Sketch(self._count, hearing, wish, MOST_NOTES, task))

    def drawn(self, event: Sketched) -> None:
        """The composer has drawn one; nobody wants it any more if it was given up."""
        asked = self._asked.pop(event.number, None)
        if asked is None:
            return
        if not event.notes:
            self._fail(asked, event.reason or (_FAILED if event.failed else _NOTHING_DRAWN))
            return
        self._state.out.append(outputs.Alternative(asked.request, asked.seed, event.notes))

    def give_up(self) -> None:
        """Forget all of them."""
        if self._asked:
            self._asked.clear()
            self._state.out.append(DropSketches())

    def lost(self) -> None:
        """The composer is lost, and with it all that it was drawing."""
        for asked in self._asked.values():
            self._fail(asked, _LOST)
        self._asked.clear()

    def _fail(self, event: inputs.Imagine, sentence: str) -> None:
        self._state.out.append(outputs.Alternative(event.request, event.seed, (), sentence))
