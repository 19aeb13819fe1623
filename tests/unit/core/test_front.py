"""The front page: what to ask, what is open, who is on call."""

from bot.core.front import LineFront
from bot.core.lines import Lines
from bot.domain.conversation import Conversation
from bot.domain.handoff import Handoff
from bot.domain.message import Address
from tests.conformance.shelf_suite import COST, PAY, TRACK, put
from tests.fakes.clock import FakeClock
from tests.fakes.desk import FakeBoard
from tests.fakes.oncall import FakeOnCall
from tests.fakes.shelf import FakeShelf
from tests.unit.core.house import ROOM, line


class World:
    """A front over fakes; `fresh` counts how often who is on call was read."""

    def __init__(self, **changes: object) -> None:
        self.clock, self.board, self.shelf = FakeClock(), FakeBoard(), FakeShelf()
        self.fresh = 0
        self.front = LineFront(
            lines=Lines((line(**changes),)),
            board=self.board,
            shelf=self.shelf,
            oncall=FakeOnCall(),
            clock=self.clock,
            fresh=self._read,
        )

    async def _read(self) -> None:
        self.fresh += 1


def asked(name: str, who: str, place: Address = ROOM) -> Conversation:
    clock = FakeClock()
    handoff = Handoff(id=f"h{name}", reason="asked", opened_at=clock.now(), summary=name)
    return Conversation(
        id=name,
        line="shop",
        address=place,
        opened_at=clock.now(),
        customers=(who,),
        holder="waiting",
        handoff=handoff,
    )


async def test_a_page_has_ones_own_open_requests_and_questions_to_ask():
    world = World()
    await put(world.shelf, "shop", TRACK, PAY, COST)
    for one in (asked("a", "max"), asked("b", "eve")):
        world.board.put(one)
    world.board.put(asked("c", "max", Address(channel="web", account="shop", room="r1")))
    page = await world.front.page(ROOM, "max")
    assert page is not None
    assert [row.summary for row in page.requests] == ["a"]
    assert page.prompts == (COST.question, TRACK.question)
    assert page.title == "the shop"
    assert page.duty.team == "support"


async def test_the_settings_prompts_go_first():
    world = World(prompts=("How do I reset my password?",))
    await put(world.shelf, "shop", TRACK)
    assert await world.front.prompts(ROOM) == ("How do I reset my password?",)


async def test_who_is_on_call_is_read_once_a_minute():
    world = World()
    for _ in range(3):
        await world.front.page(ROOM, "max")
    assert world.fresh == 1


async def test_a_place_of_no_line_has_no_page():
    world = World()
    nowhere = Address(channel="fake", account="elsewhere", room="r")
    assert await world.front.page(nowhere, "max") is None
    assert await world.front.prompts(nowhere) == ()
