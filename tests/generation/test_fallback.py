"""The fallback: the last bar once more, in place."""

from hypothesis import given
from hypothesis import strategies as st

from cocomposer.generation.fallback import echo, last_bar
from cocomposer.music.note import Note

BAR = 192


def test_the_last_bar_is_repeated_softer_in_its_places() -> None:
    heard = [Note(0, 50, 24, 100), Note(200, 60, 24, 100), Note(360, 64, 500, 10, channel=3)]
    assert echo(last_bar(heard, 384, BAR), 384, 576, channel=2) == (Note(392, 60, 24, 90, 2), Note(552, 64, BAR, 9, 2))


def test_it_goes_round_bar_after_bar() -> None:
    bar = last_bar([Note(10, 60, 5, 80)], 48, BAR)
    assert [note.onset_tick for note in echo(bar, 192, 600, 0)] == [202, 394, 586]
    assert [note.onset_tick for note in echo(bar, 400, 600, 0)] == [586]


def test_silent_beats_before_it_are_no_part_of_the_bar() -> None:
    """Four even beats, a beat and a half of waiting: every beat that follows has a note."""
    bar = last_bar([Note(48 * beat, 60 + beat, 20, 80) for beat in range(4)], 240, BAR)
    repeated = [(note.onset_tick, note.pitch) for note in echo(bar, 240, 432, 0)]
    assert repeated == [(240, 61), (288, 62), (336, 63), (384, 60)]


def test_after_nothing_comes_nothing() -> None:
    assert echo(last_bar([Note(500, 60, 5, 80)], 400, BAR), 400, 800, 0) == ()


@given(
    st.lists(st.builds(Note, st.integers(0, 2000), st.integers(0, 127), st.integers(1, 900), st.integers(1, 127))),
    st.integers(0, 2000),
    st.integers(0, 400),
    st.integers(0, 400),
    st.integers(1, 400),
)
def test_notes_lie_where_they_were_asked_for(heard: list[Note], end: int, wait: int, length: int, bar: int) -> None:
    repeated = echo(last_bar(heard, end, bar), end + wait, end + wait + length, 1)
    assert list(repeated) == sorted(repeated)
    for note in repeated:
        assert end + wait <= note.onset_tick < end + wait + length
        assert 1 <= note.velocity <= 127 and 1 <= note.duration_ticks <= bar
