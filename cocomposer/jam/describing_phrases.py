"""Phrases with a number or a name in them: keys, metres, tempi, lengths, pitches. Part of `describing`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from cocomposer.harmony.pitch_class import pitch_class_at, place_of_name
from cocomposer.harmony.scales import SCALES
from cocomposer.jam.describing_terms import NUMBERS, SCALE_WORDS
from cocomposer.jam.setting_facts import FACTS
from cocomposer.jam.settings import Settings, Tonic

_BEFORE_A_TONIC: Final = frozenset({"in", "of", "on", "to"})
_SHARPS: Final = {"sharp": "#", "flat": "b"}
_TONIC: Final = re.compile(r"[a-g](#|b)?")
_PITCH: Final = re.compile(r"([a-g](?:#|b)?)(\d)")
_SCALE_NAMES: Final = {name: name for name in SCALES} | SCALE_WORDS
_MIDDLE_C_OCTAVE: Final = 4
_SLOWEST_AT: Final = 40
"""A bare "at 90" is a tempo from here on."""


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase at the beginning of some tokens."""

    taken: int
    changes: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    """Why it means nothing here."""


def literal(tokens: Sequence[str], written: Sequence[str], before: Sequence[str], settings: Settings) -> Found | None:
    """The phrase that `tokens` (small letters) begin with, as `written`; `before`: what they follow."""
    for read in (_metre, _tempo, _bars, _voices, _span, _bound, _named_number):
        found = read(tokens)
        if found is not None:
            return _checked(found)
    return _key(tokens, written, before, settings)


def _checked(found: Found) -> Found:
    """A number that the setting cannot be means nothing."""
    for name, value in found.changes.items():
        fact = FACTS[name]
        if fact.low is not None and fact.high is not None and not fact.low <= value <= fact.high:
            return Found(found.taken, reason=f"only {fact.low:g} to {fact.high:g} can be")
    return found


def _number(token: str) -> int | None:
    return int(token) if token.isascii() and token.isdigit() else NUMBERS.get(token)


def _starts(tokens: Sequence[str], *words: str) -> bool:
    return tuple(tokens[: len(words)]) == words


def _metre(tokens: Sequence[str]) -> Found | None:
    found = re.fullmatch(r"(\d+)/(\d+)", tokens[0])
    if found is None:
        return None
    beats, unit = int(found[1]), int(found[2])
    if unit not in (2, 4, 8, 16) or beats * 4 % unit or not 1 <= beats * 4 // unit <= 16:
        return Found(1, reason="a bar must have a whole number of quarters")
    return Found(1, {"beats_per_bar": beats * 4 // unit})


def _tempo(tokens: Sequence[str]) -> Found | None:
    for lead in (("tempo", "of"), ("a", "tempo", "of"), ("tempo",), ("at",), ()):
        rest = tokens[len(lead) :]
        if not _starts(tokens, *lead) or not rest or not re.fullmatch(r"\d+(\.\d+)?", rest[0]):
            continue
        with_unit = _starts(rest[1:], "bpm")
        with_words = _starts(rest[1:], "beats", "a", "minute") or _starts(rest[1:], "beats", "per", "minute")
        value = float(rest[0])
        if with_unit or with_words or "tempo" in lead or (lead == ("at",) and value >= _SLOWEST_AT):
            return Found(len(lead) + 1 + with_unit + 3 * with_words, {"tempo": value})
    return None


def _bars(tokens: Sequence[str]) -> Found | None:
    number = _number(tokens[0])
    if number is None or len(tokens) < 2 or tokens[1] not in ("bar", "bars", "measures"):
        return None
    return Found(3 if _starts(tokens[2:], "long") else 2, {"length": "bars", "length_bars": number})


def _voices(tokens: Sequence[str]) -> Found | None:
    for lead in (("at", "most"), ("up", "to"), ("no", "more", "than"), ()):
        rest = tokens[len(lead) :]
        number = _number(rest[0]) if _starts(tokens, *lead) and rest else None
        if number is None or len(rest) < 2 or rest[1] not in ("notes", "note", "voices", "voice"):
            continue
        for end in (("at", "a", "time"), ("at", "once"), ("together",), ()):
            if _starts(rest[2:], *end) and (lead or end or rest[1].startswith("voice")):
                return Found(len(lead) + 2 + len(end), {"polyphony": number})
    return None


def _pitch(token: str) -> int | None:
    found = _PITCH.fullmatch(token)
    if found is None:
        return None
    name = found[1][:1].upper() + found[1][1:]
    natural = pitch_class_at(place_of_name(name[0]))
    pitch = natural + 12 * (int(found[2]) + 5 - _MIDDLE_C_OCTAVE) + name.count("#") - name.count("b")
    return pitch if 0 <= pitch <= 127 else None


def _span(tokens: Sequence[str]) -> Found | None:
    if len(tokens) < 4 or (tokens[0], tokens[2]) not in (("between", "and"), ("from", "to")):
        return None
    ends = _pitch(tokens[1]), _pitch(tokens[3])
    if ends[0] is None or ends[1] is None:
        return None
    return Found(4, {"lowest_pitch": min(ends[0], ends[1]), "highest_pitch": max(ends[0], ends[1])})


def _bound(tokens: Sequence[str]) -> Found | None:
    for lead, name in (
        (("not", "above"), "highest_pitch"), (("nothing", "above"), "highest_pitch"), (("below",), "highest_pitch"),
        (("up", "to"), "highest_pitch"), (("not", "higher", "than"), "highest_pitch"), (("under",), "highest_pitch"),
        (("not", "below"), "lowest_pitch"), (("nothing", "below"), "lowest_pitch"), (("above",), "lowest_pitch"),
        (("down", "to"), "lowest_pitch"), (("not", "lower", "than"), "lowest_pitch"), (("over",), "lowest_pitch"),
    ):  # fmt: skip
        pitch = _pitch(tokens[len(lead)]) if _starts(tokens, *lead) and len(tokens) > len(lead) else None
        if pitch is not None:
            return Found(len(lead) + 1, {name: pitch})
    return None


def _named_number(tokens: Sequence[str]) -> Found | None:
    number = _number(tokens[1]) if len(tokens) > 1 else None
    if tokens[0] not in ("channel", "seed") or number is None:
        return None
    return Found(2, {tokens[0]: number})


def _key(tokens: Sequence[str], written: Sequence[str], before: Sequence[str], settings: Settings) -> Found | None:
    tonic, taken = _tonic(tokens)
    follows = bool(before) and before[-1] in _BEFORE_A_TONIC
    scale, more = _longest_scale(tokens[taken:])
    if tonic is not None and scale is not None:
        is_article = tokens[0] == "a" and taken == 1 and written[0] != "A" and not follows
        if not is_article and not _starts(tokens[taken + more :], "key"):
            return Found(taken + more, {"scale": scale, "tonic": str(tonic)})
    elif tonic is not None and follows and before[-1] in ("in", "of") and (taken > 1 or tokens[0] != "a"):
        return Found(taken, {"scale": "major", "tonic": str(tonic)})
    scale, more = _longest_scale(tokens)
    if scale is None or scale == "chromatic":
        return None
    if settings.scale in SCALES:
        return Found(more, {"scale": scale})
    return Found(more, reason="on which note?")


def _tonic(tokens: Sequence[str]) -> tuple[Tonic | None, int]:
    if not tokens or not _TONIC.fullmatch(tokens[0]):
        return None, 0
    accidental = _SHARPS.get(tokens[1], "") if len(tokens) > 1 and len(tokens[0]) == 1 else ""
    name = tokens[0][0].upper() + tokens[0][1:] + accidental
    return list(Tonic)[pitch_class_at(place_of_name(name))], 1 + bool(accidental)


def _longest_scale(tokens: Sequence[str]) -> tuple[str | None, int]:
    for count in (3, 2, 1):
        name = " ".join(tokens[:count])
        if len(tokens) >= count and name in _SCALE_NAMES:
            return _SCALE_NAMES[name], count
    return None, 0
