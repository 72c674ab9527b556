"""`cocomposer ports`: the MIDI system and the ports that are there now."""

import argparse

from cocomposer.adapters.port_names import stable_name
from cocomposer.adapters.system_clock import SystemClock
from cocomposer.commands.options import add_midi
from cocomposer.commands.report import as_json
from cocomposer.runtime.midi_choice import choose_midi
from cocomposer.runtime.port_keeper import OWN_INPUT, OWN_OUTPUT


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser("ports", help="list MIDI ports", description=__doc__)
    add_midi(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """List them: the name to give to `jam --input` or `--out`, and the raw name where it differs."""
    midi, sentence = choose_midi(options.midi, SystemClock())
    found = {"inputs": midi.input_names(), "outputs": midi.output_names()}
    midi.close()
    named = {
        side: [{"name": stable_name(raw, midi.system), "raw_name": raw} for raw in names]
        for side, names in found.items()
    }
    if options.json:
        print(as_json({"midi": midi.system, "note": sentence, **named, "own": [OWN_INPUT, OWN_OUTPUT]}))
        return 0
    print(f"MIDI system: {midi.system}")
    if sentence:
        print(sentence)
    for side, ports in named.items():
        print(f"{side.capitalize()}:" if ports else f"{side.capitalize()}: none")
        for port in ports:
            raw = "" if port["raw_name"] == port["name"] else f"   ({port['raw_name']})"
            print(f"  {port['name']}{raw}")
    print(f'`cocomposer jam` opens its own: "{OWN_INPUT}" and "{OWN_OUTPUT}".')
    return 0
