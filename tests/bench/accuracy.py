"""`python -m tests.bench.accuracy [DATA]`: how right the library is on public intent sets.

Intents are articles and training sentences their phrasings. All goes through the code that
serves: ingest, Chroma, the int8 encoder, the gate. Where phrasings or intents are drawn, figures
are the means of five draws with fixed seeds. Some cases have no goal: they leave intents out, whose
questions are then near misses, or give articles 2 to 60 phrasings. A change that helps the others
and hurts these fits the sets and not the work. DATA holds the folders `banking77`, `clinc150` and
`bitext`.
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
from typing import Any, Literal

from bot.domain.knowledge import Article, Calibration, Labelled
from bot.domain.reading import Reading
from bot.storage import SystemClock
from knowledge.encoder import ArticleEncoder, Encoder
from knowledge.evaluation import Tried, figures
from knowledge.ingest import ingest
from knowledge.library import ChromaLibrary
from tests.bench.figures import Goal, Report, at_least, at_most
from tests.bench.remembering import Remembering
from tests.fakes.shelf import FakeShelf
from tests.integration.knowledge.exported import exported

DRAWS = 5
UNEVEN = (2, 60)
Line = tuple[str, str | None]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One knowledge base to build, and what it is asked.

    `phrasings` are how many an article is given, all by default; `left_out` is of how many intents
    no article is made, so that nothing answers their questions.
    """

    name: str
    train: Sequence[Line]
    asked: Sequence[Line]
    phrasings: int | Literal["uneven"] | None = None
    left_out: int = 0
    labels: Sequence[Line] = ()
    goals: dict[str, Goal]


def lines(file: Path, *, known: bool = True) -> list[Line]:
    told = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [(one["text"], one["intent"] if known else None) for one in told]


def drawn(case: Case, seed: int) -> tuple[list[Article], list[Line]]:
    """An article an intent, whose answer is some text; and the questions."""
    dice = random.Random(seed)  # noqa: S311  repeatable, not secret
    texts: dict[str, list[str]] = defaultdict(list)
    for text, intent in case.train:
        texts[str(intent)].append(text)
    left_out = set(dice.sample(sorted(texts), case.left_out))
    made = []
    for intent, all_of_it in sorted(texts.items()):
        if intent in left_out:
            continue
        some = _some(case, all_of_it, dice)
        answer = f"Here is what we do about {intent.replace('_', ' ')}."
        made.append(Article(id=intent, question=some[0], variants=tuple(some[1:]), answer=answer))
    asked = [(text, None if intent in left_out else intent) for text, intent in case.asked]
    return made, asked


def _some(case: Case, texts: list[str], dice: random.Random) -> list[str]:
    if case.phrasings is None:
        return texts
    fewest, most = UNEVEN
    count = (
        round(fewest * (most / fewest) ** dice.random())
        if case.phrasings == "uneven"
        else case.phrasings
    )
    return dice.sample(texts, min(count, len(texts)))


def cases(data: Path) -> list[Case]:
    banking, clinc, bitext = (data / name for name in ("banking77", "clinc150", "bitext"))
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
    of_bitext: dict[str, Any] = {
        "train": lines(bitext / "train.jsonl"),
        "asked": lines(bitext / "test.jsonl"),
    }
    in_scope = {**of_clinc, "asked": lines(clinc / "test.jsonl")}
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
        Case(
            name="CLINC150 by half, 10 phrasings", phrasings=10, left_out=75, goals={}, **in_scope
        ),
        Case(name="CLINC150 by half, 3 phrasings", phrasings=3, left_out=75, goals={}, **in_scope),
        Case(name="40 of CLINC150, 13 phrasings", phrasings=13, left_out=110, goals={}, **in_scope),
        Case(name="CLINC150, uneven", phrasings="uneven", goals={}, **of_clinc),
        Case(name="51 of BANKING77, all phrasings", left_out=26, goals={}, **of_banking),
        Case(
            name="51 of BANKING77, 10 phrasings", phrasings=10, left_out=26, goals={}, **of_banking
        ),
        Case(name="51 of BANKING77, 3 phrasings", phrasings=3, left_out=26, goals={}, **of_banking),
        Case(
            name="51 of BANKING77, uneven", phrasings="uneven", left_out=26, goals={}, **of_banking
        ),
        Case(name="18 of bitext, 10 phrasings", phrasings=10, left_out=9, goals={}, **of_bitext),
    ]


def first(least: float) -> dict[str, Goal]:
    return {"top1": at_least(least)}


async def measure(
    case: Case, encoders: tuple[Remembering, Remembering], fingerprint: str, seed: int
) -> tuple[dict[str, float], dict[str, float]]:
    """Shares without and with the choices band, of one draw."""
    whole, quick = encoders
    shelf = FakeShelf()
    made, asked = drawn(case, seed)
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
        alone = await _asked(library, quick, asked, choices=False)
        offered = await _asked(library, quick, asked, choices=True)
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


async def table(data: Path, only: str, kept: Path | None) -> Report:
    folder = exported()
    whole = Remembering(Encoder.open(folder, precision="fp32", threads=2), "fp32", kept)
    encoders = whole, Remembering(Encoder.open(folder), kept=kept)
    report = Report()
    for case in cases(data):
        if only not in case.name:
            continue
        draws = range(DRAWS if case.phrasings or case.left_out else 1)
        found = [await measure(case, encoders, whole.fingerprint, seed) for seed in draws]
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
    parser.add_argument("--vectors", type=Path, help="a folder that keeps vectors for later runs")
    options = parser.parse_args()
    if not (options.data / "banking77").is_dir():
        parser.error(f"{options.data} holds no folder banking77: name one of public sets")
    report = asyncio.run(table(options.data, options.only, options.vectors))
    for figure in report.missed:
        report.say(f"missed: {figure}")
    return int(bool(report.missed))


if __name__ == "__main__":
    sys.exit(main())
