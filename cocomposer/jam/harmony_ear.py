"""The player's keys told to what is believed of their chords, laid on the jam's axis.

Follows what the jam tells of keys (`Heard`, `Released`), so the ends of keys that were given up are heard too.
"""

from collections.abc import Iterable

from cocomposer.accompaniment.chord_belief import ChordBelief
from cocomposer.harmony.metre import Metre
from cocomposer.jam import outputs
from cocomposer.jam.outputs import Output


class HarmonyEar:
    """One player's."""

    def __init__(self) -> None:
        self._metre = Metre()
        self.belief = ChordBelief(self._metre)
        self._tick = 0

    def hear(self, told: Iterable[Output], metre: Metre, tick: int) -> None:
        """Take in what was just told of keys."""
        self._follow(metre, tick)
        for output in told:
            if isinstance(output, outputs.Heard):
                self._tick = max(self._tick, round(output.tick))
                self.belief.strike(self._tick, output.pitch, output.velocity, output.channel)
            elif isinstance(output, outputs.Released):
                self._tick = max(self._tick, round(output.tick))
                self.belief.release(self._tick, output.pitch, output.channel)

    def pass_to(self, tick: int) -> None:
        """Time went on."""
        self._tick = max(self._tick, tick)
        self.belief.pass_to(self._tick)

    def _follow(self, metre: Metre, tick: int) -> None:
        bar_tick = None if metre.bar_tick is None else metre.bar_tick % metre.ticks_per_bar
        metre = Metre(metre.beats_per_bar, bar_tick, metre.beat_known)
        if metre != self._metre:
            self._tick = max(self._tick, tick)
            self._metre = metre
            self.belief.change_metre(metre, self._tick)
