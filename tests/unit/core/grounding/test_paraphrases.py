"""How much of the truth is let through, and how few lies, over the starter packs' own articles."""

import re
from functools import cache
from pathlib import Path

import pytest

from bot.core.grounding.check import Flaw, Grounds
from bot.domain.knowledge import Passage
from bot.domain.writing import Sentence
from tests.unit.core.grounding.paraphrases import (
    HONEST,
    LATER_HONEST,
    LATER_LIES,
    LIES,
    NOT_SEEN,
    STYLE_LOST,
)

PACKS = Path("knowledge/packs")
MOST_STYLE_LOST = 0.05


@cache
def article(name: str) -> Passage:
    (path,) = PACKS.glob(f"*/articles/{name}.md")
    _, front, text = path.read_text(encoding="utf-8").split("---", 2)
    fields = dict(re.findall(r"^(\w+): (.+)$", front, re.MULTILINE))
    given = fields["question"], text.strip(), fields["url"]
    return Passage(
        article=name, question=given[0], text=given[1], url=given[2], score=1.0, language="en"
    )


def flaw(name: str, sentence: str) -> Flaw | None:
    return Grounds([article(name)], "en").flaw(Sentence(text=sentence, cites=(name,)))


@pytest.mark.parametrize(("name", "sentence"), [*HONEST, *LATER_HONEST])
def test_an_honest_sentence_may_be_sent(name: str, sentence: str):
    assert (flaw(name, sentence) is not None) == (sentence in STYLE_LOST)


@pytest.mark.parametrize(
    ("name", "sentence"), [*(one for lies in LIES.values() for one in lies), *LATER_LIES]
)
def test_a_lie_may_not(name: str, sentence: str):
    assert (flaw(name, sentence) is None) == (sentence in NOT_SEEN)


def test_little_style_is_lost():
    assert len(STYLE_LOST) <= MOST_STYLE_LOST * len([*HONEST, *LATER_HONEST])


@pytest.mark.parametrize("name", sorted(path.stem for path in PACKS.glob("*/articles/*.md")))
def test_the_approved_text_itself_may_be_sent(name: str):
    """Sentence by sentence, as a model that copies would give it."""
    text = re.sub(r"(?m)^\s*(?:\d+\.|-) ", "", article(name).text)
    said = [one for line in text.splitlines() for one in re.split(r"(?<=[.!?]) ", line) if one]
    refused = [one for one in said if flaw(name, one)]
    if name == "non-returnable":  # its items are under a "we cannot take back"
        said = said[-2:]
        refused = [one for one in refused if one in said]
    assert len(refused) <= max(1, len(said) // 4), refused
