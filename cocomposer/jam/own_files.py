"""The folder of the player's own files that answers are to be like: asked of the composer, told as it is read.

The composer forgets it when it ends, so it is asked again. Knows no files and no memory.
"""

from typing import Final

from cocomposer.generation import request
from cocomposer.generation.request import FilesRead
from cocomposer.jam.outputs import PlayingLike
from cocomposer.jam.state import State

MOST_LEFT_OUT: Final = 20
"""Sentences that are kept."""


class OwnFiles:
    """At most one folder."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.told: PlayingLike | None = None
        """What was told last; None if no folder was ever given."""

    def play_like(self, folder: str) -> None:
        """Read this one instead of any other; empty: none."""
        self._tell(PlayingLike(folder, done=not folder))
        if self._state.composer_ready:
            self._state.out.append(request.PlayLike(folder))

    def composer_ready(self) -> None:
        """The composer begins afresh and has read nothing."""
        if self.told is not None and self.told.folder:
            self.play_like(self.told.folder)

    def read(self, news: FilesRead) -> None:
        """The composer has read another file; of a folder that is wanted no more nothing is told."""
        before = self.told
        if before is None or news.folder != before.folder:
            return
        left_out = before.left_out if news.sentence is None else (*before.left_out, news.sentence)[-MOST_LEFT_OUT:]
        self._tell(PlayingLike(news.folder, news.read, news.total, news.notes, news.done, left_out))
        if news.done and not news.notes and news.sentence is not None:
            self._state.say(news.sentence)

    def _tell(self, news: PlayingLike) -> None:
        self.told = news
        self._state.out.append(news)
