"""The playback loop stepped in virtual time; its thread is only shown to start, wake, and end silent."""

import threading

import pytest

from cocomposer.adapters.system_clock import SystemClock
from cocomposer.adapters.virtual import VirtualClock, VirtualOutput
from cocomposer.music.message import control_change, note_off, note_on
from cocomposer.playback.sounding import THRU_TURN
from cocomposer.runtime.playback_loop import PlaybackLoop
from tests.fakes.ports import HookedOutput

Sent = tuple[float, float, bytes, int, int | None]
ON, OFF = note_on(0, 60, 90), note_off(0, 60)


class Rig:
    """A loop on a virtual clock with a recording output."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.output = VirtualOutput(self.clock)
        self.told: list[Sent] = []
        self.lost: list[str] = []
        self.loop = PlaybackLoop(
            self.clock,
            on_sent=lambda *sent: self.told.append(sent),
            on_lost=lambda _, sentence: self.lost.append(sentence),
        )
        self.loop.attach(self.output)

    def until(self, at_seconds: float) -> None:
        """Step at each deadline up to `at_seconds`."""
        while (due := self.loop.step()) is not None and due <= at_seconds:
            self.clock.advance_to(due)
        self.clock.advance_to(at_seconds)


def test_notes_go_out_when_due_and_are_reported() -> None:
    rig = Rig()
    rig.loop.add_note(3, 0, 60, 90, 1.0, 1.5, note_id=8)
    rig.until(2.0)
    assert rig.output.sent == [(1.0, ON), (1.5, OFF)]
    assert rig.told == [(1.0, 1.0, ON, 3, 8), (1.5, 1.5, OFF, 3, 8)]
    assert rig.loop.lateness()["messages"] == 2


def test_lateness_is_counted_for_what_was_due_only() -> None:
    rig = Rig()
    rig.loop.add_note(1, 0, 60, 90, 1.0, 5.0, note_id=1)
    rig.clock.advance(1.02)
    rig.loop.step()
    rig.loop.thru(note_on(1, 50, 50))
    rig.loop.cut()
    lateness = rig.loop.lateness()
    assert lateness["messages"] == 1
    assert lateness["lateness_ms_max"] == pytest.approx(20.0)


def test_cut_is_on_the_wire_when_it_returns() -> None:
    rig = Rig()
    rig.loop.add_note(1, 0, 60, 90, 1.0, 5.0, note_id=1)
    rig.loop.add_message(1, 1.0, control_change(0, 64, 127))
    rig.until(1.2)
    rig.loop.cut(1)
    assert rig.output.sent[2:] == [(1.2, OFF), (1.2, control_change(0, 64, 0))]
    assert rig.loop.step() is None and rig.loop.sounding == ()


def test_thru_goes_out_at_once_and_is_ended_by_stop() -> None:
    rig = Rig()
    rig.loop.thru(ON)
    assert rig.loop.sounding == ((0, 60),)
    rig.loop.stop()
    assert [data for _, data in rig.output.sent] == [ON, OFF]
    assert rig.told[0] == (0.0, 0.0, ON, THRU_TURN, None)


def test_a_lost_port_empties_the_queue_and_the_next_one_is_told_what_still_sounds() -> None:
    rig = Rig()
    rig.loop.add_note(1, 0, 60, 90, 1.0, 5.0, note_id=1)
    rig.loop.add_note(1, 0, 64, 90, 1.5, 5.0, note_id=2)
    rig.loop.add_note(1, 0, 67, 90, 2.0, 5.0, note_id=3)
    rig.until(1.2)
    rig.output.unplug()
    rig.until(1.6)
    assert len(rig.lost) == 1 and "virtual Out" in rig.lost[0]
    assert not rig.loop.attached
    rig.loop.add_note(2, 0, 71, 90, 1.7, 1.8, note_id=4)  # sinks
    rig.until(2.5)
    back = VirtualOutput(rig.clock)
    rig.loop.attach(back)
    rig.until(9.0)
    assert (2.5, OFF) in back.sent
    assert all(data[0] & 0xF0 == 0x80 for _, data in back.sent)


def test_a_port_lost_in_the_middle_of_a_chord_still_gets_every_end() -> None:
    clock = VirtualClock()
    down: set[int] = set()

    def unplug_at_third(_: bytes) -> None:
        if len(output.sent) == 3:
            output.unplug()

    output = HookedOutput(clock, unplug_at_third)
    loop = PlaybackLoop(clock)
    loop.attach(output)
    for note_id, pitch in enumerate((60, 64, 67)):
        loop.add_note(1, 0, pitch, 90, 1.0, 2.0, note_id)
    clock.advance_to(1.0)
    loop.step()
    clock.advance_to(2.0)
    loop.step()
    back = VirtualOutput(clock)
    loop.attach(back)
    for _, data in [*output.sent, *back.sent]:
        (down.add if data[0] & 0xF0 == 0x90 else down.discard)(data[1])
    assert len(output.sent) == 3 and not down


def test_detaching_and_changing_the_output_end_what_sounds_on_it() -> None:
    rig = Rig()
    rig.loop.add_note(1, 0, 60, 90, 1.0, 5.0, note_id=1)
    rig.until(1.2)
    other = VirtualOutput(rig.clock)
    rig.loop.attach(other)
    assert rig.output.sent[-1] == (1.2, OFF)
    rig.loop.thru(ON)
    rig.loop.detach()
    assert [data for _, data in other.sent] == [OFF, ON, OFF]
    rig.loop.panic()
    assert len(other.sent) == 3


def test_a_tap_is_given_what_is_sent_with_an_output_and_without() -> None:
    rig = Rig()
    tapped: list[bytes] = []
    rig.loop.tap(tapped.append)
    rig.loop.add_note(1, 0, 60, 90, 1.0, 1.5, note_id=1)
    rig.until(2.0)
    assert [data for _, data in rig.output.sent] == tapped == [ON, OFF]
    rig.loop.detach()
    rig.loop.add_note(1, 0, 60, 90, 3.0, 3.5, note_id=2)
    rig.until(3.2)
    assert tapped == [ON, OFF, ON] and rig.loop.sent == 3 and len(rig.told) == 3
    rig.loop.tap(None)
    rig.until(4.0)
    assert tapped == [ON, OFF, ON] and rig.loop.sent == 3


def test_a_lost_port_leaves_no_note_hanging_in_the_tap() -> None:
    rig = Rig()
    tapped: list[bytes] = []
    rig.loop.tap(tapped.append)
    for note_id, pitch in enumerate((60, 64, 67)):
        rig.loop.add_note(1, 0, pitch, 90, 1.0, 9.0, note_id)
    rig.until(0.5)
    rig.output.unplug()
    rig.until(2.0)
    assert len(rig.lost) == 1
    assert sorted(tapped[:3]) == sorted(note_on(0, pitch, 90) for pitch in (60, 64, 67))
    assert sorted(tapped[3:]) == sorted(note_off(0, pitch) for pitch in (60, 64, 67))


def test_what_is_sent_beside_goes_past_the_queue_and_is_not_counted() -> None:
    rig = Rig()
    lamp = control_change(0, 20, 127)
    rig.loop.send_beside(rig.output, lamp)
    assert rig.output.sent == [(0.0, lamp)] and rig.told == [] and rig.loop.sent == 0
    rig.output.unplug()
    with pytest.raises(OSError, match="closed"):
        rig.loop.send_beside(rig.output, lamp)
    assert rig.loop.attached, "whose business it is finds out by itself"


def test_lateness_is_told_in_bins() -> None:
    rig = Rig()
    for note_id, late in enumerate((0.0, 0.0004, 0.003)):
        at = 1.0 + note_id
        rig.loop.add_note(1, 0, 60, 90, at, at + 90, note_id)
        rig.clock.advance_to(at + late)
        rig.loop.step()
    # A note struck anew ends the one before it: that too is a message.
    assert sum(rig.loop.lateness_counts((0.1, 1.0))) == rig.loop.sent
    assert rig.loop.lateness_counts((0.1, 1.0))[2] >= 1 and rig.loop.lateness_counts((0.1, 1.0))[0] >= 1


class Told(VirtualOutput):
    """A recording output that can be waited on."""

    def __init__(self) -> None:
        super().__init__(SystemClock())
        self.changed = threading.Event()

    def send(self, data: bytes) -> None:
        super().send(data)
        self.changed.set()


def test_the_thread_wakes_for_earlier_work_and_ends_silent() -> None:
    output, clock = Told(), SystemClock()
    loop = PlaybackLoop(clock, realtime=False)
    loop.attach(output)
    loop.start()
    now = clock.now()
    loop.add_note(1, 0, 72, 90, now + 60, now + 61, note_id=1)
    loop.add_note(1, 0, 60, 90, now, now + 60, note_id=2)
    assert output.changed.wait(2.0)
    loop.stop()
    assert [data for _, data in output.sent] == [ON, OFF]
    assert "playback" not in [thread.name for thread in threading.enumerate()]


def test_a_fault_in_a_callback_leaves_no_note_behind() -> None:
    output, clock = Told(), SystemClock()

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    loop = PlaybackLoop(clock, on_sent=fail, realtime=False)
    loop.attach(output)
    faults: list[object] = []
    before, threading.excepthook = threading.excepthook, lambda args: faults.append(args.exc_type)
    try:
        loop.start()
        loop.add_note(1, 0, 60, 90, clock.now(), clock.now() + 60, note_id=1)
        for thread in threading.enumerate():
            if thread.name == "playback":
                thread.join(2.0)
    finally:
        threading.excepthook = before
    assert faults == [ZeroDivisionError]
    assert [data for _, data in output.sent] in ([OFF], [ON, OFF])
