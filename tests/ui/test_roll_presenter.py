"""What the roll shows of a session, and where it looks while music runs, while it rests and while somebody scrolls."""

import itertools

import pytest

from cocomposer.harmony.metre import Metre
from cocomposer.jam import outputs
from cocomposer.jam.inputs import ChordSlot
from cocomposer.jam.outputs import Mode
from cocomposer.music.grid import BeatSource
from cocomposer.music.note import Note
from cocomposer.music.ticks import seconds_per_tick
from ui.bench import session_states as states
from ui.bench.scripted_jam import ScriptedJam
from ui.presenters.roll import PLAYHEAD_AT, Roll, RollView
from ui.presenters.roll_time import MetreChange, lines_of
from ui.presenters.session import Session

FRAME = 1 / 60


def roll_of(width: int = 1000, height: int = 500) -> Roll:
    roll = Roll()
    roll.resize(width, height, 1.0)
    return roll


def seen_playhead(view: RollView) -> int:
    assert view.playhead is not None
    return view.playhead - view.viewport.left


def jammed(seconds: float) -> tuple[Session, ScriptedJam, float]:
    """A session in the middle of a scripted jam."""
    jam = ScriptedJam(100.0)
    session = states.told_all(Session(), [*jam.beginning(), *jam.news(100.0 + seconds)])
    return session, jam, 100.0 + seconds


def test_the_playhead_goes_to_its_place_and_then_the_music_scrolls_evenly() -> None:
    roll = roll_of()
    session, jam, now = jammed(0.1)
    places, lefts = [], []
    for _ in range(60 * 14):
        now += FRAME
        states.told_all(session, jam.news(now))
        view = roll.look(session, now)
        places.append(seen_playhead(view))
        lefts.append(view.viewport.left)
    assert places[0] < 100, "at the start the playhead travels"
    assert max(places) == places[-1] == int(1000 * PLAYHEAD_AT)
    assert places == sorted(places)
    steps = [b - a for a, b in itertools.pairwise(lefts) if b != a]
    assert set(steps) <= {1, 2}, "no jumps: 96 ticks a second at 0.75 pixels"


def test_nothing_differs_while_nothing_happens() -> None:
    session, now = states.listening()
    session.take_in(states.beat(BeatSource.FREE))
    roll = roll_of()
    roll.look(session, now)
    view = roll.look(session, now + 5)
    assert all(roll.look(session, now + 5 + second) == view for second in (0.016, 1, 60))


def lines_before(view: RollView, tick: int) -> list[tuple[int, str]]:
    """The ruler left of a tick: its lines, and its labels."""
    lines, edge = lines_of(view.metres, view.viewport), view.viewport.x_of(tick)
    found = [(x, "|") for x in (*lines.bars, *lines.beats)] + [(x, text) for x, text, _ in lines.labels]
    return sorted(line for line in found if line[0] < edge)


def set_to(bpm: float, tick: int, bar_tick: int, beats_per_bar: int = 4) -> outputs.BeatChanged:
    at_seconds, line = states.seconds_at(tick), seconds_per_tick(bpm)
    return outputs.BeatChanged(at_seconds, tick, line, BeatSource.SET, True, bar_tick, beats_per_bar)


def test_a_tempo_that_is_set_leaves_the_ruler_over_what_was_played_as_it_was() -> None:
    session = states.joined()
    session.take_in(states.beat(BeatSource.FREE))
    states.told_all(session, states.heard((Note(100, 60, 40, 80), Note(300, 64, 60, 80))))
    roll = roll_of()
    free = lines_before(roll.look(session, states.seconds_at(500)), 360)
    assert [text for _, text in free if text != "|"] == ["0:00", "0:01", "0:02", "0:03"]
    # It stands, and somebody sets a tempo: bars from where the music ended, seconds before.
    session.take_in(set_to(120.0, 500, 528))
    view = roll.look(session, states.seconds_at(501))
    assert lines_before(view, 360) == free
    assert view.metres[-1] == MetreChange(360, Metre(4, 528, True))
    # While nothing sounds one may change one's mind.
    session.take_in(set_to(120.0, 510, 528, 3))
    view = roll.look(session, states.seconds_at(511))
    assert lines_before(view, 360) == free
    assert view.metres[-1] == MetreChange(360, Metre(3, 528, True))
    # More music, then another metre while it plays.
    states.told_all(session, states.heard((Note(600, 60, 40, 80), Note(700, 60, 80, 80))))
    counted = lines_before(roll.look(session, states.seconds_at(790)), 780)
    session.take_in(set_to(90.0, 800, 816, 4))
    view = roll.look(session, states.seconds_at(801))
    assert lines_before(view, 780) == counted
    assert [change.metre.beats_per_bar for change in view.metres] == [4, 3, 4]


def test_a_beat_found_in_the_playing_is_shown_under_it() -> None:
    session = states.joined()
    session.take_in(states.beat(BeatSource.FREE))
    roll = roll_of()
    states.told_all(session, states.heard((Note(100, 60, 40, 80), Note(300, 64, 60, 80))))
    roll.look(session, states.seconds_at(370))
    session.take_in(states.beat(BeatSource.ESTIMATE))
    assert roll.look(session, states.seconds_at(380)).metres == (MetreChange(0, Metre(4, None, True)),)


def test_a_running_clock_moves_the_playhead_and_a_stopped_one_does_not() -> None:
    session, now = states.listening()
    roll = roll_of()
    first = roll.look(session, now).playhead
    assert first is not None and roll.look(session, now + 3).playhead != first
    session.take_in(states.beat(running=False))
    stood = roll.look(session, now + 4).playhead
    assert roll.look(session, now + 8).playhead == stood


def test_between_notes_of_free_time_the_playhead_goes_on_for_a_moment() -> None:
    session, now = states.empty()
    session.take_in(outputs.Heard(now, 60, 80, 0, 10.0))
    session.take_in(outputs.Released(now + 0.1, 60, 0, 20.0))
    roll = roll_of()
    # As told while the key was down.
    session.take_in(outputs.ModeChanged(Mode.HEARING, now))
    roll.look(session, now + 0.05)
    session.take_in(outputs.ModeChanged(Mode.LISTENING, now + 0.2))
    soon = roll.look(session, now + 0.5).playhead
    later = roll.look(session, now + 0.9).playhead
    assert soon is not None and later is not None and later > soon
    rest = roll.look(session, now + 1.5).playhead
    assert roll.look(session, now + 2.5).playhead == rest


def test_it_goes_on_while_a_progression_is_played() -> None:
    session, now = states.empty()
    session.take_in(states.beat(BeatSource.SET))
    roll = roll_of()
    session.take_in(outputs.ChordsChanged((ChordSlot("Am", 4.0), ChordSlot("F", 4.0)), 0, 384, True))
    places = [roll.look(session, now + second) for second in range(0, 12, 3)]
    heads = [one.playhead for one in places if one.playhead is not None]
    assert len(heads) == 4 and heads == sorted(set(heads))
    assert any(chord.given for chord in places[-1].chords)
    session.take_in(outputs.ChordsChanged((ChordSlot("Am", 4.0),), 0, 192, False, True))
    roll.look(session, now + 12)
    stood = roll.look(session, now + 20).playhead
    assert roll.look(session, now + 25).playhead == stood, "chords that are not heard move nothing"


def test_scrolling_by_hand_ends_following_until_it_is_asked_for() -> None:
    session, _jam, now = jammed(20)
    roll = roll_of()
    roll.look(session, now)
    roll.scroll(-400, 0)
    assert not roll.following
    left = roll.look(session, now + 1).viewport.left
    view = roll.look(session, now + 2)
    assert view.viewport.left == left and view.follow_offered
    roll.set_following(True)
    offsets = []
    for frame in range(120):
        view = roll.look(session, now + 2 + frame * FRAME)
        offsets.append(seen_playhead(view) - int(1000 * PLAYHEAD_AT))
    assert abs(offsets[0]) > 100, "it glides, it does not jump"
    assert [abs(offset) for offset in offsets] == sorted((abs(offset) for offset in offsets), reverse=True)
    assert offsets[-1] == 0 and not view.follow_offered


def test_scrolling_pitches_does_not_end_following() -> None:
    session, _, now = jammed(20)
    roll = roll_of()
    roll.look(session, now)
    roll.zoom_rows(2.0, 100)
    before = roll.look(session, now).viewport.top
    roll.scroll(0, 40)
    assert roll.following
    assert roll.look(session, now).viewport.top == before + 40


def test_zooming_while_it_follows_keeps_the_playhead() -> None:
    session, _, now = jammed(20)
    roll = roll_of()
    roll.look(session, now)
    roll.zoom(2.0, 10)
    assert seen_playhead(roll.look(session, now)) == int(1000 * PLAYHEAD_AT)


def test_all_rows_hold_what_is_played_and_never_shrink() -> None:
    session = states.joined()
    roll = roll_of()
    before = roll.look(session, states.BEGAN).viewport
    told = states.heard([Note(0, 23, 40, 80), Note(0, 101, 40, 80)])
    after = roll.look(states.told_all(session, told), states.BEGAN + 1).viewport
    assert after.lowest <= 23 and after.highest >= 101
    assert after.highest - after.lowest > before.highest - before.lowest
    states.told_all(session, states.heard([Note(96, 60, 40, 80)]))
    assert roll.look(session, states.BEGAN + 2).viewport.row == after.row


def test_drafts_are_in_sight_too() -> None:
    session, now = states.armed()
    session.take_in(outputs.Drafted(1, (Note(3 * states.BAR, 110, 24, 80),)))
    assert roll_of().look(session, now).viewport.highest >= 110


def test_what_sounds_is_told_and_a_held_key_with_it() -> None:
    session, now = states.hearing()
    view = roll_of().look(session, now)
    assert view.timeline is not None
    assert [int(view.timeline.pitch[row]) for row in view.sounding] == [60]
    session, now = states.answering()
    view = roll_of().look(session, now)
    assert view.timeline is not None
    tick = session.tick_at(now)
    wanted = {n.pitch for n in states.ANSWER if n.onset_tick <= tick < n.end_tick}
    assert {int(view.timeline.pitch[row]) for row in view.sounding} == wanted


def test_the_entry_of_an_armed_answer_is_marked() -> None:
    session, now = states.armed()
    view = roll_of().look(session, now)
    assert view.entry == view.viewport.world_x(3 * states.BAR)
    session, now = states.answering()
    assert roll_of().look(session, now).entry is None


def test_a_take_selected_elsewhere_is_brought_into_sight() -> None:
    session, _jam, now = jammed(100)
    session.take_in(states.beat(BeatSource.FREE))
    session.take_in(outputs.ModeChanged(Mode.LISTENING, now))
    roll = roll_of()
    roll.look(session, now)
    roll.look(session, now + 60)
    first = session.document.takes[0]
    session.selected = first.id
    view = roll.look(session, now + 60)
    assert view.selected == first.id
    assert view.viewport.first_tick <= first.phrase[0].onset_tick < view.viewport.end_tick


def test_an_audition_of_a_take_has_its_own_head() -> None:
    session, now = states.listening()
    take = session.document.takes[0]
    roll = roll_of()
    session.take_in(outputs.AuditionBegan(take.id, now, 0, states.TICK_SECONDS, now + 10))
    view = roll.look(session, now + 96 * states.TICK_SECONDS)
    assert view.auditioned is not None
    assert view.auditioned == pytest.approx(view.viewport.world_x(96), abs=1)
    session.take_in(outputs.AuditionBegan("alternative 1", now, 0, states.TICK_SECONDS, now + 10))
    assert roll.look(session, now + 1).auditioned is None, "alternatives do not lie on the roll"


def test_all_is_shown_when_asked_for() -> None:
    session, _jam, now = jammed(100)
    roll = roll_of()
    roll.look(session, now)
    roll.set_following(False)
    roll.zoom_fit()
    viewport = roll.look(session, now).viewport
    assert viewport.first_tick <= 0 and viewport.end_tick >= session.document.timeline.last_tick


def test_another_jam_begins_anew() -> None:
    session, _, now = jammed(30)
    roll = roll_of()
    roll.look(session, now)
    roll.scroll(-10, 0)
    other, now = states.listening()
    view = roll.look(other, now)
    assert roll.following and view.timeline is other.document.timeline and view.cursor is None


def test_nothing_played_is_told_as_such() -> None:
    session, now = states.empty()
    roll = roll_of()
    assert roll.look(session, now).empty
    states.told_all(session, states.heard(states.PHRASE, 10))
    assert not roll.look(session, now).empty


def test_the_cursor_walks_and_speaks_and_stays_in_sight() -> None:
    session, now = states.listening()
    roll = roll_of(400)
    roll.look(session, now)
    assert roll.cursor_to_end(last=False) == "D 4, player, bar 1 beat 1, loud"
    assert roll.step_cursor(1) == "F 4, player, bar 1 beat 2, medium"
    assert roll.step_cursor_up(1) == "F 4, player, bar 1 beat 2, medium", "nothing else sounds then"
    assert roll.cursor_to_end(last=True) == "D 4, machine, bar 4 beat 4, medium"
    roll.set_following(False)
    roll.look(session, now)
    roll.cursor_to_end(last=False)
    view = roll.look(session, now)
    assert 0 <= view.viewport.x_of(0) < 400
    assert roll_of().step_cursor(1) is None


def test_the_key_and_chords_of_takes_are_shown() -> None:
    session, now = states.listening()
    session.selected = session.document.takes[0].id
    while session.document.name_next():
        pass
    view = roll_of().look(session, now)
    assert view.key is not None and view.key.name == session.document.takes[0].key == "D minor"
    assert [chord.name for chord in view.chords] == [chord.name for chord in session.document.takes[0].chords]


def test_the_key_and_chords_of_what_is_played_are_shown_as_they_are_told() -> None:
    session = states.joined()
    states.told_all(session, (*states.heard(states.PHRASE), states.harmony(2 * states.BAR)))
    view = roll_of().look(session, states.seconds_at(2 * states.BAR))
    assert view.key is not None and view.key.name == "D minor"
    assert view.chords and view.chords[0].name == "Dm"


def test_while_somebody_plays_the_key_is_what_is_played_whatever_take_is_selected() -> None:
    session, now = states.listening()
    session.selected = session.document.takes[0].id
    while session.document.name_next():
        pass
    take = session.document.takes[0]
    session.take_in(outputs.HarmonyChanged(now, 0.0, key="Db major", key_confidence=0.9))
    session.take_in(states.beat(BeatSource.FREE))
    roll = roll_of()
    seen = roll.look(session, now).key
    assert seen is not None and seen.name == take.key
    session.take_in(outputs.ModeChanged(Mode.HEARING, now))
    seen = roll.look(session, now + FRAME).key
    assert seen is not None and seen.name == "Db major"
    roll.set_following(False)
    seen = roll.look(session, now + 2 * FRAME).key
    assert seen is not None and seen.name == take.key, "who looks elsewhere looks at the take"


def test_resizing_keeps_what_is_followed_in_its_place() -> None:
    session, _, now = jammed(30)
    roll = roll_of()
    roll.look(session, now)
    roll.resize(1400, 700, 2.0)
    assert abs(seen_playhead(roll.look(session, now)) - int(1400 * PLAYHEAD_AT)) <= 1
