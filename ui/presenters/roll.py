"""The piano roll without its paint: what it shows of a session at a moment, and how one moves about in it.

Whoever paints asks `look` each frame and paints only if the answer differs from the last one. Knows no Qt.
"""

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from cocomposer.document.takes import KeptTake
from cocomposer.document.timeline import Timeline
from cocomposer.harmony.key import Key
from cocomposer.jam.outputs import Mode
from cocomposer.music.grid import BeatSource
from cocomposer.music.note import Note
from ui.presenters.roll_harmony import ChordStretch, RollHarmony
from ui.presenters.roll_notes import Rows, end_row, row_above, row_at, rows_open_at, spoken, step_row
from ui.presenters.roll_time import MetreChange, TakeSpan, counted, metres_of, span_at, spans_of
from ui.presenters.roll_viewport import Viewport, fitting_pitches
from ui.presenters.session import Link, Session

PLAYHEAD_AT: Final = 0.7
"""Of the width, while the roll follows."""
GLIDE_SECONDS: Final = 0.09
"""The view has come about two thirds of its way to the playhead after this."""
GLIDE_MOST: Final = 1.0
"""So many widths of the way are glided through, the rest is jumped."""
LINGER_SECONDS: Final = 1.0
"""The playhead goes on so long after the music, unless a DAW's clock runs."""


@dataclass(frozen=True, slots=True)
class RollView:
    """What is to be painted; equal views look alike. Pixels are the world's unless said otherwise."""

    viewport: Viewport
    playhead: int | None = None
    auditioned: int | None = None
    """Where an audition of a take is."""
    entry: int | None = None
    """Where the armed answer will enter."""
    recorded_from: int | None = None
    timeline: Timeline | None = None
    version: int = 0
    sounding: tuple[int, ...] = ()
    """Rows of the timeline that sound now; those whose keys are down reach up to the playhead."""
    drafts: tuple[Note, ...] = ()
    spans: tuple[TakeSpan, ...] = ()
    selected: str | None = None
    metres: tuple[MetreChange, ...] = ()
    key: Key | None = None
    chords: tuple[ChordStretch, ...] = ()
    cursor: int | None = None
    """The note that the keyboard has come to."""
    follow_offered: bool = False
    """The playhead moves and the roll does not follow it."""
    empty: bool = True
    """Nothing was played yet."""


class Roll:
    """Keeps where the roll looks. One thread."""

    def __init__(self) -> None:
        self.viewport = Viewport()
        self.following = True
        self.cursor: int | None = None
        self._pitches_fit = True
        self._range: tuple[int, int] | None = None
        self._harmony = RollHarmony()
        self._timeline: Timeline | None = None
        self._version = -1
        self._open: Rows = np.empty(0, np.intp)
        self._playhead = 0.0
        self._moving = False
        self._music_at = -math.inf
        self._glide: float | None = None
        """Pixels that the view is right of where it follows to; None while it does not follow."""
        self._now = 0.0
        self._last_tick = 0.0
        self._spans: tuple[object, tuple[TakeSpan, ...]] = ((), ())
        self._counted: tuple[MetreChange, ...] = ()
        self._metres: tuple[object, tuple[MetreChange, ...]] = ((), ())
        self._selected: str | None = None
        self.view = RollView(self.viewport)

    # -- each frame ----------------------------------------------------------------------------

    def look(self, session: Session, now: float) -> RollView:
        """What is to be seen at `now` (seconds of the engine's clock)."""
        document = session.document
        timeline = document.timeline
        if timeline is not self._timeline:
            self._begin(timeline)
        takes, version = document.takes, timeline.version
        if version != self._version:
            self._changed(timeline, session.tick_at(now))
        self._fit_drafts(session.drafts)
        sounding = self._sounding(timeline, session.tick_at(now))
        self._move(session, now, bool(sounding))
        if self._metres[0] != (key := (takes, session.beat, document.offset_ticks)):
            self._counted = counted(self._counted, session.grid(), document.offset_ticks, timeline.last_tick)
            self._metres = key, metres_of(takes, self._counted)
        if self._spans[0] is not takes:
            self._spans = takes, spans_of(takes)
        metres, spans = self._metres[1], self._spans[1]
        self._harmony.hear(session)
        take = document.take(session.selected) if session.selected is not None else None
        self._reveal(take, spans)
        auditioned = self._auditioned(session, spans, now)
        viewport = self.viewport = self._placed(now)
        entry = None
        if session.mode is Mode.ARMED and session.entry_seconds is not None:
            entry = viewport.world_x(session.tick_at(session.entry_seconds))
        empty = not timeline.count and not session.drafts
        self.view = RollView(
            viewport=viewport,
            playhead=None if empty and not self._moving else viewport.world_x(self._playhead),
            auditioned=None if auditioned is None else viewport.world_x(auditioned),
            entry=entry,
            recorded_from=None if session.recording_from is None else viewport.world_x(session.recording_from),
            timeline=timeline,
            version=version,
            sounding=sounding,
            drafts=session.drafts,
            spans=spans,
            selected=session.selected if take is not None else None,
            metres=metres,
            # Where the view goes along with what is played, the key of a take that lies behind would be another's.
            key=self._harmony.key_of(None if self._moving and self.following else take) or self._harmony.key_of(take),
            chords=self._harmony.chords(takes, viewport.first_tick, viewport.end_tick),
            cursor=self.cursor,
            follow_offered=self._moving and not self.following,
            empty=empty,
        )
        return self.view

    def _begin(self, timeline: Timeline) -> None:
        self._timeline, self._version, self._range = timeline, -1, None
        self.cursor, self._glide = None, None
        self._harmony = RollHarmony()
        self._counted, self._metres = (), ((), ())
        self._pitches_fit = self.following = True
        self._playhead, self._music_at = timeline.last_tick, -math.inf
        self._last_tick = timeline.last_tick
        self._fit_pitches()
        self.viewport = replace(self.viewport, left=self._followed_left())

    def _changed(self, timeline: Timeline, tick: float) -> None:
        self._version = timeline.version
        self._open = rows_open_at(timeline, tick)
        self._last_tick = timeline.last_tick
        if timeline.count:
            self._widen(int(timeline.pitch.min()), int(timeline.pitch.max()))

    def _fit_drafts(self, drafts: tuple[Note, ...]) -> None:
        if drafts and drafts is not self.view.drafts:
            self._widen(min(note.pitch for note in drafts), max(note.pitch for note in drafts))

    def _widen(self, low: int, high: int) -> None:
        """Take these pitches into the range of rows, which never shrinks by itself: that would be a restless sight."""
        known = self._range
        wanted = (low, high) if known is None else (min(low, known[0]), max(high, known[1]))
        if wanted != known:
            self._range = wanted
            self._fit_pitches()

    def _fit_pitches(self) -> None:
        if not self._pitches_fit:
            return
        viewport = self.viewport
        low, high = self._range or (None, None)
        lowest, highest = fitting_pitches(low, high, viewport.height / viewport.ratio)
        shown = viewport.pitch_of(0), viewport.pitch_of(viewport.height - 1)
        if low is not None and high is not None and shown[1] <= low and high <= shown[0]:
            rows = shown[0] - shown[1] + 1
            if rows == highest - lowest + 1:
                return
        self.viewport = viewport.showing_pitches(lowest, highest)

    def _sounding(self, timeline: Timeline, tick: float) -> tuple[int, ...]:
        rows = self._open
        return tuple(rows[(timeline.onset[rows] <= tick) & (timeline.end[rows] > tick)].tolist()) if len(rows) else ()

    def _move(self, session: Session, now: float, sounding: bool) -> None:
        beat = session.beat
        music = sounding or session.mode is not Mode.LISTENING or session.chords.sound
        if session.link is not Link.JOINED or beat is None:
            self._moving = False
            return
        if music:
            self._music_at = now
        clock = beat.source is BeatSource.CLOCK and beat.running
        was, self._moving = self._moving, clock or now - self._music_at < LINGER_SECONDS
        if self._moving:
            self._playhead = session.tick_at(now)
            if not was and self.following:
                self._start_glide()

    def _auditioned(self, session: Session, spans: tuple[TakeSpan, ...], now: float) -> float | None:
        audition = session.audition
        if audition is None or all(span.take_id != audition.name for span in spans):
            return None
        tick = audition.tick + (now - audition.at_seconds) / audition.seconds_per_tick
        # An audition is told a moment before it begins to sound.
        return max(tick, float(audition.tick)) if now < audition.ends_at_seconds else None

    # -- where it looks ------------------------------------------------------------------------

    @property
    def _aim(self) -> int:
        return int(self.viewport.width * PLAYHEAD_AT)

    def _followed_left(self) -> int:
        left = self.viewport.world_x(self._playhead) - self._aim
        return self.viewport.scrolled(left - self.viewport.left, 0).limited().left

    def _start_glide(self) -> None:
        most = GLIDE_MOST * self.viewport.width
        self._glide = max(-most, min(most, float(self.viewport.left - self._followed_left())))

    def _placed(self, now: float) -> Viewport:
        passed, self._now = max(0.0, now - self._now), now
        viewport = self.viewport
        if self.following and (self._moving or self._glide):
            glide = (self._glide or 0.0) * math.exp(-passed / GLIDE_SECONDS)
            self._glide = glide if abs(glide) >= 1 else 0.0
            viewport = replace(viewport, left=self._followed_left() + round(self._glide))
        return viewport.limited()

    def _reveal(self, take: KeptTake | None, spans: tuple[TakeSpan, ...]) -> None:
        """Show a take that was just selected elsewhere, unless the playhead is being followed."""
        chosen = None if take is None else take.id
        if chosen == self._selected:
            return
        self._selected = chosen
        span = next((span for span in spans if span.take_id == chosen), None)
        if span is None or (self._moving and self.following):
            return
        viewport = self.viewport
        if span.end_tick <= viewport.first_tick or span.first_tick >= viewport.end_tick:
            left = viewport.world_x(span.first_tick) - viewport.width // 8
            self.viewport, self._glide = replace(viewport, left=left), None

    def resize(self, width: int, height: int, ratio: float) -> None:
        """The notes' field has another size in device pixels, or another number of these to one independent one."""
        if (width, height, ratio) == (self.viewport.width, self.viewport.height, self.viewport.ratio):
            return
        stays = self.viewport.tick_of(self._aim)
        self.viewport = self.viewport.resized(max(1, width), max(1, height), ratio)
        if self.following:
            # What is at the playhead stays there.
            self.viewport = replace(self.viewport, left=self.viewport.world_x(stays) - self._aim)
        self._fit_pitches()
        self.viewport = self.viewport.limited()

    def set_following(self, following: bool) -> None:
        """Keep the playhead in view, or let the view be."""
        self.following = following
        if following:
            self._start_glide()
        else:
            self._glide = None

    def scroll(self, dx: int, dy: int) -> None:
        """The user goes so many pixels right and down; going sideways ends following."""
        if dx:
            self.set_following(False)
        if dy:
            self._pitches_fit = False
        self.viewport = self.viewport.scrolled(dx, dy).limited(max(self._last_tick, self._playhead))

    def zoom(self, factor: float, x: float | None = None) -> None:
        """Widen or narrow time about a pixel of the window; about the playhead while it is followed."""
        if x is None or (self.following and self._moving):
            x = self.viewport.x_of(self._playhead)
            x = x if 0 <= x < self.viewport.width else self.viewport.width / 2
        self.viewport = self.viewport.zoomed(factor, x).limited(max(self._last_tick, self._playhead))

    def zoom_rows(self, factor: float, y: float) -> None:
        """Make rows higher or lower about a pixel of the window."""
        self._pitches_fit = False
        self.viewport = self.viewport.rows_zoomed(factor, y).limited(max(self._last_tick, self._playhead))

    def zoom_fit(self) -> None:
        """Show all that was played, and all of its pitches."""
        self._pitches_fit, self._glide = True, None
        self._fit_pitches()
        end = self._last_tick
        if end > 0:
            self.viewport = self.viewport.showing_ticks(0.0, end).limited(end)

    # -- notes by keyboard and pointer ---------------------------------------------------------

    def step_cursor(self, by: int) -> str | None:
        """Go to the next (1) or previous (-1) note; what is to be said of it."""
        if self._timeline is None:
            return None
        start = self._playhead if by < 0 else self.viewport.first_tick
        return self._at(step_row(self._timeline, self.cursor, by, start))

    def step_cursor_up(self, by: int) -> str | None:
        """Go to the next higher (1) or lower (-1) note that sounds together with this one."""
        if self._timeline is None or self.cursor is None:
            return self.step_cursor(1)
        return self._at(row_above(self._timeline, self.cursor, by, self._playhead))

    def cursor_to_end(self, last: bool) -> str | None:
        """Go to the first or last note."""
        return None if self._timeline is None else self._at(end_row(self._timeline, last))

    def put_cursor(self, row: int) -> str | None:
        """Go to a note."""
        return self._at(row)

    def _at(self, row: int | None) -> str | None:
        timeline = self._timeline
        self.cursor = row
        if row is None or timeline is None:
            return None
        viewport, pitch = self.viewport, int(timeline.pitch[row])
        x = viewport.x_of(float(timeline.onset[row]))
        if not 0 <= x < viewport.width * 0.95 and not (self.following and self._moving):
            viewport = replace(viewport, left=viewport.left + x - viewport.width // 3)
        y = viewport.y_of(pitch)
        if not 0 <= y < viewport.height - viewport.row:
            viewport = replace(viewport, top=viewport.top + y - viewport.height // 2)
            self._pitches_fit = False
        self.viewport = viewport.limited(max(self._last_tick, self._playhead))
        return spoken(timeline, row, self.view.metres, self.view.key)

    def note_at(self, x: float, y: float) -> int | None:
        """The note at a pixel of the window."""
        return None if self._timeline is None else row_at(self._timeline, self.viewport, x, y, self._playhead)

    def words_of(self, row: int) -> str:
        """What is said of a note."""
        return "" if self._timeline is None else spoken(self._timeline, row, self.view.metres, self.view.key)

    def take_at(self, x: float, lane: int | None = None) -> TakeSpan | None:
        """The take at a pixel of the window."""
        return span_at(self.view.spans, self.viewport.tick_of(x), lane)
