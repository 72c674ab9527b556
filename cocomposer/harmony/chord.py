"""A chord as a value, and its name as musicians write it, spelt in a key. How chords are heard is `recognition`'s."""

from dataclasses import dataclass
from typing import Final

from cocomposer.harmony.key import C_MAJOR, Key, Mode
from cocomposer.harmony.pitch_class import (
    FLATTEST_STEP,
    PITCH_CLASSES,
    name_at,
    place_of_name,
    place_within,
    plain,
    spelling,
)
from cocomposer.harmony.qualities import template_of
from cocomposer.harmony.templates import Template

_DIMINISHED: Final = frozenset({3, 6})
_UNDIMINISHED: Final = frozenset({4, 7})
"""A diminished triad's third and fifth; a major third and a fifth, beside which they would be other degrees."""
_FLATTEST_OF_MINOR: Final = {Mode.MAJOR: -3, Mode.MINOR: -4}
"""The flattest degree on which a minor chord is taken for one of the flat side: biii in major, bvi in minor."""
_FLATTEST_MINOR_TONIC: Final = place_of_name("Ab")
"""A minor key on Db, Gb, Cb or Fb would have more than seven flats: bii of C is C#m, and iv of Ab yet Dbm."""
_FLATTEST_OF_LEADING: Final = {Mode.MAJOR: -2, Mode.MINOR: -4}
"""A diminished chord mostly leads up to the chord a semitone higher, so its root is spelt sharp: C#dim7 in C."""


@dataclass(frozen=True, slots=True, order=True)
class Chord:
    """Root and bass are pitch classes 0–11; the quality is one that `qualities.quality_of` gives."""

    root: int
    quality: str = "maj"
    bass: int | None = None
    """The lowest tone; None where it is the root."""

    @property
    def template(self) -> Template:
        """The tones of its quality; KeyError if it has an unknown one."""
        return template_of(self.quality)

    @property
    def pitch_classes(self) -> frozenset[int]:
        """All of its tones, a bass that is none of the template's too."""
        tones = {(self.root + semitones) % PITCH_CLASSES for semitones in self.template.semitones}
        return frozenset(tones if self.bass is None else tones | {self.bass})

    @property
    def bass_or_root(self) -> int:
        """The lowest tone."""
        return self.root if self.bass is None else self.bass

    def name(self, key: Key | None = None) -> str:
        """Such as "F#m7b5" or "C/E", spelt in the key, or as its own root is mostly written where none is known."""
        root = self.root_place(key)
        name = name_at(root) + self.template.suffix
        return name if self.bass in {None, self.root} else f"{name}/{name_at(self._bass_place(root, key))}"

    def root_step(self, key: Key) -> int:
        """Steps on the line of fifths from the tonic to the root as a degree of the key: -4 for bVI."""
        flattest = _FLATTEST_OF_LEADING[key.mode] if self._leads_up else FLATTEST_STEP
        return place_within(self.root, key.tonic_place + flattest) - key.tonic_place

    def root_place(self, key: Key | None = None) -> int:
        """The place of its root on the line of fifths as written, with one accidental at most."""
        if key is not None or self._leads_up:
            within = key or C_MAJOR
            step = self.root_step(within)
            place = plain(within.tonic_place + step)
            beside = self._is_minor and step < _FLATTEST_OF_MINOR[within.mode]
            return self._usual_key.tonic_place if beside and place < _FLATTEST_MINOR_TONIC else place
        return self._usual_key.tonic_place

    @property
    def _is_minor(self) -> bool:
        return any(tone.degree == "b3" for tone in self.template.tones)

    @property
    def _usual_key(self) -> Key:
        return Key(self.root, Mode.MINOR if self._is_minor else Mode.MAJOR)

    @property
    def _leads_up(self) -> bool:
        tones = self.template.semitones
        return tones >= _DIMINISHED and tones.isdisjoint(_UNDIMINISHED)

    def _bass_place(self, root_place: int, key: Key | None) -> int:
        above = (self.bass_or_root - self.root) % PITCH_CLASSES
        for tone in self.template.tones:
            if tone.semitones == above:
                return plain(root_place + tone.fifths)
        return spelling(self.bass_or_root, key.tonic_place if key else root_place, FLATTEST_STEP)

    def transposed(self, semitones: int) -> "Chord":
        """The same chord, so many semitones higher."""
        bass = None if self.bass is None else (self.bass + semitones) % PITCH_CLASSES
        return Chord((self.root + semitones) % PITCH_CLASSES, self.quality, bass)
