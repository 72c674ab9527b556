"""cocomposer: a live MIDI co-composer. Holds the version; imports nothing."""

__version__ = "0.1.0"
