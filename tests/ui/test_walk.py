"""The whole walk, with the real programs on a real screen: play, answer, star, again, drag out, save, kill, recover.

What happens is seen through a second front end of the engine, in the files, and in another program's window.
"""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import mido
import numpy as np
import pytest
from PySide6.QtGui import QColor

from cocomposer.adapters.jam_files import open_jam
from cocomposer.document.document import Document
from cocomposer.document.takes import KeptTake
from cocomposer.jam.outputs import Alternative, AuditionBegan, AuditionEnded, Heard, Play, Released, Take
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT
from cocomposer.runtime.news import Ready
from tests.fakes.engine_watch import EngineWatch
from tests.fakes.patience import until
from tests.fakes.screen import Screen, missing
from tests.fakes.window_program import TITLE, Home, WindowProgram, ended
from ui.theme import DARK

AGAIN_SECONDS = 5.0
"""So long after a key that came before the window knew of what it means, it is pressed again."""


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    lacking = missing()
    if lacking:
        sentence = f"the walk needs {', '.join(lacking)}: apt-get install {' '.join(lacking)}"
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    with Screen() as screen:
        yield screen
        screen.keep(tmp_path / "last.ppm")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path)
    yield home
    home.end_all()


def test_walk(screen: Screen, home: Home, tiny_bundle: Path) -> None:
    walk = Walk(screen, home, tiny_bundle)
    walk.start()
    walk.close_guide()
    first = walk.play_phrase("asdfg")
    walk.hear(first)
    walk.star(first)
    walk.answer_again()
    walk.drag_out(first)
    saved = walk.save_as(home.folder / "walk.cocojam")
    assert [(take.id, take.starred) for take in saved.takes] == [(first.id, True)]

    second = walk.play_phrase("hgfd")
    walk.hear(second)
    walk.rename(second, "found again")
    alone = walk.kill_the_window_in_mid_answer()
    walk.start()
    back = walk.save()
    assert [take.id for take in back.takes[:2]] == [first.id, second.id]
    assert back.takes[0].starred and not back.takes[1].starred
    assert back.takes[1].name == "found again"
    (away,) = back.takes[2:]
    assert laid_from_zero(away.notes) == laid_from_zero((*alone.phrase, *alone.answer))

    walk.kill_the_engine()
    last = walk.play_phrase("asdf")
    whole = walk.save()
    assert [take.id for take in whole.takes] == [first.id, second.id, away.id, last.id]
    walk.quit()


class Walk:
    """One musician before the screen."""

    def __init__(self, screen: Screen, home: Home, bundle: Path) -> None:
        self.screen, self.home = screen, home
        self.arguments = ("--midi", "virtual", "--provider", "cpu", "--bundle", str(bundle))
        self.window: WindowProgram
        self.engine: EngineWatch
        self.keys_play = False
        self.jam: Path

    def start(self) -> None:
        self.window = WindowProgram(self.home, self.screen, *self.arguments)
        self.keys_play = False
        self.engine = EngineWatch(self.home.place)
        self.engine.ready()

    def close_guide(self) -> None:
        self.screen.go_to("^First steps$")
        self.screen.hand("key", "Escape")
        self.screen.gone("^First steps$")

    # -- play ----------------------------------------------------------------------------------

    def strike(self, letters: str) -> int:
        """Play on the computer keyboard; the engine's news from there on are about it."""
        if not self.keys_play:
            self.window.press("ctrl+k")
            self.keys_play = True
        since = self.engine.count
        self.window.play(letters)
        until(lambda: len(self.engine.told(Heard, since)) == len(letters), "all keys were heard")
        until(lambda: len(self.engine.told(Released, since)) == len(letters), "all keys came up")
        return since

    def play_phrase(self, letters: str) -> KeptTake:
        """Play it; the take once it was answered and the answer is over."""
        since = self.strike(letters)
        pitch = self.engine.told(Heard, since)[-1].pitch
        take = self.engine.wait(Take, since, lambda take: bool(take.answer) and take.phrase[-1].pitch == pitch)
        self.engine.quiet(since)
        return until(lambda: self.written_down(take), "the take is written down")

    def written_down(self, take: Take) -> KeptTake | None:
        """The take in what would be recovered."""
        wanted = laid_from_zero((*take.phrase, *take.answer))
        same = [kept for kept in self.home.written_down().document.takes if laid_from_zero(kept.notes) == wanted]
        return same[-1] if same else None

    # -- takes ---------------------------------------------------------------------------------

    def audition(self, key: str, name: str | None = None) -> AuditionBegan:
        """Press a key until what it means is heard, then again, which ends it."""
        since = self.engine.count
        began: list[AuditionBegan] = []

        def heard() -> bool:
            self.window.press(key)
            found = self.engine.find(AuditionBegan, since, lambda one: one.name == name, AGAIN_SECONDS)
            began.extend([] if found is None else [found])
            return found is not None

        until(heard, f"{name} is heard")
        self.engine.wait(AuditionEnded, since, lambda ended: ended.name == name)
        return began[0]

    def hear(self, take: KeptTake) -> None:
        """The take is there in the window, and it is the selected one."""
        self.audition("ctrl+p", take.id)

    def star(self, take: KeptTake) -> None:
        self.window.press("ctrl+d")
        self.wait_for_take(take.id, lambda kept: kept.starred)

    def rename(self, take: KeptTake, name: str) -> None:
        self.window.press("F2")
        self.screen.hand("type", name)
        self.screen.hand("key", "Return")
        self.wait_for_take(take.id, lambda kept: kept.name == name)

    def wait_for_take(self, name: str, fits: Callable[[KeptTake], bool]) -> None:
        def fitting() -> bool:
            kept = self.home.written_down().document.take(name)
            return kept is not None and fits(kept)

        until(fitting, "the take is changed")

    def answer_again(self) -> None:
        since = self.engine.count
        self.window.press("ctrl+r")
        until(lambda: len(self.engine.told(Alternative, since)) == 4, "four alternatives are drawn")
        drawn = self.engine.told(Alternative, since)
        assert all(one.notes and one.failure is None for one in drawn)
        assert len({one.notes for one in drawn}) == 4
        self.audition("ctrl+2", "alternative 2")

    # -- out of the window ---------------------------------------------------------------------

    def drag_out(self, take: KeptTake) -> None:
        report = self.home.folder / "dropped.json"
        left, top, width, height = self.screen.place(self.screen.window(TITLE))
        x, y = left + width // 2, top + height // 2
        with self.drop_target(report, x, y):
            row_x, row_y = self.selected_row()
            hand = self.screen.hand
            hand("mousemove", row_x, row_y, "mousedown", 1)
            for step in range(1, 9):
                hand("mousemove", row_x + 5 * step, row_y + step)
            over = report.with_suffix(".over")
            shakes = iter(range(10_000))

            def taken() -> bool:
                """The other program was asked twice: so its first answer, that it takes it, has arrived here."""
                hand("mousemove", x + 60 + next(shakes) % 30, y + 60)
                return over.exists() and over.stat().st_size >= 2

            until(taken, "the other program takes it")
            hand("mouseup", 1)
            until(report.exists, "it was dropped")
        told = json.loads(report.read_text())
        assert Path(told["path"]).suffix == ".mid"
        assert played_in(bytes.fromhex(told["bytes"])) == laid_from_zero(take.notes)

    @contextmanager
    def drop_target(self, report: Path, x: int, y: int) -> Iterator[None]:
        program = subprocess.Popen(
            [sys.executable, "-m", "tests.fakes.drop_target", str(report), str(x), str(y)],
            env=self.screen.environment | self.home.environment,
        )
        try:
            self.screen.window("^drop target$")
            yield
        finally:
            program.kill()
            program.wait()

    def selected_row(self) -> tuple[int, int]:
        """Where on the screen the selected take's words lie: right of the bar that marks it."""
        left, top, _, height = self.screen.place(self.screen.window(TITLE))
        colour = QColor(DARK.accent)
        accent = (colour.red(), colour.green(), colour.blue())

        def look() -> tuple[int, int] | None:
            edge = self.screen.picture()[top : top + height, left : left + 8]
            rows = np.flatnonzero((edge == accent).all(axis=2).any(axis=1))
            if len(rows) < 30 or rows[-1] - rows[0] >= len(rows):
                return None
            return left + 150, top + int(rows[len(rows) // 2])

        return until(look, "a row of the list is marked")

    # -- files ---------------------------------------------------------------------------------

    def save_as(self, path: Path) -> Document:
        self.jam = path
        self.window.press("ctrl+s")
        self.screen.go_to("^Save the jam$")
        self.screen.hand("key", "ctrl+a")
        self.screen.hand("type", str(path))
        self.screen.hand("key", "Return")
        self.screen.gone("^Save the jam$")
        until(path.exists, "the jam is saved")
        return open_jam(path)

    def save(self) -> Document:
        before = self.jam.stat()
        self.window.press("ctrl+s")
        until(lambda: self.jam.stat().st_ino != before.st_ino, "the jam is saved")
        return open_jam(self.jam)

    # -- ends ----------------------------------------------------------------------------------

    def kill_the_window_in_mid_answer(self) -> Take:
        """What the engine played on alone."""
        since = self.strike("asdfghjkjhgfdsasdfgf")
        self.engine.wait(Play, since)
        self.window.kill()
        alone = self.engine.count
        self.window.ended()
        self.engine.wait(Play, alone, what="note after the window was killed")
        take = self.engine.wait(Take, alone)
        self.engine.quiet(alone)
        self.screen.gone(TITLE)
        assert not take.cut_short
        self.engine.close()
        return take

    def kill_the_engine(self) -> None:
        before, composer = self.engine.hello, self.engine.told(Ready)[-1].composer_pid
        os.kill(before.pid, 9)
        self.engine.gone()
        assert composer is not None
        for pid in (before.pid, composer):
            ended(pid)
        self.engine = EngineWatch(self.home.place, before.session)
        self.engine.ready()

    def quit(self) -> None:
        self.window.press("ctrl+q")
        assert self.window.ended() == 0
        self.engine.gone()
        until(lambda: not self.home.programs(), "no program is left")
        assert not self.home.journals
        assert "Traceback" not in self.window.errors


def laid_from_zero(notes: tuple[Note, ...]) -> list[tuple[int, int, int, int]]:
    """Onset and duration in ticks, pitch and velocity; the first begins at 0."""
    first = min(note.onset_tick for note in notes)
    return sorted((note.onset_tick - first, note.duration_ticks, note.pitch, note.velocity) for note in notes)


def played_in(data: bytes) -> list[tuple[int, int, int, int]]:
    """The same of a MIDI file, as another program reads it."""
    file = mido.MidiFile(file=io.BytesIO(data))
    found: list[tuple[int, int, int, int]] = []
    for track in file.tracks:
        now, held = 0, dict[int, tuple[int, int]]()
        for message in track:
            now += message.time
            tick = now * TICKS_PER_BEAT // file.ticks_per_beat
            if message.type == "note_on" and message.velocity:
                held[message.note] = (tick, message.velocity)
            elif message.type in ("note_on", "note_off"):
                onset, velocity = held.pop(message.note)
                found.append((onset, tick - onset, message.note, velocity))
    return sorted(found)
