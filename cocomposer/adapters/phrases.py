"""The example phrases that come with the product, for the demo and for a first try without a keyboard.

Knows only where they lie; `midi_files` reads them. Where each comes from: SOURCES.md beside them.
"""

from pathlib import Path

_FOLDER = Path(__file__).resolve().parent.parent / "phrases"


def phrases() -> dict[str, Path]:
    """Name ("waltz") → path of its MIDI file, in alphabetical order."""
    return {path.stem: path for path in sorted(_FOLDER.glob("*.mid"))}
