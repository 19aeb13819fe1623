"""An encoder that encodes each text once, and keeps the vectors for the next run if asked to."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from knowledge.encoder import Encoder, Precision, Vectors


class Remembering:
    """Draws and cases share their texts; `kept` is a folder that runs share, None for none."""

    def __init__(
        self, encoder: Encoder, precision: Precision = "int8", kept: Path | None = None
    ) -> None:
        self.fingerprint = encoder.fingerprint
        self._encoder = encoder
        self._kept = kept / f"{encoder.fingerprint}-{precision}" if kept else None
        self._known: dict[str, Vectors] = {}
        if self._kept and self._kept.with_suffix(".npy").exists():
            texts = json.loads(self._kept.with_suffix(".json").read_text(encoding="utf-8"))
            self._known.update(zip(texts, np.load(self._kept.with_suffix(".npy")), strict=True))

    def encode(self, texts: Sequence[str]) -> Vectors:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._encoder.encode(new), strict=True))
            self._keep()
        return np.array([self._known[text] for text in texts], dtype=np.float32)

    def _keep(self) -> None:
        if self._kept is None:
            return
        self._kept.parent.mkdir(parents=True, exist_ok=True)
        self._kept.with_suffix(".json").write_text(json.dumps([*self._known]), encoding="utf-8")
        np.save(self._kept.with_suffix(".npy"), np.array([*self._known.values()]))
