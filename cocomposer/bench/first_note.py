"""From the moment a phrase is judged over to the first answer note on the wire, in the real engine, phrase by phrase.

Phrases are short cuts of those that come with the product; the jam keeps its growing history in between, so the
model's context fills up as it does in playing. Where the tempo was estimated the answer also waits for a place
of the onset grid: those phrases are told apart too.
"""

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from cocomposer.adapters.midi_files import read_midi_file
from cocomposer.adapters.phrases import phrases
from cocomposer.bench.studio import Script, Studio
from cocomposer.bench.subject import NotMeasured, Subject
from cocomposer.jam import inputs, outputs
from cocomposer.jam.outputs import Mode
from cocomposer.jam.settings import Settings
from cocomposer.music.message import NOTE_OFF, NOTE_ON, kind_of
from cocomposer.runtime.news import News
from cocomposer.runtime.script import script_of

PHRASES: Final = 40
PHRASES_QUICK: Final = 5
_CUT_SECONDS: Final = (0.8, 1.6)
_PATIENCE: Final = 0.25
"""The shortest pause: how long the player is silent before is another figure."""
_LEAD_SECONDS: Final = 0.05
_ANSWER_SECONDS: Final = 8.0
_HEARD_SECONDS: Final = 0.12
_QUIET_SECONDS: Final = 0.15
_TAKE_SECONDS: Final = 1.0


def measure(subject: Subject) -> dict[str, Any]:
    """ms, over all phrases, and over those in free time and on an estimated beat apart."""
    count = subject.amount(PHRASES, PHRASES_QUICK)
    found: list[tuple[float, bool]] = []
    with Studio(subject, Settings(patience=_PATIENCE)) as studio:
        studio.wait_ready()
        for number, script in zip(range(count), cuts(), strict=False):
            if number % 10 == 0:
                subject.tell(f"  phrase {number + 1} of {count}")
            one = _one(studio, script)
            if one is not None:
                found.append(one)
    if not found:
        raise NotMeasured("No phrase was answered; run cocomposer doctor.")
    whole = np.asarray([1000 * seconds for seconds, _ in found])
    on_beat = np.asarray([known for _, known in found])
    figures: dict[str, Any] = {
        "first_note_ms_p50": float(np.quantile(whole, 0.5)),
        "first_note_ms_p99": float(np.quantile(whole, 0.99)),
        "first_note_ms_max": float(whole.max()),
        "first_note_phrases": len(found),
        "first_note_unanswered": count - len(found),
    }
    for name, chosen in (("free", whole[~on_beat]), ("estimate", whole[on_beat])):
        figures[f"first_note_{name}_ms_p50"] = float(np.median(chosen)) if len(chosen) else None
        figures[f"first_note_{name}_phrases"] = len(chosen)
    return figures


def _one(studio: Studio, script: Script) -> tuple[float, bool] | None:
    """(seconds from judged over to the wire, whether a beat was known) of one phrase; None if it was not answered."""
    for _ in studio.news_until(time.perf_counter() + _QUIET_SECONDS):
        pass
    studio.heard()
    begin = time.perf_counter() + _LEAD_SECONDS
    studio.play([(begin + at_seconds, data) for at_seconds, data in script])
    ended = begin + script[-1][0]
    story = _Story()
    # What was judged over too early and cut by the next note is not what is measured: the last answer is.
    for news in studio.news_until(ended):
        story.tell(news)
    if not story.has_begun():
        for news in studio.news_until(ended + _ANSWER_SECONDS):
            story.tell(news)
            if story.has_begun():
                break
        else:
            return None
    for news in studio.news_until(story.on_seconds + _HEARD_SECONDS):
        story.tell(news)
    studio.command(inputs.StopAnswer())
    take = studio.wait_for(lambda news: isinstance(news, outputs.Take), time.perf_counter() + _TAKE_SECONDS)
    sent = [at for at, data in studio.heard() if kind_of(data) == NOTE_ON and at >= story.armed_seconds]
    return (sent[0] - story.armed_seconds, isinstance(take, outputs.Take) and take.beat_known) if sent else None


@dataclass(slots=True)
class _Story:
    """When the last phrase was judged over, and when its answer's first note was to sound."""

    armed_seconds: float = math.inf
    on_seconds: float = math.inf

    def has_begun(self) -> bool:
        """Whether an answer is being played."""
        return self.on_seconds < math.inf

    def tell(self, news: News) -> None:
        """Take in one piece of news."""
        if isinstance(news, outputs.ModeChanged) and news.mode is not Mode.ANSWERING:
            self.armed_seconds = news.at_seconds if news.mode is Mode.ARMED else math.inf
            self.on_seconds = math.inf
        elif isinstance(news, outputs.Play) and self.armed_seconds < math.inf:
            self.on_seconds = min(self.on_seconds, news.on_seconds)


def cuts(seed: int = 1) -> Iterator[Script]:
    """Endlessly: a second or so of one of the shipped phrases, from its own second 0, ending with all keys up."""
    chance = np.random.default_rng(seed)
    whole = [script_of(read_midi_file(path)) for path in phrases().values()]
    while True:
        for script in whole:
            length = float(chance.uniform(*_CUT_SECONDS))
            start = float(chance.uniform(0.0, max(0.0, script[-1][0] - length)))
            cut = cut_of(script, start, length)
            if cut:
                yield cut


def cut_of(script: Sequence[tuple[float, bytes]], start: float, length: float) -> Script:
    """The notes that begin within the stretch, each ended at its end at the latest; empty if none begins there."""
    events: Script = []
    down: dict[int, bool] = {}
    begun = None
    for at_seconds, data in script:
        if not start <= at_seconds < start + length:
            continue
        kind = kind_of(data)
        if kind == NOTE_ON or (kind == NOTE_OFF and down.get(data[1])):
            begun = at_seconds if begun is None else begun
            down[data[1]] = kind == NOTE_ON
            events.append((at_seconds - begun, data))
    if begun is None:
        return []
    end = start + length - begun
    return [*events, *((end, bytes((NOTE_OFF, pitch, 64))) for pitch, is_down in down.items() if is_down)]
