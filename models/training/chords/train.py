"""Train one member of the next-chord network and keep its best weights by Billboard's valid split.

    nice python -m models.training.chords.train --analysed out/chords/analysed.jsonl --seed 1 --out out/chords/begun.pt
    nice python -m models.training.chords.train --from out/chords/begun.pt \
        --analysed out/chords/analysed.jsonl --analysed-share 0.1 --seed 2 --out out/chords/1.pt

A run takes some minutes on one thread. Chord sheets are few, so a member begins with the harmony of scores (see
`analysed`) and goes on with little of it. In each epoch some songs are shown with a bar for each chord instead of
their own timing, as chords are typed, some without their sections or their style, some from their middle on and some
in triads.
"""

import argparse
import math
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cocomposer.harmony.key import Mode
from cocomposer.harmony.progressions.inputs import NAMES, Reading, inputs_of, padded, reading_of
from models.training.chords.corpus import ANALYSED, DEFAULT_CORPUS, Sheet, read_sheets, sheets_of
from models.training.chords.network import STYLES, ChordNetwork, Shape, log_mixture
from models.training.chords.varying import beginning_in, begun_at, in_triads

UNKNOWN_STYLE: Final = STYLES - 1
_NOT_COUNTED: Final = -1


@dataclass(frozen=True, slots=True)
class Recipe:
    """Every number of a run."""

    epochs: int = 20
    batch: int = 16
    rate: float = 3e-3
    weight_decay: float = 0.01
    warmup_steps: int = 30
    bar_each: float = 0.3
    """Share of songs shown without their timing."""
    begun_later: float = 0.0
    """Share of songs that begin somewhere in their middle."""
    in_triads: float = 0.0
    """Share of songs without sevenths and suspended chords."""
    unmarked: float = 0.4
    """Share of the others shown without their sections, as chords are heard."""
    analysed_share: float = 1.0
    """Share of the scores shown in each epoch, where there are any."""
    lose_style: float = 0.2
    tell_mode: float = 0.3
    """Share of songs whose mode is told. It is read off the whole song, so it is never told when figures are taken."""
    general_loss: float = 0.2
    """Weight of the network's own likelihood, without its memory: it must stand alone where a song is new."""
    longest_norm: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A song as its sheet has it, as it is heard, and as it is typed."""

    timed: Reading
    unmarked: Reading
    typed: Reading
    mode: Mode | None
    analysed: bool


def example_of(sheet: Sheet) -> Example:
    """All readings of a song of the corpus."""
    timed = reading_of(sheet.song, sheet.style)
    unmarked = reading_of(sheet.song.unmarked(), sheet.style) if sheet.song.sections.any() else timed
    typed = reading_of(sheet.song.with_a_bar_each(), sheet.style)
    return Example(timed, unmarked, typed, sheet.mode, sheet.source == ANALYSED)


def tensors(readings: Sequence[Reading]) -> tuple[list[Tensor], Tensor]:
    """(the network's inputs, what came [songs, places] or -1)"""
    inputs = inputs_of(readings)
    width = inputs["before"].shape[1]
    expected = padded([reading.song.expected for reading in readings], width, _NOT_COUNTED)
    return [torch.from_numpy(inputs[name]) for name in NAMES], torch.from_numpy(expected)


def losses(network: ChordNetwork, readings: Sequence[Reading]) -> tuple[Tensor, Tensor]:
    """(nats of each chord with memory, without) of all chords of the songs."""
    inputs, expected = tensors(readings)
    general, strength = network(*inputs)
    places, tokens = inputs[NAMES.index("places")], inputs[NAMES.index("tokens")]
    mixed = log_mixture(general, strength, places, tokens)
    counted = expected.reshape(-1) != _NOT_COUNTED
    came = expected.reshape(-1)[counted]
    alone = general.reshape(len(mixed), -1)[counted].clamp(min=-20)
    return F.nll_loss(mixed[counted], came, reduction="none"), F.nll_loss(alone, came, reduction="none")


def perplexity(network: ChordNetwork, readings: Sequence[Reading], batch: int) -> float:
    """Over all chords of the songs."""
    network.eval()
    with torch.no_grad():
        nats = torch.cat([losses(network, readings[n : n + batch])[0] for n in range(0, len(readings), batch)])
    network.train()
    return math.exp(nats.mean().item())


def train(
    train_on: Sequence[Example],
    valid: Sequence[Example],
    network: ChordNetwork,
    recipe: Recipe,
    seed: int,
) -> list[dict[str, float]]:
    """Leaves the network with the weights of its best epoch; what each epoch measured."""
    torch.manual_seed(seed)
    chance = np.random.default_rng(seed)
    optimiser = torch.optim.AdamW(
        network.parameters(), recipe.rate, weight_decay=recipe.weight_decay, betas=(0.9, 0.98)
    )
    steps = recipe.epochs * len(_batches(of_epoch(train_on, recipe, chance), recipe, chance))
    turns: list[dict[str, float]] = []
    best = {name: value.clone() for name, value in network.state_dict().items()}
    step = 0
    for epoch in range(recipe.epochs):
        began = time.monotonic()
        nats = []
        for readings in _batches(of_epoch(train_on, recipe, chance), recipe, chance):
            share = min((step + 1) / recipe.warmup_steps, 1.0) * (1 + math.cos(math.pi * step / steps)) / 2
            for group in optimiser.param_groups:
                group["lr"] = recipe.rate * share
            mixed, alone = losses(network, readings)
            optimiser.zero_grad()
            (mixed.mean() + recipe.general_loss * alone.mean()).backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), recipe.longest_norm)
            optimiser.step()
            nats.append(mixed.detach())
            step += 1
        turn = {
            "epoch": epoch + 1,
            "train": math.exp(torch.cat(nats).mean().item()),
            "valid": perplexity(network, [example.timed for example in valid], recipe.batch),
            "valid, unmarked": perplexity(network, [example.unmarked for example in valid], recipe.batch),
            "valid, a bar each": perplexity(network, [example.typed for example in valid], recipe.batch),
            "seconds": time.monotonic() - began,
        }
        if all(turn["valid"] < other["valid"] for other in turns):
            best = {name: value.clone() for name, value in network.state_dict().items()}
        turns.append(turn)
        print(" ".join(f"{name} {value:.3f}" for name, value in turn.items()), flush=True)
    network.load_state_dict(best)
    return turns


def of_epoch(examples: Sequence[Example], recipe: Recipe, chance: np.random.Generator) -> list[Example]:
    """All songs of chord sheets, and some of the scores."""
    scores = [example for example in examples if example.analysed]
    shown = chance.permutation(len(scores))[: round(recipe.analysed_share * len(scores))]
    return [example for example in examples if not example.analysed] + [scores[n] for n in shown]


def _batches(examples: Sequence[Example], recipe: Recipe, chance: np.random.Generator) -> list[list[Reading]]:
    """All songs once, those of about the same length together, in another order each time."""
    lengths = np.array([example.timed.places for example in examples])
    order = np.argsort(lengths * chance.uniform(1.0, 1.2, len(lengths)))
    parts = [order[first : first + recipe.batch] for first in range(0, len(order), recipe.batch)]
    return [[shown(examples[n], recipe, chance) for n in parts[part]] for part in chance.permutation(len(parts))]


def shown(example: Example, recipe: Recipe, chance: np.random.Generator) -> Reading:
    """A song as one epoch sees it."""
    typed = chance.random() < recipe.bar_each
    reading = example.typed if typed else example.unmarked if chance.random() < recipe.unmarked else example.timed
    if chance.random() < recipe.begun_later:
        reading = _begun_later(reading, chance)
    elif chance.random() < recipe.in_triads:
        plain = in_triads(example.timed.song)
        reading = reading_of(plain.with_a_bar_each() if typed else plain, reading.style)
    return replace(
        reading,
        style=UNKNOWN_STYLE if chance.random() < recipe.lose_style else reading.style,
        mode=example.mode if chance.random() < recipe.tell_mode else None,
    )


def _begun_later(reading: Reading, chance: np.random.Generator) -> Reading:
    """From some chord of the song on. That chord itself is not counted: songs do not begin so."""
    later = begun_at(reading.song, beginning_in(reading.song, chance))
    expected = later.expected.copy()
    expected[0] = _NOT_COUNTED
    return replace(reading_of(later, reading.style), song=replace(later, expected=expected))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=DEFAULT_CORPUS)
    parser.add_argument("--analysed", type=Path, help="what `analysed` wrote, to learn from too")
    parser.add_argument("--from", dest="begun", type=Path, help="what another run wrote: go on with its network")
    parser.add_argument("--seed", type=int, default=1)
    for name, default in asdict(Recipe()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(default), default=default)
    parser.add_argument("--states", type=int, default=Shape().states)
    parser.add_argument("--dropout", type=float, default=Shape().dropout)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    recipe = Recipe(**{name: getattr(options, name) for name in asdict(Recipe())})
    begun = None if options.begun is None else torch.load(options.begun, weights_only=True)
    shape = Shape(**{**(begun["shape"] if begun else {"states": options.states}), "dropout": options.dropout})
    sheets = read_sheets(options.corpus, "train")
    if options.analysed is not None:
        sheets += sheets_of(options.analysed, "train")
    valid = [example_of(sheet) for sheet in read_sheets(options.corpus, "valid", ("billboard",))]
    torch.manual_seed(options.seed)
    network = ChordNetwork(shape)
    if begun:
        network.load_state_dict(begun["network"])
    turns = train([example_of(sheet) for sheet in sheets], valid, network, recipe, options.seed)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    kept = {"shape": asdict(shape), "recipe": asdict(recipe), "seed": options.seed, "turns": turns}
    before = {"begun": {name: begun[name] for name in ("recipe", "seed")}} if begun else {}
    torch.save({"network": network.state_dict(), **kept, **before}, options.out)


if __name__ == "__main__":
    main()
