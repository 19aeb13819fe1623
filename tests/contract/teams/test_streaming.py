"""A draft grows in a personal chat as Teams documents streams, and is gone before the answer."""

from bot.domain.message import Address
from channels.teams.channel import TeamsChannel
from channels.teams.streaming import TeamsDraft
from tests.contract.teams.conftest import Post
from tests.doubles.teams import TENANT, Microsoft


async def test_only_personal_chats_stream(channel: TeamsChannel):
    room = Address(channel="teams", account=TENANT, room="19:x@thread.v2")
    assert await channel.draft(room, conversation="c", version=1) is None


async def test_a_draft_grows_ends_and_goes(channel: TeamsChannel, post: Post, there: Microsoft):
    await channel.receive(post())
    says, takes_back = channel._connector.say, channel._connector.take_back

    async def say(activity: dict[str, object]) -> str | None:
        return await says(there.service_url, "a:1", activity)

    async def remove(message: str) -> None:
        await takes_back(there.service_url, "a:1", message)

    held = iter([True, True, True, True])

    async def holds() -> bool:
        return next(held)

    draft = TeamsDraft(say, remove, holds)
    assert await draft.append("One.")
    assert await draft.append("Two <b>.")
    await draft.finish()
    bodies = [body for method, _, body in there.calls if method == "POST" and body]
    infos = [body["entities"][0] for body in bodies]
    assert [one["streamType"] for one in infos] == ["streaming", "streaming", "final"]
    assert [one.get("streamSequence") for one in infos] == [1, 2, None]
    assert [one.get("streamId") for one in infos] == [None, "t", "t"]
    assert [body["type"] for body in bodies] == ["typing", "typing", "message"]
    assert bodies[-1]["text"] == "One. Two &lt;b&gt;."
    assert there.shown("a:1") == []
