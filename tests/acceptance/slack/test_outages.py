"""What comes twice is answered once; what could not be kept, or heard, or sent, is not lost."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.acceptance.slack.scene import CALL, Scene, environment, open_scene
from tests.contract.slack import events
from tests.contract.slack.client import ByHttp, Member, words
from tests.contract.slack.double import Fault
from tests.support.house import House, open_house
from tests.support.visitor import visitor

pytestmark = pytest.mark.acceptance

ASKED = "how long do i have to return something?"
EVENTS, AGAIN = 1000, 0.2


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with open_house() as opened:
        opened.stock()
        yield opened


@pytest.fixture(params=["http", "socket"])
async def scene(house: House, request: pytest.FixtureRequest) -> AsyncIterator[Scene]:
    async with open_scene(house, request.param, "outages") as opened:
        yield opened


@pytest.fixture
async def by_http(house: House) -> AsyncIterator[Scene]:
    async with open_scene(house, "http", "outages") as opened:
        yield opened


@pytest.fixture
async def by_socket(house: House) -> AsyncIterator[Scene]:
    async with open_scene(house, "socket", "outages") as opened:
        yield opened


async def test_a_thousand_events_with_a_fifth_sent_again_are_answered_once_each(scene: Scene):
    picked = random.Random(5)  # noqa: S311  a test's dice
    sent = []
    for number in range(EVENTS):
        said = events.message(
            ASKED, user=f"U{number:05}", channel=f"D{number:05}", ts=scene.slack.next_ts()
        )
        sent.append((said, f"Ev{scene.slack.next_ts()}"))
    sent += [one for one in sent if picked.random() < AGAIN]
    picked.shuffle(sent)
    few = asyncio.Semaphore(20)

    async def send(said: dict[str, object], event_id: str) -> None:
        async with few:
            await scene.transport.event(said, event_id)

    async with asyncio.TaskGroup() as group:
        for said, event_id in sent:
            group.create_task(send(said, event_id))

    def answers() -> Counter[str]:
        return Counter(m["channel"] for m in scene.slack.messages if "30 days" in words(m))

    await scene.slack.until(lambda _slack: len(answers()) == EVENTS, patience_s=120)
    assert set(answers().values()) == {1}


async def test_what_cannot_be_kept_is_not_acknowledged_and_comes_again(house: House, scene: Scene):
    await scene.ann.says(ASKED, "D0ANN")  # who everybody is, is known from here on
    await scene.reads("D0ANN", "30 days")
    house.postgres.stop()
    try:
        if isinstance(scene.transport, ByHttp):
            with pytest.raises(AssertionError, match="did not take it"):
                await scene.ann.says("how long does delivery take?", "D0ANN")
        else:
            await scene.ann.says("how long does delivery take?", "D0ANN")
            await asyncio.sleep(2)
            assert len(scene.slack.sockets.unacked) == 1
    finally:
        await asyncio.to_thread(house.postgres.start)
    if isinstance(scene.transport, ByHttp):
        said = scene.slack.written[-1]
        transport = ByHttp(scene.transport.url, pause_s=5)
        await transport.event(said)
    else:
        while scene.slack.sockets.unacked:
            await scene.slack.sockets.again()
            await asyncio.sleep(0.5)
    await scene.reads("D0ANN", "2 to 4 working days")
    answers = [m for m in scene.slack.shown("D0ANN") if "2 to 4 working days" in words(m)]
    assert len(answers) == 1


async def test_a_dropped_socket_loses_nothing(by_socket: Scene):
    scene = by_socket
    await scene.ann.says("I want to talk to a person about the green lamp", "D0ANN")
    card = await scene.card("green lamp")
    await scene.slack.sockets.drop()
    await scene.slack.sockets.connected()
    await scene.ada.presses("Claim", card)
    await scene.reads("D0ANN", "has joined")
    await scene.slack.sockets.drop()
    await scene.slack.sockets.connected()
    await scene.ada.says("It is on its way.", CALL, thread=card["ts"])
    await scene.reads("D0ANN", "It is on its way.")


async def test_what_was_said_during_a_long_outage_of_ours_is_fetched(house: House, scene: Scene):
    which = "http" if isinstance(scene.transport, ByHttp) else "socket"
    cat, home = Member(scene.slack, scene.transport, "U0CAT"), f"D0CAT{which}"
    await cat.says("I want to talk to a person about the blue chair", home)
    card = await scene.card("blue chair")
    await scene.ada.presses("Claim", card)
    await scene.reads(home, "has joined")
    asked = await scene.bob.says("<@U0BOT> " + ASKED, "C0HELP", mention=True)
    await scene.reads("C0HELP", "30 days", asked)
    await asyncio.to_thread(scene.program.kill)
    for number in range(3):
        await cat.says(f"are you there? ({number})", home, heard=False)
    await scene.ada.says("Yes, one moment.", CALL, thread=card["ts"], heard=False)
    await scene.bob.says("how long does delivery take?", "C0HELP", thread=asked, heard=False)
    await scene.bob.says("<@U0BOT> how can i cancel my order?", "C0HELP", heard=False)
    await asyncio.sleep(11)  # a gap that is worth a look
    again = house.program(env=environment(which), name=f"slack-again-{which}")
    await asyncio.to_thread(again.start)
    await scene.reads(home, "Yes, one moment.")
    for number in range(3):
        await scene.reads(CALL, f"are you there? ({number})", card["ts"])
    await scene.reads("C0HELP", "2 to 4 working days", asked)
    await scene.reads("C0HELP", "cancel")
    thread = [words(m) for m in scene.slack.shown(CALL, card["ts"])]
    passed = [one for one in thread if "are you there?" in one]
    assert len(passed) == 3
    assert [one[-30:] for one in passed] == sorted(one[-30:] for one in passed)
    await asyncio.to_thread(again.stop)


async def test_a_web_customer_is_told_nothing_false_while_slack_is_away(by_http: Scene):
    scene = by_http
    async with visitor(scene.program.base) as customer:
        await customer.say("can I talk to a person about my red umbrella please")
        card = await scene.card("red umbrella")
        await scene.ada.presses("Claim", card)
        await customer.hears("has joined")
        scene.slack.fail("chat.postMessage", Fault(status=503), times=30)
        shown = len(customer.shown)
        for number in range(5):
            answer = await customer.say(f"word {number}")
            assert answer.status == 202
        await asyncio.sleep(3)
        told = [body for body in customer.shown[shown:] if body["author"] != "customer"]
        assert told == []
        scene.slack.faults.clear()
        await scene.reads(CALL, "word 4", card["ts"])
        thread = [m["text"] for m in scene.slack.shown(CALL, card["ts"]) if "word " in m["text"]]
        assert thread == [f"word {number}" for number in range(5)]


async def test_two_replicas_share_the_sockets(house: House, by_socket: Scene):
    scene = by_socket
    other = house.program(env=environment("socket"), name="slack-replica")
    await asyncio.to_thread(other.start)
    await scene.slack.sockets.connected(2)
    people = [Member(scene.slack, scene.transport, f"U1{n:03}") for n in range(20)]
    for number, person in enumerate(people):
        await person.says(ASKED, f"D1{number:03}")
    for number in range(20):
        await scene.reads(f"D1{number:03}", "30 days")
    assert set(scene.slack.sockets.taken[-20:]) == {0, 1}
    await scene.slack.sockets.all_acked()
    await asyncio.to_thread(other.stop)
