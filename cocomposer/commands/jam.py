"""`cocomposer jam`: play live. Opens "cocomposer In" and "cocomposer Out" and answers what it hears."""

import argparse
import signal
import sys
import threading
import time
from datetime import datetime
from pathlib import Path

import msgspec

from cocomposer.adapters.disk import SaveError, save_bytes
from cocomposer.commands.options import add_midi, add_model, add_settings, parse_setting, settings_from
from cocomposer.commands.report import pitch_name
from cocomposer.export.take_midi import take_midi
from cocomposer.jam import inputs, outputs
from cocomposer.jam.outputs import Mode
from cocomposer.jam.settings import SettingsError
from cocomposer.runtime.front_end import EngineGone, EngineProcess
from cocomposer.runtime.news import Lost, News, Opened, Options, Ready, Status

KEYS = """Type and press Enter:  (nothing) answer now · s stop · r forget all · p panic · t tap the beat
                       l learn the take-over pedal · lr learn the reset pedal
                       NAME=VALUE change a setting · q quit"""


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser("jam", help="play live with a DAW or a keyboard", description=__doc__, epilog=KEYS)
    parser.add_argument("--input", action="append", default=[], metavar="NAME", help="also listen to this port")
    parser.add_argument("--out", action="append", default=[], metavar="NAME", help="play on this port instead")
    add_midi(parser)
    parser.add_argument("--takes", type=Path, metavar="FOLDER", help="save every take there as a MIDI file")
    parser.add_argument("--seconds", type=float, help="end by itself after so long")
    parser.add_argument("--json", action="store_true", help="print all news, one JSON object a line")
    add_settings(parser)
    add_model(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Start an engine, show what it says, pass on what is typed."""
    settings = settings_from(options)
    takes = None
    if options.takes is not None:
        if options.takes.exists() and not options.takes.is_dir():
            print(f"{options.takes} is a file; give a folder with --takes.", file=sys.stderr)
            return 1
        options.takes.mkdir(parents=True, exist_ok=True)
        takes = _Takes(options.takes)
    engine = EngineProcess(
        Options(
            bundle=str(options.bundle),
            provider=options.provider,
            midi=options.midi,
            inputs=tuple(options.input),
            outputs=tuple(options.out),
            settings=settings,
        )
    )
    ending = threading.Event()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):  # no terminal is closed like that on Windows
            signal.signal(getattr(signal, name), lambda *_: ending.set())
    threading.Thread(target=_type, args=(engine, ending), daemon=True).start()
    if not options.json:
        print(KEYS)
    try:
        code = _listen(engine, options, ending, takes)
    except EngineGone as error:
        # A terminal that closes tells both: the engine may be gone before this end hears of its own.
        code = 0 if ending.is_set() else 1
        if code:
            print(error, file=sys.stderr)
    finally:
        engine.close()
        unsaved = takes.save() if takes is not None else 0
    return 1 if unsaved else code


def _listen(engine: EngineProcess, options: argparse.Namespace, ending: threading.Event, takes: "_Takes | None") -> int:
    """Show and keep what is told until it ends; the exit code. EngineGone if the engine ended by itself."""
    answerable = False
    ends_at = None if options.seconds is None else time.monotonic() + options.seconds
    while not ending.is_set() and (ends_at is None or time.monotonic() < ends_at):
        news = engine.news(0.1)
        if news is None:
            continue
        if takes is not None and isinstance(news, outputs.Take) and news.answer:
            takes.keep(news)
        _show(news, options)
        answerable = answerable or isinstance(news, Ready)
        if isinstance(news, Lost) and news.for_good and not answerable:
            # Without a model there is no jam. (One that fails later leaves the fallback, and the musician playing.)
            print(news.sentence, file=sys.stderr)
            return 1
    return 0


class _Takes:
    """The folder of takes. What could not be saved is kept in memory and tried again with the next take."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._unsaved: list[tuple[Path, bytes]] = []

    def keep(self, take: outputs.Take) -> None:
        """Save one more, and all that wait."""
        path = self._folder / f"take-{datetime.now().astimezone():%Y%m%d-%H%M%S}-{take.turn}.mid"
        self._unsaved.append((path, take_midi(take)))
        self.save()

    def save(self) -> int:
        """Save all that wait; how many still do. Says why in one sentence, however many they are."""
        waiting, failure = [], None
        for path, content in self._unsaved:
            try:
                save_bytes(path, content)
            except SaveError as error:
                waiting.append((path, content))
                failure = error
        self._unsaved = waiting
        if failure is not None:
            print(failure, file=sys.stderr)
        return len(waiting)


def _show(news: News, options: argparse.Namespace) -> None:
    if options.json:
        print(msgspec.json.encode(news).decode(), flush=True)
        return
    text = sentence(news)
    if text:
        print(text, flush=True)


def sentence(news: News) -> str:
    """News as a line for people; empty where there is nothing to say."""
    match news:
        case Opened():
            return f"Ports are open ({news.midi}): {', '.join(news.ports)}."
        case Ready() | outputs.Notice():
            return "" if isinstance(news, Ready) else news.sentence
        case outputs.ModeChanged(mode=Mode.ARMED):
            return "– answering –"
        case outputs.ModeChanged(mode=Mode.HEARING):
            return "– listening –"
        case outputs.Heard():
            return f"  you   {pitch_name(news.pitch):<4}{'·' * (news.velocity // 8)}"
        case outputs.Play():
            mark = " (echo)" if news.fallback else ""
            return f"  coco  {pitch_name(news.note.pitch):<4}{'·' * (news.note.velocity // 8)}{mark}"
        case outputs.Take():
            return f"Take {news.turn}: {len(news.phrase)} notes heard, {len(news.answer)} answered, {news.bpm:.0f} BPM."
        case Status() | outputs.SettingsChanged() | outputs.ModeChanged():
            return ""
    return ""


def _type(engine: EngineProcess, ending: threading.Event) -> None:
    """What is typed, as commands. The end of the input is no command: a jam may run without a terminal."""
    commands: dict[str, type[inputs.TakeOver | inputs.StopAnswer | inputs.Reset | inputs.Panic]] = {
        "": inputs.TakeOver, "s": inputs.StopAnswer, "r": inputs.Reset, "p": inputs.Panic,
    }  # fmt: skip
    for line in sys.stdin:
        word = line.strip()
        try:
            if word == "q":
                ending.set()
            elif word in commands:
                engine.send(commands[word]())
            elif word == "t":
                engine.send(inputs.Tap(time.perf_counter()))
            elif word == "l":
                engine.send(inputs.Learn("take_over"))
            elif word == "lr":
                engine.send(inputs.Learn("reset"))
            else:
                engine.send(inputs.Change(parse_setting(word)))
        except SettingsError as error:
            print(error, file=sys.stderr)
        except EngineGone:
            return
