"""How often a model prefers the true continuation of a seed to a wrong one of the same length.

A wrong continuation is real music from elsewhere: from the same piece, outside the seed and the truth, or from
another piece of the same kind. It keeps its pitches and its timing, also the distance of its first note from the
one that stood before it; it begins after a note at the same place in the bar as the seed's last one, and knows
the same fields. One that is note for note the truth is drawn again.

Three ways to prefer, each the same comparison of two sums over the notes of the continuation:

- *likelihood*: log p(continuation | seed). What the model would rather play. It also prefers whatever is easy music,
  such as a run of equal chords, whether it follows from the seed or not, and the more so the longer it is.
- *information*: log p(continuation | seed) - log p(continuation), the pointwise mutual information (Church and Hanks
  1990); the second term is the continuation heard by itself (its first note counts in neither). Which passage does
  the seed speak for, if the wrong one is from the music at large?
- *succession*: log p(continuation | seed) - log p(continuation | seed, then a long rest) (the first distance counts in
  neither). Which passage follows at once, if the other comes some other time in the same music?

By the lemma of Neyman and Pearson (1933) a likelihood ratio is the best decision that there is, and its second term is
the chance of the passage *as a wrong one*. So a wrong continuation from another piece is judged by information, and one
from the same piece, whose material the seed has told too, by succession: these are the headlines, beside the plain
likelihood. The ways and the rest were chosen on the valid split.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cocomposer.events.codec import Rows
from cocomposer.events.layout import BEAT_UNKNOWN, COLUMN, DRAWN, DRAWN_INDEX, PHASE_UNKNOWN, PITCH_NONE, RECENT
from cocomposer.events.steps import step_of
from cocomposer.music.ticks import TICKS_PER_BEAT
from models.training.evaluation.intervals import ALL, Resampling
from models.training.evaluation.scoring import HeldOut, Nats, Passage, Scorer, Ticks
from models.training.evaluation.seeds import TOGETHER_TICKS, Window

SAME, OTHER = "same piece", "another piece"
HEADLINE: Final = {SAME: "succession", OTHER: "information"}
"""Where the wrong continuation is from, and the way of preferring that is best for it."""
WAYS: Final = ("likelihood", "information", "succession")
LENGTHS: Final = (8, 16, 32, 64)
"""Notes of the continuation that are compared; in short pieces all that there are."""
REST_TICKS: Final = 12 * TICKS_PER_BEAT
"""The long rest: whole bars in two, three, four and six."""
_OTHER_PIECES: Final = 40
"""So many other pieces are tried for one that has a place that will do."""
_PLACE: Final = [COLUMN["phase"], COLUMN["beat"]]


@dataclass(frozen=True, slots=True)
class Trial:
    """A seed with its true and a wrong continuation."""

    window: Window
    place: str
    """Where the wrong one is from: SAME or OTHER."""
    wrong_number: int
    wrong_begin: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """By how many nats the truth was preferred, [ways, LENGTHS]; above 0 it was."""

    trial: Trial
    margins: NDArray[np.float64]


def trials(pieces: Sequence[HeldOut], windows: Sequence[Window], seed: int = 1) -> list[Trial]:
    """A trial of each place for each window, where the music has one; the same every time."""
    kinds: dict[tuple[str, bytes], list[int]] = {}
    for number, piece in enumerate(pieces):
        kinds.setdefault((piece.source.kind, _known(piece)), []).append(number)
    found = []
    for window in windows:
        rng = np.random.default_rng((seed, window.number, window.cut))
        piece = pieces[window.number]
        begin = _wrong_begin(pieces, window, window.number, rng)
        if begin is not None:
            found.append(Trial(window, SAME, window.number, begin))
        others = [n for n in kinds[piece.source.kind, _known(piece)] if n != window.number]
        for number in rng.permutation(others)[:_OTHER_PIECES].tolist():
            begin = _wrong_begin(pieces, window, number, rng)
            if begin is not None:
                found.append(Trial(window, OTHER, number, begin))
                break
    return found


def _known(piece: HeldOut) -> bytes:
    """Which fields and places the notes of a piece have at all, to be compared."""
    rows = piece.passage.rows
    fields = [bool((rows[:, n] >= field.first_drawn).all()) for n, field in enumerate(DRAWN)]
    return bytes([*fields, bool((rows[:, COLUMN["phase"]] != PHASE_UNKNOWN).all())])


def _wrong_begin(pieces: Sequence[HeldOut], window: Window, number: int, rng: np.random.Generator) -> int | None:
    """Where in piece `number` a wrong continuation begins; None if there is no such place."""
    true, other = pieces[window.number].passage, pieces[number].passage
    count = window.end - window.cut
    begins = np.arange(1, len(other.rows) - count + 1)
    if number == window.number:
        begins = begins[(begins + count <= window.begin) | (begins >= window.end)]
    begins = begins[np.diff(other.ticks)[begins - 1] > TOGETHER_TICKS]
    before = true.rows[window.cut - 1, _PLACE]
    if before[0] != PHASE_UNKNOWN or before[1] != BEAT_UNKNOWN:
        begins = begins[(other.rows[begins - 1][:, _PLACE] == before).all(axis=1)]
    truth = _heard(true.rows[window.cut : window.end])
    for begin in rng.permutation(begins).tolist():
        if not np.array_equal(_heard(other.rows[begin : begin + count]), truth):
            return int(begin)
    return None


def _heard(rows: Rows) -> NDArray[np.int64]:
    """Pitches, durations and distances within a passage."""
    heard = rows[:, [COLUMN["pitch"], COLUMN["duration"], COLUMN["onset"]]].copy()
    heard[0, 2] = 0
    return heard


def fresh(rows: Rows, ticks: Ticks) -> Passage:
    """A passage of which nothing was heard before: its rows look back on no earlier note."""
    rows = rows.copy()
    rows[0, COLUMN["onset"]] = 0
    for back in range(1, RECENT + 1):
        before = rows[:, COLUMN[f"before_{back}"]]
        before[:back] = PITCH_NONE
        before[back:] = rows[:-back, COLUMN["pitch"]]
    return Passage(rows, ticks)


def joined(seed: Passage, piece: Passage, begin: int, count: int, rest: int = 0) -> Passage:
    """`count` notes of a piece from `begin` on after a seed, at the distance that they had from the note before.

    `rest`: so many ticks later.
    """
    moved = piece.ticks[begin : begin + count] - piece.ticks[begin - 1] + seed.ticks[-1] + rest
    rows = np.concatenate((seed.rows, piece.rows[begin : begin + count]))
    if rest:
        rows[len(seed.rows), COLUMN["onset"]] = step_of(moved[:1] - seed.ticks[-1])[0]
    return fresh(rows, np.concatenate((seed.ticks, moved)))


def decide(pieces: Sequence[HeldOut], found: Sequence[Trial], scorer: Scorer) -> list[Outcome]:
    """What a model prefers in each trial."""
    asked = [
        [
            key
            for number, begin in ((trial.window.number, trial.window.cut), (trial.wrong_number, trial.wrong_begin))
            for key in _keys(trial.window, number, begin)
        ]
        for trial in found
    ]
    # Those after one seed stand together: a scorer may remember how the passage before began.
    keys = sorted({key for keys in asked for key in keys})
    costs = dict(zip(keys, scorer([_passage(pieces, key) for key in keys]), strict=True))
    return [
        Outcome(trial, _margins(trial.window.end - trial.window.cut, [costs[key] for key in keys]))
        for trial, keys in zip(found, asked, strict=True)
    ]


class _Key(NamedTuple):
    """A passage to be scored: notes of a piece from `begin` on, after a seed or none, or after a seed and a rest."""

    seed_number: int
    seed_begin: int
    seed_end: int
    rest: int
    number: int
    begin: int
    notes: int


def _keys(window: Window, number: int, begin: int) -> list[_Key]:
    """The continuation after the seed, by itself, and after the seed and a rest."""
    count = window.end - window.cut
    after = _Key(window.number, window.begin, window.cut, 0, number, begin, count)
    return [after, _Key(-1, 0, 0, 0, number, begin, count), after._replace(rest=REST_TICKS)]


def _passage(pieces: Sequence[HeldOut], key: _Key) -> Passage:
    rows, ticks = pieces[key.number].passage
    if key.seed_number < 0:
        part = slice(key.begin, key.begin + key.notes)
        return fresh(rows[part], ticks[part])
    seed = pieces[key.seed_number].passage
    part = slice(key.seed_begin, key.seed_end)
    return joined(Passage(seed.rows[part], seed.ticks[part]), Passage(rows, ticks), key.begin, key.notes, key.rest)


def _margins(count: int, costs: Sequence[Nats]) -> NDArray[np.float64]:
    """[WAYS, LENGTHS] from the six costs that `_keys` asks for, truth first."""
    true, true_alone, true_later, wrong, wrong_alone, wrong_later = costs
    true, wrong, true_later, wrong_later = (cost[:, -count:] for cost in (true, wrong, true_later, wrong_later))
    # A field that one of them does not know would be cheaper there.
    known = ~np.isnan(true).any(axis=1) & ~np.isnan(wrong).any(axis=1)
    gain_alone, gain_later = np.zeros_like(true), (true_later - true) - (wrong_later - wrong)
    gain_alone[:, 1:] = (true_alone - true[:, 1:]) - (wrong_alone - wrong[:, 1:])
    gain_later[DRAWN_INDEX["onset"], 0] = 0
    by_note = np.stack([(gain[known]).sum(axis=0) for gain in (wrong - true, gain_alone, gain_later)])
    return np.stack([by_note[:, :length].sum(axis=1) for length in LENGTHS], axis=1)


def preference_table(pieces: Sequence[HeldOut], outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Share of trials in which the truth was preferred, for JSON: by place, kind of music, way and length.

    `headline` is that of HEADLINE at the greatest length, over all kinds as they stand, with its interval by piece.
    """
    kinds = [piece.source.kind for piece in pieces]
    drawn = Resampling(kinds)
    tables: dict[str, Any] = {}
    for place, way in HEADLINE.items():
        mine = [outcome for outcome in outcomes if outcome.trial.place == place]
        won = np.zeros((len(pieces), len(WAYS), len(LENGTHS)))
        asked = np.zeros(len(pieces))
        for outcome in mine:
            won[outcome.trial.window.number] += outcome.margins > 0
            asked[outcome.trial.window.number] += 1
        by_kind: dict[str, Any] = {}
        for kind, members in drawn.members.items():
            if asked[members].any():
                shares = {
                    name: {
                        str(length): drawn.estimate(kind, won[:, w, n], asked).as_json()
                        for n, length in enumerate(LENGTHS)
                    }
                    for w, name in enumerate(WAYS)
                }
                by_kind[kind] = {"trials": int(asked[members].sum()), **shares}
        if by_kind:
            headline = by_kind[ALL][way][str(LENGTHS[-1])]
            tables[place] = {
                "headline": {"way": way, "notes": LENGTHS[-1], **headline},
                "by_kind": by_kind,
                "by_trial": _by_trial(pieces, mine),
            }
    return tables


def _by_trial(pieces: Sequence[HeldOut], outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Where each trial is found, and by how many nats the truth was preferred in each way over all its notes."""
    columns = ["path", "begin", "cut", "end", "wrong_path", "wrong_begin", *WAYS]
    rows = []
    for outcome in outcomes:
        trial, window = outcome.trial, outcome.trial.window
        paths = [pieces[number].source.path.name for number in (window.number, trial.wrong_number)]
        margins = [round(nats, 3) for nats in outcome.margins[:, -1].tolist()]
        rows.append([paths[0], window.begin, window.cut, window.end, paths[1], trial.wrong_begin, *margins])
    return {"columns": columns, "rows": rows}


def lines(tables: dict[str, Any]) -> list[str]:
    """For people: the share of truths preferred, in percent, by way and number of notes."""
    text = []
    for place, table in tables.items():
        text.append(f"{'wrong one from: ' + place:<32}trials" + "".join(f"{way:>28}" for way in WAYS))
        text.append(f"{'notes compared':<38}" + "".join(f"{n:>7}" for _ in WAYS for n in LENGTHS))
        for kind, row in table["by_kind"].items():
            cells = "".join(f"{row[way][str(n)]['value']:>7.0%}" for way in WAYS for n in LENGTHS)
            text.append(f"{kind:<32}{row['trials']:>6}{cells}")
        ends = table["headline"].get("interval")
        interval = f" [{ends[0]:.1%}, {ends[1]:.1%}]" if ends else ""
        text += [f"{place}: {table['headline']['value']:.1%}{interval} by {table['headline']['way']}", ""]
    return text
