"""What can go wrong with MIDI ports, as OSErrors whose text is a sentence for the player. Knows no library."""


class PortError(OSError):
    """Something is wrong with a port, outside this program."""


class PortClosed(PortError):
    """Something was sent to a port that is closed or gone."""


class PortMissing(PortError):
    """There is no port of that name."""


class NoMidiSystem(PortError):
    """There is no MIDI system on this machine, or it has gone away."""
