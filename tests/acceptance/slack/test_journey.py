"""Employee, bot and person on call, all in Slack, over both transports; and a web customer."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from tests.acceptance.slack.scene import CALL, Scene, open_scene
from tests.contract.slack.client import buttons, words
from tests.contract.slack.double import SlackDouble
from tests.support.house import House, open_house
from tests.support.visitor import visitor

pytestmark = pytest.mark.acceptance


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with open_house() as opened:
        opened.stock()
        yield opened


@pytest.fixture(params=["http", "socket"])
async def scene(house: House, request: pytest.FixtureRequest) -> AsyncIterator[Scene]:
    async with open_scene(house, request.param, "journey") as opened:
        yield opened


async def test_an_employee_asks_alone_and_in_a_channel(scene: Scene):
    await scene.ann.says("how long do i have to return something?", "D0ANN")
    answer = await scene.reads("D0ANN", "30 days")
    assert "shop.example" in words(answer)
    assert answer["metadata"]["event_payload"]["made_by_ai"] is True
    asked = await scene.ann.says("<@U0BOT> how long does delivery take?", "C0HELP", mention=True)
    await scene.reads("C0HELP", "working days", asked)
    await scene.bob.says("and to other countries?", "C0HELP", thread=asked)
    await scene.bob.says("how can i cancel my order?", "C0HELP", thread=asked)
    await scene.reads("C0HELP", "cancel", asked)
    await scene.bob.says("a word among colleagues", "C0HELP")
    answers = [m for m in scene.slack.shown("C0HELP") if "2 to 4 working days" in words(m)]
    assert len(answers) == 1
    assert all(m.get("thread_ts") == asked for m in scene.slack.shown("C0HELP"))


async def test_a_person_claims_talks_and_hands_back_in_the_thread(scene: Scene):
    await scene.ann.says("I want to talk to a person about the gold kettle", "D0ANN")
    card = await scene.card("gold kettle")
    thread = card["ts"]
    await scene.bob.presses("Claim", card)
    await scene.slack.until(lambda slack: [m for m in slack.private if m["to"] == "U0BOB"])
    await scene.ada.presses("Claim", card)
    await scene.reads("D0ANN", "has joined")
    await scene.ann.says("are you <!channel> real?", "D0ANN")
    passed = await scene.reads(CALL, "are you", thread)
    assert "<!" not in words(passed)
    assert passed["username"] == "Ann"
    told = await scene.ada.says("I am *real*.", CALL, thread=thread)
    heard = await scene.reads("D0ANN", "I am *real*.")
    assert heard["username"] == "Ada"
    mark = {"channel": CALL, "timestamp": told, "name": "white_check_mark"}
    await scene.slack.until(lambda slack: mark in slack.reactions)
    await scene.ada.says("// a word among us", CALL, thread=thread)
    await scene.bob.says("I would say no", CALL, thread=thread)
    shown = await scene.slack.until(lambda _slack: "Hand back to the bot" in labels(card) and card)
    await scene.ada.presses("Hand back to the bot", shown)
    await scene.slack.until(lambda _slack: not labels(card))
    await scene.ann.says("how long does delivery take?", "D0ANN")
    await scene.reads("D0ANN", "working days")
    everything = "\n".join(words(m) for m in scene.slack.shown("D0ANN"))
    assert "among us" not in everything
    assert "I would say no" not in everything


async def test_a_web_customer_talks_with_a_person_in_slack(scene: Scene):
    async with visitor(scene.program.base) as customer:
        await customer.say("can I talk to a person about my red umbrella please")
        card = await scene.card("red umbrella")
        await scene.ada.presses("Claim", card)
        await customer.hears("has joined")
        await customer.say("it is broken")
        await scene.reads(CALL, "it is broken", card["ts"])
        await scene.ada.says("We send a new one.", CALL, thread=card["ts"])
        await customer.hears("We send a new one.", author="staff")


def labels(message: dict[str, Any]) -> list[str]:
    """What can be pressed under a message."""
    return [button["text"]["text"] for button in buttons(message)]


async def test_an_employee_types_the_command_opens_home_and_the_panel(scene: Scene):
    told = await scene.ann.types("ask how long do i have to return something?")
    assert "return something" in told
    await scene.reads("D0ANN", "30 days")
    await scene.ann.says("I want to talk to a person about the tin drum", "D0ANN")
    card = await scene.card("tin drum")
    assert "tin drum" in await scene.ann.types("status")
    assert "tin drum" not in await scene.bob.types("status")
    assert "Ada" in await scene.bob.types("oncall")
    await scene.ann.opens_home()
    await scene.slack.until(lambda slack: "U0ANN" in slack.homes)
    assert "tin drum" in words(scene.slack.homes["U0ANN"])
    await scene.ada.presses("Claim", card)
    await scene.reads("D0ANN", "has joined")
    thread = await scene.bob.opens_panel("D0BOB")
    await scene.slack.until(lambda slack: slack.prompts)
    await scene.bob.says("how long does delivery take?", "D0BOB", thread=thread)
    await scene.reads("D0BOB", "working days", thread)
    title = await scene.slack.until(lambda slack: slack.titles)
    assert title[0]["title"] == "how long does delivery take?"
    shown = await scene.slack.until(lambda _slack: "Hand back to the bot" in labels(card) and card)
    await scene.ada.presses("Hand back to the bot", shown)
    await scene.slack.until(lambda _slack: not labels(card))


async def test_thumbs_under_an_answer_are_heard_once(scene: Scene):
    await scene.bob.says("how long does delivery take?", "D0BOB")
    answer = await scene.reads("D0BOB", "working days")
    await scene.bob.rates(answer, useful=True)
    for _ in range(2):
        await scene.bob.rates(answer, useful=False)
    await scene.reads("D0BOB", "not what you asked")
    await scene.bob.says("how can i cancel my order?", "D0BOB")
    await scene.reads("D0BOB", "cancel")
    told = [m for m in scene.slack.shown("D0BOB") if "not what you asked" in words(m)]
    assert len(told) == 1


async def test_files_pass_both_ways(scene: Scene):
    png, pdf = b"\x89PNG\r\n\x1a\n" + b"x" * 900, b"%PDF-1.7 " + b"y" * 900
    await scene.bob.says("I want to talk to a person about the bent fork", "D0BOB")
    card = await scene.card("bent fork")
    await scene.ada.presses("Claim", card)
    await scene.reads("D0BOB", "has joined")
    fork = scene.slack.files.attach("fork.png", png)
    await scene.bob.says("this one", "D0BOB", files=[fork])
    passed = await scene.reads(CALL, "this one", card["ts"])
    assert [f["content"] for f in passed["files"]] == [png]
    form = scene.slack.files.attach("form.pdf", pdf)
    await scene.ada.says("Please sign", CALL, thread=card["ts"], files=[form])
    told = await scene.reads("D0BOB", "Please sign")
    assert [f["content"] for f in told["files"]] == [pdf]
    shown = await scene.slack.until(lambda _slack: "Hand back to the bot" in labels(card) and card)
    await scene.ada.presses("Hand back to the bot", shown)
    await scene.slack.until(lambda _slack: not labels(card))


async def test_a_suggestion_is_sent_or_edited_and_a_note_stays(scene: Scene):
    await scene.bob.says("I want to talk to a person about the wet book", "D0BOB")
    card = await scene.card("wet book")
    await scene.ada.presses("Claim", card)
    await scene.reads("D0BOB", "has joined")
    await scene.bob.says("how long do i have to return something?", "D0BOB")
    hint = await offered(scene, "30 days")
    assert hint["to"] == "U0ADA"
    await scene.ada.presses("Edit", hint)
    form = (await scene.slack.until(lambda slack: slack.modals))[-1]
    field = form["blocks"][0]["element"]
    assert "30 days" in field["initial_value"]
    assert await scene.ada.submits(form, "  ")
    assert not await scene.ada.submits(form, "You have 30 days, Bob.")
    await scene.reads("D0BOB", "You have 30 days, Bob.")
    await scene.reads(CALL, "You have 30 days, Bob.", card["ts"])
    await scene.ada.presses("Send", hint)
    shown = await scene.slack.until(lambda _slack: "Note" in labels(card) and card)
    await scene.ada.presses("Note", shown)
    form = await scene.slack.until(lambda slack: slack.modals[-1] if slack.modals[1:] else None)
    assert not await scene.ada.submits(form, "Bob is in a hurry")
    await scene.reads(CALL, "Ada noted: Bob is in a hurry", card["ts"])
    await scene.bob.presses("Note", shown)
    stranger = await scene.slack.until(lambda slack: slack.modals[-1] if slack.modals[2:] else None)
    assert not await scene.bob.submits(stranger, "I am no staff")
    await scene.slack.until(lambda slack: [m for m in slack.private if m["to"] == "U0BOB"])
    await scene.ada.presses("Hand back to the bot", shown)
    await scene.slack.until(lambda _slack: not labels(card))
    everything = "\n".join(words(m) for m in scene.slack.shown("D0BOB"))
    assert "in a hurry" not in everything
    assert "no staff" not in everything


async def offered(scene: Scene, part: str) -> dict[str, Any]:
    """A suggestion that only the claimer sees, with its buttons."""

    def shown(slack: SlackDouble) -> dict[str, Any] | None:
        found = (m for m in slack.private if part in words(m) and "Edit" in labels(m))
        return next(found, None)

    hint: dict[str, Any] = await scene.slack.until(shown)
    return hint
