"""How often the true middle between two passages is preferred to a middle from elsewhere in the same piece.

A gap is some music with a passage before it (the left side) and one behind it (the right side), which both stay where
they are. A wrong middle is real music of the same piece from outside all three: it begins at the same place in the bar,
fills the same time, keeps its pitches and its timing, and is not note for note the truth.

A middle m between L and R is preferred by `generation.roles.fit`, the very score that chooses infills:
log p(m | L) - log p(m | L, then a long rest) + log p(R | L, m). By the lemma of Neyman and Pearson (1933) that is the
best decision between "m stands here" and "m comes some other time in this music" as far as the model goes. Its parts
are told beside it: *middle* (the first two terms), *right* (the last), and the plain *likelihood* log p(m, R | L),
which prefers whatever is easy music. All was chosen on the valid split.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cocomposer.events.layout import BEAT_UNKNOWN, COLUMN, DRAWN_INDEX, PHASE_UNKNOWN
from cocomposer.events.steps import step_of
from cocomposer.generation.roles.fit import REST_TICKS, Costs, fit
from models.training.evaluation.intervals import ALL, Resampling
from models.training.evaluation.preference import fresh
from models.training.evaluation.scoring import HeldOut, Nats, Passage, Scorer
from models.training.evaluation.seeds import Rule, Window, is_boundary

GAP: Final = Rule(128, 64, 2 / 5, 1 / 4, least_continuation=16)
"""Left side, and middle with right side: half of the notes each, as near as a boundary lies."""
WAYS: Final = ("fit", "middle", "right", "likelihood")
HEADLINE: Final = WAYS[0]
_PLACE: Final = [COLUMN["phase"], COLUMN["beat"]]
_FEWEST: Final = 2


@dataclass(frozen=True, slots=True)
class Gap:
    """Notes [begin, cut) of a piece are the left side, [cut, end) the middle, [end, stop) the right side.

    A wrong middle are its notes [wrong_begin, wrong_end).
    """

    number: int
    """Which piece, as an index."""
    begin: int
    cut: int
    end: int
    stop: int
    wrong_begin: int
    wrong_end: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """By how many nats the true middle was preferred, [WAYS]; above 0 it was."""

    gap: Gap
    margins: NDArray[np.float64]


def gaps(pieces: Sequence[HeldOut], windows: Sequence[Window], seed: int = 1) -> list[Gap]:
    """A gap for each window of the rule GAP whose piece has a wrong middle for it; the same every time."""
    found = []
    for window in windows:
        passage = pieces[window.number].passage
        half = window.cut + (window.end - window.cut) // 2
        end = next((n for n in range(half, window.end) if is_boundary(passage.ticks, n)), None)
        if end is None:
            continue
        rng = np.random.default_rng((seed, window.number, window.cut))
        wrong = _wrong(passage, window, end, rng)
        if wrong is not None:
            found.append(Gap(window.number, window.begin, window.cut, end, window.end, *wrong))
    return found


def _wrong(passage: Passage, window: Window, end: int, rng: np.random.Generator) -> tuple[int, int] | None:
    """Notes [begin, end) of a wrong middle; None if the piece has none."""
    rows, ticks = passage
    length = int(ticks[end] - ticks[window.cut])
    begins = np.arange(1, len(rows))
    place = rows[window.cut, _PLACE]
    if place[0] != PHASE_UNKNOWN or place[1] != BEAT_UNKNOWN:
        begins = begins[(rows[begins][:, _PLACE] == place).all(axis=1)]
    truth = _heard(passage, window.cut, end)
    for begin in rng.permutation(begins).tolist():
        wrong_end = int(np.searchsorted(ticks, ticks[begin] + length))
        outside = wrong_end <= window.begin or begin >= window.end
        whole = ticks[-1] >= ticks[begin] + length and wrong_end - begin >= _FEWEST
        parted = outside and whole and is_boundary(ticks, begin) and is_boundary(ticks, wrong_end)
        if parted and not np.array_equal(_heard(passage, begin, wrong_end), truth):
            return int(begin), wrong_end
    return None


def _heard(passage: Passage, begin: int, end: int) -> NDArray[np.int64]:
    """Onsets from the first, pitches and durations."""
    columns = passage.rows[begin:end, [COLUMN["pitch"], COLUMN["duration"]]]
    return np.column_stack((passage.ticks[begin:end] - passage.ticks[begin], columns))


class Key(NamedTuple):
    """A filled gap to be scored; `rest`: so many ticks before the middle, and no right side then."""

    number: int
    begin: int
    cut: int
    end: int
    stop: int
    from_note: int
    to_note: int
    rest: int


def key_of(gap: Gap, middle: tuple[int, int], rest: int = 0) -> Key:
    """A gap with some notes of its piece in it."""
    return Key(gap.number, gap.begin, gap.cut, gap.end, gap.stop, *middle, rest)


def filled(piece: Passage, key: Key) -> Passage:
    """Left side, middle and right side, read as if they had been played so."""
    rows, ticks = piece
    left, right = slice(key.begin, key.cut), slice(key.end, key.stop)
    moved = ticks[key.from_note : key.to_note] - ticks[key.from_note] + ticks[key.cut] + key.rest
    parts = [rows[left], rows[key.from_note : key.to_note]]
    moments = [ticks[left], moved]
    if not key.rest:
        parts.append(rows[right])
        moments.append(ticks[right])
    onsets = np.concatenate(moments)
    whole = np.concatenate(parts)
    whole[1:, COLUMN["onset"]] = step_of(np.diff(onsets))
    return fresh(whole, onsets)


def decide(pieces: Sequence[HeldOut], found: Sequence[Gap], scorer: Scorer) -> list[Outcome]:
    """What a model prefers for each gap."""
    keys = []
    for gap in found:
        for middle in ((gap.cut, gap.end), (gap.wrong_begin, gap.wrong_end)):
            keys += [key_of(gap, middle), key_of(gap, middle, REST_TICKS)]
    costs = scorer([filled(pieces[key.number].passage, key) for key in keys])
    return [
        Outcome(gap, _margins(gap, keys[4 * n : 4 * n + 4], costs[4 * n : 4 * n + 4])) for n, gap in enumerate(found)
    ]


def _margins(gap: Gap, keys: Sequence[Key], costs: Sequence[Nats]) -> NDArray[np.float64]:
    """[WAYS] from the costs of truth and wrong one, each in place and after a rest."""
    true, wrong = (
        _costs(gap, key, here, later) for key, here, later in zip(keys[::2], costs[::2], costs[1::2], strict=True)
    )
    return np.asarray(
        [
            fit(true) - fit(wrong),
            true.later - true.middle - (wrong.later - wrong.middle),
            wrong.right - true.right,
            wrong.middle + wrong.right - (true.middle + true.right),
        ]
    )


def _costs(gap: Gap, key: Key, here: Nats, later: Nats) -> Costs:
    """The first onset of a middle counts nowhere: it is given."""
    count = key.to_note - key.from_note
    middle = here[:, gap.cut - gap.begin - 1 :][:, :count].copy()
    after_rest = later[:, -count:].copy()
    middle[DRAWN_INDEX["onset"], 0] = after_rest[DRAWN_INDEX["onset"], 0] = 0
    right = here[:, -(gap.stop - gap.end) :]
    return Costs(*(float(np.nansum(part)) for part in (middle, after_rest, right)))


def infill_table(pieces: Sequence[HeldOut], outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Share of gaps whose true middle was preferred, for JSON: by kind of music and way, with intervals by piece."""
    kinds = [piece.source.kind for piece in pieces]
    drawn = Resampling(kinds)
    won = np.zeros((len(pieces), len(WAYS)))
    asked = np.zeros(len(pieces))
    for outcome in outcomes:
        won[outcome.gap.number] += outcome.margins > 0
        asked[outcome.gap.number] += 1
    by_kind: dict[str, dict[str, Any]] = {
        kind: {
            "gaps": int(asked[members].sum()),
            **{way: drawn.estimate(kind, won[:, n], asked).as_json() for n, way in enumerate(WAYS)},
        }
        for kind, members in drawn.members.items()
        if asked[members].any()
    }
    columns = ["path", "begin", "cut", "end", "stop", "wrong_begin", "wrong_end", *WAYS]
    rows = []
    for outcome in outcomes:
        gap = outcome.gap
        place = [gap.begin, gap.cut, gap.end, gap.stop, gap.wrong_begin, gap.wrong_end]
        rows.append([pieces[gap.number].source.path.name, *place, *(round(m, 3) for m in outcome.margins.tolist())])
    headline = {"way": HEADLINE, **by_kind[ALL][HEADLINE]}
    return {"headline": headline, "by_kind": by_kind, "by_gap": {"columns": columns, "rows": rows}}


def lines(table: dict[str, Any]) -> list[str]:
    """For people: the share of true middles preferred, in percent."""
    text = [f"{'true middle preferred':<32}  gaps" + "".join(f"{way:>26}" for way in WAYS)]
    for kind, row in table["by_kind"].items():
        cells = [_cell(row[way]) for way in WAYS]
        text.append(f"{kind:<32}{row['gaps']:>6}" + "".join(f"{cell:>26}" for cell in cells))
    return text


def _cell(figure: dict[str, Any]) -> str:
    ends = figure.get("interval")
    return f"{figure['value']:.1%}" + (f" [{ends[0]:.1%}, {ends[1]:.1%}]" if ends else "")
