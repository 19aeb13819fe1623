"""The employee side in Teams: the welcome, group chats, channels with several people, thumbs."""

import pytest

from tests.acceptance.teams.conftest import Teams
from tests.doubles.teams import MENTION, TENANT

pytestmark = pytest.mark.acceptance
CALLED = {"entities": [MENTION]}
ASKED = "how long does delivery take?"


async def test_an_install_is_welcomed_once(teams: Teams):
    for _ in range(2):
        added = {"type": "installationUpdate", "action": "add", "id": "i1"}
        await teams.say("a:new", "", by="new", **added)
    welcome = await teams.hears("a:new", "I am an assistant")
    first = welcome["suggestedActions"]["actions"][0]
    assert first["type"] == "imBack"
    await teams.say("a:new", first["value"], by="new")
    answer = await teams.hears("a:new", "[1]")
    assert answer["entities"][0]["citation"][0]["position"] == 1
    assert sum("I am an assistant" in one for one in teams.double.shown("a:new")) == 1


async def test_a_thumb_down_is_heard_once(teams: Teams):
    await teams.say("a:tom", ASKED, by="tom")
    answer = await teams.hears("a:tom", "[1]")
    assert answer["channelData"]["feedbackLoop"] == {"type": "default"}
    before = len(teams.double.shown("a:tom"))
    given = {"reaction": "dislike", "feedback": '{"feedbackText": "not mine"}'}
    thumb = {
        "type": "invoke",
        "name": "message/submitAction",
        "replyToId": answer["id"],
        "value": {"actionName": "feedback", "actionValue": given},
    }
    for key in ("t1", "t2"):
        await teams.say("a:tom", "", by="tom", id=key, **thumb)
    await teams.until(lambda _: len(teams.double.shown("a:tom")) > before)
    told = teams.double.shown("a:tom")[before]
    await teams.say("a:tom", "can i cancel my order?", by="tom")
    await teams.until(lambda _: len(teams.double.shown("a:tom")) > before + 1)
    assert teams.double.shown("a:tom").count(told) == 1


async def test_a_group_chat_is_answered_where_the_bot_is_mentioned(teams: Teams):
    talk = "19:group@thread.v2"
    where = {"conversation": {"id": talk, "conversationType": "groupChat", "tenantId": TENANT}}
    await teams.say(talk, ASKED, by="eve", **where)
    await teams.say(talk, f"<at>Careline</at> {ASKED}", by="bob", **CALLED, **where)
    await teams.hears(talk, "[1]")
    assert sum("[1]" in one for one in teams.double.shown(talk)) == 1


async def test_several_people_in_threads_of_one_channel(teams: Teams):
    one, two = (f"19:general@thread.tacv2;messageid={n}" for n in (100, 200))
    await teams.say(one, f"<at>Careline</at> {ASKED}", by="bob", **CALLED)
    await teams.say(two, "<at>Careline</at> can i cancel my order?", by="eve", **CALLED)
    await teams.hears(one, "[1]")
    await teams.hears(two, "[1]")
    before = len(teams.double.shown(one))
    await teams.say(one, "can I pay by card?", by="joe")
    await teams.until(lambda _: len(teams.double.shown(one)) > before)
    assert teams.double.shown("19:general@thread.tacv2") == []
