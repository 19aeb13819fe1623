"""`python -m tests.bench.readings [DATA]`: how well topics, wishes and feelings are read.

What is measured is what serves: heads, plain words and language together. Floors are for text that
no head was trained on. For `wants_human` on NLU++ the head is trained anew five times, each time
without a fifth of the published folds, which is then asked. BANKING77, Bitext and our held-out
texts are in no training; of CLINC150 the test split is asked, and the training split learnt. DATA
holds `nlupp`, `banking77`, `clinc150`, `bitext` and `xsid`.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from math import sqrt
from pathlib import Path
from time import perf_counter

import numpy as np

from knowledge.detector import LanguageDetector
from knowledge.encoder import Encoder
from knowledge.heads.corpora import clinc, nlupp
from knowledge.heads.examples import Example, ours, read
from knowledge.heads.features import joined
from knowledge.heads.model import Heads, heads_for
from knowledge.heads.train import learnt
from knowledge.signals import Signals
from knowledge.wants_human import wants_human
from tests.bench.figures import Goal, Report, at_least, at_most
from tests.bench.remembering import Remembering
from tests.integration.knowledge.exported import exported

HELD_OUT = Path(__file__).parents[1] / "unit" / "knowledge" / "heads" / "heldout.txt"
FOLDS = 5
FELT = ("distress", "anger")
# What BANKING77 calls what we call fraud and disputes; near misses are in neither.
FRAUD = (
    "compromised_card",
    "card_payment_not_recognised",
    "cash_withdrawal_not_recognised",
    "direct_debit_payment_not_recognised",
)
DISPUTED = (
    "extra_charge_on_statement",
    "transaction_charged_twice",
    "card_payment_fee_charged",
    "cash_withdrawal_charge",
    "transfer_fee_charged",
    "card_payment_wrong_exchange_rate",
    "wrong_exchange_rate_for_cash_withdrawal",
    "wrong_amount_of_cash_received",
)
FRAUD_OPEN = {*DISPUTED, "lost_or_stolen_card", "lost_or_stolen_phone", "reverted_card_payment?"}
DISPUTED_OPEN = {*FRAUD, "reverted_card_payment?", "Refund_not_showing_up", "request_refund"}
Row = tuple[str, str]


class Measuring:
    """Everything the figures need, read once."""

    def __init__(self, data: Path, report: Report, kept: Path | None) -> None:
        self.data, self.report = data, report
        self.encoder = Remembering(Encoder.open(exported()), kept=kept)
        self.detect = cache(LanguageDetector().detect)
        heads = heads_for(self.encoder.fingerprint)
        assert heads is not None, "the heads are not for this encoder: train them first"
        self.heads = heads
        self.signals = Signals.of(self.encoder.fingerprint)

    def rows(self, *files: str) -> list[Row]:
        lines = [line for file in files for line in (self.data / file).open(encoding="utf-8")]
        return [(one["text"], one["intent"]) for one in map(json.loads, lines)]

    def scores(
        self, name: str, texts: Sequence[str], signals: Signals | None = None
    ) -> list[float]:
        """One signal of each text, as a line for customers reads it."""
        used, found = signals or self.signals, []
        for text, vector in zip(texts, self.encoder.encode(texts), strict=True):
            ask = used.feelings if name in (*FELT, "sentiment") else used.topics
            found.append(float(ask(text, vector, self.detect(text)).get(name, 0.0)))  # type: ignore[arg-type]  # the names are the keys
        return found

    def share(self, figure: str, scores: Iterable[float], goal: Goal | None = None) -> None:
        """How many count, in %, with the ends of the 95 % interval (Wilson)."""
        hits = [score >= 0.5 for score in scores]
        low, high = wilson(sum(hits), len(hits))
        self.report.add(
            f"{figure} ({sum(hits)}/{len(hits)})", 100 * sum(hits) / len(hits), "%", goal
        )
        self.report.say(f"    {figure}: 95 % {100 * low:.2f} to {100 * high:.2f}")


def wilson(hits: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """The interval a share lies in, 19 times of 20."""
    share, over = hits / of, 1 + z * z / of
    middle = share + z * z / (2 * of)
    half = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return max(0.0, (middle - half) / over), min(1.0, (middle + half) / over)


def people(m: Measuring) -> None:
    """`wants_human` on NLU++, five times trained without the fold that is asked."""
    spoken = nlupp(m.data)
    base = [*ours(), *clinc(m.data)]
    asked, head_alone, banking = [], [], []
    questions = [text for text, _ in m.rows("banking77/train.jsonl", "banking77/test.jsonl")]
    others = []
    for fold in range(FOLDS):
        known = [*base, *(one for one, place in spoken if place % FOLDS != fold)]
        texts = [one.text for one in known]
        table = joined(m.encoder.encode(texts), texts)
        weights, cut = learnt("wants_human", known, table, len(ours()))
        heads = Heads(("wants_human",), "", weights[None, :], np.array([cut], dtype=np.float32))
        signals = replace(m.signals, topics_heads=heads)
        out = [one for one, place in spoken if place % FOLDS == fold]
        wanting = [one.text for one in out if one.shows]
        asked += m.scores("wants_human", wanting, signals)
        vectors = m.encoder.encode(wanting)
        head_alone += [
            heads.scores(t, v)["wants_human"] for t, v in zip(wanting, vectors, strict=True)
        ]
        others += m.scores("wants_human", [one.text for one in out if not one.shows], signals)
        banking += m.scores("wants_human", questions[fold::FOLDS], signals)
    m.share("wants_human: NLU++ requests heard, 5-fold", asked, at_least(87))
    m.share("wants_human: of them by the head alone", head_alone)
    wanting = [one.text for one, _ in spoken if one.shows]
    m.share("wants_human: of them by plain words alone", map(wants_human, wanting))
    m.share("wants_human: false alarms on NLU++'s other sentences", others)
    m.share("wants_human: false alarms on BANKING77, 5-fold heads", banking, at_most(0.5))
    m.share(
        "wants_human: false alarms on BANKING77, as shipped",
        m.scores("wants_human", questions),
        at_most(0.5),
    )
    bitext = m.rows("bitext/train.jsonl", "bitext/dev.jsonl", "bitext/test.jsonl")
    agents = [text for text, intent in bitext if intent == "contact_human_agent"]
    m.share("wants_human: Bitext contact_human_agent heard", m.scores("wants_human", agents))


def harm(m: Measuring) -> None:
    """Self-harm: our held-out texts, and everybody's questions."""
    held = read(HELD_OUT)
    m.share(
        "self_harm: held-out texts heard",
        m.scores("self_harm", _showing(held, "self_harm")),
        at_least(95),
    )
    files = (
        "banking77/train",
        "banking77/test",
        "clinc150/test",
        "clinc150/oos_test",
        "bitext/train",
        "bitext/dev",
        "bitext/test",
    )
    questions = [text for text, _ in m.rows(*(f"{file}.jsonl" for file in files))]
    m.share(
        "self_harm: false alarms on support questions",
        m.scores("self_harm", questions),
        at_most(0.2),
    )
    for language in ("de", "nl", "it", "da", "tr", "id", "ar", "ja", "zh"):
        texts = [text for text, _ in m.rows(f"xsid/{language}_test.jsonl")]
        for name in ("self_harm", "wants_human", "fraud", "anger"):
            m.share(f"{name}: false alarms on xsid {language}", m.scores(name, texts))


def money(m: Measuring) -> None:
    """Fraud and disputes against BANKING77's own intents, and complaints against Bitext's."""
    rows = m.rows("banking77/train.jsonl", "banking77/test.jsonl")
    for name, wanted, left in (
        ("fraud", FRAUD, FRAUD_OPEN),
        ("billing_dispute", DISPUTED, DISPUTED_OPEN),
    ):
        counts = Counter(intent for _, intent in rows)
        scores = m.scores(name, [text for text, _ in rows])
        pairs = [(score, intent) for score, (_, intent) in zip(scores, rows, strict=True)]
        for intent in wanted:
            m.share(f"{name}: BANKING77 {intent} heard", (s for s, i in pairs if i == intent))
        m.share(f"{name}: BANKING77 heard", (s for s, i in pairs if i in wanted))
        m.share(
            f"{name}: BANKING77 false alarms", (s for s, i in pairs if i not in (*wanted, *left))
        )
        strays = Counter(i for s, i in pairs if s >= 0.5 and i not in wanted)
        m.report.say(f"    others: {[(i, n, counts[i]) for i, n in strays.most_common(6)]}")
    reported = [one.text for one in clinc(m.data, "test") if one.shows]
    m.share("fraud: CLINC150 report_fraud heard, test split", m.scores("fraud", reported))
    bitext = m.rows("bitext/train.jsonl", "bitext/dev.jsonl", "bitext/test.jsonl")
    said = [text for text, intent in bitext if intent == "complaint"]
    m.share("complaint: Bitext complaint heard", m.scores("complaint", said))
    rest = [
        text for text, intent in bitext if intent not in ("complaint", "review", "payment_issue")
    ]
    m.share("complaint: Bitext false alarms", m.scores("complaint", rest))


def held_out(m: Measuring) -> None:
    """Every signal on our own held-out texts."""
    held = read(HELD_OUT)
    for name in (*(n for n in m.heads.names if n not in ("positive", "negative")),):
        m.share(f"{name}: held-out heard", m.scores(name, _showing(held, name)))
        calm = [one.text for one in held if name not in one.shows | one.open]
        m.share(f"{name}: held-out false alarms", m.scores(name, calm))
    for name, sign in (("positive", 1), ("negative", -1)):
        texts = [t for t in _showing(held, name) if m.detect(t) in ("en", None)]
        right = [float(sign * score > 0.3) for score in m.scores("sentiment", texts)]
        m.share(f"sentiment: held-out English {name} beyond .3", right)


def cost(m: Measuring) -> None:
    """What a message costs beside its vector; on an otherwise idle machine only."""
    texts = [text for text, _ in m.rows("banking77/test.jsonl")][:1000]
    vectors = m.encoder.encode(texts)
    took = []
    for text, vector in zip(texts, vectors, strict=True):
        began = perf_counter()
        m.heads.scores(text, vector)
        took.append(perf_counter() - began)
    m.report.spread("heads with their features", took)
    took.clear()
    for text, vector in zip(texts, vectors, strict=True):
        began = perf_counter()
        m.signals.topics(text, vector, "en")
        m.signals.feelings(text, vector, "en")
        took.append(perf_counter() - began)
    m.report.spread("all signals of a message, plain words too", took)
    began = perf_counter()
    Signals.of(m.encoder.fingerprint)
    m.report.add("loading the heads", 1000 * (perf_counter() - began), "ms")


def _showing(examples: Sequence[Example], name: str) -> list[str]:
    return [one.text for one in examples if name in one.shows]


PARTS = {"people": people, "harm": harm, "money": money, "held-out": held_out, "cost": cost}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.readings", description=__doc__)
    parser.add_argument("data", type=Path, nargs="?", default=Path("data"))
    parser.add_argument("--only", choices=list(PARTS), action="append", help="may be repeated")
    parser.add_argument("--kept", type=Path, help="a folder for vectors that runs share")
    options = parser.parse_args()
    measuring = Measuring(options.data, Report(), options.kept)
    for part in options.only or PARTS:
        PARTS[part](measuring)
    for figure in measuring.report.missed:
        measuring.report.say(f"missed: {figure}")
    return int(bool(measuring.report.missed))


if __name__ == "__main__":
    sys.exit(main())
