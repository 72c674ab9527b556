"""All that can be done in the window, as a table: id, text, default keys, what a controller may be bound to.

Menus, buttons, the shortcuts page and MIDI learn all read it. Knows no widgets.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that can be done."""

    id: str
    text: str
    """As in a menu: a verb first, no ellipsis unless a dialog follows."""
    keys: tuple[str, ...] = ()
    """Default shortcuts in Qt's portable text."""
    menu: str = ""
    target: str | None = None
    """What a controller is bound to for this (see `cocomposer.jam.targets`); None: it cannot be."""
    checkable: bool = False
    tip: str = ""


def _window(name: str) -> str:
    return f"window:{name}"


ACTIONS: Final = (
    Action("listen", "Listen", ("F5",), "Play", "listen", tip="Stop the machine and answer the next phrase by itself"),
    Action("answer", "Answer now", ("Return", "Enter"), "Play", "take_over", tip="Answer what was played"),
    Action("stop", "Stop", ("F6",), "Play", "rest", tip="Stop the machine; it answers on command only"),
    Action("play_stop", "Answer or stop", ("Space",), "Play", _window("play_stop")),
    Action("panic", "Panic", ("Escape",), "Play", "panic", tip="Silence everything, whatever it takes"),
    Action("tap", "Tap the tempo", ("F7",), "Play", "tap"),
    Action("record", "Record", ("F9",), "Play", _window("record"), True, "Keep all that sounds as one take"),
    Action("forget", "Forget what was played", ("Ctrl+Backspace",), "Play", "reset"),
    Action("capture", "Capture what was played", ("F8",), "Play", _window("capture"),
           tip="Make the last eight bars that you played a take, also if nobody pressed anything"),
    Action("capture_phrase", "Capture the last phrase", (), "Play", _window("capture_phrase")),
    Action("capture_all", "Capture all that was played", (), "Play", _window("capture_all")),
    Action("vary_played", "Vary what I just played …", (), "Play"),
    Action("drums_played", "Drums under what I just played", (), "Play", _window("drums_played")),
    Action("harmonise_played", "Harmonise what I just played", (), "Play", _window("harmonise_played")),
    Action("new", "New jam", ("Ctrl+N",), "File"),
    Action("open", "Open jam …", ("Ctrl+O",), "File"),
    Action("save", "Save jam", ("Ctrl+S",), "File"),
    Action("save_as", "Save jam as …", ("Ctrl+Shift+S",), "File"),
    Action("import_phrase", "Import a MIDI file as phrase …", ("Ctrl+I",), "File"),
    Action("import_seed", "Import a MIDI file and answer it …", (), "File"),
    Action("import_reference", "Import a MIDI file as reference …", (), "File", tip="More like this"),
    Action("export_take", "Export take as MIDI …", ("Ctrl+E",), "File"),
    Action("export_chords", "Export chords as MIDI …", ("Ctrl+Shift+E",), "File",
           tip="The progression as it is played; other formats are in its own menu"),
    Action("quit", "Quit and stop the music", ("Ctrl+Q",), "File"),
    Action("undo", "Undo", ("Ctrl+Z",), "Edit", _window("undo")),
    Action("redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "Edit", _window("redo")),
    Action("play_take", "Play take", ("Ctrl+P",), "Take", _window("play_take")),
    Action("star", "Star take", ("Ctrl+D",), "Take", _window("star"), True),
    Action("again", "Answer again: four alternatives", ("Ctrl+R",), "Take", _window("again")),
    Action("vary", "Vary take …", ("Ctrl+Alt+V",), "Take", tip="Play it again, differently: by as much as you choose"),
    Action("drums", "Drums under this take", ("Ctrl+Alt+D",), "Take", _window("drums")),
    Action("harmonise", "Harmonise this take", ("Ctrl+Alt+H",), "Take", _window("harmonise"),
           tip="Chords under it, on a channel of their own"),
    Action("fill", "Fill between two takes …", ("Ctrl+Alt+F",), "Take",
           tip="Select two takes: the machine writes the bars that lead from one to the other"),
    Action("regenerate", "Keep some bars, draw the rest anew …", ("Ctrl+Shift+R",), "Take"),
    Action("compare", "Compare A and B", ("Ctrl+B",), "Take", _window("compare")),
    Action("use_as_phrase", "Answer this take", ("Ctrl+U",), "Take", _window("use_as_phrase"),
           tip="Take its answer as the next phrase"),
    Action("rename", "Rename take", ("F2",), "Take"),
    Action("delete", "Delete take", ("Delete",), "Take", _window("delete")),
    Action("next_take", "Next take", ("Ctrl+Down",), "Take", _window("next_take")),
    Action("previous_take", "Previous take", ("Ctrl+Up",), "Take", _window("previous_take")),
    Action("close_compare", "End the comparison", (), "Take", _window("close_compare")),
    Action("close_alternatives", "Close the alternatives", (), "Take", _window("close_alternatives")),
    *(Action(f"audition_{n}", f"Hear alternative {n}", (f"Ctrl+{n}",), "Take", _window(f"audition_{n}"))
      for n in range(1, 5)),
    Action("follow", "Follow the playhead", ("Ctrl+F",), "View", _window("follow"), True),
    Action("zoom_in", "Zoom in", ("Ctrl++", "Ctrl+="), "View"),
    Action("zoom_out", "Zoom out", ("Ctrl+-",), "View"),
    Action("zoom_fit", "Show all", ("Ctrl+0",), "View"),
    Action("side_panel", "Side panel", ("Ctrl+Alt+S",), "View", None, True),
    Action("chords", "Chords", ("Ctrl+Alt+C",), "View", _window("chords"), True,
           tip="What chord sounds, and what could come next"),
    Action("piano", "Piano keys", ("Ctrl+Alt+P",), "View", None, True),
    Action("computer_keys", "Play on the computer keyboard", ("Ctrl+K",), "View", _window("computer_keys"), True),
    Action("sound", "Built-in sound", ("Ctrl+M",), "View", _window("sound"), True),
    Action("light_theme", "Light theme", ("Ctrl+Alt+L",), "View", None, True),
    *(Action(f"chord_{n}", f"Place suggestion {n}", (f"Alt+{n}",), "Chords", _window(f"chord_{n}"),
             tip="Put this suggested chord into the progression, and hear it") for n in range(1, 9)),
    Action("progression", "Progression", ("Ctrl+Alt+G",), "View", _window("progression"), True,
           tip="Chord cards in a row, the circle of fifths, and what to do with them"),
    Action("play_chords", "Play the progression", ("Ctrl+G",), "Chords", _window("play_chords"), True),
    Action("lock_chords", "Lock the answer to the progression", ("Ctrl+Shift+G",), "Chords", _window("lock_chords"),
           True, "Answers go by these chords"),
    Action("fill_gap", "Fill the gap between two chords", (), "Chords", _window("fill_gap")),
    Action("end_cadence", "End on a cadence", (), "Chords", _window("end_cadence")),
    Action("other_chords", "Other chords", (), "Chords", _window("other_chords"),
           tip="Draw the selected chords anew, or all; locked ones stay"),
    Action("chords_of_take", "Take over the chords of the take", (), "Chords", _window("chords_of_take")),
    Action("chords_of_jam", "Take over the chords of the jam", (), "Chords", _window("chords_of_jam")),
    Action("chords_up", "Transpose the chords up", (), "Chords", _window("chords_up")),
    Action("chords_down", "Transpose the chords down", (), "Chords", _window("chords_down")),
    Action("pin_key", "Pin the key", (), "Chords", _window("pin_key"), True,
           tip="Name and suggest chords in this key, whatever is played"),
    Action("settings", "Settings …", ("Ctrl+,",), "Help"),
    Action("controllers", "Controllers (MIDI learn) …", ("Ctrl+L",), "Help"),
    Action("shortcuts", "Shortcuts", ("F1",), "Help"),
    Action("guide", "First steps", ("Shift+F1",), "Help"),
)  # fmt: skip
BY_ID: Final = {action.id: action for action in ACTIONS}
