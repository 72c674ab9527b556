"""Who is measured: the bundle, and the baselines that it is held against, made ready to score or to play.

What a baseline learns from is the train split of a corpus, without what the model did not learn from either
(`dataset.Mixture.leave_out_jsb`). It is read once for all of them, and only if one asks. Knows no measures.
"""

import sys
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

from cocomposer.adapters.onnx_model import OnnxNoteModel
from cocomposer.adapters.providers import choose
from cocomposer.jam.settings import Settings
from models.training.baselines.ngram import both_nats
from models.training.baselines.suffix import SuffixModel
from models.training.checkpoint import FINAL
from models.training.evaluation.comparison import TRUE
from models.training.evaluation.continuations import Candidate, composed, suffix_candidate, true_candidate
from models.training.evaluation.likelihood import MODEL
from models.training.evaluation.lstm_model import LstmNetwork, LstmNoteModel
from models.training.evaluation.scoring import Nats, Passage, Scorer, onnx_scorer, read_pieces
from models.training.export import load_network
from models.training.pieces import read_manifest

NGRAM, NGRAM_MEMORY, LSTM, SUFFIX = "ngram", "ngram-memory", "lstm", "suffix"
BASELINES: Final = (NGRAM, NGRAM_MEMORY, LSTM, SUFFIX)
"""The first three score; the last two play."""


class Candidates:
    """The bundle and some baselines; each is opened when it is first needed."""

    def __init__(
        self,
        bundle: Path,
        provider: str = "cpu",
        corpus: Path | None = None,
        lstm: Path | None = None,
        names: Sequence[str] | None = None,
    ) -> None:
        """`corpus`: whose train split baselines learn from; None: no baseline learns. `lstm`: the folder of its run.

        `names` of BASELINES; None: all that are there. ValueError, in one sentence, for one that is not.
        """
        self.model = OnnxNoteModel(bundle, choose(provider).provider)
        self._corpus, self._lstm = corpus, lstm
        has_lstm = lstm is not None and (lstm / FINAL).is_file()
        if names is None:
            has_train = corpus is not None and any(source.split == "train" for source in read_manifest(corpus))
            if corpus is not None and not has_train:
                print(f"{corpus} has no train split: only what is trained already is compared.", file=sys.stderr)
            names = [name for name in BASELINES if (has_lstm if name == LSTM else has_train)]
        for name in names:
            if name not in BASELINES:
                raise ValueError(f"{name!r} is no baseline; choose from {', '.join(BASELINES)}.")
            if name == LSTM and not has_lstm:
                raise ValueError(f"{lstm} holds no finished run of the LSTM; name its folder with --lstm.")
            if name != LSTM and corpus is None:
                raise ValueError(
                    f"The baseline {name} has nothing to learn from; give a corpus with --baseline-corpus."
                )
        self.names = tuple(names)
        self._counted: tuple[Sequence[Passage], tuple[list[Nats], list[Nats]]] | None = None

    @cached_property
    def _learnt(self) -> list[tuple[str, Passage]]:
        """Kinds and passages of the train split."""
        assert self._corpus is not None, "a baseline that learns is refused without a corpus"
        sources = [s for s in read_manifest(self._corpus) if s.split == "train" and s.jsb_leak != 1]
        pieces = [(piece.source.style, piece.passage) for piece in read_pieces(sources)]
        if not pieces:
            raise ValueError(f"{self._corpus} has no train split for the baselines; give one with --baseline-corpus.")
        return pieces

    @cached_property
    def _lstm_network(self) -> LstmNetwork:
        assert self._lstm is not None, "the LSTM is refused without a run"
        return LstmNetwork(load_network(self._lstm)[0])

    def _ngram(self, remembers: bool) -> Scorer:
        def score(passages: Sequence[Passage]) -> list[Nats]:
            # Both come of one count over the training music; whoever asks second has it for nothing.
            if self._counted is None or self._counted[0] is not passages:
                learnt = [passage.rows for _, passage in self._learnt]
                self._counted = passages, both_nats(learnt, [passage.rows for passage in passages])
            return self._counted[1][remembers]

        return score

    def scorers(self) -> dict[str, Scorer]:
        """All that have likelihoods, the model first."""
        known = {NGRAM: self._ngram(remembers=False), NGRAM_MEMORY: self._ngram(remembers=True)}
        found = {MODEL: onnx_scorer(self.model)} | {name: known[name] for name in self.names if name in known}
        if LSTM in self.names:
            found[LSTM] = self._lstm_network.score
        return found

    def players(self, settings: Settings) -> dict[str, Candidate]:
        """All that continue a seed: the truth, the model and the baselines that play."""
        found = {TRUE: true_candidate, MODEL: composed(self.model, settings)}
        if LSTM in self.names:
            found[LSTM] = composed(LstmNoteModel(self._lstm_network), settings)
        if SUFFIX in self.names:
            passages = [(passage.rows, passage.ticks) for _, passage in self._learnt]
            found[SUFFIX] = suffix_candidate(SuffixModel.learn(passages, [kind for kind, _ in self._learnt]), settings)
        return found
