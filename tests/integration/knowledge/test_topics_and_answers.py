"""The shop pack under the rules that ship, real encoder: articles are said, reports heard."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.lines import Lines
from bot.core.router import Router
from bot.core.routes import build_router
from bot.core.rules.book import RuleBook
from bot.core.rules.calling import Judge
from bot.core.rules.section import shipped
from bot.domain.conversation import Conversation, Outcome, Turn
from bot.domain.line import Line
from bot.domain.message import Address, Inbound, Sender, Sources, Text
from bot.domain.ports import Shelf
from knowledge.encoder import ArticleEncoder, Encoder
from knowledge.ingest import ingest
from knowledge.library import ChromaLibrary
from knowledge.readings import EncoderReader
from knowledge.sources import pack_path, read_paths
from tests.fakes.clock import FakeClock
from tests.fakes.shelf import FakeShelf

pytestmark = pytest.mark.integration

HOME = Address(channel="web", account="shop", room="r1")
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def shelf(encoder_folder: Path) -> Shelf:
    encoder = Encoder.open(encoder_folder, precision="fp32", threads=2)
    shelf, articles = FakeShelf(), read_paths([pack_path("shop")])[0]
    ready = ArticleEncoder(encoder.encode, encoder.fingerprint)
    asyncio.run(ingest(shelf, ready, FakeClock(), kb="shop", articles=articles))
    return shelf


@dataclass(frozen=True, slots=True)
class Shop:
    """The bot of the shop, one message at a time."""

    router: Router
    reader: EncoderReader

    async def hear(self, text: str) -> Outcome:
        held = Conversation(
            id="c1", line="shop", address=HOME, opened_at=NOW, language="en", greeted=True
        )
        event = Inbound(
            key="e1", trace="t", address=HOME, sender=Sender(handle="max"), sent_at=NOW,
            parts=(Text(text=text),),
        )  # fmt: skip
        reading = await self.reader.read(text, feelings=True)
        return await self.router(Turn(event=event, conversation=held, reading=reading, now=NOW))


@pytest.fixture
async def shop(
    shelf: Shelf, tmp_path: Path, encoder: Encoder, thread: ThreadPoolExecutor
) -> AsyncIterator[Shop]:
    library = ChromaLibrary(shelf, tmp_path, encoder.fingerprint, thread, knows=encoder.knows)
    await library.open()
    reader = EncoderReader.multilingual(encoder, thread)
    lines = Lines([Line(name="shop", title="the shop", kb="shop", addresses=("web:shop",))])
    judge = Judge(book=RuleBook(shipped()), reader=reader, lines=lines)
    yield Shop(build_router(library, judge, composes=False), reader)
    await library.close()


def articles(outcome: Outcome) -> list[str]:
    parts = (part for row in outcome.say for part in row.parts if isinstance(part, Sources))
    return [cited.article for part in parts for cited in part.items]


@pytest.mark.parametrize(
    ("text", "article"),
    [
        ("How do I delete my account and my data?", "delete-account"),
        ("how can i delete my account", "delete-account"),
        ("do you sell my data to others", "delete-account"),
        ("Why was my payment declined?", "payment-declined"),
        ("is this site legit or a scam", "card-security"),
    ],
)
async def test_a_question_gets_its_article_and_calls_nobody(shop: Shop, text: str, article: str):
    outcome = await shop.hear(text)
    assert outcome.conversation.holder == "bot"
    assert articles(outcome) == [article]


@pytest.mark.parametrize(
    ("text", "article", "rule"),
    [
        ("I was charged twice for one order.", "charged-twice", "billing-dispute"),
        ("someone used my card without my permission", "card-security", "fraud"),
        ("please delete all my personal data", "delete-account", "privacy-request"),
    ],
)
async def test_a_report_reads_the_article_and_reaches_a_person(
    shop: Shop, text: str, article: str, rule: str
):
    outcome = await shop.hear(text)
    assert outcome.conversation.holder == "waiting"
    assert outcome.conversation.handoff is not None
    assert outcome.conversation.handoff.rule == rule
    assert articles(outcome) == [article]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("there's a payment on my card that I did not make", "fraud"),
        ("somebody has stolen my money", "fraud"),
        ("I see a withdrawal that wasn't me", "fraud"),
        ("you billed me for something I never ordered", "billing-dispute"),
        ("why did you charge me a fee?", "billing-dispute"),
    ],
)
async def test_a_report_reaches_a_person(shop: Shop, text: str, rule: str):
    outcome = await shop.hear(text)
    assert outcome.conversation.handoff is not None
    assert outcome.conversation.handoff.rule == rule
