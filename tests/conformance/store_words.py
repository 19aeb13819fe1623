"""Short ways to say what the store suites store."""

from datetime import UTC, datetime, timedelta

from bot.domain.assist import Suggestion
from bot.domain.conversation import Conversation, Entry
from bot.domain.handoff import Handoff, Rung
from bot.domain.message import (
    Address,
    Author,
    Choice,
    Choices,
    Citation,
    Composed,
    HandoffCard,
    Inbound,
    Mark,
    Media,
    Outbound,
    Part,
    Pressed,
    Sender,
    Sources,
    Template,
    Text,
)
from bot.domain.results import Survey
from bot.domain.skill import PendingSkill

NOW = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOME = Address(channel="web", account="shop", room="visitor-1")
AWAY = Address(channel="web", account="shop", room="visitor-2")
THREAD = Address(channel="slack", account="T1", room="C1", thread="1700.1")
EVERY_PART: tuple[Part, ...] = (
    Text(text="Straße, 東京 🙂 & <b>"),
    Media(url="https://example.org/f.png", mime="image/png", name="f.png", size=3),
    Choices(options=(Choice(label="Yes", value="y"), Choice(label="No", value="n"))),
    Sources(items=(Citation(article="a1", title="Returns", url=None),)),
    HandoffCard(handoff="h1", line="shop", reason="asked", priority="high", state="waiting",
                summary="wants a refund", owner="Ada",
                suggested=Suggestion(text="By post.", article="a1", title="Returns", sure=False)),
    Pressed(value="y", label="Yes"),
    Mark(state="delivered"),
    Template(name="waiting", language="en", values=("the shop",), text="Reply to see it."),
    Composed(version=3, parts=(Text(text="Because."), Sources(items=())), decision="answer"),
)  # fmt: skip


def event(key: str, *, address: Address = HOME, parts: tuple[Part, ...] = ()) -> Inbound:
    return Inbound(
        key=key,
        trace=f"trace-{key}",
        address=address,
        sender=Sender(handle="web:visitor-1", name="Max", locale="de-DE"),
        parts=parts or (Text(text=f"words of {key}"),),
        sent_at=NOW,
    )


def conversation(name: str = "c1", *, address: Address = HOME) -> Conversation:
    return Conversation(
        id=name, line="shop", address=address, opened_at=NOW, customers=("web:visitor-1",)
    )


def full_conversation() -> Conversation:
    return Conversation(
        id="c1",
        line="shop",
        address=THREAD,
        opened_at=NOW,
        customers=("web:visitor-1", "web:visitor-2"),
        holder="human",
        version=4,
        handoff=handoff("h1"),
        pending=PendingSkill(
            skill="order_status", asker="web:visitor-1", slots=(("order", "1234"),), since=NOW
        ),
        language="de",
        mode="share",
        greeted=True,
        unknowns=1,
        boundary=NOW - SECOND,
        last_customer_at=NOW,
        survey=Survey(handoff="h0", expires_at=NOW, score=4, commenting=True),
        escalated=True,
        end="escalated",
    )


def handoff(name: str) -> Handoff:
    return Handoff(
        id=name,
        reason="asked",
        opened_at=NOW,
        ladder=(Rung(team="support", means="room", wait=timedelta(minutes=15)),),
        priority="high",
        summary="wants a refund",
        tried=("Returns", "Refunds"),
        claimed_by="ada",
        claimed_name="Ada",
        claimed_at=NOW,
        staff_thread=THREAD,
    )


def said(key: str, *, at: datetime = NOW, author: Author = "customer") -> Entry:
    return Entry(
        key=key,
        kind="said",
        author=author,
        parts=(Text(text=f"words of {key}"),),
        at=at,
        name="Max",
        asker="web:visitor-1",
        decision="answer",
    )


def reply(
    key: str, *, address: Address = HOME, author: Author = "bot", version: int = 1
) -> Outbound:
    return Outbound(
        key=key,
        address=address,
        parts=(Text(text=f"words of {key}"),),
        author=author,
        trace="t",
        holder_version=version,
    )
