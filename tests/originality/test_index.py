"""The index finds what a search by eye finds, everywhere and nowhere else; and its file is read back or refused."""

import lzma
import zlib

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cocomposer.originality.index import FORMAT, LEAST, Index, IndexFileError
from tests.originality.made_music import ALPHABET, LINES, WORKS, brute_force, longest_by_brute_force

STEPS = st.lists(st.sampled_from(ALPHABET), min_size=LEAST, max_size=20).map(bytes)


@st.composite
def passages(draw: st.DrawFn) -> tuple[Index, bytes]:
    """An index, and steps that often are a passage of it."""
    index = Index.of(WORKS, draw(LINES))
    begin = draw(st.integers(0, len(index.stream)))
    cut = index.stream[begin : begin + draw(st.integers(LEAST, 30))]
    return index, draw(STEPS) if len(cut) < LEAST or 0 in cut or draw(st.booleans()) else draw(STEPS) + cut


@settings(max_examples=50, deadline=None)
@given(passages())
def test_places_are_all_there_are(made: tuple[Index, bytes]) -> None:
    index, steps = made
    for length in range(LEAST, len(steps) + 1):
        assert sorted(index.places(steps[-length:]).tolist()) == brute_force(index, steps[-length:])


@settings(max_examples=50, deadline=None)
@given(passages(), st.integers(0, 40))
def test_longest_is_the_longest(made: tuple[Index, bytes], most: int) -> None:
    index, steps = made
    length, places = index.longest(steps, most)
    expected = longest_by_brute_force(index, steps[-most:] if most else b"")
    assert length == expected
    assert sorted(places.tolist()) == (brute_force(index, steps[-length:]) if length else [])


@settings(max_examples=50, deadline=None)
@given(LINES)
def test_a_place_knows_whose_it_is(lines: list[tuple[int, bytes]]) -> None:
    index = Index.of(WORKS, lines)
    for owner, line in lines:
        if len(line) >= LEAST:
            owners = [index.work_at(int(place)) for place in index.places(line)]
            assert WORKS[owner] in owners


@settings(max_examples=50, deadline=None)
@given(passages())
def test_a_file_is_read_back(made: tuple[Index, bytes]) -> None:
    index, steps = made
    again = Index.unpack(index.pack())
    assert (again.works, again.stream) == (index.works, index.stream)
    assert sorted(again.places(steps).tolist()) == sorted(index.places(steps).tolist())


PACKED = Index.of(WORKS, [(2, bytes(range(1, 60)))]).pack()


@settings(max_examples=50, deadline=None)
@given(st.integers(0, len(PACKED) - 1), st.integers(1, 255))
def test_a_damaged_file_is_refused_in_a_sentence(place: int, change: int) -> None:
    damaged = bytearray(PACKED)
    damaged[place] ^= change
    for file in (bytes(damaged), PACKED[:place]):
        with pytest.raises(IndexFileError, match=r"install .* again\.$"):
            Index.unpack(file)


def test_a_file_of_another_version_is_refused() -> None:
    other = {"works": [], "owners": b"", "stream": b"\0"}
    content = zlib.compress(msgspec.msgpack.encode({"format": FORMAT + 1, **other}))
    newer = zlib.crc32(content).to_bytes(4, "little") + content
    first = lzma.compress(msgspec.msgpack.encode({"format": 1, **other}))
    for file in (newer, first):
        with pytest.raises(IndexFileError, match="another version"):
            Index.unpack(file)


@pytest.mark.parametrize("before", range(4))
def test_a_passage_is_found_wherever_it_stands(before: int) -> None:
    """Also in the last steps of all, in an even place and in an odd one."""
    tune = bytes(range(1, 60, 3))
    index = Index.of(WORKS, [(0, bytes(range(100, 110 + before))), (1, tune)])
    for end in range(LEAST, len(tune) + 1):
        assert index.places(tune[end - LEAST : end]).tolist() == [len(index.stream) - 2 - len(tune) + end]


def test_lines_and_owners_must_agree() -> None:
    index = Index.of(WORKS, [(3, bytes(range(1, 30)))])
    with pytest.raises(ValueError, match="owner"):
        Index(WORKS, index.stream + b"\1\1\0", index.owners)
    with pytest.raises(ValueError, match="among the works"):
        Index(WORKS[:3], index.stream, index.owners)
