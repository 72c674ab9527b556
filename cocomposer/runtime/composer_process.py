"""The composer's process: loads the model, reads requests, works, writes replies. Dies with its engine.

It owns the model session and its cache and nothing that sounds; killing it costs no note.
"""

import contextlib
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

import msgspec

from cocomposer.adapters.bundle import BundleError
from cocomposer.adapters.chord_model import OnnxChordNetwork
from cocomposer.adapters.onnx_model import OnnxNoteModel
from cocomposer.adapters.places import models_folder
from cocomposer.adapters.provider_names import Provider
from cocomposer.adapters.providers import ProviderError, choose
from cocomposer.adapters.training_index import open_index
from cocomposer.generation.companions import Companions
from cocomposer.generation.request import ComposerLost, ComposerReady, PlayLike, Reply, Request
from cocomposer.generation.warm_up import warm_up
from cocomposer.generation.worker import Worker
from cocomposer.harmony.progressions.foretelling import ChordScores
from cocomposer.harmony.progressions.inputs import fingerprint
from cocomposer.runtime.file_reading import FileReading

CHORD_BUNDLE: Final = "chords"
"""The folder of the next-chord model among those of the models."""


def load_model(bundle: Path, provider: str) -> tuple[OnnxNoteModel, ComposerReady]:
    """The model of a bundle on the provider asked for ("auto": the best that works), and a sentence about it.

    BundleError or ProviderError, each a sentence, if that cannot be.
    """
    choice = choose(provider)
    sentence = f"The model {bundle.name} runs on {choice.sentence}."
    try:
        model = OnnxNoteModel(bundle, choice.provider)
        warm_up(model)
    except BundleError:
        raise
    except Exception as error:
        if choice.provider is Provider.CPU or provider != "auto":
            advice = "restore the bundle from its release" if choice.provider is Provider.CPU else "choose cpu"
            raise ProviderError(
                f"The model {bundle.name} does not run on {choice.provider.word} ({_first_line(error)}); {advice}."
            ) from error
        sentence = f"The model {bundle.name} runs on cpu, because {choice.provider.word} failed ({_first_line(error)})."
        model, ready = load_model(bundle, Provider.CPU.word)
        return model, msgspec.structs.replace(ready, sentence=sentence)
    return model, ComposerReady(choice.provider.word, bundle.name, sentence)


def spare_model(bundle: Path) -> tuple[OnnxNoteModel, ComposerReady]:
    """What takes over when a provider fails in the middle of a jam: the same bundle on the CPU."""
    model = OnnxNoteModel(bundle, Provider.CPU)
    return model, ComposerReady("cpu", bundle.name, f"The model failed where it ran; {bundle.name} goes on on cpu.")


def open_chord_network() -> ChordScores:
    """The next-chord model of this installation; BundleError, a sentence, if there is none that can be used."""
    return OnnxChordNetwork(models_folder() / CHORD_BUNDLE, fingerprint())


def run(connection: Connection, bundle: str, provider: str) -> None:
    """The process: load, report, then serve until the engine hangs up."""
    # Ctrl-C in a terminal reaches the whole group; when to end is the engine's decision.
    # So do Ctrl-Z and the closing of the terminal.
    for name in ("SIGINT", "SIGHUP", "SIGTSTP"):
        if hasattr(signal, name):  # Windows has not all of them
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    encoder = msgspec.msgpack.Encoder()
    one_at_a_time = threading.Lock()

    def reply(message: Reply) -> None:
        with one_at_a_time:
            connection.send_bytes(encoder.encode(message))

    try:
        try:
            model, ready = load_model(Path(bundle), provider)
        except (BundleError, ProviderError) as error:
            reply(ComposerLost(str(error), for_good=True))
            return
        reply(ready)
        companions = Companions()

        def tell(sentence: str) -> None:
            reply(msgspec.structs.replace(ready, sentence=sentence))

        threading.Thread(target=_guard, args=(Path(bundle), companions, tell), name="index", daemon=True).start()
        worker = Worker(model, lambda: spare_model(Path(bundle)), companions=companions, open_chords=open_chord_network)
        serve(connection, worker, reply, FileReading(companions.memory, _unless_gone(reply)))
    except (EOFError, OSError):
        return


def _guard(bundle: Path, companions: Companions, tell: Callable[[str], None]) -> None:
    """In a thread: open the index of the training music, which takes longer than a first answer may wait."""
    try:
        companions.index = open_index(bundle)
    except BundleError as error:
        with contextlib.suppress(OSError):  # the engine hung up
            tell(f"{error} Until then nothing keeps answers from copying the training music.")


def _unless_gone(reply: Callable[[Reply], None]) -> Callable[[Reply], None]:
    """For other threads: says nothing to an engine that hung up."""

    def say(message: Reply) -> None:
        with contextlib.suppress(OSError):
            reply(message)

    return say


def serve(connection: Connection, worker: Worker, reply: Callable[[Reply], None], files: FileReading) -> None:
    """Requests first, then a piece of work, and so on; EOFError when the other end hangs up."""
    decoder = msgspec.msgpack.Decoder(Request)
    while True:
        while worker.idle or connection.poll(0):
            request = decoder.decode(connection.recv_bytes())
            if isinstance(request, PlayLike):
                files.begin(request)
            else:
                worker.take(request)
        files.take_in()
        for message in worker.work():
            reply(message)


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:160]
