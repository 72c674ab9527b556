"""The wire parser against tables, against mido's parser, and against any bytes at all."""

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.music.wire import WireParser, data_bytes_after

TABLE = {
    "one note": ("90 3C 40", ["90 3C 40"]),
    "running status": ("90 3C 40 3E 41 80 3C 00 3E 00", ["90 3C 40", "90 3E 41", "80 3C 00", "80 3E 00"]),
    "one data byte runs too": ("C1 05 06", ["C1 05", "C1 06"]),
    "clock inside a message comes first": ("90 3C F8 40", ["F8", "90 3C 40"]),
    "clock does not end running status": ("90 3C 40 FE 3E F8 41", ["90 3C 40", "FE", "F8", "90 3E 41"]),
    "song position": ("F2 08 01", ["F2 08 01"]),
    "system common ends running status": ("90 3C 40 F6 3E 41", ["90 3C 40", "F6"]),
    "undefined status ends running status": ("90 3C 40 F4 3E 41", ["90 3C 40"]),
    "undefined real-time bytes are dropped": ("90 F9 3C FD 40", ["90 3C 40"]),
    "a status cuts a message short": ("90 3C 80 3C 00", ["80 3C 00"]),
    "data without status": ("40 41 42 90 3C 40", ["90 3C 40"]),
    "end of exclusive alone": ("F7 90 3C 40", ["90 3C 40"]),
    "exclusive ends running status": ("90 3C 40 F0 01 F7 3E 41", ["90 3C 40"]),
    "exclusive cut short by a status": ("F0 01 02 90 3C 40", ["90 3C 40"]),
    "clock inside an exclusive": ("F0 01 F8 02 F7 FA", ["F8", "FA"]),
}


def hexed(text: str) -> bytes:
    return bytes.fromhex(text.replace(" ", ""))


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("piece", [1, 2, 1000])
def test_table(name: str, piece: int) -> None:
    stream, expected = TABLE[name]
    parser = WireParser()
    data = hexed(stream)
    heard = [message for at in range(0, len(data), piece) for message in parser.feed(data[at : at + piece])]
    assert heard == [hexed(text) for text in expected]


@pytest.mark.parametrize(("limit", "passes"), [(0, False), (4, False), (5, True), (100, True)])
def test_exclusive_up_to_the_limit(limit: int, passes: bool) -> None:
    parser = WireParser(sysex_limit=limit)
    assert parser.feed(hexed("F0 7D 01 02 F7")) == ([hexed("F0 7D 01 02 F7")] if passes else [])
    assert parser.feed(hexed("90 3C 40")) == [hexed("90 3C 40")]


def test_reset_forgets_running_status_and_half_a_message() -> None:
    parser = WireParser()
    parser.feed(hexed("90 3C 40 3E"))
    parser.reset()
    assert parser.feed(hexed("40 3C 40")) == []


data_byte = st.integers(0, 127)
channel_message = st.one_of(
    st.tuples(st.integers(0x80, 0xBF), data_byte, data_byte),
    st.tuples(st.integers(0xC0, 0xDF), data_byte),
    st.tuples(st.integers(0xE0, 0xEF), data_byte, data_byte),
    st.tuples(st.just(0xF2), data_byte, data_byte),
    st.tuples(st.just(0xF0), data_byte, data_byte, st.just(0xF7)),
).map(bytes)
real_time = st.sampled_from([b"\xf8", b"\xfa", b"\xfb", b"\xfc", b"\xfe"])


@given(st.lists(channel_message), st.data())
def test_undoes_running_status_and_interleaving(messages: list[bytes], data: st.DataObject) -> None:
    stream = b""
    clocks: list[bytes] = []
    status = None
    for message in messages:
        body = message[1:] if message[0] == status and message[0] < 0xF0 else message
        for byte in body:
            if data.draw(st.integers(0, 9)) == 0:
                clocks.append(data.draw(real_time))
                stream += clocks[-1]
            stream += bytes((byte,))
        status = message[0]
    heard = WireParser(sysex_limit=4).feed(stream)
    assert [message for message in heard if message[0] < 0xF8] == messages
    assert [message for message in heard if message[0] >= 0xF8] == clocks


@given(st.lists(channel_message | real_time))
def test_agrees_with_mido(messages: list[bytes]) -> None:
    stream = b"".join(messages)
    peer = mido.Parser()
    peer.feed(stream)
    assert WireParser(sysex_limit=4).feed(stream) == [bytes(message.bytes()) for message in peer]


@given(st.lists(st.binary()), st.sampled_from([0, 3, 8]))
def test_any_bytes_give_well_formed_messages(chunks: list[bytes], limit: int) -> None:
    parser = WireParser(sysex_limit=limit)
    heard = [message for chunk in chunks for message in parser.feed(chunk)]
    for message in heard:
        if message[0] == 0xF0:
            assert message[-1] == 0xF7 and len(message) <= limit
            assert all(byte < 0x80 for byte in message[1:-1])
        else:
            assert len(message) - 1 == data_bytes_after(message[0])
            assert all(byte < 0x80 for byte in message[1:])
    assert heard == WireParser(sysex_limit=limit).feed(b"".join(chunks))
