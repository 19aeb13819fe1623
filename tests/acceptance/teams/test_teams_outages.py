"""Teams answers late, or no, or sends what is wrong: nothing is lost or doubled."""

import asyncio
import json
from time import monotonic
from typing import Any

import pytest

from tests.acceptance.teams.conftest import Teams, escalated, offered
from tests.doubles.teams import LARGEST

pytestmark = pytest.mark.acceptance
ASKED = "how long does delivery take?"
HANG_S = 20
VALUES: list[object] = [
    None,
    [],
    {"action": 5},
    {"action": {"data": {"careline": "claim:"}}},
    {"action": {"data": {"careline": "claim:nobody", "at": {}}}},
    {"action": {"data": {"careline": "say:nobody", "words": 5, "once": []}}},
]
BAD: list[dict[str, Any]] = [
    {"type": "somethingNew"},
    {"type": "conversationUpdate", "membersAdded": [{"id": "29:x"}]},
    {"type": "messageReaction", "reactionsAdded": None},
    {"text": None, "attachments": None},
    {"text": "", "attachments": [{"contentType": "image/png"}, {"content": 5}]},
    {"text": "<div><p></p></div>", "textFormat": "xml"},
    {"text": "x" * 200_000},
    {"value": {"careline": ["claim:h"]}},
    {"entities": [{"type": "mention"}, {"type": "mention", "mentioned": {"id": "1"}}]},
    {"conversation": {"id": ""}},
    {"from": None},
    {"serviceUrl": 5},
    *({"type": "invoke", "name": "adaptiveCard/action", "value": value} for value in VALUES),
    {"type": "invoke", "name": "message/submitAction", "value": {"actionName": "feedback"}},
    {"type": "invoke", "name": "task/fetch", "value": {}},
    {"type": "invoke", "name": None, "value": "\ud83d"},
]


async def test_a_hang_of_twenty_seconds_holds_up_nobody_else(teams: Teams):
    teams.double.hanging.add("a:slow")
    began = monotonic()
    await teams.say("a:slow", ASKED, by="slow")
    await teams.until(lambda one: one["talk"] == "a:slow")
    await teams.say("a:slow", "can i cancel my order?", by="slow")
    for number in range(5):
        await teams.say(f"a:fine{number}", ASKED, by=f"fine{number}")
    for number in range(5):
        await teams.hears(f"a:fine{number}", "[1]")
    assert monotonic() - began < HANG_S
    await asyncio.sleep(HANG_S - (monotonic() - began))  # the hang itself
    teams.double.hanging.clear()
    teams.double.freed.set()
    await teams.hears("a:slow", "cancel")
    shown = teams.double.shown("a:slow")
    assert len(shown) == len(set(shown))


async def test_order_is_kept_through_every_no(teams: Teams):
    thread, card = await escalated(teams, "a:kim", "the tall vase", by="kim")
    await teams.press(thread, offered(card)["Claim"], by="grace")
    await teams.hears("a:kim", "Grace has joined")
    teams.double.failing = [(429, "2"), (503, ""), (412, ""), (500, "")]
    for number in range(8):
        await teams.say(thread, f"line {number}", by="grace")
    await teams.hears("a:kim", "line 7")
    heard = [one[-6:] for one in teams.double.shown("a:kim") if "line " in one]
    assert heard == [f"line {number}" for number in range(8)]


async def test_long_words_come_in_pieces_that_teams_takes(teams: Teams):
    thread, card = await escalated(teams, "a:lou", "the long road", by="lou")
    await teams.press(thread, offered(card)["Claim"], by="grace")
    words = "&&&🙂🙂 <b> " * 990
    await teams.say(thread, words, by="grace")
    await teams.until(lambda _: "".join(teams.double.shown("a:lou")).count("🙂") == 2 * 990)
    sent = [one for one in teams.double.sent if one["talk"] == "a:lou"]
    assert max(len(json.dumps(one, ensure_ascii=False).encode()) for one in sent) < LARGEST


async def test_the_app_taken_away_is_told_to_staff(teams: Teams):
    thread, card = await escalated(teams, "a:mia", "the last train", by="mia")
    await teams.press(thread, offered(card)["Claim"], by="grace")
    await teams.hears("a:mia", "Grace has joined")
    gone = {"type": "installationUpdate", "action": "remove"}
    await teams.say("a:mia", "", by="mia", **gone)
    teams.double.gone.add("a:mia")
    await teams.say(thread, "Are you there?", by="grace")
    await teams.hears(thread, "Not delivered")


async def test_what_is_malformed_harms_nobody(teams: Teams):
    await teams.say("a:zoe", ASKED, by="zoe")
    await teams.hears("a:zoe", "[1]")
    for number, bad in enumerate(BAD):
        fields = {
            "type": "message",
            "id": f"bad{number}",
            "serviceUrl": teams.double.service_url,
            "from": {"id": "29:yan", "name": "Yan"},
            "recipient": {"id": "28:app-1"},
            "conversation": {"id": "a:yan", "conversationType": "personal"},
        }
        status, _ = await teams.post(**(fields | bad))
        assert status in (200, 400, 401), bad
    before = len(teams.double.shown("a:zoe"))
    await teams.say("a:zoe", "can i cancel my order?", by="zoe")
    await teams.until(lambda _: len(teams.double.shown("a:zoe")) > before)
