"""What every channel must do, whatever platform it speaks to."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import pytest

from bot.domain.errors import BadRequest, NotAuthentic, Refused, TryLater
from bot.domain.message import (
    Address,
    Choice,
    Choices,
    Citation,
    HandoffCard,
    Mark,
    Outbound,
    Part,
    Receipt,
    Sources,
    Text,
)
from bot.domain.ports import Channel, Request, WritesInside

Shown = Callable[[], Awaitable[Sequence[str]]]
"""The texts that people in the room see, in order."""

PARTS: tuple[tuple[Part, ...], ...] = (
    (Text(text="Straße, 東京 🙂 & <b>"),),
    (Text(text="Which?"), Choices(options=(Choice(label="This", value="article:1"),))),
    (Text(text="So."), Sources(items=(Citation(article="a1", title="Returns", url=None),))),
    (
        HandoffCard(
            handoff="h1", line="shop", reason="asked", priority="high", state="waiting", summary="?"
        ),
    ),
)


class ChannelSuite:
    """Subclass it and give it a channel with requests as its platform would make them."""

    @pytest.fixture
    def channel(self) -> Channel:
        raise NotImplementedError

    @pytest.fixture
    def room(self) -> Address:
        raise NotImplementedError

    @pytest.fixture
    def genuine(self) -> Request:
        """The words "Hello there" of a customer in the room."""
        raise NotImplementedError

    @pytest.fixture
    def forged(self, genuine: Request) -> Request:
        """The same without a valid proof of where it comes from."""
        raise NotImplementedError

    @pytest.fixture
    def garbage(self, genuine: Request) -> Request:
        """Proven, but nothing that can be read."""
        raise NotImplementedError

    @pytest.fixture
    def shown(self) -> Shown:
        raise NotImplementedError

    @pytest.fixture
    def edited(self) -> Request | None:
        """`genuine` edited: it says "Hello you" now. None where nobody there can edit."""
        return None

    @pytest.fixture
    def deleted(self) -> Request | None:
        """`genuine` deleted. None where nobody there can delete."""
        return None

    @pytest.fixture
    def typing(self) -> Request | None:
        """The customer types. None where the platform does not tell."""
        return None

    @pytest.fixture
    def reply(self) -> Callable[[str], Request] | None:
        """The words "In here" in the thread that a message with this id began."""
        return None

    async def test_it_has_a_name(self, channel: Channel, room: Address):
        assert channel.name == room.channel
        assert channel.abilities.inside == isinstance(channel, WritesInside)

    async def test_genuine_words_are_received(
        self, channel: Channel, room: Address, genuine: Request
    ):
        received = await channel.receive(genuine)
        assert received.reply.status < 300
        (event,) = received.events
        assert (event.kind, event.text(), event.address) == ("message", "Hello there", room)
        assert event.key.startswith(f"{channel.name}:")
        assert event.sent_at.utcoffset() is not None

    async def test_the_same_request_is_the_same_event(self, channel: Channel, genuine: Request):
        first, second = await channel.receive(genuine), await channel.receive(genuine)
        assert [e.key for e in first.events] == [e.key for e in second.events]

    async def test_the_forged_is_refused(self, channel: Channel, forged: Request):
        with pytest.raises(NotAuthentic):
            await channel.receive(forged)

    async def test_the_bare_is_refused(self, channel: Channel, genuine: Request):
        with pytest.raises(NotAuthentic):
            await channel.receive(replace(genuine, headers={}))

    async def test_garbage_is_refused(self, channel: Channel, garbage: Request):
        with pytest.raises(BadRequest) as refused:
            await channel.receive(garbage)
        assert str(refused.value)

    @pytest.mark.parametrize("parts", PARTS)
    async def test_a_send_gives_a_receipt_or_raises(
        self, channel: Channel, room: Address, parts: tuple[Part, ...]
    ):
        try:
            receipt = await channel.send(outbound(room, "k1", parts))
        except (TryLater, Refused):
            return
        assert isinstance(receipt, Receipt)
        assert receipt.message_id
        assert receipt.sent_at.utcoffset() is not None

    async def test_what_is_sent_is_shown_in_order(
        self, channel: Channel, room: Address, shown: Shown
    ):
        for number in range(3):
            await channel.send(outbound(room, f"k{number}", (Text(text=f"words {number}"),)))
        assert list(await shown()) == ["words 0", "words 1", "words 2"]

    async def test_a_repeated_key_is_shown_once(
        self, channel: Channel, room: Address, shown: Shown
    ):
        if not channel.abilities.idempotent:
            pytest.skip("its platform offers no idempotency key")
        row = outbound(room, "k1", (Text(text="once"),))
        first, second = await channel.send(row), await channel.send(row)
        assert list(await shown()) == ["once"]
        assert first.message_id == second.message_id

    async def test_an_edit_names_what_it_changes(
        self, channel: Channel, genuine: Request, edited: Request | None
    ):
        if edited is None:
            pytest.skip("nobody there can edit")
        (first,) = (await channel.receive(genuine)).events
        (event,) = (await channel.receive(edited)).events
        assert (event.kind, event.text(), event.changes) == ("edited", "Hello you", first.key)
        assert event.key != first.key
        assert (event.address, event.sender.handle) == (first.address, first.sender.handle)

    async def test_a_deletion_names_what_is_gone(
        self, channel: Channel, genuine: Request, deleted: Request | None
    ):
        if deleted is None:
            pytest.skip("nobody there can delete")
        (first,) = (await channel.receive(genuine)).events
        (event,) = (await channel.receive(deleted)).events
        assert (event.kind, event.parts, event.changes) == ("deleted", (), first.key)
        assert event.key != first.key
        assert event.sender.handle == first.sender.handle

    async def test_typing_is_no_event(
        self, channel: Channel, room: Address, typing: Request | None
    ):
        if typing is None:
            pytest.skip("its platform does not tell")
        received = await channel.receive(typing)
        assert received.events == ()
        assert [sign.address for sign in received.typing] == [room]

    async def test_a_message_begins_a_thread(
        self, channel: Channel, room: Address, reply: Callable[[str], Request] | None
    ):
        if not channel.abilities.threads:
            pytest.skip("its platform has no threads")
        assert reply is not None
        begun = await channel.send(outbound(room, "k1", (Text(text="begins"),)))
        thread = replace(room, thread=begun.message_id)
        (event,) = (await channel.receive(reply(begun.message_id))).events
        assert (event.address, event.text()) == (thread, "In here")
        more = await channel.send(outbound(thread, "k2", (Text(text="goes on"),)))
        assert more.message_id != begun.message_id

    async def test_what_can_be_marked_has_an_id(self, channel: Channel, genuine: Request):
        if not channel.abilities.marks:
            pytest.skip("its platform has no reactions")
        (event,) = (await channel.receive(genuine)).events
        assert event.message_id
        mark = outbound(event.address, "k1", (Mark(state="delivered"),))
        receipt = await channel.send(replace(mark, reply_to=event.message_id))
        assert receipt.message_id

    async def test_what_was_sent_is_changed_and_taken_back(self, channel: Channel, room: Address):
        if not channel.abilities.edits:
            pytest.skip("its platform has no edits")
        first = await channel.send(outbound(room, "k1", (Text(text="one"),)))
        for key, parts in (("k2", (Text(text="two"),)), ("k3", ())):
            change = replace(outbound(room, key, parts), replaces="k1", target=first.message_id)
            assert (await channel.send(change)).message_id

    async def test_progress_never_raises(self, channel: Channel, room: Address):
        for place in (room, replace(room, room="nobody is here")):
            await channel.progress(place, "thinking")
            await channel.progress(place, "idle")

    async def test_a_draft_is_for_those_that_stream(self, channel: Channel, room: Address):
        draft = await channel.draft(room, conversation="c1", version=1)
        assert (draft is not None) == channel.abilities.streaming

    async def test_it_may_be_closed_twice(self, channel: Channel):
        await channel.close()
        await channel.close()


def outbound(room: Address, key: str, parts: tuple[Part, ...]) -> Outbound:
    return Outbound(
        key=key, address=room, parts=parts, author="system", trace="t", holder_version=1
    )
