"""Files both ways: what people attach is fetched and kept, what we keep is handed over."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.domain.errors import Refused, TryLater
from bot.domain.files import LARGEST, StoredFile, kept_id
from bot.domain.message import Address, Media, Outbound, Part, Text
from bot.domain.ports import Request
from channels.slack.channel import SlackChannel
from channels.slack.section import SlackConfig
from tests.contract.slack import events
from tests.contract.slack.around import around
from tests.contract.slack.double import TOKEN, Fault, SlackDouble, slack_double
from tests.contract.slack.scopes import ALL
from tests.fakes.clock import FakeClock
from tests.fakes.files import FakeFiles

PNG, PDF = b"\x89PNG\r\n\x1a\n" + b"x" * 3000, b"%PDF-1.7 " + b"y" * 2000
HOME = Address(channel="slack", account=events.TEAM, room="D0ANN")
THREAD = Address(channel="slack", account=events.TEAM, room="C0CALL", thread="1772441000.000100")


class Desk:
    """A channel and where it keeps files."""

    def __init__(self, slack: SlackDouble) -> None:
        self.slack, self.clock, self.files = slack, FakeClock(), FakeFiles()
        config = SlackConfig(bot_token=TOKEN, signing_secret=events.SECRET, base_url=slack.url)
        self.channel = SlackChannel(config, self.clock, around(files=self.files))

    async def hears(self, *files: dict[str, Any], text: str = "Look") -> tuple[Part, ...]:
        said = events.message(text, files=list(files), subtype="file_share")
        body = json.dumps(events.envelope(said)).encode()
        headers = events.signed(body, self.clock.now().timestamp())
        told = Request(method="POST", url="/slack/events", headers=headers, body=body)
        (event,) = (await self.channel.receive(told)).events
        return event.parts

    async def keeps(self, name: str, content: bytes, file: str = "a" * 32) -> Media:
        stored = StoredFile(id=file, address=HOME, name=name, mime="image/png", content=content)
        await self.files.add(stored)
        return stored.media()

    async def sends(self, *parts: Part, author: Any = "customer", target: str | None = None) -> str:
        row = Outbound(
            key="k1",
            address=THREAD,
            parts=parts,
            author=author,
            author_name="Ann <&>" if author == "customer" else None,
            trace="t",
            holder_version=1,
            target=target,
        )
        return (await self.channel.send(row)).message_id


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with slack_double() as slack:
        made = Desk(slack)
        yield made
        await made.channel.close()


async def test_what_is_attached_is_kept_for_its_conversation(desk: Desk):
    parts = await desk.hears(
        desk.slack.files.attach("screen.png", PNG), desk.slack.files.attach("form.pdf", PDF)
    )
    words, first, second = parts
    assert words == Text(text="Look")
    for media, name, content in ((first, "screen.png", PNG), (second, "form.pdf", PDF)):
        assert isinstance(media, Media)
        kept = await desk.files.get(kept_id(media) or "", HOME)
        assert kept is not None
        assert (kept.name, kept.content) == (name, content)


async def test_the_same_message_twice_is_kept_once(desk: Desk):
    file = desk.slack.files.attach("screen.png", PNG)
    assert await desk.hears(file) == await desk.hears(file)
    assert len(desk.files.kept) == 1


async def test_other_kinds_and_sizes_are_told_of_by_name(desk: Desk):
    large = desk.slack.files.attach("film.png", PNG) | {"size": LARGEST + 1}
    lying = desk.slack.files.attach("lie.png", PNG + b"z" * LARGEST) | {"size": 10}
    parts = await desk.hears(desk.slack.files.attach("tool.exe", b"MZ" * 50), large, lying)
    (words,) = parts
    assert isinstance(words, Text)
    assert words.text == "Look\n(file: tool.exe)\n(file: film.png)\n(file: lie.png)"
    assert desk.files.kept == {}


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/files-pri/x.png",
        "https://slack.com.evil.example/files-pri/x.png",
        "https://evilslack.com/x.png",
        "file:///etc/passwd",
        "https://user@evil.example/x",
        "",
        7,
        None,
    ],
)
async def test_the_token_is_shown_to_slack_alone(desk: Desk, url: object):
    file = {"id": "F1", "name": "x.png", "url_private": url, "size": 10}
    (words,) = await desk.hears(file)
    assert isinstance(words, Text)
    assert "x.png" in words.text


async def test_without_the_scope_the_page_to_sign_in_is_no_file(desk: Desk):
    desk.slack.scopes = ALL - {"files:read"}
    (words,) = await desk.hears(desk.slack.files.attach("screen.png", PNG))
    assert isinstance(words, Text)
    assert desk.files.kept == {}


async def test_what_we_keep_is_handed_over_with_words_and_name(desk: Desk):
    one = await desk.keeps("screen.png", PNG)
    two = await desk.keeps("form.pdf", PDF, "b" * 32)
    await desk.sends(Text(text="See <!channel> **here**"), one, two)
    (message,) = desk.slack.messages
    assert [f["content"] for f in message["files"]] == [PNG, PDF]
    assert message["thread_ts"] == THREAD.thread
    assert message["text"] == "*Ann &lt;&amp;&gt;*\nSee &lt;!channel&gt; *here*"


async def test_until_all_is_there_nobody_sees_anything(desk: Desk):
    one = await desk.keeps("screen.png", PNG)
    desk.slack.fail("files.completeUploadExternal", Fault(503))
    with pytest.raises(TryLater):
        await desk.sends(Text(text="See"), one)
    assert desk.slack.messages == []
    await desk.sends(Text(text="See"), one)
    assert len(desk.slack.messages) == 1


async def test_a_file_that_is_gone_is_refused_with_a_way_out(desk: Desk):
    media = Media(url="careline-file:" + "c" * 32, mime="image/png", name="x.png")
    with pytest.raises(Refused) as caught:
        await desk.sends(media)
    assert caught.value.remedy


async def test_while_our_files_are_away_it_is_tried_again(desk: Desk):
    one = await desk.keeps("screen.png", PNG)
    desk.files.away = True
    with pytest.raises(TryLater):
        await desk.sends(one)


async def test_what_was_sent_with_a_file_is_taken_back_with_it(desk: Desk):
    sent = await desk.sends(Text(text="See"), await desk.keeps("screen.png", PNG))
    await desk.sends(target=sent)
    assert desk.slack.messages == []


async def test_words_over_a_file_are_corrected_by_new_ones(desk: Desk):
    sent = await desk.sends(Text(text="See"), await desk.keeps("screen.png", PNG))
    await desk.sends(Text(text="Look"), target=sent)
    assert [m["text"] for m in desk.slack.messages][1:] == ["Correction: Look"]
