"""Turns texts into unit vectors with ONNX Runtime; the serving process needs no torch."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.domain.errors import KnowledgeError
from knowledge import manifest

Vectors: TypeAlias = NDArray[np.float32]
Encode: TypeAlias = Callable[[Sequence[str]], Vectors]
Precision: TypeAlias = Literal["int8", "fp32"]

_BATCH = 32
_ERRORS_ONLY = 3


@dataclass(frozen=True, slots=True)
class ArticleEncoder:
    """What encodes articles: blocking; its vectors compare with those of `fingerprint`."""

    encode: Encode
    fingerprint: str


def finite(encode: Encode, texts: Sequence[str]) -> Vectors:
    """Raises `KnowledgeError` for vectors that are no numbers: one would spoil every score."""
    vectors = encode(texts)
    broken = np.flatnonzero(~np.isfinite(vectors).all(axis=1))
    if len(broken):
        raise KnowledgeError(
            f"The encoder gives no numbers for {len(broken)} of {len(texts)} texts: reinstall the "
            "packages of `pip install careline[ingest]`. Nothing was published."
        )
    return vectors


class Encoder:
    """An exported encoder. Blocking: call it from a worker thread."""

    def __init__(self, about: manifest.Manifest, session: Any, tokenizer: Any, batch: int) -> None:  # noqa: ANN401 - ONNX Runtime ships no types
        self.fingerprint = about.fingerprint
        self.dims = about.dims
        self._session = session
        self._tokenizer = tokenizer
        self._batch = batch

    @classmethod
    def open(cls, folder: Path, *, precision: Precision = "int8", threads: int = 1) -> "Encoder":
        """Open what `knowledge.export` wrote; `int8` for queries, `fp32` for articles.

        Raises `KnowledgeError` where the folder holds no whole encoder.
        """
        import onnxruntime  # noqa: PLC0415 - only a process that encodes pays for it
        from tokenizers import Tokenizer  # noqa: PLC0415 - likewise

        about = manifest.read(folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = _ERRORS_ONLY
        try:
            session = onnxruntime.InferenceSession(
                str(folder / f"{precision}.onnx"), options, providers=["CPUExecutionProvider"]
            )
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as exc:
            # Both libraries raise their own kinds, down to bare Exception.
            raise KnowledgeError(f"The encoder in {folder} is damaged: {manifest.ADVICE}.") from exc
        tokenizer.enable_truncation(about.max_pieces)
        tokenizer.enable_padding()
        # Dynamic int8 scales by the whole batch: alone, a text's vector depends on nothing else.
        return cls(about, session, tokenizer, 1 if precision == "int8" else _BATCH)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of unit length for each text; only the first 256 word pieces count."""
        vectors = np.empty((len(texts), self.dims), dtype=np.float32)
        # Neighbours in length share a batch, so that little of it is padding.
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        for start in range(0, len(order), self._batch):
            places = order[start : start + self._batch]
            vectors[places] = self._run([texts[place] for place in places])
        return vectors

    def knows(self, word: str) -> bool:
        """Whether a word in lower case is one whole piece to the encoder: an ordinary word."""
        return self._tokenizer.token_to_id(word) is not None

    def _run(self, texts: list[str]) -> Vectors:
        encoded = self._tokenizer.encode_batch(texts)
        feed = {
            "input_ids": np.array([one.ids for one in encoded], dtype=np.int64),
            "attention_mask": np.array([one.attention_mask for one in encoded], dtype=np.int64),
        }
        found: Vectors = self._session.run(None, feed)[0]
        return found
