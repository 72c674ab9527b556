"""Places on the line of fifths and the names of pitch classes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.harmony.pitch_class import name_at, pitch_class_at, place_of_name, place_within, plain, spelling

PLACES = st.integers(-15, 20)


@pytest.mark.parametrize(
    ("place", "name", "pitch_class"),
    [
        (0, "C", 0),
        (1, "G", 7),
        (-1, "F", 5),
        (-2, "Bb", 10),
        (5, "B", 11),
        (6, "F#", 6),
        (-6, "Gb", 6),
        (-7, "Cb", 11),
        (12, "B#", 0),
        (13, "F##", 7),
        (-9, "Bbb", 9),
    ],
)
def test_names(place: int, name: str, pitch_class: int) -> None:
    """A place has one name and one pitch class."""
    assert (name_at(place), pitch_class_at(place), place_of_name(name)) == (name, pitch_class, place)


@pytest.mark.parametrize("name", ["", "H", "c", "C#b", "Cx", "B-"])
def test_no_names(name: str) -> None:
    """What names no pitch class is refused."""
    with pytest.raises(ValueError, match="names no pitch class"):
        place_of_name(name)


@given(PLACES)
def test_name_and_place_are_inverse(place: int) -> None:
    """Reading a written place gives it back."""
    assert place_of_name(name_at(place)) == place


@given(st.integers(0, 11), PLACES)
def test_every_pitch_class_is_spelt_as_itself(pitch_class: int, tonic: int) -> None:
    """Whatever the tonic: the same sound, in the window asked for, and at most one accidental when plain."""
    place = place_within(pitch_class, tonic)
    assert pitch_class_at(place) == pitch_class and tonic <= place < tonic + 12
    written = name_at(spelling(pitch_class, tonic))
    assert pitch_class_at(place_of_name(written)) == pitch_class and len(written) <= 2
    assert pitch_class_at(plain(tonic)) == pitch_class_at(tonic)
