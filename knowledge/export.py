"""Exports the encoder to ONNX, in a process of its own: `python -m knowledge.export FOLDER`."""

import logging
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from bot.domain.errors import KnowledgeError
from knowledge import manifest, weights
from knowledge.encoder import Encoder, Vectors
from knowledge.locks import locked
from knowledge.parity import SAMPLE

DIMS = 384
MAX_PIECES = 256
# One-word texts lie furthest from the original: "no" comes out at .977 of a mean of .991.
LEAST_MEAN = 0.98
LEAST = 0.95
OPSET = 17

Say = Callable[[str], None]


def export(folder: Path, say: Say) -> manifest.Manifest:
    """Bring the encoder into `folder`, whole or not at all.

    A folder that already holds this encoder is left alone. Raises `KnowledgeError` where the
    weights are missing or the graph does not agree with them.
    """
    wanted = weights.fingerprint()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with locked(folder.with_name(folder.name + ".lock")):
        present = _present(folder)
        if present is not None and present.fingerprint == wanted:
            say(f"The encoder {wanted} is there already.")
            return present
        for left_over in folder.parent.glob(f".{folder.name}.*"):
            shutil.rmtree(left_over, ignore_errors=True)
        workshop = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        workshop.chmod(0o755)  # another user may run the server
        try:
            made = _make(workshop, wanted, say)
            _swap(workshop, folder)
        finally:
            shutil.rmtree(workshop, ignore_errors=True)
    say(f"The encoder {wanted} is ready.")
    return made


def _present(folder: Path) -> manifest.Manifest | None:
    """What the folder holds, where it can be used."""
    try:
        Encoder.open(folder)
        Encoder.open(folder, precision="fp32")
        return manifest.read(folder)
    except KnowledgeError:
        return None


def _make(folder: Path, fingerprint: str, say: Say) -> manifest.Manifest:
    say(f"Loading {weights.MODEL} …")
    model = weights.load_model()
    say("Tracing the graph …")
    _trace(model, folder / "fp32.onnx")
    say("Quantising to int8 …")
    _quantise(folder)
    shutil.copyfile(weights.model_folder() / "tokenizer.json", folder / "tokenizer.json")
    about = manifest.Manifest(
        model=weights.MODEL, fingerprint=fingerprint, dims=DIMS, max_pieces=MAX_PIECES,
        int8_min=0.0, int8_mean=0.0, fp32_min=0.0,
    )  # fmt: skip
    manifest.write(folder, about)  # the encoder opens by it
    say("Checking it against sentence-transformers …")
    about = _checked(model, folder, about)
    manifest.write(folder, about)
    say(f"Cosine to the original: {about.int8_mean:.4f} mean, {about.int8_min:.4f} at worst.")
    return about


def _trace(model: Any, graph: Path) -> None:  # noqa: ANN401 - ships no types
    import torch  # noqa: PLC0415 - takes seconds

    from knowledge.graph import Pooled  # noqa: PLC0415 - imports torch

    batch = model.tokenizer(["one text", "another, longer text"], padding=True, return_tensors="pt")
    axes = {0: "texts", 1: "pieces"}
    with warnings.catch_warnings():
        # torch announces its other exporter, which gives a graph of fixed length here.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Pooled(model[0].auto_model).eval(),
            (batch["input_ids"], batch["attention_mask"]),
            str(graph),
            input_names=["input_ids", "attention_mask"],
            output_names=["embedding"],
            dynamic_axes={"input_ids": axes, "attention_mask": axes, "embedding": {0: "texts"}},
            opset_version=OPSET,
            dynamo=False,
        )


def _quantise(folder: Path) -> None:
    from onnxruntime import quantization  # noqa: PLC0415 - takes a second

    # It advises a pre-processing that changes nothing for this graph.
    logging.getLogger().setLevel(logging.ERROR)
    quantization.quantize_dynamic(
        folder / "fp32.onnx",
        folder / "int8.onnx",
        per_channel=True,
        op_types_to_quantize=["MatMul"],
        weight_type=quantization.QuantType.QInt8,
    )


def _checked(model: Any, folder: Path, about: manifest.Manifest) -> manifest.Manifest:  # noqa: ANN401 - ships no types
    truth = model.encode(list(SAMPLE), normalize_embeddings=True, show_progress_bar=False)
    int8 = _cosines(truth, Encoder.open(folder).encode(SAMPLE))
    fp32 = _cosines(truth, Encoder.open(folder, precision="fp32").encode(SAMPLE))
    mean = min(float(int8.mean()), float(fp32.mean()))
    worst = min(float(int8.min()), float(fp32.min()))
    if not (mean >= LEAST_MEAN and worst >= LEAST):  # also when they are not numbers
        raise KnowledgeError(
            f"The exported encoder strays from the original (cosine {mean:.3f} mean, {worst:.3f}"
            f" at worst): the versions of torch and onnxruntime do not agree."
        )
    return manifest.Manifest(
        model=about.model, fingerprint=about.fingerprint, dims=DIMS, max_pieces=MAX_PIECES,
        int8_min=round(float(int8.min()), 4), int8_mean=round(float(int8.mean()), 4),
        fp32_min=round(float(fp32.min()), 4),
    )  # fmt: skip


def _cosines(truth: Vectors, found: Vectors) -> Vectors:
    return np.asarray((truth * found).sum(axis=1), dtype=np.float32)


def _swap(made: Path, folder: Path) -> None:
    """Put `made` in the place of `folder`; killed in between, the next export starts afresh."""
    if folder.exists():
        folder.rename(Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent)) / "old")
    made.rename(folder)
    for left_over in folder.parent.glob(f".{folder.name}.*"):
        shutil.rmtree(left_over, ignore_errors=True)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m knowledge.export FOLDER\n")
        return 2
    try:
        export(Path(arguments[0]), _say)
    except KnowledgeError as exc:
        sys.stderr.write(f"{exc}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
