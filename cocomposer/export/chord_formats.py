"""The formats in which a progression is given away: name, file ending, writer. For the command line and the window."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cocomposer.export.chart_text import chart_text
from cocomposer.export.chord_json import chord_json
from cocomposer.export.chord_midi import chord_midi
from cocomposer.export.chord_pro import chord_pro
from cocomposer.export.ireal import ireal_link
from cocomposer.export.lead_sheet import LeadSheet
from cocomposer.export.music_xml import music_xml


@dataclass(frozen=True, slots=True)
class ChordFormat:
    """One format."""

    name: str
    label: str
    """For people."""
    suffix: str
    """Of its files."""
    write: Callable[[LeadSheet], bytes]
    """The file's bytes; SheetError where the format cannot hold the sheet."""
    is_text: bool = True
    """Whether it can go to the clipboard or a terminal."""


_TABLE: Final = (
    ChordFormat("midi", "MIDI file", ".mid", chord_midi, is_text=False),
    ChordFormat("musicxml", "MusicXML lead sheet", ".musicxml", music_xml),
    ChordFormat("chordpro", "ChordPro", ".cho", lambda sheet: chord_pro(sheet).encode()),
    ChordFormat("chart", "Plain chart", ".txt", lambda sheet: chart_text(sheet).encode()),
    ChordFormat("ireal", "iReal Pro link", ".ireal.txt", lambda sheet: f"{ireal_link(sheet)}\n".encode()),
    ChordFormat("json", "JSON", ".json", chord_json),
)
CHORD_FORMATS: Final[dict[str, ChordFormat]] = {one.name: one for one in _TABLE}
"""Name → format."""
