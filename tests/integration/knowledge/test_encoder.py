"""The exported encoder agrees with the original, and takes whatever people write."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from typing_extensions import override

from bot.domain.errors import KnowledgeError
from knowledge import manifest
from knowledge.encoder import Encoder
from knowledge.export import export
from knowledge.parity import SAMPLE
from knowledge.readings import EncoderReader
from tests.conformance.reader_suite import ReaderSuite

pytestmark = pytest.mark.integration


class TestEncoderReader(ReaderSuite):
    @pytest.fixture
    @override
    def reader(self, encoder: Encoder, thread: ThreadPoolExecutor) -> EncoderReader:
        return EncoderReader(encoder, thread)


def test_the_manifest_tells_of_parity(encoder_folder: Path):
    about = manifest.read(encoder_folder)
    assert about.dims == 384
    assert about.max_pieces == 256
    assert about.int8_mean >= 0.98
    assert about.int8_min >= 0.95
    assert about.fp32_min >= 0.999


def test_int8_agrees_with_fp32(encoder: Encoder, encoder_folder: Path):
    exact = Encoder.open(encoder_folder, precision="fp32").encode(SAMPLE)
    cosines = (encoder.encode(SAMPLE) * exact).sum(axis=1)
    assert cosines.mean() >= 0.98


def test_a_vector_does_not_depend_on_its_neighbours(encoder: Encoder):
    together = encoder.encode(SAMPLE)
    alone = np.vstack([encoder.encode([text]) for text in SAMPLE])
    assert np.array_equal(together, alone)


def test_batches_come_back_in_order(encoder_folder: Path):
    exact = Encoder.open(encoder_folder, precision="fp32")
    texts = [f"{'very ' * (place % 9)}long text number {place}" for place in range(70)]
    alone = np.vstack([exact.encode([text]) for text in texts])
    assert np.allclose(exact.encode(texts), alone, atol=1e-5)


def test_only_the_first_pieces_count(encoder: Encoder):
    long = "word " * 254
    one, other = encoder.encode([long + "parcel", long + "voucher"])
    assert np.array_equal(one, other)
    assert encoder.encode([]).shape == (0, 384)


def test_a_folder_without_an_encoder_says_what_to_do(tmp_path: Path):
    with pytest.raises(KnowledgeError, match=r"knowledge\.export"):
        Encoder.open(tmp_path)
    (tmp_path / manifest.NAME).write_text("{")
    with pytest.raises(KnowledgeError, match=r"damaged.*knowledge\.export"):
        Encoder.open(tmp_path)


def test_a_damaged_graph_says_what_to_do(encoder_folder: Path, tmp_path: Path):
    for name in (manifest.NAME, "tokenizer.json"):
        (tmp_path / name).write_bytes((encoder_folder / name).read_bytes())
    (tmp_path / "int8.onnx").write_bytes(b"half a graph")
    with pytest.raises(KnowledgeError, match="damaged"):
        Encoder.open(tmp_path)


def test_an_encoder_that_is_there_is_not_made_again(encoder_folder: Path):
    said: list[str] = []
    before = (encoder_folder / "int8.onnx").stat().st_mtime_ns
    about = export(encoder_folder, said.append)
    assert about == manifest.read(encoder_folder)
    assert (encoder_folder / "int8.onnx").stat().st_mtime_ns == before
    assert len(said) == 1


def test_the_export_wants_one_folder():
    command = [sys.executable, "-m", "knowledge.export"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own module
    assert done.returncode == 2
    assert "usage" in done.stderr
