"""Asks a JACK server for its MIDI ports, and so whether it lives, without stopping the interpreter.

python-rtmidi cannot do either: a client of it lists the ports of a server that has died as if nothing had happened,
and making a fresh one keeps the interpreter lock for 25 ms (jackd2 1.9.21), which playback would hear. So this speaks,
through ctypes, to the libjack that python-rtmidi has loaded anyway. Knows nothing of messages.
"""

import ctypes
import sys
from pathlib import Path
from typing import Final

_NO_START_SERVER: Final = 0x01
_IS_INPUT: Final = 0x1
_IS_OUTPUT: Final = 0x2
_MIDI_TYPE: Final = b"8 bit raw midi"
# Values and types: jack/types.h and jack/midiport.h.


class JackLook:
    """Reads a JACK server's port list through a client of its own that is never part of the audio graph."""

    def __init__(self, library: str) -> None:
        jack = ctypes.CDLL(library)
        jack.jack_client_open.restype = ctypes.c_void_p
        jack.jack_client_open.argtypes = [ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p]
        jack.jack_client_close.argtypes = [ctypes.c_void_p]
        jack.jack_get_ports.restype = ctypes.POINTER(ctypes.c_char_p)
        jack.jack_get_ports.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_ulong]
        jack.jack_free.argtypes = [ctypes.c_void_p]
        # Whether a server runs is an everyday question here; libjack would answer it with five lines on standard
        # error. The stand-in is a C function that takes a string and does nothing with it, because it is called
        # in the driver's threads, where Python code must not run.
        silence = ctypes.cast(ctypes.CDLL(None).strlen, ctypes.c_void_p)
        jack.jack_set_error_function.argtypes = [ctypes.c_void_p]
        jack.jack_set_info_function.argtypes = [ctypes.c_void_p]
        jack.jack_set_error_function(silence)
        jack.jack_set_info_function(silence)
        self._jack = jack

    def midi_ports(self) -> tuple[list[str], list[str]] | None:
        """Names of (ports that we can hear, ports that we can send to); None if no server answers."""
        client = self._jack.jack_client_open(b"cocomposer look", _NO_START_SERVER, None)
        if not client:
            return None
        try:
            return self._names(client, _IS_OUTPUT), self._names(client, _IS_INPUT)
        finally:
            self._jack.jack_client_close(client)

    def _names(self, client: int, flags: int) -> list[str]:
        found = self._jack.jack_get_ports(client, None, _MIDI_TYPE, flags)
        if not found:
            return []
        names: list[str] = []
        while (name := found[len(names)]) is not None:
            names.append(name.decode("utf-8", "replace"))
        self._jack.jack_free(ctypes.cast(found, ctypes.c_void_p))
        return names


def find() -> JackLook | None:
    """A look through the libjack loaded in this process; None where there is none or it cannot be found (not Linux)."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        maps = Path("/proc/self/maps").read_text().splitlines()
        libraries = {line.split(maxsplit=5)[5] for line in maps if "libjack" in line}
        return JackLook(min(libraries)) if libraries else None
    except (OSError, AttributeError, IndexError):
        return None
