"""A second front end: sees all that the engine tells, so that a walk can wait for what must come. Says nothing."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from cocomposer.jam.outputs import Mode, Play
from cocomposer.runtime.engine_address import NotReached, Place, published
from cocomposer.runtime.engine_line import EngineGone
from cocomposer.runtime.joining import EngineLink
from cocomposer.runtime.news import Hello, News, Ready, Status
from tests.fakes.patience import PATIENCE_SECONDS, until

N = TypeVar("N", bound=News)


class EngineWatch:
    """Everything that one engine told, in order."""

    def __init__(self, place: Place, other_than: str | None = None) -> None:
        """Waits until an engine lives there (that of another run than `other_than`), and starts none."""
        self._link = until(lambda: _reached(place, other_than), "there is an engine")
        self._told: list[News] = []
        self._more = threading.Condition()
        self._gone = False
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        self.hello = self.wait(Hello)

    def __enter__(self) -> "EngineWatch":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._link.close()
        self._thread.join(PATIENCE_SECONDS)

    def _read(self) -> None:
        try:
            while True:
                news = self._link.news()
                assert news is not None
                with self._more:
                    self._told.append(news)
                    self._more.notify_all()
        except EngineGone:
            with self._more:
                self._gone = True
                self._more.notify_all()

    @property
    def count(self) -> int:
        """So many news came so far."""
        return len(self._told)

    def told(self, kind: type[N], since: int = 0) -> list[N]:
        """All news of this kind from the place `since` on."""
        return [news for news in self._told[since:] if isinstance(news, kind)]

    def find(
        self, kind: type[N], since: int = 0, which: Callable[[N], bool] = lambda _: True, seconds: float = 0.0
    ) -> N | None:
        """The first such news from the place `since` on; None if there is none within the time."""
        ends_at = time.monotonic() + seconds
        with self._more:
            place = since
            while True:
                while place < len(self._told):
                    news = self._told[place]
                    place += 1
                    if isinstance(news, kind) and which(news):
                        return news
                left = ends_at - time.monotonic()
                if left <= 0 or self._gone:
                    return None
                self._more.wait(left)

    def wait(self, kind: type[N], since: int = 0, which: Callable[[N], bool] = lambda _: True, what: str = "") -> N:
        """The same, patiently; an AssertionError with all that came instead if it never comes."""
        found = self.find(kind, since, which, PATIENCE_SECONDS)
        if found is None:
            others = [news for news in self._told[since:] if not isinstance(news, Status)]
            raise AssertionError(f"no {what or kind.__name__} came (gone: {self._gone}), but {others[-30:]}")
        return found

    def ready(self) -> Ready:
        """The composer can answer."""
        return self.wait(Ready)

    def quiet(self, since: int) -> Status:
        """Nothing is played any more, nothing is planned, and the last note that was told is over."""

        def over(status: Status) -> bool:
            ends = max((play.off_seconds for play in self.told(Play)), default=0.0)
            return status.mode is Mode.LISTENING and not status.planned_ahead_seconds and status.at_seconds > ends

        return self.wait(Status, since, over, "end of what sounds")

    def gone(self) -> None:
        """Wait until the engine has ended."""
        with self._more:
            assert self._more.wait_for(lambda: self._gone, PATIENCE_SECONDS), "the engine lives on"


def _reached(place: Place, other_than: str | None) -> EngineLink | None:
    listing = published(place)
    if listing is None or listing.session == other_than:
        return None
    try:
        return EngineLink(listing, place)
    except (EngineGone, NotReached):
        return None  # not yet, or not any more
