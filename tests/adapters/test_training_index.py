"""The list of training music of a bundle: none, whole, damaged, gone, newer; the model plays all the same."""

import hashlib
import json
import shutil
import zlib
from pathlib import Path

import msgspec
import pytest

from cocomposer.adapters.bundle import BundleError, open_bundle
from cocomposer.adapters.training_index import INDEX_FILE, PIECES_FILE, open_index
from cocomposer.originality.overlap import most_shared
from models.training.originality import write
from tests.originality.made_music import leaps, notes_of
from tests.originality.test_guard import index_of

TUNE = notes_of(leaps(1, 40))


@pytest.fixture
def bundle(tiny_bundle: Path, tmp_path: Path) -> Path:
    """A copy of a bundle that lists one training tune."""
    folder = tmp_path / "bundle"
    shutil.copytree(tiny_bundle, folder)
    write(index_of(TUNE), folder)
    return folder


def one_sentence(error: BaseException) -> bool:
    return str(error).endswith(".") and "\n" not in str(error)


def test_a_bundle_without_a_list_has_none(tiny_bundle: Path) -> None:
    assert open_index(tiny_bundle) is None


def test_a_list_is_read_back_and_named_in_the_description(bundle: Path) -> None:
    index = open_index(bundle)
    assert index is not None
    found = most_shared(index, TUNE)
    assert found is not None and found.notes == len(TUNE)
    music = open_bundle(bundle).training_music
    assert music == {
        name: hashlib.sha256((bundle / name).read_bytes()).hexdigest() for name in (INDEX_FILE, PIECES_FILE)
    }


@pytest.mark.parametrize("damage", ["bent", "gone", "newer"])
def test_what_is_wrong_is_a_sentence_and_the_model_plays(bundle: Path, damage: str) -> None:
    file = bundle / INDEX_FILE
    content = bytearray(file.read_bytes())
    if damage == "bent":
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
    elif damage == "gone":
        file.unlink()
    else:
        newer = zlib.compress(
            msgspec.msgpack.encode(msgspec.msgpack.decode(zlib.decompress(content[4:])) | {"format": 99})
        )
        file.write_bytes(zlib.crc32(newer).to_bytes(4, "little") + newer)
        description = json.loads((bundle / "bundle.json").read_text())
        description["training_music"][INDEX_FILE] = hashlib.sha256(file.read_bytes()).hexdigest()
        (bundle / "bundle.json").write_text(json.dumps(description))
    with pytest.raises(BundleError) as caught:
        open_index(bundle)
    assert one_sentence(caught.value)
    assert {"bent": "damaged", "gone": "lacks", "newer": "another version"}[damage] in str(caught.value)
    open_bundle(bundle)


def test_a_folder_that_is_no_bundle_says_so(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="no model bundle"):
        open_index(tmp_path)
