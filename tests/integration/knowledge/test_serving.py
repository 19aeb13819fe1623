"""The serving process: what it imports, and how it lives beside others on one folder."""

import subprocess
import sys
from pathlib import Path

import pytest

from knowledge import weights
from tests.integration.knowledge.exported import CHECKOUT

pytestmark = pytest.mark.integration

HEAVY = {"torch", "sentence_transformers", "transformers", "onnx", "sklearn"}


def run(module: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", f"tests.integration.knowledge.{module}", *arguments]
    return subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own module


def test_serving_imports_nothing_heavy(encoder_folder: Path, tmp_path: Path):
    for heavy in (HEAVY, HEAVY | {"bm25s", "scipy"}):  # the first builds, the second only reads
        serving = run("serving", str(encoder_folder), str(tmp_path))
        imported, _ = serving.communicate(timeout=120)
        assert serving.returncode == 0
        names = set(imported.split())
        assert {"chromadb", "onnxruntime"} <= names
        assert not names & heavy


def test_processes_share_a_folder(tmp_path: Path):
    neighbours = [run("neighbour", str(tmp_path), "4") for _ in range(2)]
    for one in neighbours:
        said, _ = one.communicate(timeout=180)
        assert one.returncode == 0, said
        assert said.strip() == "faults: 0"
    assert sorted(path.name for path in tmp_path.glob("kb-en-*")) == ["kb-en-3", "kb-en-4"]
    left = [path for path in (tmp_path / "chroma").iterdir() if path.is_dir()]
    assert len(left) <= 3


def test_a_truncated_index_costs_one_start_at_most(tmp_path: Path):
    first = run("neighbour", str(tmp_path), "1")
    assert first.communicate(timeout=120)[0] == "faults: 0\n"
    written = list((tmp_path / "chroma").glob("*/data_level0.bin"))
    assert written
    for path in written:
        path.write_bytes(path.read_bytes()[:100])
    # Chroma either refuses such a file or dies of it; the next start knows.
    run("neighbour", str(tmp_path), "1").communicate(timeout=120)
    again = run("neighbour", str(tmp_path), "1")
    assert again.communicate(timeout=120)[0] == "faults: 0\n"
    assert not list(tmp_path.glob("*.loading"))


def test_the_original_model_and_the_graph_agree(encoder_folder: Path):
    # Runs in this process: torch is imported, which is why it is the last of the file.
    from knowledge.encoder import Encoder  # noqa: PLC0415

    texts = ["Where is my parcel?", "", "a longer text about nothing at all " * 30]
    original = weights.article_encoder()
    exact = Encoder.open(encoder_folder, precision="fp32")
    assert original.fingerprint == exact.fingerprint
    assert (original.encode(texts) * exact.encode(texts)).sum(axis=1).min() > 0.9999
