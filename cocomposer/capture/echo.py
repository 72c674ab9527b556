"""Our own notes coming back: a DAW that passes on what it receives must not make us answer ourselves.

A message that equals one we sent a moment ago is taken as its echo, once. Knows no ports and no phrases.
The channel is not compared: DAW tracks often move everything to their own. What only passed through us (thru)
is compared more strictly, because a player's own next stroke is likely to equal it.
"""

from collections import deque
from typing import Final

from cocomposer.music.message import (
    CC_SUSTAIN,
    CONTROL_CHANGE,
    NOTE_OFF,
    NOTE_ON,
    PEDAL_THRESHOLD,
    TimedMessage,
    channel_of,
    kind_of,
)

WINDOW_SECONDS: Final = 0.5
PASSED_ON_SECONDS: Final = 0.1
"""An echo of what passed through comes back this soon; no foot and hardly a hand repeats itself faster."""
EARLY_SECONDS: Final = 0.02
"""An echo may be stamped this much before the send: the two moments are taken in different threads."""
REMEMBERED: Final = 1024
"""Messages remembered at most; a dense answer sends some 50 in half a second."""

_Content = tuple[int, int, int]
"""Kind and the two data bytes; the second is 0 for note-offs, whose velocity DAWs change."""
_Key = tuple[int, int]
"""Channel and pitch."""


class EchoGuard:
    """Told what we send, it tells which arriving messages are that."""

    def __init__(self, window_seconds: float = WINDOW_SECONDS) -> None:
        """An echo arrives at most `window_seconds` after its note was sent."""
        self._window = window_seconds
        self._sent: deque[tuple[float, _Content, int | None]] = deque(maxlen=REMEMBERED)
        self._echoed_keys: dict[_Key, int] = {}
        self._own_keys: set[_Key] = set()
        self._own_feet: set[int] = set()
        self._echoes = 0

    @property
    def echoes(self) -> int:
        """How many note-ons were recognised as echoes so far; many of them deserve a warning."""
        return self._echoes

    def reset(self) -> None:
        """Forget everything, as when the ports are opened anew."""
        self._sent.clear()
        self._echoed_keys.clear()
        self._own_keys.clear()
        self._own_feet.clear()
        self._echoes = 0

    def sent(self, at_seconds: float, data: bytes, passed_on: bool = False) -> None:
        """We send `data` at `at_seconds` (its due moment will do, also ahead of time); `passed_on`: the player's."""
        content = _content_of(data)
        if content is not None:
            self._sent.append((at_seconds, content, channel_of(data) if passed_on else None))

    def is_echo(self, message: TimedMessage) -> bool:
        """Whether an arriving message is one of ours come back. Ask once for each message, in order of arrival."""
        content = _content_of(message.data)
        if content is None:
            return False
        if self._own_foot_comes_up(channel_of(message.data), content):
            return False
        came_back = self._match(content, channel_of(message.data), message.at_seconds)
        if content[0] == CONTROL_CHANGE:
            if content[1] == CC_SUSTAIN and content[2] >= PEDAL_THRESHOLD and not came_back:
                self._own_feet.add(channel_of(message.data))
            return came_back
        key = (channel_of(message.data), message.data[1])
        if content[0] == NOTE_OFF:
            return self._is_echoed_end(key, came_back)
        if not came_back:
            self._own_keys.add(key)
            return False
        self._echoes += 1
        self._echoed_keys[key] = self._echoed_keys.get(key, 0) + 1
        return True

    def _own_foot_comes_up(self, channel: int, content: _Content) -> bool:
        """A pedal that the player holds may always come up: one end too many is harmless, one too few holds notes."""
        kind, controller, value = content
        if (kind, controller) != (CONTROL_CHANGE, CC_SUSTAIN) or value >= PEDAL_THRESHOLD:
            return False
        was_down = channel in self._own_feet
        self._own_feet.discard(channel)
        return was_down

    def _is_echoed_end(self, key: _Key, ended_by_us: bool) -> bool:
        """The end of an echoed note; where the player holds the same key too, only if we just ended ours."""
        echoed = self._echoed_keys.get(key, 0)
        if echoed and (ended_by_us or key not in self._own_keys):
            if echoed == 1:
                del self._echoed_keys[key]
            else:
                self._echoed_keys[key] = echoed - 1
            return True
        self._own_keys.discard(key)
        return False

    def _match(self, content: _Content, channel: int, at_seconds: float) -> bool:
        """Strike the earliest equal message sent within the window off the list; whether there was one."""
        while self._sent and self._sent[0][0] < at_seconds - self._window:
            self._sent.popleft()
        for index, (sent_seconds, sent_content, passed_on_channel) in enumerate(self._sent):
            if passed_on_channel not in (None, channel):
                continue
            window = self._window if passed_on_channel is None else PASSED_ON_SECONDS
            if sent_content == content and -EARLY_SECONDS <= at_seconds - sent_seconds <= window:
                del self._sent[index]
                return True
        return False


def _content_of(data: bytes) -> _Content | None:
    if len(data) != 3:
        return None
    kind = kind_of(data)
    if kind == NOTE_OFF:
        return (kind, data[1], 0)
    if kind in (NOTE_ON, CONTROL_CHANGE):
        return (kind, data[1], data[2])
    return None
