"""An employee asks in Teams and a person answers from a channel of it, over the whole program."""

import pytest

from tests.acceptance.teams.conftest import ROOM, Teams, buttons
from tests.doubles.teams import MENTION, activity

pytestmark = pytest.mark.acceptance


async def test_an_employee_is_answered_by_a_person(teams: Teams):
    await teams.say("a:ada", "how long does delivery take?")
    answer = await teams.until(lambda one: one["talk"] == "a:ada" and "entities" in one)
    assert answer["entities"][0]["additionalType"] == ["AIGeneratedContent"]
    await teams.say("a:ada", "can I talk to a person please")
    await teams.hears("a:ada", "I have asked a person to join")
    shown = await teams.until(lambda one: one["talk"] == ROOM and one.get("attachments"))
    thread = f"{ROOM};messageid={shown['id']}"
    claim = buttons(shown["attachments"][0]["content"])["Claim"]

    stranger = await teams.press(thread, claim, by="mallory")
    assert stranger["type"] == "application/vnd.microsoft.activity.message"
    verdict = await teams.press(thread, claim, by="grace")
    assert verdict["type"] == "application/vnd.microsoft.card.adaptive"
    assert "Release" in buttons(verdict["value"])
    again = await teams.press(thread, claim, by="grace")
    assert again["value"]["body"] == verdict["value"]["body"]
    late = await teams.press(thread, claim, by="linus")
    assert (late["type"], late["value"]) == (
        "application/vnd.microsoft.activity.message",
        "Grace has this conversation.",
    )
    await teams.until(
        lambda one: (
            one["id"] == shown["id"]
            and "Grace has" in one["attachments"][0]["content"]["body"][0]["text"]
        )
    )

    await teams.say(thread, "Hello Ada, I am looking into it.", by="grace")
    await teams.hears("a:ada", "Hello Ada, I am looking into it.")
    await teams.say(thread, "// she sounds upset", by="grace")
    await teams.say(thread, "I know better", by="linus")
    await teams.say("a:ada", "thank you, Grace")
    await teams.hears(thread, "thank you, Grace")
    resolve = buttons(verdict["value"])["Resolve"]
    resolved = await teams.press(thread, resolve, by="grace")
    assert not buttons(resolved["value"])
    heard = "\n".join(teams.double.shown("a:ada"))
    assert "upset" not in heard
    assert "better" not in heard


async def test_what_is_not_microsofts_gets_401(teams: Teams):
    for given in ("garbage", "a.b.c", "ä"):
        fields = activity(teams.double.service_url, talk="a:eve", key="9", text="hi")
        status, _ = await teams.post(given.encode().decode("latin-1"), **fields)
        assert status == 401


async def test_what_teams_sends_again_is_answered_once(teams: Teams):
    text = "how long does delivery take?"
    for _ in range(3):
        await teams.say("a:bob", text, by="bob", id="same")
    await teams.until(lambda one: one["talk"] == "a:bob" and "entities" in one)
    await teams.say("a:bob", "hello", by="bob")
    await teams.until(lambda one: one["talk"] == "a:bob" and one is not teams.double.sent[0])
    answers = [one for one in teams.double.sent if one["talk"] == "a:bob" and "[1]" in one["text"]]
    assert len(answers) == 1


async def test_a_channel_is_answered_in_its_thread(teams: Teams):
    thread = "19:general@thread.tacv2;messageid=100"
    called = {"entities": [MENTION]}
    await teams.say(thread, "nothing for the bot", by="eve")
    await teams.say(thread, "<at>Careline</at> how long does delivery take?", by="bob", **called)
    await teams.until(lambda one: one["talk"] == thread and "[1]" in one["text"])
    before = len(teams.double.shown(thread))
    await teams.say(thread, "can I change my email address?", by="bob")
    await teams.until(lambda _: len(teams.double.shown(thread)) > before)


async def test_trouble_of_one_conversation_is_its_own(teams: Teams):
    teams.double.gone.add("a:gone")
    teams.double.hanging.add("a:slow")
    for who in ("gone", "slow", "fine"):
        await teams.say(f"a:{who}", "how long does delivery take?", by=who)
    await teams.until(lambda one: one["talk"] == "a:fine" and "[1]" in one["text"])
    teams.double.freed.set()
    await teams.until(lambda one: one["talk"] == "a:slow" and "[1]" in one["text"])
    teams.double.failing = [(429, "1"), (503, ""), (412, "")]
    await teams.say("a:busy", "how long does delivery take?", by="busy")
    await teams.until(lambda one: one["talk"] == "a:busy" and "[1]" in one["text"])
    assert teams.double.shown("a:gone") == []
