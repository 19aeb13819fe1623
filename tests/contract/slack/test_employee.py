"""What employees open and type: the Home tab, the assistant panel, the slash command, drafts."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.domain.contact import Person
from bot.domain.desk import HandoffRow
from bot.domain.errors import BadRequest
from bot.domain.front import FrontPage
from bot.domain.message import Address, Citation, Outbound, Sources, Text
from bot.domain.oncall import Duty, OnDuty
from bot.domain.ports import Received, Request
from channels.slack.channel import SlackChannel
from channels.slack.section import SlackConfig
from tests.contract.slack import events
from tests.contract.slack.around import around
from tests.contract.slack.client import words
from tests.contract.slack.double import TOKEN, Fault, SlackDouble, slack_double
from tests.fakes.clock import FakeClock
from tests.fakes.front import FakeFront

NOW = FakeClock().now()
ADA, BEN = Person(id="ada", name="Ada <!here>"), Person(id="ben", name="Ben")
DUTY = Duty(
    team="it",
    at=NOW,
    people=(OnDuty(person=ADA, source="rotation"),),
    then=(OnDuty(person=BEN, source="rotation"),),
    changes_at=NOW + timedelta(hours=3),
)
LOST = HandoffRow(
    id="h1",
    conversation="c1",
    line="it",
    state="waiting",
    reason="asked",
    priority="normal",
    opened_at=NOW,
    claimed_by=None,
    claimed_name=None,
    summary="Lost my <badge> & phone " * 40,
    outcome=None,
)
PAGE = FrontPage(
    title="the IT help desk",
    prompts=("How do I reset my password?", "How do I get a laptop?"),
    requests=(LOST,),
    duty=DUTY,
)


class Desk:
    """A channel, its workspace and what it shows."""

    def __init__(self, slack: SlackDouble) -> None:
        self.slack, self.clock = slack, FakeClock()
        self.front = FakeFront(shown=PAGE)
        self.held = True
        config = SlackConfig(bot_token=TOKEN, signing_secret=events.SECRET, base_url=slack.url)
        self.channel = SlackChannel(config, self.clock, around(front=self.front, holds=self._holds))

    async def _holds(self, _conversation: str, _version: int) -> bool:
        return self.held

    async def gets(self, body: bytes) -> Received:
        headers = events.signed(body, self.clock.now().timestamp())
        told = Request(method="POST", url="/slack/events", headers=headers, body=body)
        return await self.channel.receive(told)

    async def hears(self, event: dict[str, Any]) -> Received:
        return await self.gets(json.dumps(events.envelope(event)).encode())

    async def types(self, text: str, **changes: str) -> tuple[Received, str]:
        fields = events.command(text, user="U0ANN") | changes
        received = await self.gets(urlencode(fields).encode())
        return received, str(json.loads(received.reply.body)["text"])

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        async def keep(_received: Received) -> None:
            return None

        async with asyncio.TaskGroup() as group:
            task = group.create_task(self.channel.listen(keep))
            yield
            task.cancel()


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with slack_double() as slack:
        made = Desk(slack)
        yield made
        await made.channel.close()


async def test_home_shows_what_to_ask_what_is_open_and_who_is_on_call(desk: Desk):
    received = await desk.hears(events.home_opened("U0ANN", "D0ANN"))
    assert received.events == ()
    async with desk.listening():
        await desk.slack.until(lambda slack: "U0ANN" in slack.homes)
    shown = words(desk.slack.homes["U0ANN"])
    for part in ("the IT help desk", "reset my password", "&lt;badge&gt;", "Ben", "On call"):
        assert part in shown
    assert "<!here>" not in shown
    assert desk.front.asked[0][0].account == events.TEAM


async def test_other_tabs_publish_nothing(desk: Desk):
    await desk.hears(events.home_opened("U0ANN", "D0ANN", tab="messages"))
    await desk.hears(events.home_opened("U0BOB", "D0BOB"))
    async with desk.listening():
        await desk.slack.until(lambda slack: slack.homes)
    assert set(desk.slack.homes) == {"U0BOB"}


async def test_home_of_a_workspace_without_a_line_says_what_to_do(desk: Desk):
    desk.front.shown = None
    await desk.hears(events.home_opened("U0ANN", "D0ANN"))
    async with desk.listening():
        await desk.slack.until(lambda slack: slack.homes)
    assert f"slack:{events.TEAM}" in words(desk.slack.homes["U0ANN"])


async def test_what_cannot_be_shown_keeps_nothing_else_from_being_shown(desk: Desk):
    desk.slack.fail("views.publish", Fault(500))
    for user in ("U0ANN", "U0BOB"):
        await desk.hears(events.home_opened(user, "D0" + user[2:]))
    async with desk.listening():
        await desk.slack.until(lambda slack: slack.homes)


async def test_the_panel_suggests_questions_and_is_called_by_the_first(desk: Desk):
    await desk.hears(events.assistant_started("U0ANN", "D0ANN", "1772442000.000001"))
    for number, text in enumerate(("How do I get a laptop?", "And a mouse?")):
        said = events.message(
            text, ts=f"1772442001.00000{number}", thread="1772442000.000001", channel="D0ANN"
        )
        desk.slack.written.append(said)
        received = await desk.hears(said)
        assert received.events[0].address.thread == "1772442000.000001"
    async with desk.listening():
        await desk.slack.until(lambda slack: slack.titles and slack.prompts)
    (prompts,) = desk.slack.prompts
    assert [one["message"] for one in prompts["prompts"]] == list(PAGE.prompts)
    assert [one["title"] for one in desk.slack.titles] == ["How do I get a laptop?"]


async def test_a_question_typed_becomes_a_message_in_the_direct_message(desk: Desk):
    received, told = await desk.types("ask how do I get <!channel> a *laptop*?")
    (event,) = received.events
    assert event.address == Address(channel="slack", account=events.TEAM, room="D0ANN")
    assert event.parts == (Text(text="how do I get <!channel> a *laptop*?"),)
    assert event.sender.handle == "U0ANN"
    assert "<!channel>" not in told
    assert "<#D0ANN>" in told


async def test_a_question_needs_no_verb(desk: Desk):
    received, _ = await desk.types("where is the printer")
    assert received.events[0].text() == "where is the printer"


async def test_the_same_typing_is_one_event(desk: Desk):
    first, _ = await desk.types("ask a", trigger_id="1.2.3")
    again, _ = await desk.types("ask a", trigger_id="1.2.3")
    other, _ = await desk.types("ask a", trigger_id="1.2.4")
    assert first.events[0].key == again.events[0].key != other.events[0].key
    assert desk.slack.calls["conversations.open"] == 1


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("", "/careline ask"),
        ("help", "/careline ask"),
        ("ask", "What would you like to know"),
        ("ONCALL", "Ada"),
        ("oncall ", "From <!date^"),
        ("status", "&lt;badge&gt;"),
    ],
)
async def test_what_needs_no_search_is_answered_at_once(desk: Desk, typed: str, part: str):
    received, told = await desk.types(typed)
    assert received.events == ()
    assert part in told
    assert "<!here>" not in told


async def test_a_lost_database_is_told_as_such(desk: Desk):
    desk.front.away = True
    _, told = await desk.types("oncall")
    assert "Try again" in told


async def test_a_question_that_slack_gives_no_room_for_is_not_lost_in_silence(desk: Desk):
    desk.slack.fail("conversations.open", Fault(500))
    received, told = await desk.types("ask where is the printer")
    assert received.events == ()
    assert "Write to me there" in told


@pytest.mark.parametrize("gone", ["user_id", "team_id", "trigger_id"])
async def test_a_command_that_slack_does_not_send_is_refused(desk: Desk, gone: str):
    fields = events.command("ask a", user="U0ANN")
    del fields[gone]
    with pytest.raises(BadRequest):
        await desk.gets(urlencode(fields).encode())


THREAD = Address(channel="slack", account=events.TEAM, room="D0ANN", thread="1772442000.000001")


async def test_a_draft_grows_and_goes(desk: Desk):
    draft = await desk.channel.draft(THREAD, conversation="c1", version=1)
    assert draft is not None
    assert await draft.append("One.")
    assert await draft.append("Two.")
    assert desk.slack.streams[-1]["text"] == "One. Two."
    await draft.finish()
    assert desk.slack.messages == []


async def test_a_draft_ends_when_somebody_claims(desk: Desk):
    draft = await desk.channel.draft(THREAD, conversation="c1", version=1)
    assert draft is not None
    assert await draft.append("One.")
    desk.held = False
    assert not await draft.append("Two.")
    assert desk.slack.messages == []
    assert len(desk.slack.streams) == 1


async def test_a_draft_that_slack_refuses_is_none_and_stops_nobody(desk: Desk):
    desk.slack.fail("chat.startStream", Fault(429, retry_after=30), times=2)
    draft = await desk.channel.draft(THREAD, conversation="c1", version=1)
    assert draft is not None
    assert await draft.append("One.")
    assert await draft.append("Two.")
    await draft.abandon()
    assert desk.slack.messages == []


async def test_outside_of_threads_with_us_alone_nothing_is_streamed(desk: Desk):
    for room, thread in (("D0ANN", None), ("C0HELP", "1772442000.000001")):
        place = Address(channel="slack", account=events.TEAM, room=room, thread=thread)
        assert await desk.channel.draft(place, conversation="c1", version=1) is None


async def test_where_slack_knows_no_thumbs_the_answer_goes_without_them(desk: Desk):
    sources = Sources(items=(Citation(article="returns", title="Returns"),))
    for number in range(2):
        row = Outbound(
            key=f"k{number}",
            address=Address(channel="slack", account=events.TEAM, room=f"D0AN{number}"),
            parts=(Text(text="30 days"), sources),
            author="bot",
            trace="t",
            holder_version=1,
        )
        desk.slack.unknown_blocks = {"context_actions"}
        await desk.channel.send(row)
    kinds = [{block["type"] for block in m["blocks"]} for m in desk.slack.messages]
    assert kinds == [{"section", "context"}] * 2
    assert desk.slack.calls["chat.postMessage"] == 3
