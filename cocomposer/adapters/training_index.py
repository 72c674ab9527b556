"""The list of training music that a bundle ships with: originality.bin, the index of its tunes, and pieces.csv.

A bundle plays without them; then nobody can say what an answer shares with the training music. Knows the files and
their hashes, not what is done with the index.
"""

import hashlib
from pathlib import Path
from typing import Final

from cocomposer.adapters.bundle import BundleError, described
from cocomposer.originality.index import Index, IndexFileError

INDEX_FILE: Final = "originality.bin"
"""The index of the training music (`cocomposer.originality.index`)."""
PIECES_FILE: Final = "pieces.csv"
"""Path, composer, title, source and licence of each training piece, in the order of the index."""


def open_index(bundle: Path) -> Index | None:
    """The index of a bundle's training music; None if the bundle has none.

    Takes a tenth of a second. BundleError, in one sentence, if the bundle names one that is gone, damaged or of another
    version.
    """
    wanted = described(bundle).training_music.get(INDEX_FILE)
    if wanted is None:
        return None
    file = bundle / INDEX_FILE
    try:
        packed = file.read_bytes()
    except OSError as error:
        raise BundleError(f"{bundle} lacks its file {INDEX_FILE}; restore the bundle from its release.") from error
    if hashlib.sha256(packed).hexdigest() != wanted:
        raise BundleError(f"{file} is damaged (its hash is wrong); restore the bundle from its release.")
    try:
        return Index.unpack(packed)
    except IndexFileError as error:
        raise BundleError(str(error)) from error
