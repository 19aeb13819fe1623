"""The staff side as people see it: who is called and where, edits and deletions, what fails."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from tests.acceptance.slack.scene import CALL, SETTINGS, Scene, add_staff, open_scene
from tests.contract.slack.client import buttons, words
from tests.contract.slack.double import SlackDouble
from tests.support.house import House, open_house
from tests.support.visitor import visitor

pytestmark = pytest.mark.acceptance

OTHER = "C0OPS"
MORE = """
ladder = "usual"

[lines.ops]
title = "operations"
kb = "it-helpdesk"
addresses = ["web:ops"]
staff_room = {{channel = "slack", account = "T0CARE", room = "C0OPS"}}

[teams.support]
rotation = {{order = ["ada"], start = 2026-01-05, time_zone = "Europe/Berlin"}}

[[ladders.usual.rungs]]
team = "support"
means = "room"
wait_minutes = 30
"""


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with open_house() as opened:
        yield opened


@pytest.fixture(params=["http", "socket"])
async def scene(house: House, request: pytest.FixtureRequest) -> AsyncIterator[Scene]:
    async with open_scene(house, request.param, "staff", SETTINGS + MORE) as opened:
        opened.slack.joined.add(OTHER)
        yield opened


async def test_who_is_on_call_is_called_in_the_room_of_the_line(scene: Scene):
    async with (
        visitor(scene.program.base, "shop") as one,
        visitor(scene.program.base, "ops") as two,
    ):
        await one.say("can I talk to a person about my blue hat please")
        card = await scene.card("blue hat")
        called = await scene.slack.until(
            lambda slack: next((m for m in slack.shown(CALL) if "<@U0ADA>" in words(m)), None), 8
        )
        assert called.get("thread_ts") in (None, card["ts"])
        await two.say("can I talk to a person about my green router please")
        await scene.reads(OTHER, "green router")
        assert not [m for m in scene.slack.shown(CALL) if "green router" in words(m)]
        assert not [m for m in scene.slack.shown(OTHER) if "blue hat" in words(m)]
        await scene.ada.presses("Claim", card)
        await one.hears("has joined")
        await scene.slack.until(lambda slack: not claims(slack))


async def test_edits_and_deletions_pass_both_ways(scene: Scene):
    await scene.ann.says("I want to talk to a person about the red lamp", "D0ANN")
    card = await scene.card("red lamp")
    await scene.ada.presses("Claim", card)
    await scene.reads("D0ANN", "has joined")
    told = await scene.ada.says("It costs 10 euros", CALL, thread=card["ts"])
    heard = await scene.reads("D0ANN", "It costs 10 euros")
    await scene.ada.changes(told, "It costs 12 euros")
    await scene.slack.until(lambda _slack: "12 euros" in words(heard))
    await scene.ada.removes(told)
    await scene.slack.until(lambda slack: heard not in slack.messages)
    asked = await scene.ann.says("Is it blue?", "D0ANN")
    await scene.reads(CALL, "Is it blue?", card["ts"])
    await scene.ann.changes(asked, "Is it white?")
    await scene.reads(CALL, "Is it white?", card["ts"])
    await scene.ann.removes(asked)
    await scene.slack.until(lambda slack: len(about_changes(slack, card)) == 2)
    await ends(scene, card)


async def test_who_may_not_is_told_alone_and_what_fails_is_marked(scene: Scene):
    await scene.ann.says("I want to talk to a person about the old clock", "D0ANN")
    card = await scene.card("old clock")
    await scene.bob.says("I will tell them", CALL, thread=card["ts"])
    hint = await scene.slack.until(lambda slack: hints(slack, "U0BOB"))
    assert "does not know you" in words(hint[0])
    assert hint[0]["thread_ts"] == card["ts"]
    await scene.ada.presses("Claim", card)
    await scene.reads("D0ANN", "has joined")
    scene.slack.gone.add("D0ANN")
    lost = await scene.ada.says("Still there?", CALL, thread=card["ts"])
    mark = {"channel": CALL, "timestamp": lost, "name": "warning"}
    await scene.slack.until(lambda slack: mark in slack.reactions)
    await scene.reads(CALL, "Not delivered to the customer", card["ts"])
    scene.slack.gone.clear()
    await ends(scene, card)
    assert "I will tell them" not in "\n".join(words(m) for m in scene.slack.shown("D0ANN"))


async def test_words_of_a_form_that_are_refused_come_back_to_their_writer(scene: Scene):
    await add_staff(scene.program, "ben", "Ben", "U0BOB")
    await scene.ann.says("I want to talk to a person about the tall vase", "D0ANN")
    card = await scene.card("tall vase")
    await scene.ada.presses("Claim", card)
    await scene.reads("D0ANN", "has joined")
    await scene.ann.says("how long do i have to return something?", "D0ANN")
    offered = await scene.slack.until(
        lambda slack: next((m for m in slack.private if "Edit" in labels(m)), None)
    )
    await scene.ada.presses("Edit", offered)
    form = (await scene.slack.until(lambda slack: slack.modals))[-1]
    shown = await scene.slack.until(lambda _slack: "Take over" in labels(card) and card)
    await scene.bob.presses("Take over", shown)
    await scene.reads("D0ANN", "Ben")
    assert not await scene.ada.submits(form, "You have thirty days, Ann.")
    back = await scene.slack.until(
        lambda slack: [m for m in hints(slack, "U0ADA") if "thirty days" in words(m)]
    )
    assert "Ben has this conversation" in words(back[0])
    await scene.bob.presses("Resolve", shown)
    await scene.slack.until(lambda _slack: not labels(card))
    assert "thirty days" not in "\n".join(words(m) for m in scene.slack.shown("D0ANN"))


async def ends(scene: Scene, card: dict[str, Any]) -> None:
    """Ada resolves it."""
    shown = await scene.slack.until(lambda _slack: "Resolve" in labels(card) and card)
    await scene.ada.presses("Resolve", shown)
    await scene.slack.until(lambda _slack: not labels(card))


def labels(message: dict[str, Any]) -> list[str]:
    return [button["text"]["text"] for button in buttons(message)]


def claims(slack: SlackDouble) -> list[dict[str, Any]]:
    """What can still be claimed in the staff channel."""
    return [m for m in slack.shown(CALL) if "Claim" in labels(m)]


def hints(slack: SlackDouble, who: str) -> list[dict[str, Any]]:
    return [m for m in slack.private if m["to"] == who]


def about_changes(slack: SlackDouble, card: dict[str, Any]) -> list[str]:
    """What the thread is told of a customer's own changes."""
    said = [words(m) for m in slack.shown(CALL, card["ts"])]
    return [one for one in said if "Is it white?" in one or "Is it blue?" in one][-2:]
