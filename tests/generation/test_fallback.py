"""The fallback: the last bar once more, in place."""

from hypothesis import given
from hypothesis import strategies as st

from cocomposer.generation.fallback import echo
from cocomposer.music.note import Note

BAR = 192


def test_the_last_bar_is_repeated_softer_in_its_places() -> None:
    heard = [Note(0, 50, 24, 100), Note(200, 60, 24, 100), Note(240, 64, 500, 10, channel=3)]
    assert echo(heard, 384, 576, BAR, channel=2) == (Note(392, 60, 24, 90, 2), Note(432, 64, BAR, 9, 2))


def test_it_goes_on_bar_after_bar_and_says_nothing_after_silence() -> None:
    assert [note.onset_tick for note in echo([Note(10, 60, 5, 80)], 192, 600, BAR, 0)] == [202, 394, 586]
    assert echo([Note(10, 60, 5, 80)], 500, 600, BAR, 0) == ()


@given(
    st.lists(st.builds(Note, st.integers(0, 2000), st.integers(0, 127), st.integers(1, 900), st.integers(1, 127))),
    st.integers(0, 2000),
    st.integers(0, 400),
    st.integers(48, 400),
)
def test_notes_lie_where_they_were_asked_for(heard: list[Note], begin: int, length: int, bar: int) -> None:
    for note in echo(heard, begin, begin + length, bar, 1):
        assert begin <= note.onset_tick < begin + length
        assert 1 <= note.velocity <= 127 and 1 <= note.duration_ticks <= bar
