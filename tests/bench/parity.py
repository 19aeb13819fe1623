"""`python -m tests.bench.parity [DATA]`: the encoder that serves beside the original.

2,000 texts of BANKING77 and CLINC150 through sentence-transformers, the fp32 graph and the int8
graph; the intent of the nearest of 2,000 training sentences; and, each in a process of its own,
how long the first vector takes and how much memory.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

import numpy as np

from knowledge.encoder import Encoder, Vectors
from knowledge.weights import article_encoder
from tests.bench.accuracy import Line, lines
from tests.bench.figures import Report, at_least
from tests.integration.knowledge.exported import CHECKOUT, exported

TEXTS = 2000
_SEED = 4
_MB = 1024 * 1024
_FIRST_VECTOR = """
import json, sys, time
began = time.perf_counter()
from pathlib import Path
{opening}
encode(["Where is my parcel?"])
took = time.perf_counter() - began
import psutil
heavy = {{"torch", "sentence_transformers", "transformers"}} & set(sys.modules)
memory = psutil.Process().memory_info().rss
print(json.dumps({{"seconds": took, "memory": memory, "heavy": sorted(heavy)}}))
"""
_SERVING = """
from knowledge.encoder import Encoder
encode = Encoder.open(Path(sys.argv[1])).encode
"""
_ORIGINAL = """
from knowledge.weights import article_encoder
encode = article_encoder().encode
"""


def some(data: Path, split: str) -> list[Line]:
    """As many lines of both sets together, the same ones each time."""
    files = [data / name / f"{split}.jsonl" for name in ("banking77", "clinc150")]
    told = [line for file in files for line in lines(file)]
    chosen = np.random.default_rng(_SEED).choice(len(told), TEXTS, replace=False)
    return [told[place] for place in sorted(chosen.tolist())]


def vectors(report: Report, data: Path) -> None:
    """Cosines to the original, and whether the nearest sentence means the same."""
    folder = exported()
    asked, known = some(data, "test"), some(data, "train")
    texts, right = [text for text, _ in asked], [intent for _, intent in asked]
    exact = Encoder.open(folder, precision="fp32", threads=2)
    index = exact.encode([text for text, _ in known])
    truth = article_encoder().encode(texts)
    meant = _meant(truth, index, known)
    report.add("sentence-transformers: right intent nearest", _agreeing(meant, right), "%")
    for name, encoder in (("fp32", exact), ("int8", Encoder.open(folder, threads=2))):
        found = encoder.encode(texts)
        cosines = (truth * found).sum(axis=1)
        report.add(
            f"{name}: mean cosine to the original", float(cosines.mean()), "cosine", at_least(0.98)
        )
        report.add(
            f"{name}: least cosine to the original", float(cosines.min()), "cosine", at_least(0.95)
        )
        mine = _meant(found, index, known)
        report.add(f"{name}: same intent nearest as the original", _agreeing(mine, meant), "%")
        report.add(f"{name}: right intent nearest", _agreeing(mine, right), "%")


def _agreeing(some: list[str | None], others: list[str | None]) -> float:
    return 100 * sum(a == b for a, b in zip(some, others, strict=True)) / len(some)


def _meant(asked: Vectors, index: Vectors, known: list[Line]) -> list[str | None]:
    return [known[place][1] for place in (asked @ index.T).argmax(axis=1).tolist()]


def processes(report: Report) -> None:
    """Start and memory; the serving process must hold none of the heavy packages."""
    for name, opening in (("int8", _SERVING), ("sentence-transformers", _ORIGINAL)):
        code = _FIRST_VECTOR.format(opening=opening)
        command = [sys.executable, "-c", code, str(exported())]
        done = subprocess.run(command, cwd=CHECKOUT, stdout=subprocess.PIPE, check=True)  # noqa: S603 - our own
        told = json.loads(done.stdout)
        if name == "int8" and told["heavy"]:
            raise RuntimeError(f"the serving encoder has imported {told['heavy']}")
        report.add(f"{name}: from start to the first vector", told["seconds"], "s")
        report.add(f"{name}: memory", told["memory"] / _MB, "MB")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.parity", description=__doc__)
    parser.add_argument("data", type=Path, nargs="?", default=Path("../shared/data"))
    options = parser.parse_args()
    if not (options.data / "banking77").is_dir():
        parser.error(f"{options.data} holds no folder banking77: name one of public sets")
    report = Report()
    processes(report)
    vectors(report, options.data)
    return int(bool(report.missed))


if __name__ == "__main__":
    sys.exit(main())
