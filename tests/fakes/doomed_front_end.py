"""A front end made to be killed: it starts an engine that plays without end and writes all that goes out to a file.

    python -m tests.fakes.doomed_front_end BUNDLE FILE

Prints the processes of engine and composer once the answer sounds.
"""

import multiprocessing
import sys
from functools import partial
from pathlib import Path

import msgspec

from cocomposer.adapters.system_clock import SystemClock
from cocomposer.adapters.virtual import VirtualMidi
from cocomposer.jam import inputs, outputs
from cocomposer.jam.settings import Settings, changed
from cocomposer.music.message import TimedMessage, note_off, note_on
from cocomposer.runtime.engine import run_engine
from cocomposer.runtime.news import FromFront, News, Options, Ready


def recorded_midi(file: Path, clock: SystemClock) -> VirtualMidi:
    """In-process ports whose far end writes each message to `file` as a line of hexadecimal digits."""
    midi = VirtualMidi(clock)
    stream = file.open("a", encoding="ascii")

    def record(message: TimedMessage) -> None:
        stream.write(message.data.hex() + "\n")
        stream.flush()

    midi.from_engine.listen(record)
    return midi


def main(bundle: str, file: str) -> None:
    """Start, play a phrase, take over, say who is who, and wait to be killed."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    settings = changed(Settings(), {"length": "endless", "entry": "free"})
    options = msgspec.msgpack.encode(Options(bundle, "cpu", settings=settings, realtime=False))
    engine = context.Process(target=run_engine, args=(theirs, options, partial(recorded_midi, Path(file))))
    engine.start()
    theirs.close()
    decoder: msgspec.msgpack.Decoder[News] = msgspec.msgpack.Decoder(News)
    composer: int | None = None
    played = 0
    while True:
        news = decoder.decode(ours.recv_bytes())
        if isinstance(news, Ready):
            composer = news.composer_pid
            now = SystemClock().now()
            commands: list[FromFront] = [
                inputs.Arrived(now, note_on(0, 60, 80)),
                inputs.Arrived(now, note_off(0, 60)),
                inputs.TakeOver(),
            ]
            for command in commands:
                ours.send_bytes(msgspec.msgpack.encode(command))
        elif isinstance(news, outputs.Play):
            played += 1
            if played == 4:
                print(engine.pid, composer, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
