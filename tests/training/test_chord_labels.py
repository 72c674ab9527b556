"""What a training piece says of its chords, and what of it a crop may know."""

import numpy as np

from cocomposer.events.layout import CHORD_QUALITIES, COLUMN, PARTS, QUALITY_UNKNOWN, ROOT_UNKNOWN, STYLES
from cocomposer.harmony.names.folding import ChordClass
from models.training.chord_labels import NO_CHORD, label, labels_of, qualities_of, roots_of
from models.training.dataset import Mixture, augment
from models.training.pieces import Piece

BAR = 4 * 48
CHORDS = (
    (0, ChordClass.MAJ, (48, 60, 64, 67)),
    (9, ChordClass.MIN, (45, 60, 64, 69)),
    (2, ChordClass.MIN7, (50, 60, 65, 69)),
    (7, ChordClass.SEVENTH, (43, 59, 62, 65)),
)


def piece_of(chords: tuple[tuple[int, ...], ...]) -> Piece:
    """Each chord for a bar, its lowest note in a part of its own."""
    onset = np.repeat(np.arange(len(chords)) * float(BAR), [len(c) for c in chords]).astype(np.float32)
    pitch = np.concatenate(chords).astype(np.uint8)
    notes = len(pitch)
    return Piece(
        onset=onset,
        duration=np.full(notes, BAR, dtype=np.float32),
        pitch=pitch,
        velocity=np.full(notes, 80, dtype=np.uint8),
        pedal=np.ones(notes, dtype=np.uint8),
        in_bar=np.zeros(notes, dtype=np.float32),
        part=np.concatenate([np.arange(len(c)) > 0 for c in chords]).astype(np.uint8),
        chord=np.zeros(notes, dtype=np.uint8),
    )


def labelled() -> Piece:
    piece = piece_of(tuple(pitches for _, _, pitches in CHORDS))
    piece.chord[:] = labels_of(piece)
    return piece


def test_the_layout_names_the_classes_that_chords_are_folded_to() -> None:
    assert ("unknown", *ChordClass) == CHORD_QUALITIES


def test_every_note_knows_the_chord_it_sounds_in() -> None:
    wanted = np.repeat([label(root, quality) for root, quality, _ in CHORDS], 4)
    assert labelled().chord.tolist() == wanted.tolist()


def test_a_label_is_a_root_and_a_quality() -> None:
    for root in range(12):
        for quality in ChordClass:
            one = np.asarray([label(root, quality)], dtype=np.uint8)
            assert (roots_of(one)[0], CHORD_QUALITIES[qualities_of(one)[0]]) == (root, quality)
            assert roots_of(one, shift=-5)[0] == (root - 5) % 12
    none = np.asarray([NO_CHORD], dtype=np.uint8)
    assert (roots_of(none, 3)[0], qualities_of(none)[0]) == (ROOT_UNKNOWN, QUALITY_UNKNOWN)


def test_a_melody_alone_is_left_without() -> None:
    assert not labels_of(piece_of(((60,), (64,), (67,), (72,)))).any()


def test_the_root_moves_with_the_key() -> None:
    piece = labelled()
    mixture = Mixture(lose_chords=0, late_chords=0, free_scores=0, loose_scores=0)
    for seed in range(8):
        rows, _ = augment(piece, STYLES.index("score"), mixture, np.random.default_rng(seed))
        roots = np.repeat([root for root, _, _ in CHORDS], 4)
        shift = rows[:, COLUMN["pitch"]] - piece.pitch
        assert np.array_equal(rows[:, COLUMN["chord_root"]], (roots + shift) % 12)


def test_chords_may_be_known_from_some_note_on() -> None:
    piece, begins = labelled(), set()
    for seed in range(40):
        mixture = Mixture(lose_chords=0, late_chords=1, free_scores=0, loose_scores=0)
        rows, _ = augment(piece, STYLES.index("score"), mixture, np.random.default_rng(seed))
        known = rows[:, COLUMN["chord_quality"]] != QUALITY_UNKNOWN
        assert np.array_equal(known, rows[:, COLUMN["chord_root"]] != ROOT_UNKNOWN)
        assert np.array_equal(known, np.arange(len(rows)) >= np.argmax(known))
        begins.add(int(np.argmax(known)))
    assert len(begins) > 5


def test_whose_a_note_is_follows_the_staves_or_the_turns() -> None:
    piece, by_stave, by_turn = labelled(), 0, 0
    mixture = Mixture(name_parts=1, free_scores=0, loose_scores=0, some_parts=0)
    theirs = PARTS.index("theirs")
    for seed in range(40):
        rows, _ = augment(piece, STYLES.index("score"), mixture, np.random.default_rng(seed))
        part = rows[:, COLUMN["part"]]
        assert set(part) <= {theirs, PARTS.index("mine")}
        by_stave += bool(all(len(set(part[piece.part == stave])) == 1 for stave in (0, 1)) and len(set(part)) == 2)
        by_turn += bool((np.diff((part == theirs).astype(int)) <= 0).all() and len(set(part)) == 2)
    assert by_stave > 15
    assert by_turn > 5
