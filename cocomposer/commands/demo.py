"""`cocomposer demo`: no DAW, no keyboard, no sound card – a phrase is played into the virtual port in real time,
the answer streams back, is shown as it comes and saved as a MIDI file."""

import argparse
import sys
import threading
from pathlib import Path

from cocomposer.adapters.disk import save_bytes
from cocomposer.adapters.midi_files import read_midi_file
from cocomposer.adapters.phrases import phrases
from cocomposer.adapters.system_clock import SystemClock
from cocomposer.adapters.virtual import VirtualMidi
from cocomposer.commands.jam import sentence
from cocomposer.commands.options import add_model, add_settings, settings_from
from cocomposer.commands.report import as_json
from cocomposer.export.take_midi import take_midi
from cocomposer.jam import outputs
from cocomposer.jam.settings import Length
from cocomposer.music.message import NOTE_OFF, NOTE_ON, TimedMessage, kind_of
from cocomposer.runtime.engine import Engine
from cocomposer.runtime.news import Lost, News, Options, Ready
from cocomposer.runtime.script import script_of

LONGEST_PHRASE_SECONDS = 20.0
PATIENCE_SECONDS = 30.0
"""For the model to load, and for the answer to begin."""


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser("demo", help="hear it without a DAW or a keyboard", description=__doc__)
    parser.add_argument(
        "--phrase", help=f"one of {', '.join(phrases())}, or a MIDI file (default: waltz)", default="waltz"
    )
    parser.add_argument("-o", "--output", type=Path, default=Path("cocomposer-demo.mid"), help="where to save")
    parser.add_argument("--json", action="store_true", help="print one JSON object at the end")
    add_settings(parser)
    add_model(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Play, listen, show, save."""
    settings = settings_from(options)
    if settings.length is Length.ENDLESS:
        print("An endless answer never ends; give its length with --bars N.", file=sys.stderr)
        return 2
    path = phrases().get(options.phrase, Path(options.phrase))
    if not path.exists():
        names = ", ".join(phrases())
        print(f"There is no phrase {options.phrase!r}; choose one of {names}, or a MIDI file.", file=sys.stderr)
        return 1
    script = script_of(read_midi_file(path), LONGEST_PHRASE_SECONDS)
    clock = SystemClock()
    midi = VirtualMidi(clock)
    engine = Engine(Options(bundle=str(options.bundle), provider=options.provider, settings=settings), midi)
    listener = _Listener()
    midi.from_engine.listen(listener.hear)
    engine.watch(listener.news)
    running = threading.Thread(target=engine.run, name="engine")
    running.start()
    try:
        if not listener.ready.wait(PATIENCE_SECONDS) or listener.failure:
            print(listener.failure or "The model did not get ready in time; run cocomposer doctor.", file=sys.stderr)
            return 1
        listener.show = not options.json
        if not options.json:
            print(f"{options.phrase} is played into the virtual port:", flush=True)
        last_off = _play(midi, clock, script)
        # Where the phrase paused the machine may have come in and given way: that was not yet the answer.
        listener.forget_answers()
        if not listener.taken.wait(PATIENCE_SECONDS + script[-1][0] * 2) or listener.take is None:
            print("No answer came; run cocomposer doctor.", file=sys.stderr)
            return 1
        save_bytes(options.output, take_midi(listener.take))
    finally:
        engine.stop()
        running.join()
    first = listener.first_answer
    report = {
        "output": str(options.output),
        "phrase_notes": len(listener.take.phrase),
        "answer_notes": len(listener.take.answer),
        "gap_seconds": first - last_off if first is not None else None,
        "lateness_ms": engine.playback.lateness(),
        "hanging_notes": listener.hanging,
    }
    if options.json:
        print(as_json(report))
    else:
        gap = report["gap_seconds"]
        print(f"The answer began {gap:.2f} s after the last key came up." if gap is not None else "Nothing sounded.")
        print(f"Saved as {options.output}.")
    if first is None:
        print("The answer was not heard; run cocomposer doctor.", file=sys.stderr)
    elif listener.hanging:
        print(f"{listener.hanging} notes were not ended; run cocomposer doctor.", file=sys.stderr)
    return 1 if first is None or listener.hanging else 0


def _play(midi: VirtualMidi, clock: SystemClock, script: list[tuple[float, bytes]]) -> float:
    """Send the script in real time; the moment of the last note-off."""
    begun = clock.now() + 0.1
    wait = threading.Event()
    for at_seconds, data in script:
        wait.wait(max(0.0, begun + at_seconds - clock.now()))
        midi.to_engine.send(data)
    return clock.now()


class _Listener:
    """Stands for the DAW behind "cocomposer Out", and for the screen."""

    def __init__(self) -> None:
        self.ready, self.taken = threading.Event(), threading.Event()
        self.take: outputs.Take | None = None
        self.first_answer: float | None = None
        self.failure: str | None = None
        self.show = False
        self._sounding: set[tuple[int, int]] = set()

    @property
    def hanging(self) -> int:
        """Notes that were begun and not ended."""
        return len(self._sounding)

    def forget_answers(self) -> None:
        """Wait for an answer that is still to come."""
        self.taken.clear()
        self.take = self.first_answer = None

    def hear(self, message: TimedMessage) -> None:
        kind, key = kind_of(message.data), (message.data[0] & 0x0F, message.data[1])
        if kind == NOTE_ON:
            self._sounding.add(key)
            if self.first_answer is None:
                self.first_answer = message.at_seconds
        elif kind == NOTE_OFF:
            self._sounding.discard(key)

    def news(self, news: News) -> None:
        match news:
            case Ready():
                self.ready.set()
            case Lost():
                self.failure = news.sentence
                self.ready.set()
            case outputs.Take(answer=answer) if answer:
                self.take = news
                self.taken.set()
            case _:
                pass
        text = sentence(news)
        if text and self.show:
            print(text, flush=True)
