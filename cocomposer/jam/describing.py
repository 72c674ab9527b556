"""Words to settings: what a musician wrote, what of it is understood, what is not. It never guesses in silence.

A line is read from left to right; at each place the longest thing that is known there is taken (`describing_terms`).
"Less", "a bit", "not too" act on the settings as they are. What is neither understood nor a filler is told, with why
where that is known. Knows no window.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cocomposer.jam.describing_phrases import Found, literal
from cocomposer.jam.describing_terms import (
    AFTER,
    AXES,
    BY_SETTING,
    DEGREES,
    DENIED,
    FILLERS,
    LESS,
    MEANS,
    MOODS,
    MORE,
    NOT,
    NOT_TOO,
    TEMPI,
    TEMPO_STEPS,
    TOO,
    Axis,
)
from cocomposer.jam.setting_facts import FACTS
from cocomposer.jam.settings import Settings, SettingsError, changed

PLACE: Final = 0.5
"""What a word without a degree means, of its axis' reach."""
CAP: Final = 0.2
"""What "not too" leaves, of the reach."""
_GRAIN: Final = 0.05
_TEMPO_CAPS: Final = {"fast": 120.0, "quick": 120.0, "slow": 80.0}
_BETWEEN: Final = frozenset(",.;:!?")
_LONGEST_TERM: Final = 5


@dataclass(frozen=True, slots=True)
class Understood:
    """Some of the words, and the settings that come of them."""

    words: str
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Unclear:
    """Words that mean nothing here."""

    words: str
    reason: str = ""
    """Why, where that is known: a few words."""


@dataclass(frozen=True, slots=True)
class Description:
    """What became of a line."""

    understood: tuple[Understood, ...] = ()
    unclear: tuple[Unclear, ...] = ()
    changes: Mapping[str, Any] = field(default_factory=dict)
    """All that is understood, together: fits the settings that it was read for."""


def describe(text: str, settings: Settings) -> Description:
    """Read a line beside the settings as they are."""
    reader = _Reader(text, settings)
    reader.read()
    return reader.description()


Terms = Mapping[str, Any] | frozenset[str]
_WORDS: Final[dict[str, tuple[Axis, int, bool]]] = {
    word: (axis, direction, is_step)
    for axis in AXES
    for words, direction, is_step in (
        (axis.down, -1, False), (axis.up, 1, False), (axis.less, -1, True), (axis.more, 1, True),
    )
    for word in words
}  # fmt: skip
"""Word → axis, direction, whether it is a comparative."""


class _Reader:
    """One line."""

    def __init__(self, text: str, settings: Settings) -> None:
        text = text.replace("’", "'").replace("♭", "b").replace("♯", "#").replace("-", " ")
        self._written: list[str] = re.findall(
            r"\d+(?:st|nd|rd|th)s?\b|\d+(?:\.\d+)?(?:/\d+)?|[A-Za-z][A-Za-z0-9#']*|[,.;:!?]|[^\s\w]|\w+", text
        )
        self._tokens = [token.lower() for token in self._written]
        self._settings = settings
        self._values: dict[str, Any] = {}
        self._from: dict[str, int] = {}
        """Setting → which of `_found` set it outright."""
        self._moods: dict[str, tuple[float, str]] = {}
        """Setting → place on its axis, and the mood that says so."""
        self._mood_of: dict[str, int] = {}
        self._found: list[tuple[str, list[str]]] = []
        """Words, and the settings that they are about."""
        self._caps: list[tuple[Axis, int]] = []
        self._unclear: list[Unclear] = []

    # -- from left to right --------------------------------------------------------------------

    def read(self) -> None:
        place = 0
        unknown: list[int] = []
        while place < len(self._tokens):
            taken = self._take(place)
            if taken:
                self._give_up_on(unknown)
                unknown = []
                place += taken
                continue
            if self._tokens[place] in _BETWEEN:
                self._give_up_on(unknown)
                unknown = []
            elif self._tokens[place] not in FILLERS or unknown:
                unknown.append(place)
            place += 1
        self._give_up_on(unknown)

    def _give_up_on(self, places: list[int]) -> None:
        while places and self._tokens[places[-1]] in FILLERS:
            places.pop()
        if places:
            self._unclear.append(Unclear(" ".join(self._written[place] for place in places)))

    def _longest(self, place: int, terms: Terms, fits: Callable[[str], bool] = lambda _: True) -> tuple[str, int]:
        """The longest term that begins at a place, and how many tokens it takes; ("", 0) if none does."""
        for count in range(min(_LONGEST_TERM, len(self._tokens) - place), 0, -1):
            term = " ".join(self._tokens[place : place + count])
            if term in terms and fits(term):
                return term, count
        return "", 0

    def _take(self, place: int) -> int:
        """Take what is known at a place; how many tokens that is."""
        number = self._take_literal(place)
        if number:
            return number
        for read in (self._take_tempo_cap, self._take_comparison, self._take_denial, self._take_degree):
            number = read(place)
            if number:
                return number
        return self._take_plain(place)

    # -- kinds of phrases ----------------------------------------------------------------------

    def _take_literal(self, place: int) -> int:
        """Keys, metres, tempi, bars, pitches: what is told by a number or a name."""
        found: Found | None = literal(self._tokens[place:], self._written[place:], self._tokens[:place], self._settings)
        if found is None:
            return 0
        words = self._text(place, found.taken)
        if found.reason:
            self._unclear.append(Unclear(words, found.reason))
        else:
            self._set(words, found.changes)
        return found.taken

    def _take_tempo_cap(self, place: int) -> int:
        _, first = self._longest(place, NOT_TOO)
        word, second = self._longest(place + first, _TEMPO_CAPS) if first else ("", 0)
        if not second:
            return 0
        words, tempo = self._text(place, first + second), self._now("tempo")
        if tempo is None:
            self._unclear.append(Unclear(words, "no tempo is set"))
        else:
            cap = _TEMPO_CAPS[word]
            self._set(words, {"tempo": max(tempo, cap) if word == "slow" else min(tempo, cap)})
        return first + second

    def _take_comparison(self, place: int) -> int:
        """More, less, too and not too, with a degree in front of the first two."""
        degree, before = self._longest(place, DEGREES)
        factor = DEGREES.get(degree, 1.0)
        for terms, direction in ((NOT_TOO, 0), (MORE, 1), (LESS, -1), (TOO, -1)):
            _, count = self._longest(place + before, terms)
            taken = before + count
            word, more = self._longest(place + taken, _WORDS, lambda word: not _WORDS[word][2]) if count else ("", 0)
            if count and not more and direction:
                mood, feeling = self._longest(place + taken, MOODS)
                if feeling:
                    self._step_mood(self._text(place, taken + feeling), mood, direction * factor)
                    return taken + feeling
            if not more:
                continue
            axis, sign, _ = _WORDS[word]
            words = self._text(place, taken + more)
            if direction:
                self._step(words, axis, sign * direction * factor)
            else:
                self._caps.append((axis, sign))
                self._found.append((words, [axis.setting]))
            return taken + more
        return 0

    def _take_denial(self, place: int) -> int:
        _, count = self._longest(place, NOT)
        if not count:
            return 0
        word, more = self._longest(place + count, DENIED)
        if more:
            self._set(self._text(place, count + more), DENIED[word])
            return count + more
        word, more = self._longest(place + count, _WORDS, lambda word: not _WORDS[word][2])
        if more:
            axis, sign, _ = _WORDS[word]
            self._put(self._text(place, count + more), axis, -0.5 * sign)
            return count + more
        _, strict = self._longest(place, NOT_TOO)
        count = max(count, strict)
        for terms in (MEANS, MOODS, TEMPI):
            _, more = self._longest(place + count, terms)
            if more:
                self._unclear.append(Unclear(self._text(place, count + more), "say what it shall be instead"))
                return count + more
        return 0

    def _take_degree(self, place: int) -> int:
        degree, count = self._longest(place, DEGREES)
        if not count:
            return 0
        word, more = self._longest(place + count, _WORDS)
        if more:
            self._take_axis(self._text(place, count + more), word, DEGREES[degree])
            return count + more
        word, more = self._longest(place + count, MOODS)
        if more:
            self._take_mood(self._text(place, count + more), word, DEGREES[degree])
            return count + more
        word, more = self._longest(place + count, TEMPO_STEPS)
        return self._take_tempo_step(place, count + more, word, DEGREES[degree]) if more else 0

    def _take_plain(self, place: int) -> int:
        word, count = self._longest(place, MEANS)
        other, more = self._longest(place, _WORDS)
        tempo, beats = self._longest(place, TEMPI)
        step, pace = self._longest(place, TEMPO_STEPS)
        mood, feeling = self._longest(place, MOODS)
        most = max(count, more, beats, pace, feeling)
        words = self._text(place, most)
        if not most:
            return 0
        if most == count:
            self._set(words, MEANS[word])
        elif most == more:
            after, behind = self._longest(place + more, AFTER)
            self._take_axis(self._text(place, more + behind), other, DEGREES.get(after, 1.0))
            return more + behind
        elif most == beats:
            self._set(words, {"tempo": float(TEMPI[tempo])})
        elif most == pace:
            return self._take_tempo_step(place, pace, step, 1.0)
        else:
            self._take_mood(words, mood, 1.0)
        return most

    def _take_axis(self, words: str, word: str, factor: float) -> None:
        axis, sign, is_step = _WORDS[word]
        (self._step if is_step else self._put)(words, axis, sign * factor)

    def _take_tempo_step(self, place: int, count: int, word: str, factor: float) -> int:
        words, tempo = self._text(place, count), self._now("tempo")
        if tempo is None:
            self._unclear.append(Unclear(words, "no tempo is set"))
        else:
            fact = FACTS["tempo"]
            wanted = round(tempo * TEMPO_STEPS[word] ** factor)
            self._set(words, {"tempo": float(min(fact.high or wanted, max(fact.low or wanted, wanted)))}, anew=False)
        return count

    def _step_mood(self, words: str, mood: str, factor: float) -> None:
        """From the settings as they are half of the way to the mood, or as far away from it."""
        changes = {}
        for setting, place in MOODS[mood].items():
            now = self._now(setting)
            changes[setting] = _fit(setting, now + 0.5 * factor * place * BY_SETTING[setting].reach)
        self._set(words, changes, anew=False)

    def _take_mood(self, words: str, mood: str, factor: float) -> None:
        places = {setting: place * factor for setting, place in MOODS[mood].items()}
        for setting, place in places.items():
            if setting in self._moods and self._moods[setting][0] * place < 0:
                self._unclear.append(Unclear(words, f"contradicts {self._moods[setting][1]}"))
                return
        self._mood_of |= dict.fromkeys(places, len(self._found))
        for setting, place in places.items():
            before = self._moods.get(setting, (0.0, mood))
            self._moods[setting] = max(before, (place, mood), key=lambda one: abs(one[0]))
        self._found.append((words, list(places)))

    # -- what comes of it ----------------------------------------------------------------------

    def _put(self, words: str, axis: Axis, place: float) -> None:
        """A place on an axis, in multiples of what a plain word means."""
        self._set(words, {axis.setting: _fit(axis.setting, axis.neutral + place * PLACE * axis.reach)})

    def _step(self, words: str, axis: Axis, steps: float) -> None:
        value = _fit(axis.setting, self._now(axis.setting) + steps * axis.step)
        self._set(words, {axis.setting: value}, anew=False)

    def _set(self, words: str, changes: Mapping[str, Any], anew: bool = True) -> None:
        """`anew`: outright, so that what was said before about the same setting is contradicted."""
        for setting, value in changes.items():
            earlier = self._from.get(setting)
            if anew and earlier is not None and self._values[setting] != value:
                before, about = self._found[earlier]
                self._unclear.append(Unclear(before, f"contradicts {words}"))
                about.clear()
            self._values[setting] = value
            if anew:
                self._from[setting] = len(self._found)
        self._found.append((words, list(changes)))

    def _now(self, setting: str) -> Any:
        """As said so far, or else as it is."""
        return self._values.get(setting, getattr(self._settings, setting))

    def _text(self, place: int, count: int) -> str:
        return " ".join(self._written[place : place + count])

    def description(self) -> Description:
        """All that was read; nothing of it is understood if it cannot be together."""
        values = dict(self._values)
        for setting, (place, _) in self._moods.items():
            axis = BY_SETTING[setting]
            values.setdefault(setting, _fit(setting, axis.neutral + place * axis.reach))
        for axis, sign in self._caps:
            cap = axis.neutral + sign * CAP * axis.reach
            value = values.get(axis.setting, getattr(self._settings, axis.setting))
            values[axis.setting] = _fit(axis.setting, min(value, cap) if sign > 0 else max(value, cap))
        try:
            changed(self._settings, values)
        except SettingsError as error:
            whole = Unclear(" ".join(self._written), str(error))
            return Description((), (whole, *self._unclear), {})
        understood = tuple(
            Understood(
                words, {setting: values[setting] for setting in about if not self._is_overruled(number, setting)}
            )
            for number, (words, about) in enumerate(self._found)
            if about
        )
        return Description(understood, tuple(self._unclear), values)

    def _is_overruled(self, number: int, setting: str) -> bool:
        """Whether a mood said this of a setting of which something else was said more exactly."""
        return self._mood_of.get(setting) == number and setting in self._values


def _fit(setting: str, value: float) -> float:
    """The nearest value that the setting can have."""
    fact = FACTS[setting]
    assert fact.low is not None and fact.high is not None
    return min(fact.high, max(fact.low, round(round(value / _GRAIN) * _GRAIN, 6)))
