"""Training of the next-chord model on a tiny corpus: reading, counting, figures, learning, and the exported graph."""

import json
import math
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from cocomposer.adapters.bundle import BundleError
from cocomposer.adapters.chord_model import DESCRIPTION, GRAPH, OnnxChordNetwork
from cocomposer.harmony.key import Mode
from cocomposer.harmony.progressions.foretelling import SongStyle
from cocomposer.harmony.progressions.inputs import NAMES, fingerprint, inputs_of, reading_of
from cocomposer.harmony.progressions.mixture import mixture_of
from cocomposer.harmony.progressions.song import Song, Sounding, song_of
from cocomposer.harmony.progressions.vocabulary import TOKENS, chord_of, token_of
from models.training.chords.baselines import counting_models
from models.training.chords.bigram import SHARE, bigram_table
from models.training.chords.corpus import ANALYSED, Sheet, new_places, read_sheets, song_of_row
from models.training.chords.evaluate import evaluate, predictions
from models.training.chords.export import read_member, write_bundle
from models.training.chords.figures import figures
from models.training.chords.network import ChordNetwork, Members, Shape, log_mixture
from models.training.chords.ngram import Counts, counts_of, memory_predictions, ngram_predictions, without_repeats
from models.training.chords.train import Recipe, example_of, main, of_epoch, perplexity, train
from models.training.chords.tuning import evenly, probabilities, tallies
from models.training.chords.tuning import perplexity as tuned_perplexity
from tests.harmony.chord_songs import C, F, G

TINY = Shape(chord_width=8, place_width=4, states=16, match_width=8, likeness_width=4)
LOOPS = ("C G Am F", "C F G", "Am Dm G C", "C Am Dm7 G7")


def row(number: int, split: str, **others: Any) -> dict[str, Any]:
    """A song of one loop and its bridge, as the corpus writes it."""
    symbols = {"C": "C:maj", "G": "G:maj", "F": "F:maj", "Am": "A:min", "Dm": "D:min", "Dm7": "D:min7", "G7": "G:7"}
    loop = LOOPS[number % len(LOOPS)].split()
    names = [*loop * 2, "F", "G", *loop * 2]
    chords = [[4.0 * n, 4.0, symbols[name]] for n, name in enumerate(names)]
    return {"id": f"song-{number}", "split": split, "key": "C", "meter": "4/4", "chords": chords, **others}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight songs of each source to learn from, four to tune on and two to measure with."""
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "chords").mkdir()
    splits = ["train"] * 8 + ["valid"] * 4 + ["test"] * 2
    for source in ("billboard", "openewld", "free-midi-chords"):
        rows = [row(number, split, source=source) for number, split in enumerate(splits)]
        lines = "".join(json.dumps(one) + "\n" for one in rows)
        (folder / "chords" / f"{source}.jsonl").write_text(lines, encoding="utf-8")
    return folder


def test_a_row_of_the_corpus_is_read() -> None:
    found = song_of_row(
        row(0, "train", key="D:maj", key_changes=[[12.0, "E:min"]], meter="6/8", meter_changes=[[12.0, "2/4"]])
        | {"chords": [[0, 3, "D:maj"], [3, 3, "D:maj(9)"], [6, 3, "N"], [9, 3, "A:9/5"], [12, 2, "E:min7"]]}
    )
    dominant, second, home = 7 * 8 + 2, 2 * 8 + 3, 3
    assert found.seen.tolist() == [0, dominant, home]
    assert found.expected.tolist() == [0, dominant, second]
    assert found.beats.tolist() == [0, 9, 12, 14]
    assert found.bars.tolist() == [0, 3, 4, 5]
    assert found.metres.tolist() == [3, 3, 2, 2]


def test_sections_of_a_row_are_read() -> None:
    marked = song_of_row(row(0, "train", sections=[[0.0, "A, intro"], [16.0, "B, verse"]]))
    assert marked.sections.tolist() == [0] * 4 + [4] * (len(marked) - 3)
    assert not song_of_row(row(0, "train")).sections.any()


def test_sheets_are_of_their_split(corpus: Path) -> None:
    assert [sheet.name for sheet in read_sheets(corpus, "test", ("openewld",))] == ["song-12", "song-13"]
    assert {sheet.style for sheet in read_sheets(corpus, "train")} == {0, 1, 2}


def test_the_mode_is_that_of_the_chords_on_the_tonic() -> None:
    def mode(*tokens: int) -> Mode | None:
        heard = [Sounding(chord_of(token, 0), 4.0 * n, 0) for n, token in enumerate(tokens)]
        return Sheet("", "billboard", "train", song_of(heard, 4.0 * len(tokens))).mode

    assert mode(0, 40, 1, 40, 0) is Mode.MAJOR
    assert mode(1, 40, 3, 40, 0) is Mode.MINOR
    assert mode(40, 56) is None


def test_places_are_new_until_their_three_chords_have_stood_together(corpus: Path) -> None:
    song = read_sheets(corpus, "train", ("billboard",))[0].song  # C G Am F twice, F G once, and twice again
    assert len(song) == 17
    first_round = [True] * 7
    assert new_places(song).tolist()[:8] == [*first_round, False]
    known: set[tuple[int, ...]] = set()
    for place in range(3, len(song)):
        before = tuple(song.seen[place - 3 : place].tolist())
        assert new_places(song)[place] == (before not in known)
        known.add(before)


def two_songs() -> list[Song]:
    rng = np.random.default_rng(5)
    texts = [rng.permutation(np.tile([0, 40, 56, 73], 5)) for _ in range(2)]
    songs = []
    for tokens in texts:
        heard = [Sounding(chord_of(int(token), 0), 4.0 * n, 0) for n, token in enumerate(tokens)]
        songs.append(song_of(heard, 4.0 * len(heard)))
    return songs


def test_figures_by_hand() -> None:
    (song, _) = two_songs()
    found = np.full((len(song), TOKENS), 0.5 / (TOKENS - 2))
    places = np.arange(len(song))
    found[places, song.expected] = 0.2
    found[places, (song.expected + 1) % TOKENS] = 0.3
    measured = figures([found], [song])
    assert (measured.top_1, measured.top_3, measured.chords) == (0.0, 1.0, len(song))
    assert measured.perplexity == pytest.approx(5.0)
    some = figures([found], [song], lambda one: np.arange(len(one)) < 3)
    assert some.chords == 3
    even = figures([np.full((len(song), TOKENS), 1 / TOKENS)], [song])
    assert (even.top_1, even.top_3) == (0.0, 0.0)  # ties do not help
    assert even.perplexity == pytest.approx(TOKENS)


def test_counting_models_are_distributions_and_their_short_cut_agrees() -> None:
    first, second = two_songs()
    counts, weights, memory = counts_of([first], 3), [2.0, 1.0, 4.0, 0.5], [8.0, 1.0, 0.5]
    plain = ngram_predictions(counts, second, weights)
    whole = without_repeats(memory_predictions(plain, second, 2, memory), second)
    assert whole.sum(axis=1) == pytest.approx(np.ones(len(second)))
    assert (whole[np.arange(1, len(second)), second.seen[:-1]] == 0).all()
    lower = probabilities(tallies(counts, second, learn=False), weights, evenly(second))
    short = probabilities(tallies(Counts(2), second, learn=True), memory, lower)
    assert tuned_perplexity(short) == pytest.approx(figures([whole], [second]).perplexity, rel=1e-6)


def test_memory_of_a_song_foretells_its_second_round() -> None:
    heard = [Sounding(chord, 4.0 * n, 0) for n, chord in enumerate([C, F, G] * 6)]
    song = song_of(heard, 72)
    even = np.full((len(song), TOKENS), 1 / TOKENS)
    found = without_repeats(memory_predictions(even, song, 2, [1.0, 1.0, 1.0]), song)
    assert (found.argmax(axis=1)[4:] == song.expected[4:]).all()


def test_tuned_models_are_no_worse_than_their_lower_orders(corpus: Path) -> None:
    learnt = [sheet.song for sheet in read_sheets(corpus, "train", ("billboard",))]
    valid = [sheet.song for sheet in read_sheets(corpus, "valid", ("billboard",))]
    models = counting_models(learnt, valid)
    found = [figures([model.predictions(song) for song in valid], valid).perplexity for model in models]
    assert found[0] > found[1] >= found[2]
    assert len(models) == 4


@pytest.fixture(scope="module")
def trained(corpus: Path) -> tuple[ChordNetwork, list[dict[str, float]]]:
    examples = [example_of(sheet) for sheet in read_sheets(corpus, "train")]
    valid = [example_of(sheet) for sheet in read_sheets(corpus, "valid", ("billboard",))]
    torch.manual_seed(1)
    network = ChordNetwork(TINY)
    return network, train(examples, valid, network, Recipe(epochs=6, batch=4, warmup_steps=2, rate=0.02), seed=1)


def test_it_learns_and_keeps_its_best(
    trained: tuple[ChordNetwork, list[dict[str, float]]], corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    network, turns = trained
    valid = [example_of(sheet).timed for sheet in read_sheets(corpus, "valid", ("billboard",))]
    assert perplexity(network, valid, 4) == pytest.approx(min(turn["valid"] for turn in turns))
    assert min(turn["valid"] for turn in turns) < turns[0]["valid"] < TOKENS


def test_each_epoch_has_its_share_of_the_scores(corpus: Path) -> None:
    songs = [example_of(sheet) for sheet in read_sheets(corpus, "train", ("billboard",))]
    scores = [example_of(replace(sheet, source=ANALYSED)) for sheet in read_sheets(corpus, "train", ("openewld",))]
    chance = np.random.default_rng(1)
    epochs = [of_epoch([*songs, *scores], Recipe(analysed_share=0.25), chance) for _ in range(20)]
    assert all(len(epoch) == len(songs) + 2 and epoch[: len(songs)] == songs for epoch in epochs)
    assert {scores.index(one) for epoch in epochs for one in epoch[len(songs) :]} == set(range(len(scores)))
    assert {one.timed.style for one in scores} == {SongStyle.CLASSICAL}


def test_a_run_goes_on_with_the_network_of_another(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*words: str) -> dict[str, Any]:
        out = tmp_path / f"{len(words)}.pt"
        options = ["--corpus", str(corpus), "--epochs", "1", "--batch", "4", "--out", str(out), *words]
        monkeypatch.setattr(sys, "argv", ["train", *options])
        main()
        kept: dict[str, Any] = torch.load(out, weights_only=True)
        return kept

    first = run("--states", "16", "--seed", "3")
    second = run("--from", str(tmp_path / "4.pt"), "--rate", "0", "--dropout", "0.5", "--seed", "4")
    assert (second["shape"]["states"], second["shape"]["dropout"]) == (16, 0.5)
    assert second["begun"] == {"recipe": first["recipe"], "seed": 3}
    assert all(torch.equal(first["network"][name], value) for name, value in second["network"].items())


def test_training_and_product_mix_alike(trained: tuple[ChordNetwork, list[dict[str, float]]]) -> None:
    network = trained[0].eval()
    song = two_songs()[0]
    arrays = inputs_of([reading_of(song, 0, Mode.MAJOR)])
    with torch.no_grad():
        general, strength = network(*(torch.from_numpy(arrays[name]) for name in NAMES))
        mixed = log_mixture(
            general, strength, torch.from_numpy(arrays["places"]), torch.from_numpy(arrays["tokens"])
        ).exp()
    for place in range(len(song)):
        own = arrays["places"] == place
        there = mixture_of(general[:, place].numpy(), strength.numpy()[None, own], arrays["tokens"][own])
        assert there.probabilities == pytest.approx(mixed[place].numpy(), abs=1e-5)


@pytest.fixture(scope="module")
def bundle(trained: tuple[ChordNetwork, list[dict[str, float]]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `train` writes, read again and released beside a second member."""
    folder = tmp_path_factory.mktemp("released")
    network, turns = trained
    shape = {name: getattr(TINY, name) for name in Shape.__dataclass_fields__}
    kept = {"network": network.state_dict(), "shape": shape, "recipe": {}, "seed": 1, "turns": turns}
    torch.save(kept, folder / "1.pt")
    released = read_member(folder / "1.pt")
    torch.manual_seed(2)
    write_bundle([released, (ChordNetwork(TINY), {"seed": 2})], bigram_table(two_songs()), folder / "chords")
    return folder / "chords"


def test_the_graph_says_what_the_network_says(
    trained: tuple[ChordNetwork, list[dict[str, float]]], bundle: Path
) -> None:
    """For songs of other number and length than those that it was exported with."""
    torch.manual_seed(2)
    counted = torch.from_numpy(bigram_table(two_songs())).float()
    members = Members([trained[0], ChordNetwork(TINY)], counted, SHARE).eval()
    graph = OnnxChordNetwork(bundle, fingerprint())
    assert graph.bundle.members == 2
    assert [made["seed"] for made in graph.bundle.training["members"]] == [1, 2]
    first, second = two_songs()
    for songs in ([first], [first, second, first.last(3)], [song_of([], 0.0)]):
        arrays = inputs_of([reading_of(song, number) for number, song in enumerate(songs)])
        with torch.no_grad():
            wanted = members(*(torch.from_numpy(arrays[name]) for name in NAMES))
        for mine, theirs in zip(graph.scores(arrays), wanted, strict=True):
            assert mine == pytest.approx(theirs.numpy(), abs=2e-4)


def test_members_are_smoothed_with_what_was_counted(trained: tuple[ChordNetwork, list[dict[str, float]]]) -> None:
    song, table = two_songs()[0], bigram_table(two_songs())
    assert table.sum(axis=1) == pytest.approx(np.ones(TOKENS + 1))
    assert (table[np.arange(TOKENS), np.arange(TOKENS)] == 0).all()
    assert table[token_of(C, 0)].argmax() in song.seen
    arrays = inputs_of([reading_of(song, 0)])
    inputs = [torch.from_numpy(arrays[name]) for name in NAMES]
    with torch.no_grad():
        (alone, _), (smoothed, _) = (
            trained[0].eval()(*inputs),
            Members([trained[0]], torch.from_numpy(table), 0.2)(*inputs),
        )
    wanted = 0.8 * alone[0].exp().numpy() + 0.2 * table[song.before]
    assert smoothed[0, 0].exp().numpy() == pytest.approx(wanted, abs=1e-6)


def test_figures_are_those_of_the_graph(bundle: Path, corpus: Path) -> None:
    graph = OnnxChordNetwork(bundle, fingerprint())
    measured = evaluate(graph, corpus, "test")
    found = measured["billboard"]["models"]["network with memory"]["all"]
    songs = [sheet.song for sheet in read_sheets(corpus, "test", ("billboard",))]
    own = [predictions(graph, song, SongStyle.ANY)[0] for song in songs]
    nats = [
        math.log(one[place, token])
        for one, song in zip(own, songs, strict=True)
        for place, token in enumerate(song.expected.tolist())
    ]
    assert found["perplexity"] == pytest.approx(math.exp(-sum(nats) / len(nats)))
    assert 0 < measured["openewld"]["memory"]["mean share of the distribution"] < 1


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda folder: (folder / DESCRIPTION).unlink(), "is no next-chord model"),
        (lambda folder: (folder / DESCRIPTION).write_text("{"), "cannot be read"),
        (lambda folder: (folder / GRAPH).unlink(), f"lacks its file {GRAPH}"),
        (lambda folder: (folder / GRAPH).write_bytes(b"?"), "is damaged"),
        (lambda folder: change(folder, "inputs", "others"), "takes other inputs"),
        (lambda folder: change(folder, "chord_format", 2), "has the newer chord format 2"),
    ],
)
def test_a_spoilt_bundle_is_refused_in_a_sentence(spoil: Any, words: str, tmp_path: Path) -> None:
    folder = tmp_path / "chords"
    folder.mkdir()
    (folder / GRAPH).write_bytes(b"graph")
    digest = "dd8afb0e84e9e2a3d9ad0bb2ee1b4c9d0b3a6f4a8d8f0f3cbd0a0e4fd5d4a6c0"
    described = {"chord_format": 1, "name": "chords", "inputs": fingerprint(), "members": 1, "weights": 1}
    (folder / DESCRIPTION).write_text(json.dumps(described | {"files": {GRAPH: digest}}), encoding="utf-8")
    spoil(folder)
    with pytest.raises(BundleError, match=words):
        OnnxChordNetwork(folder, fingerprint())


def change(folder: Path, name: str, value: Any) -> None:
    """Another value in the description."""
    path = folder / DESCRIPTION
    path.write_text(json.dumps(json.loads(path.read_text()) | {name: value}), encoding="utf-8")


def test_tokens_of_the_tests() -> None:
    assert [token_of(chord, 0) for chord in (C, F, G)] == [0, 40, 56]
