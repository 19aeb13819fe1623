"""What people do in Teams, as the connector posts it, and what we make of it."""

from typing import Any

import pytest

from bot.domain.message import Media, Pressed, Text
from bot.domain.ports import Request
from channels.teams.channel import TeamsChannel
from tests.contract.teams.conftest import Post
from tests.doubles.teams import BOT, MENTION, TENANT

THREAD = "19:general@thread.tacv2;messageid=100"
CHANNEL = {"id": THREAD, "conversationType": "channel", "tenantId": TENANT}
GROUP = {"id": "19:group@thread.v2", "conversationType": "groupChat", "tenantId": TENANT}
CALLED = {"text": "<at>Careline</at>&nbsp;help", "entities": [MENTION]}


async def heard(channel: TeamsChannel, request: Request):
    received = await channel.receive(request)
    return received.events[0] if received.events else received.pressed


async def test_who_where_and_when(channel: TeamsChannel, post: Post):
    event = await heard(channel, post())
    assert event is not None
    assert (event.sender.handle, event.sender.name) == ("ada", "Ada")
    assert (event.sender.locale, event.sender.zone) == ("en-GB", "Europe/London")
    assert (event.address.room, event.address.thread) == ("a:1", None)
    assert event.sent_at.isoformat() == "2026-11-24T09:00:00.123000+00:00"


async def test_a_thread_of_a_channel(channel: TeamsChannel, post: Post):
    event = await heard(channel, post(conversation=CHANNEL, **CALLED))
    assert event is not None
    assert (event.address.room, event.address.thread) == ("19:general@thread.tacv2", "100")
    assert event.text() == "help"
    more = await heard(channel, post(conversation=CHANNEL, id="2", text="and more"))
    assert more is not None, "in its thread the bot hears on without its name"


@pytest.mark.parametrize("where", [CHANNEL, GROUP])
async def test_talk_of_others_is_not_heard(
    channel: TeamsChannel, post: Post, where: dict[str, Any]
):
    received = await channel.receive(post(conversation=where))
    assert (received.events, received.reply.status) == ((), 200)


@pytest.mark.parametrize(
    "changed",
    [
        {"type": "conversationUpdate", "membersAdded": [BOT]},
        {"type": "messageReaction", "reactionsAdded": [{"type": "like"}]},
        {"type": "somethingNew", "id": None},
        {"type": "typing"},
        {"type": "event", "name": "x"},
        {"type": "endOfConversation"},
        {"type": "installationUpdate", "action": "remove"},
        {"text": "", "attachments": []},
        {"text": None},
        {"from": BOT},
    ],
)
async def test_what_says_nothing_is_taken_and_left(
    channel: TeamsChannel, post: Post, changed: dict[str, Any]
):
    received = await channel.receive(post(**changed))
    assert (received.events, received.pressed, received.reply.status) == ((), None, 200)


async def test_an_install_in_a_personal_chat_is_told(channel: TeamsChannel, post: Post):
    event = await heard(channel, post(type="installationUpdate", action="add", text=None))
    assert event is not None
    assert event.kind == "joined"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"text": "<b>x</b> & y"}, "<b>x</b> & y"),
        ({"text": "<p>Hi</p><div>you &amp; me</div>", "textFormat": "xml"}, "Hi\nyou & me"),
        (
            {"text": "", "attachments": [{"contentType": "text/html", "content": "<p>Hi</p>"}]},
            "Hi",
        ),
        (
            {
                "text": "ask <at>Bo</at>",
                "entities": [
                    {
                        "type": "mention",
                        "text": "<at>Bo</at>",
                        "mentioned": {"id": "29:b", "name": "Bo"},
                    }
                ],
            },
            "ask Bo",
        ),
        ({"text": "x" * 50_000}, "x" * 12_000),
    ],
)
async def test_words_are_read(
    channel: TeamsChannel, post: Post, changed: dict[str, Any], words: str
):
    event = await heard(channel, post(**changed))
    assert event is not None
    assert event.text() == words


async def test_files_and_pictures(channel: TeamsChannel, post: Post):
    file = {
        "contentType": "application/vnd.microsoft.teams.file.download.info",
        "name": "log.txt",
        "content": {"downloadUrl": "https://x.example/log", "fileType": "txt"},
    }
    picture = {"contentType": "image/*", "contentUrl": "https://x.example/v1/pic"}
    broken = {"contentType": file["contentType"], "content": "?"}
    event = await heard(channel, post(text="see", attachments=[file, picture, broken]))
    assert event is not None
    assert event.parts == (
        Text(text="see"),
        Media(url="https://x.example/log", mime="text/plain", name="log.txt"),
        Media(url="https://x.example/v1/pic", mime="image/png", name="pic"),
    )


async def test_a_choice_is_a_press(channel: TeamsChannel, post: Post):
    event = await heard(channel, post(text=None, value={"careline": "article:a", "label": "A"}))
    assert event is not None
    assert (event.kind, event.parts) == ("pressed", (Pressed(value="article:a", label="A"),))


@pytest.mark.parametrize("value", [None, 1, [], {}, {"careline": 1}, {"careline": "x" * 600}])
async def test_a_malformed_press_is_nothing(channel: TeamsChannel, post: Post, value: object):
    assert await heard(channel, post(text=None, value=value)) is None
    invoke = post(type="invoke", name="adaptiveCard/action", value={"action": {"data": value}})
    received = await channel.receive(invoke)
    assert received.pressed is None
    assert received.reply.status == 200


async def test_an_execution_has_the_same_key_when_it_comes_again(channel: TeamsChannel, post: Post):
    action = {"action": {"data": {"careline": "claim:h", "at": "2"}}}
    keys = set()
    for key in ("1", "2"):
        fields = {"type": "invoke", "name": "adaptiveCard/action", "conversation": CHANNEL}
        received = await channel.receive(post(**fields, id=key, value=action))
        assert received.pressed is not None
        assert received.pressed.address.thread == "100"
        keys.add(received.pressed.key)
    assert len(keys) == 1
