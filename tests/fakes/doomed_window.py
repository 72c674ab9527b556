"""A window made to be killed: it joins the engine in a place, plays a phrase and lets it be answered.

    python -m tests.fakes.doomed_window FOLDER

Prints each fact that it is told, as a line of hexadecimal digits, from the fourth note of the answer on "playing" too.
"""

import sys
from pathlib import Path

import msgspec

from cocomposer.document.document import Fact
from cocomposer.jam import inputs, outputs
from cocomposer.music.message import note_off, note_on
from cocomposer.runtime.engine_address import Place
from cocomposer.runtime.joining import join
from cocomposer.runtime.news import Options, Ready


def main(folder: Path) -> None:
    """Join, play, take over, and wait to be killed."""
    link = join(Options(""), Place(folder / "run", folder / "logs"))
    played = 0
    while True:
        news = link.news()
        if isinstance(news, Fact):
            print(msgspec.msgpack.encode(news).hex(), flush=True)
        if isinstance(news, Ready):
            for data in (note_on(0, 60, 80), note_off(0, 60)):
                link.send(inputs.Arrived(news.at_seconds, data))
            link.send(inputs.TakeOver())
        elif isinstance(news, outputs.Play):
            played += 1
            if played == 4:
                print("playing", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
