"""The player's keys told to a harmony that is heard live, laid on the jam's axis: for parts that go by what is played.

Follows what the jam tells of keys (`Heard`, `Released`), so the ends of keys that were given up are heard too.
"""

from collections.abc import Iterable

from cocomposer.harmony.live_harmony import HarmonyNow, LiveHarmony
from cocomposer.harmony.metre import Metre
from cocomposer.jam import outputs
from cocomposer.jam.outputs import Output


class HarmonyEar:
    """Hears anew where the bars change, from the keys that are down then on."""

    def __init__(self) -> None:
        self._metre = Metre()
        self._harmony = LiveHarmony(self._metre)
        self._tick = 0
        self._held: dict[tuple[int, int], int] = {}
        """(channel, pitch) of keys that are down → velocity."""

    @property
    def now(self) -> HarmonyNow:
        """What is heard."""
        return self._harmony.now

    def hear(self, told: Iterable[Output], metre: Metre) -> None:
        """Take in what was just told of keys."""
        self._follow(metre)
        for output in told:
            if isinstance(output, outputs.Heard):
                self._tick = max(self._tick, round(output.tick))
                self._held[output.channel, output.pitch] = output.velocity
                self._harmony.strike(self._tick, output.pitch, output.velocity, output.channel)
            elif isinstance(output, outputs.Released):
                self._tick = max(self._tick, round(output.tick))
                self._held.pop((output.channel, output.pitch), None)
                self._harmony.release(self._tick, output.pitch, output.channel)

    def pass_to(self, tick: int) -> None:
        """Time went on."""
        self._tick = max(self._tick, tick)
        self._harmony.pass_to(self._tick)

    def _follow(self, metre: Metre) -> None:
        bar_tick = None if metre.bar_tick is None else metre.bar_tick % metre.ticks_per_bar
        metre = Metre(metre.beats_per_bar, bar_tick, metre.beat_known)
        if metre != self._metre:
            self._metre, self._harmony = metre, LiveHarmony(metre)
            for (channel, pitch), velocity in self._held.items():
                self._harmony.strike(self._tick, pitch, velocity, channel)
