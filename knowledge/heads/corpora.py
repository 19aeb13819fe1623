"""The public sets that heads learn from, beside our own examples; both may be used with credit."""

import json
from pathlib import Path

from knowledge.heads.examples import HEADS, Example

_ALL = frozenset(HEADS)
_MONEY = frozenset({"fraud", "billing_dispute", "complaint", "distress", "positive", "negative"})
# CLINC150's sentences that show, or may show, what a head is about.
_CLINC_SHOWS = {"report_fraud": "fraud"}
_CLINC_OPEN = {
    "freeze_account": {"fraud"},
    "report_lost_card": {"fraud"},
    "transactions": {"fraud"},
    "account_blocked": {"fraud", "complaint"},
    "card_declined": {"complaint"},
    "lost_luggage": {"complaint", "distress"},
    "thank_you": {"positive"},
    "damaged_card": {"complaint"},
    "are_you_a_bot": {"wants_human"},
}
# Sentences of other intents that ask for a person; found by reading.
_SPEAKS = ("talk to someone", "talk to since", "anyone available", "anyone there")


def clinc(folder: Path, split: str = "train") -> list[Example]:
    """CLINC150 (CC BY 3.0): everyday requests; sentiment is left open, nobody labelled it."""
    found = []
    for text, intent in _lines(folder / "clinc150" / f"{split}.jsonl", "intent"):
        left = {"positive", "negative"} | _CLINC_OPEN.get(str(intent), set())
        if any(words in text for words in _SPEAKS):
            left.add("wants_human")
        shows = {_CLINC_SHOWS[str(intent)]} if intent in _CLINC_SHOWS else set()
        found.append(Example(text, frozenset(shows), frozenset(left - shows)))
    return found


def nlupp(folder: Path) -> list[tuple[Example, int]]:
    """NLU++ (CC BY 4.0): what people said to a bank and a hotel, each with its published fold."""
    found = []
    for domain in ("banking", "hotels"):
        for line in (folder / "nlupp" / f"{domain}.jsonl").read_text("utf-8").splitlines():
            told = json.loads(line)
            asks = "handoff" in told["intents"]
            # "No, you don't need to transfer me" is labelled so too: what it asks is the opposite.
            shows = {"wants_human"} if asks else set()
            left = _ALL - {"wants_human"} if asks else _MONEY | {"anger"}
            fold = int(told["fold"].removeprefix("fold"))
            found.append((Example(told["text"], frozenset(shows), frozenset(left)), fold))
    return found


def _lines(file: Path, field: str) -> list[tuple[str, object]]:
    told = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    return [(one["text"], one[field]) for one in told]
