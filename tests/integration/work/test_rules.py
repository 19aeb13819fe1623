"""The rules that ship, through the process and PostgreSQL: kept sealed, listed by the desk."""

from dataclasses import replace

import pytest

from bot.core.accept import accept
from bot.core.commit import Commit
from bot.core.lines import Lines
from bot.core.middleware import compose
from bot.core.process import Process
from bot.core.routes import build_router
from bot.core.rules.book import RuleBook
from bot.core.rules.calling import Judge
from bot.core.rules.section import shipped
from bot.domain.conversation import Conversation
from bot.domain.knowledge import Article
from bot.domain.line import Line
from bot.domain.message import Text
from bot.domain.skill import PendingSkill
from bot.store.database import Database
from bot.store.postgres import PostgresStore
from tests.conformance.store_words import HOME, event
from tests.fakes.channel import FakeChannel
from tests.fakes.clock import FakeClock
from tests.fakes.library import FakeLibrary
from tests.fakes.reader import FakeReader
from tests.integration.work.conftest import rows

pytestmark = pytest.mark.integration

SHOP = Line(name="shop", title="the shop", kb="shop", addresses=("web:shop",))
KNOWN = Article(id="pay", question="How can I pay", answer="By card.")
LED = Article(id="led", question="Is my cover enough", answer="Yes.", human_led=True)
SIGNALS = {
    "self_harm": "ending",
    "distress": "desperate",
    "anger": "furious",
    "fraud": "stolen",
    "harassment": "threatens",
    "safety": "burning",
    "legal_threat": "lawyer",
    "billing_dispute": "overcharged",
    "privacy_request": "delete",
}
DIALOGUES = {
    "asks-for-person": ["a human please"],
    "self-harm": ["xyzzy", "ending everything"],
    "distress": ["so desperate"],
    "fraud": ["card stolen"],
    "harassment": ["he threatens everybody"],
    "safety": ["stove burning"],
    "legal": ["my lawyer writes"],
    "rising-anger": ["furious here", "most furious here"],
    "vip": [KNOWN.question],
    "billing-dispute": ["overcharged again"],
    "privacy-request": ["delete everything"],
    "human-led-topic": [KNOWN.question, LED.question],
    "failing-skill": ["plugh"],
    "two-unknowns": ["xyzzy", "plugh"],
    "rejected-and-unknown": [KNOWN.question, "that's not what I asked", "xyzzy"],
}


def test_every_rule_has_its_dialogue():
    assert set(DIALOGUES) == {rule.name for rule in shipped()}


@pytest.mark.parametrize("rule", sorted(DIALOGUES))
async def test_a_rule_fires_and_is_kept(
    rule: str, database: Database, store: PostgresStore, clock: FakeClock
):
    lines = Lines([SHOP])
    tags = {event("e").sender.handle: ("vip",)} if rule == "vip" else {}
    reader = FakeReader(signals=SIGNALS)
    judge = Judge(book=RuleBook(shipped()), reader=reader, lines=lines, tags=tags)
    library = FakeLibrary(shop=[KNOWN, LED])
    process = Process(
        store=store,
        commit=Commit({"web": FakeChannel("web")}),
        clock=clock,
        reader=reader,
        lines=lines,
        route=compose((), build_router(library, judge, composes=False)),
        max_tries=1,
    )
    if rule == "failing-skill":
        await _is_at_a_task(store, clock)
    for number, words in enumerate(DIALOGUES[rule]):
        assert await rows(database, "SELECT id FROM handoffs") == []
        async with store.transaction() as t:
            await accept(t, replace(event(f"e{number}"), parts=(Text(text=words),)))
            room = t.room(HOME)
        assert not await process.step(room)
    expected = next(one for one in shipped() if one.name == rule)
    found = await rows(database, "SELECT state, reason, priority FROM handoffs")
    assert found == [{"state": "waiting", "reason": expected.reason, "priority": expected.priority}]
    async with store.transaction() as t:
        held = await t.conversations.at(HOME)
    assert held is not None
    assert held.handoff is not None
    assert (held.handoff.rule, held.handoff.human_led) == (rule, expected.human_led)


async def _is_at_a_task(store: PostgresStore, clock: FakeClock) -> None:
    """The conversation is in the middle of a task that has failed twice."""
    held = Conversation(
        id="c1",
        line="shop",
        address=HOME,
        opened_at=clock.now(),
        revision=0,
        greeted=True,
        pending=PendingSkill(skill="order_status", asker="x", failures=2),
    )
    async with store.transaction() as t:
        await t.conversations.add(replace(held, revision=1))
