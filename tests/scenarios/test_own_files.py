"""A folder of the player's own files, seen by the jam: asked of the composer, told as progress, asked again."""

from cocomposer.generation import request
from cocomposer.generation.request import ComposerLost, ComposerReady, FilesRead
from cocomposer.jam import inputs, outputs
from cocomposer.jam.jam import Jam
from cocomposer.jam.outputs import Output, PlayingLike
from cocomposer.jam.settings import Settings

READY = ComposerReady("cpu", "live", "The model is ready.")


def step(jam: Jam, event: inputs.Input) -> list[Output]:
    wanted = (request.PlayLike, PlayingLike, outputs.Notice)
    return [output for output in jam.step(event, 1.0) if isinstance(output, wanted)]


def test_a_folder_is_read_with_progress_and_stands_for_who_comes_late() -> None:
    jam = Jam(Settings())
    step(jam, READY)
    assert step(jam, inputs.PlayLike("own")) == [PlayingLike("own", done=False), request.PlayLike("own")]
    assert step(jam, FilesRead("own", 1, 2, 90)) == [PlayingLike("own", 1, 2, 90, False)]
    told = step(jam, FilesRead("own", 2, 2, 90, False, "b.mid is damaged."))
    assert told == [PlayingLike("own", 2, 2, 90, False, ("b.mid is damaged.",))]
    last = PlayingLike("own", 2, 2, 90, True, ("b.mid is damaged.",))
    assert step(jam, FilesRead("own", 2, 2, 90, True)) == [last]
    assert last in jam.standing


def test_a_folder_without_music_says_so() -> None:
    jam = Jam(Settings())
    step(jam, READY)
    step(jam, inputs.PlayLike("own"))
    assert outputs.Notice("No music.") in step(jam, FilesRead("own", 0, 0, 0, True, "No music."))


def test_a_composer_that_comes_back_reads_again() -> None:
    jam = Jam(Settings())
    assert step(jam, inputs.PlayLike("own")) == [PlayingLike("own", done=False)]
    assert request.PlayLike("own") in step(jam, READY)
    step(jam, FilesRead("own", 2, 2, 90, True))
    step(jam, ComposerLost("It ended."))
    assert request.PlayLike("own") in step(jam, READY)


def test_a_folder_that_is_wanted_no_more_tells_nothing() -> None:
    jam = Jam(Settings())
    step(jam, READY)
    step(jam, inputs.PlayLike("one"))
    assert step(jam, inputs.PlayLike("")) == [PlayingLike(""), request.PlayLike("")]
    assert step(jam, FilesRead("one", 1, 2, 90)) == []
    assert request.PlayLike("") not in step(jam, READY)
