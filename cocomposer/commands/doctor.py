"""`cocomposer doctor`: looks at everything that a jam needs and says, for each thing, what to do."""

import argparse
import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from cocomposer.adapters.bundle import BundleError, open_bundle
from cocomposer.adapters.provider_names import Provider
from cocomposer.adapters.providers import ProviderError, session_of
from cocomposer.adapters.system_clock import SystemClock
from cocomposer.commands.options import add_midi, add_model
from cocomposer.commands.report import as_json
from cocomposer.events.layout import COLUMNS, DRAWN, UNPLACED
from cocomposer.runtime.composer_process import load_model
from cocomposer.runtime.midi_choice import choose_midi
from cocomposer.runtime.playback_loop import PlaybackLoop
from cocomposer.runtime.port_keeper import OWN_INPUT, OWN_OUTPUT

TEST_MESSAGES = 400
GOOD_P99_MS = 3.0
GOOD_NOTE_MS = 20.0
"""Twenty notes a second must leave time for everything else."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: well or not, what was found, what to do."""

    name: str
    well: bool
    found: str
    advice: str = ""


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser("doctor", help="check ports, model and timing", description=__doc__)
    add_midi(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    add_model(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Look at each thing in turn; 0 if a jam is possible, else 1."""
    findings = [*_midi(options), *_model(options), _timing()]
    if options.json:
        print(as_json({f.name: {"well": f.well, "found": f.found, "advice": f.advice} for f in findings}))
    else:
        for finding in findings:
            print(f"{'ok ' if finding.well else '!! '} {finding.name}: {finding.found}")
            if finding.advice:
                print(f"      {finding.advice}")
    return 0 if all(f.well for f in findings if f.name in ("model", "ports")) else 1


def _midi(options: argparse.Namespace) -> list[Finding]:
    midi, sentence = choose_midi(options.midi, SystemClock())
    findings = [Finding("MIDI system", sentence is None, midi.system, sentence or "")]
    try:
        ports: list[Any] = [midi.own_input(OWN_INPUT), midi.own_output(OWN_OUTPUT)]
        for port in ports:
            port.close()
        findings.append(Finding("ports", True, f'"{OWN_INPUT}" and "{OWN_OUTPUT}" can be opened'))
    except OSError as error:
        findings.append(Finding("ports", False, str(error)))
    finally:
        midi.close()
    return findings


def _model(options: argparse.Namespace) -> list[Finding]:
    findings = []
    usable = []
    try:
        bundle = open_bundle(options.bundle)
        for provider in Provider:
            try:
                session_of(options.bundle / "head_pedal.onnx", provider)
                usable.append(provider.word)
            except Exception:
                continue
        advice = (
            "" if usable != ["cpu"] else "No GPU is usable; the model is made for the CPU too, so nothing is wrong."
        )
        findings.append(Finding("providers", bool(usable), ", ".join(usable), advice))
        model, ready = load_model(options.bundle, options.provider)
        rows = np.zeros((1, len(COLUMNS)), dtype=np.int64)
        costs = []
        for number in range(64):
            begun = time.perf_counter()
            model.feed(rows, np.asarray([number]))
            for drawn in range(len(DRAWN)):
                model.logits((1,) * drawn, UNPLACED)
            costs.append(1000 * (time.perf_counter() - begun))
        cost = float(np.median(costs))
        found = f"{bundle.name} ({bundle.weights / 1e6:.1f} M weights) on {ready.provider}, {cost:.1f} ms a note"
        advice = "" if cost <= GOOD_NOTE_MS else "That is slow: close other programs, or answers will be sparse."
        findings.append(Finding("model", True, found, advice))
    except (BundleError, ProviderError) as error:
        findings.append(Finding("model", False, str(error)))
    return findings


def _timing() -> Finding:
    """Messages 5 ms apart into nowhere, as the player sends them."""
    clock = SystemClock()
    loop = PlaybackLoop(clock)
    loop.attach(_Nowhere())
    loop.start()
    begun = clock.now() + 0.1
    for number in range(TEST_MESSAGES):
        loop.add_message(1, begun + 0.005 * number, b"\xb0\x01\x00")
    time.sleep(0.2 + 0.005 * TEST_MESSAGES)
    lateness = loop.lateness()
    priority = loop.priority
    loop.stop()
    p50, p99 = lateness["lateness_ms_p50"], lateness["lateness_ms_p99"]
    found = f"lateness p50 {p50:.2f} ms, p99 {p99:.2f} ms, priority {priority}"
    well = p99 <= GOOD_P99_MS
    return Finding("timing", well, found, "" if well else "Close other programs, or allow real-time priority (rtprio).")


class _Nowhere:
    name = "nowhere"

    def send(self, data: bytes) -> None:
        """Nobody listens."""

    def close(self) -> None:
        """Nothing is open."""
