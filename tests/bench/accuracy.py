"""`python -m tests.bench.accuracy [DATA]`: how right the library is on public intent sets.

Intents are articles and training sentences their phrasings. All goes through the code that
serves: ingest, Chroma, the int8 encoder, the gate. Where phrasings are drawn, figures are the
means of five draws with fixed seeds. DATA holds the folders `banking77` and `clinc150`.
"""

import argparse
import asyncio
import json
import random
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from bot.domain.knowledge import Article, Calibration, Labelled
from bot.domain.reading import Reading
from bot.storage import SystemClock
from knowledge.encoder import ArticleEncoder, Encoder, Vectors
from knowledge.evaluation import Tried, figures
from knowledge.ingest import ingest
from knowledge.library import ChromaLibrary
from tests.bench.figures import Goal, Report, at_least, at_most
from tests.fakes.shelf import FakeShelf
from tests.integration.knowledge.exported import exported

DRAWS = 5
Line = tuple[str, str | None]


class Remembering:
    """An encoder that encodes each text once, since the draws share theirs."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}

    def encode(self, texts: Sequence[str]) -> Vectors:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known.update(zip(new, self._encoder.encode(new), strict=True))
        return np.array([self._known[text] for text in texts], dtype=np.float32)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One knowledge base to build, and what it is asked."""

    name: str
    train: Sequence[Line]
    asked: Sequence[Line]
    phrasings: int | None = None
    labels: Sequence[Line] = ()
    goals: dict[str, Goal]


def lines(file: Path, *, known: bool = True) -> list[Line]:
    told = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [(one["text"], one["intent"] if known else None) for one in told]


def articles(train: Sequence[Line], phrasings: int | None, seed: int) -> list[Article]:
    """An article an intent; its answer is some text."""
    texts: dict[str, list[str]] = defaultdict(list)
    for text, intent in train:
        texts[str(intent)].append(text)
    dice = random.Random(seed)  # noqa: S311  repeatable, not secret
    made = []
    for intent, all_of_it in sorted(texts.items()):
        some = all_of_it if phrasings is None else dice.sample(all_of_it, phrasings)
        answer = f"Here is what we do about {intent.replace('_', ' ')}."
        made.append(Article(id=intent, question=some[0], variants=tuple(some[1:]), answer=answer))
    return made


def cases(data: Path) -> list[Case]:
    banking, clinc = data / "banking77", data / "clinc150"
    of_banking: dict[str, Any] = {
        "train": lines(banking / "train.jsonl"),
        "asked": lines(banking / "test.jsonl"),
    }
    beyond = [
        line
        for name in ("oos_train", "oos_val")
        for line in lines(clinc / f"{name}.jsonl", known=False)
    ]
    of_clinc: dict[str, Any] = {
        "train": lines(clinc / "train.jsonl"),
        "asked": lines(clinc / "test.jsonl") + lines(clinc / "oos_test.jsonl", known=False),
    }
    alone = {
        "answered_right": at_least(0.9),
        "unknown": at_most(0.07),
        "oos_recall": at_least(0.82),
    }
    taught = {"answered_right": at_least(0.905), "oos_recall": at_least(0.9)}
    labels = lines(clinc / "val.jsonl") + beyond
    return [
        Case(name="BANKING77, all phrasings", goals=first(0.93), **of_banking),
        Case(name="BANKING77, 10 phrasings", phrasings=10, goals=first(0.85), **of_banking),
        Case(name="BANKING77, 5 phrasings", phrasings=5, goals=first(0.78), **of_banking),
        Case(name="CLINC150, all phrasings", goals=alone, **of_clinc),
        Case(name="CLINC150, calibrated", labels=labels, goals=taught, **of_clinc),
        Case(name="CLINC150, 10 phrasings", phrasings=10, goals={}, **of_clinc),
    ]


def first(least: float) -> dict[str, Goal]:
    return {"top1": at_least(least)}


async def measure(
    case: Case, encoders: tuple[Remembering, Remembering], fingerprint: str, seed: int
) -> tuple[dict[str, float], dict[str, float]]:
    """Shares without and with the choices band, of one draw."""
    whole, quick = encoders
    shelf = FakeShelf()
    made = articles(case.train, case.phrasings, seed)
    if case.labels:
        vectors = quick.encode([text for text, _ in case.labels])
        labelled = tuple(
            Labelled(question=text, article=article, vector=vector.astype("<f4").tobytes())
            for (text, article), vector in zip(case.labels, vectors, strict=True)
        )
        await shelf.relabel("kb", Calibration(fingerprint=fingerprint, questions=labelled))
    encoder = ArticleEncoder(whole.encode, fingerprint)
    texts = [t for one in made for t in (one.question, *one.variants)]
    whole.encode(texts)  # known from here on: what is timed is the training
    began = perf_counter()
    await ingest(shelf, encoder, SystemClock(), kb="kb", articles=made)
    trained = perf_counter() - began
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1) as thread:
        library = ChromaLibrary(shelf, Path(folder), fingerprint, thread)
        await library.open()
        alone = await _asked(library, quick, case.asked, choices=False)
        offered = await _asked(library, quick, case.asked, choices=True)
        await library.close()
    return {**_shares(alone), "seconds": trained}, _shares(offered)


async def _asked(
    library: ChromaLibrary, quick: Remembering, asked: Sequence[Line], *, choices: bool
) -> list[Tried]:
    tried = []
    for (text, article), vector in zip(
        asked, quick.encode([text for text, _ in asked]), strict=True
    ):
        reading = Reading(vector=tuple(vector.tolist()))
        began = perf_counter()
        found = await library.consult("kb", text, reading, choices=choices)
        tried.append(Tried(article=article, found=found, seconds=perf_counter() - began))
    return tried


def _shares(tried: Sequence[Tried]) -> dict[str, float]:
    told = figures(tried)
    inside, outside = int(str(told["in_scope"])), int(str(told["out_of_scope"]))
    shares = {}
    for name, value in told.items():
        if not isinstance(value, int | float):
            continue
        of = outside if name.startswith("oos_") else inside
        whole = isinstance(value, int)
        shares[name] = value / of if whole and of else float(value)
    return shares


async def table(data: Path, only: str) -> Report:
    folder = exported()
    whole = Remembering(Encoder.open(folder, precision="fp32", threads=2))
    query = Encoder.open(folder)
    encoders = whole, Remembering(query)
    report = Report()
    for case in cases(data):
        if only not in case.name:
            continue
        draws = range(DRAWS if case.phrasings else 1)
        found = [await measure(case, encoders, query.fingerprint, seed) for seed in draws]
        for band, part in enumerate(("no choices", "choices")):
            names = [n for n in found[0][band] if n not in ("n", "in_scope", "out_of_scope")]
            for name in names:
                value = statistics.mean(draw[band][name] for draw in found)
                goal = case.goals.get(name) if band == 0 else None
                unit = "s" if name == "seconds" else "ms" if name.endswith("_ms") else "share"
                report.add(f"{case.name}, {part}: {name}", value, unit, goal)
    return report


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.accuracy", description=__doc__)
    parser.add_argument("data", type=Path, nargs="?", default=Path("../shared/data"))
    parser.add_argument("--only", default="", help="cases with this in their name")
    options = parser.parse_args()
    if not (options.data / "banking77").is_dir():
        parser.error(f"{options.data} holds no folder banking77: name one of public sets")
    report = asyncio.run(table(options.data, options.only))
    for figure in report.missed:
        report.say(f"missed: {figure}")
    return int(bool(report.missed))


if __name__ == "__main__":
    sys.exit(main())
