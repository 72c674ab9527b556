"""The words of musicians for settings, as tables: what `describing` understands. Data only.

A term stands as it is written, in small letters; of two that fit the longer one is meant. A term may mean settings
outright (`MEANS`), a place on a scale that words like "very", "less" or "not" act on (`AXES`), or a mood, which is
several such places at once (`MOODS`).
"""

from dataclasses import dataclass
from typing import Any, Final

from cocomposer.jam.settings import ANY_NUMBER


@dataclass(frozen=True, slots=True)
class Axis:
    """A setting with two directions."""

    setting: str
    neutral: float
    reach: float
    """From neutral to what "very" means."""
    step: float
    """What "more" and "less" add."""
    down: tuple[str, ...]
    """Words for less of it."""
    up: tuple[str, ...]
    less: tuple[str, ...] = ()
    """Comparatives of `down`."""
    more: tuple[str, ...] = ()


AXES: Final = (
    Axis("density", 0.0, 0.9, 0.25,
         ("sparse", "sparsely", "few notes", "spacious", "with space", "empty", "thin", "minimal"),
         ("busy", "dense", "many notes", "lots of notes", "full", "packed", "flowing"),
         ("sparser", "thinner", "fewer notes", "emptier", "calmer texture"),
         ("busier", "denser", "fuller", "more notes")),
    Axis("register", 0.0, 0.9, 0.25,
         ("low", "deep", "down low", "bass", "in the bass", "low register", "dark sounding"),
         ("high", "up high", "treble", "in the treble", "high register"),
         ("lower", "deeper"), ("higher",)),
    Axis("note_length", 0.0, 0.9, 0.25,
         ("short", "staccato", "short notes", "detached", "plucky", "choppy"),
         ("long", "long notes", "legato", "sustained", "held notes", "smooth"),
         ("shorter", "shorter notes"), ("longer", "longer notes", "smoother")),
    Axis("loudness", 0.0, 0.9, 0.25,
         ("soft", "softly", "quiet", "quietly", "piano dynamics", "pianissimo"),
         ("loud", "loudly", "forte", "fortissimo", "strong", "powerful"),
         ("softer", "quieter"), ("louder", "stronger")),
    Axis("strictness", 0.0, 0.9, 0.25,
         ("loose", "rubato", "human timing", "performed", "expressive timing", "laid back"),
         ("tight", "strict", "strict timing", "quantised", "quantized", "on the grid", "mechanical", "metronomic"),
         ("looser",), ("tighter", "stricter")),
    Axis("likeness", 0.0, 0.9, 0.25,
         ("unlike me", "contrasting", "contrast", "independent", "different from me", "away from my phrase"),
         ("like me", "like my phrase", "follow me", "follow my phrase", "imitate me", "imitate my phrase", "echo me",
          "close to me", "close to my phrase", "stay close", "similar"),
         ("further from me", "more different"), ("closer to me", "closer", "closer to my phrase", "more like me")),
    Axis("creativity", 0.95, 0.7, 0.15,
         ("safe", "careful", "predictable", "conservative", "simple", "tame", "plain"),
         ("wild", "creative", "adventurous", "daring", "surprising", "crazy", "experimental", "free"),
         ("safer", "simpler", "tamer", "plainer"), ("wilder",)),
    Axis("follow_key", 0.3, 0.6, 0.15,
         ("chromatic notes", "outside", "out of key"),
         ("inside", "diatonic"), (), ()),
    Axis("rhythm", 0.0, 0.9, 0.25,
         (), ("my rhythm", "same rhythm", "keep my rhythm", "keep the rhythm", "rhythm of mine"), (), ()),
    Axis("memory", 1.0, 1.5, 0.5,
         (), ("remember me", "remember what i play", "pick up my phrases", "pick up what i play", "repetitive",
              "use my motifs", "use my ideas"), (), ()),
    Axis("chord_lean", 1.0, 0.9, 0.25,
         ("ignore the chords", "free of the chords", "loosely by the chords"),
         ("lean on the chords", "near the chords", "follow the chords", "follow my chords"), (), ()),
    Axis("patience", 1.0, 1.5, 0.5,
         ("eager", "answer quickly", "quick to answer", "jump in"),
         ("patient", "wait for me", "give me time", "take your time"),
         ("answer sooner",), ("answer later", "wait longer")),
)  # fmt: skip

BY_SETTING: Final = {axis.setting: axis for axis in AXES}

MOODS: Final[dict[str, dict[str, float]]] = {
    "sad": {"density": -0.3, "register": -0.2, "loudness": -0.3, "note_length": 0.3},
    "melancholic": {"density": -0.3, "register": -0.2, "loudness": -0.3, "note_length": 0.3},
    "happy": {"density": 0.2, "register": 0.2, "loudness": 0.1, "note_length": -0.2},
    "cheerful": {"density": 0.2, "register": 0.2, "loudness": 0.1, "note_length": -0.2},
    "calm": {"density": -0.4, "loudness": -0.3, "note_length": 0.3},
    "peaceful": {"density": -0.4, "loudness": -0.3, "note_length": 0.3},
    "gentle": {"loudness": -0.4, "note_length": 0.2},
    "tender": {"loudness": -0.4, "note_length": 0.2},
    "dreamy": {"density": -0.2, "loudness": -0.3, "note_length": 0.5, "register": 0.2},
    "dark": {"register": -0.5, "loudness": -0.1},
    "bright": {"register": 0.5},
    "lively": {"density": 0.4, "note_length": -0.3},
    "energetic": {"density": 0.5, "loudness": 0.4},
    "aggressive": {"density": 0.4, "loudness": 0.7, "note_length": -0.3},
    "playful": {"density": 0.2, "note_length": -0.5},
    "solemn": {"density": -0.4, "register": -0.3, "note_length": 0.5},
    "dramatic": {"loudness": 0.6, "density": 0.2},
    "lullaby": {"density": -0.4, "loudness": -0.5, "note_length": 0.3},
}
"""Mood → places on axes, from -1 to 1 of their reach; any other word about the same setting goes before it."""

TEMPI: Final[dict[str, float]] = {
    "very slow": 50, "slow": 70, "slowly": 70, "very fast": 180, "fast": 150, "quick": 140, "mid tempo": 110,
    "medium tempo": 110, "largo": 50, "lento": 55, "adagio": 66, "andante": 84, "moderato": 108, "allegretto": 114,
    "allegro": 132, "vivace": 160, "presto": 180, "ballad": 70, "up tempo": 160, "uptempo": 160,
}  # fmt: skip
"""Word → beats a minute."""
TEMPO_STEPS: Final = {"slower": 0.85, "slow down": 0.85, "faster": 1.18, "quicker": 1.18, "speed up": 1.18}
"""Word → factor on the tempo that is set."""

MEANS: Final[dict[str, dict[str, Any]]] = {
    "waltz": {"beats_per_bar": 3}, "three four": {"beats_per_bar": 3}, "four four": {"beats_per_bar": 4},
    "march": {"beats_per_bar": 4}, "common time": {"beats_per_bar": 4},
    "folk": {"style": "folk"}, "folk tune": {"style": "folk"}, "irish": {"style": "folk"}, "celtic": {"style": "folk"},
    "hymn": {"style": "hymn"}, "chorale": {"style": "hymn"}, "lead sheet": {"style": "leadsheet"},
    "written score": {"style": "score"}, "classical": {"style": "score"},
    "live piano": {"style": "performed"}, "concert pianist": {"style": "performed"},
    "drums": {"style": "drums"}, "drum groove": {"style": "drums"}, "any style": {"style": "auto"},
    "as i play": {"style": "auto"},
    "at once": {"entry": "free"}, "immediately": {"entry": "free"}, "right away": {"entry": "free"},
    "on the beat": {"entry": "beat"}, "on the bar": {"entry": "bar"},
    "endless": {"length": "endless"}, "endlessly": {"length": "endless"}, "forever": {"length": "endless"},
    "until i stop": {"length": "endless"}, "until i stop it": {"length": "endless"},
    "as long as my phrase": {"length": "phrase"}, "same length": {"length": "phrase"},
    "monophonic": {"polyphony": 1}, "one note at a time": {"polyphony": 1}, "single notes": {"polyphony": 1},
    "single line": {"polyphony": 1}, "one voice": {"polyphony": 1}, "melody only": {"polyphony": 1},
    "two voices": {"polyphony": 2}, "three voices": {"polyphony": 3}, "four voices": {"polyphony": 4},
    "polyphonic": {"polyphony": ANY_NUMBER}, "any number of notes": {"polyphony": ANY_NUMBER},
    "sixteenths": {"grid": "1/16"}, "16ths": {"grid": "1/16"}, "triplets": {"grid": "1/16+1/8T"},
    "no grid": {"grid": "off"}, "free rhythm": {"grid": "off"},
    "stay in key": {"scale": "auto"}, "in my key": {"scale": "auto"}, "keep to my key": {"scale": "auto"},
    "in key": {"scale": "auto"}, "same key": {"scale": "auto"}, "my key": {"scale": "auto"},
    "any notes": {"scale": "off"}, "no scale": {"scale": "off"}, "any key": {"scale": "off"},
    "chromatic": {"scale": "off"},
    "only chord tones": {"chord_lock": True}, "chord tones only": {"chord_lock": True},
    "chord tones": {"chord_lock": True},
    "original": {"guard": True}, "never copy": {"guard": True}, "do not copy": {"guard": True},
    "may copy": {"guard": False},
    "only when i ask": {"answer": False}, "on command only": {"answer": False}, "on command": {"answer": False},
    "answer by itself": {"answer": True},
    "keep playing": {"interruptible": False}, "play over me": {"interruptible": False},
    "stop when i play": {"interruptible": True}, "let me interrupt": {"interruptible": True},
    "anywhere on the keyboard": {"register_reach": 127}, "stay in my register": {"register_reach": 5, "register": 0.0},
    "forget what i play": {"memory": 0.0}, "like my files": {"files": 1.0}, "my files": {"files": 1.0},
    "only the rhythm": {"rhythm": 0.9, "likeness": -0.5}, "new rhythm": {"rhythm": 0.0},
}  # fmt: skip
"""Words → settings, outright."""
DENIED: Final[dict[str, dict[str, Any]]] = {
    "drums": {"style": "auto"}, "grid": {"grid": "off"}, "scale": {"scale": "off"}, "chords": {"polyphony": 1},
    "polyphony": {"polyphony": 1}, "chord tones": {"chord_lock": False}, "memory": {"memory": 0.0},
    "rhythm of mine": {"rhythm": 0.0}, "my rhythm": {"rhythm": 0.0}, "my files": {"files": 0.0},
    "guard": {"guard": False}, "copying": {"guard": True}, "follow me": {"likeness": -0.3},
    "stop when i play": {"interruptible": False}, "keep playing": {"interruptible": True},
    "answer by itself": {"answer": False}, "copy": {"guard": True}, "endless": {"length": "phrase"},
    "follow my key": {"follow_key": 0.0}, "remember me": {"memory": 0.0},
    "remember what i play": {"memory": 0.0}, "imitate me": {"likeness": -0.3},
}  # fmt: skip
"""Words behind "no", "without" or "not" → settings."""

DEGREES: Final = {
    "a bit": 0.5, "a little": 0.5, "a little bit": 0.5, "slightly": 0.5, "somewhat": 0.5, "rather": 1.0, "quite": 1.0,
    "fairly": 1.0, "pretty": 1.0, "very": 1.75, "really": 1.75, "extremely": 2.0, "much": 2.0, "a lot": 2.0,
    "far": 2.0, "way": 2.0, "so": 1.75, "closely": 1.75, "as much as possible": 2.0,
}  # fmt: skip
"""Word → factor on a place (0.5 of the reach) or on a step."""
AFTER: Final = frozenset({"closely", "a lot", "a bit", "a little", "a little bit", "slightly", "as much as possible"})
"""Degrees that may stand behind what they are about."""
MORE: Final = frozenset({"more", "even more"})
LESS: Final = frozenset({"less", "not so", "not as"})
NOT: Final = frozenset({"not", "no", "without", "do not", "don't", "dont", "never", "isn't", "nothing"})
NOT_TOO: Final = frozenset(
    {"not too", "not very", "not overly", "never too", "not that", "don't be too", "not so very"}
)
TOO: Final = frozenset({"too", "is too", "it is too", "it's too"})
"""A complaint: the other way from here."""
FILLERS: Final = frozenset(
    "a an the some something please play make it its is be in with and but of to me my i you your that which for as at"
    " on key music piece answer answers tune song style like sound sounding feel feeling want would could should let"
    " keep stay notes note tempo just also then give bpm about around time".split()
)
"""Words without a meaning of their own; they need not be understood."""
NUMBERS: Final = {
    word: number
    for number, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)
}
SCALE_WORDS: Final = {"ionian": "major", "aeolian": "minor", "natural minor": "minor", "pentatonic": "major pentatonic"}
"""Names of scales beside those of `harmony.scales`."""
