"""The packs that come with the product answer the questions held out for them."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.domain.knowledge import Consultation
from knowledge.encoder import ArticleEncoder, Encoder
from knowledge.ingest import ingest
from knowledge.library import ChromaLibrary
from knowledge.readings import EncoderReader
from knowledge.sources import pack_path, read_paths
from tests.fakes.clock import FakeClock
from tests.fakes.shelf import FakeShelf

pytestmark = pytest.mark.integration

FAR_OFF = (
    "what is the capital of france",
    "how tall is mount everest",
    "write me a poem about the sea",
    "who won the world cup in 2014",
    "good recipe for lasagna",
    "tell me a joke about cats",
    "how old is the universe",
    "asdf qwer",
    "lorem ipsum dolor sit amet",
    "xxxxxxxx",
    "42",
    "translate hello into french",
)


def outcome(found: Consultation, wanted: str | None) -> str:
    named = [one.article for one in found.passages]
    if wanted is None or found.decision == "unknown":
        return found.decision
    right = named[0] == wanted if found.decision == "answer" else wanted in named
    return f"{found.decision} {'right' if right else 'wrong'}"


@pytest.mark.parametrize("pack", ["shop", "it-helpdesk"])
async def test_a_pack_answers_its_questions(
    pack: str,
    tmp_path: Path,
    encoder: Encoder,
    article_encoder: ArticleEncoder,
    thread: ThreadPoolExecutor,
    reader: EncoderReader,
):
    shelf = FakeShelf()
    articles, _ = read_paths([pack_path(pack)])
    await ingest(shelf, article_encoder, FakeClock(), kb=pack, articles=articles)
    library = ChromaLibrary(shelf, tmp_path, encoder.fingerprint, thread)
    await library.open()

    async def ask(question: str) -> Consultation:
        return await library.consult(pack, question, await reader.read(question))

    inside: Counter[str] = Counter()
    outside: Counter[str] = Counter()
    for line in (pack_path(pack) / "questions.jsonl").read_text("utf-8").splitlines():
        wanted = json.loads(line)
        tally = outside if wanted["article"] is None else inside
        tally[outcome(await ask(wanted["question"]), wanted["article"])] += 1
    far_off = [(await ask(question)).decision for question in FAR_OFF]
    await library.close()
    helped = inside["answer right"] + inside["choices right"]
    assert helped / inside.total() >= 0.85
    assert inside["answer wrong"] / inside.total() <= 0.06
    assert outside["answer"] / outside.total() <= 0.30
    assert "answer" not in far_off
