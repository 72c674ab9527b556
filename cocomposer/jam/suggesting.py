"""What chord could come next: passes a front end's questions on to the composer, and sees that each is answered once.

Where the composer is away the answer is a sentence. Knows no chords.
"""

from collections import Counter
from typing import Final

from cocomposer.jam import inputs, outputs
from cocomposer.jam.state import State

_AWAY: Final = "The composer cannot be asked for chords just now; try again when it is ready."
_LOST: Final = "The composer was lost while it looked for chords; try again when it is ready."


class Suggesting:
    """All questions that are not answered yet."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._asked: Counter[int] = Counter()

    def ask(self, event: inputs.Suggest) -> None:
        """Have it answered."""
        if not self._state.composer_ready:
            self._state.out.append(outputs.Suggested(event.request, failure=_AWAY))
            return
        self._asked[event.request] += 1
        self._state.out.append(event)

    def answered(self, event: outputs.Suggested) -> None:
        """The composer knows; nobody is told twice."""
        if self._asked[event.request] > 0:
            self._asked[event.request] -= 1
            self._state.out.append(event)

    def lost(self) -> None:
        """The composer is lost, and with it all that it was asked."""
        self._state.out += [outputs.Suggested(request, failure=_LOST) for request in self._asked.elements()]
        self._asked.clear()
