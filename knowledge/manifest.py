"""What an exported encoder says about itself."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.domain.errors import KnowledgeError

NAME = "manifest.json"
ADVICE = "export it again with `python -m knowledge.export FOLDER`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The encoder in a folder.

    `fingerprint` identifies weights, tokenizer and export recipe: vectors of different
    fingerprints must never be compared. The parity figures are the lowest and the mean cosine
    to sentence-transformers over the sample of the export.
    """

    model: str
    fingerprint: str
    dims: int
    max_pieces: int
    int8_min: float
    int8_mean: float
    fp32_min: float


def write(folder: Path, manifest: Manifest) -> None:
    text = json.dumps(asdict(manifest), indent=2)
    (folder / NAME).write_text(text + "\n", encoding="utf-8")


def read(folder: Path) -> Manifest:
    """Raises `KnowledgeError` where the folder holds no whole encoder."""
    try:
        return Manifest(**json.loads((folder / NAME).read_text(encoding="utf-8")))
    except FileNotFoundError as exc:
        raise KnowledgeError(f"There is no encoder in {folder}: {ADVICE}.") from exc
    except (OSError, ValueError, TypeError) as exc:
        raise KnowledgeError(f"The encoder in {folder} is damaged: {ADVICE}.") from exc
