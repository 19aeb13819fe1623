"""The first route that accepts takes the turn; middleware goes around it in order."""

import pytest

from bot.core import filters as f
from bot.core.middleware import Next, compose
from bot.core.router import Route, Router, Unhandled
from bot.domain.conversation import Conversation, Outcome, Turn
from bot.domain.message import Inbound, Media, Part, Pressed, Sender, Text
from bot.domain.reading import Reading
from tests.fakes.clock import START
from tests.unit.core.house import ROOM


def turn(*parts: Part, wants_human: float = 0.0, **changes) -> Turn:
    kind = changes.pop("kind", "message")
    event = Inbound(
        key="fake:e1",
        trace="t",
        address=ROOM,
        sender=Sender(handle="max"),
        parts=parts,
        sent_at=START,
        kind=kind,
    )
    conversation = Conversation(id="c1", line="shop", address=ROOM, opened_at=START, **changes)
    reading = Reading(wants_human=wants_human)
    return Turn(event=event, conversation=conversation, reading=reading, now=START)


def says(decision: str):
    async def handler(turn: Turn) -> Outcome:
        return Outcome(conversation=turn.conversation, decision=decision)

    return handler


async def test_the_first_that_accepts_takes_the_turn():
    router = Router(
        (
            Route(f.held_by("human"), says("human")),
            Route(f.always, says("first")),
            Route(f.always, says("second")),
        )
    )
    assert (await router(turn())).decision == "first"
    assert (await router(turn(holder="human"))).decision == "human"


async def test_a_hole_in_the_table_is_an_error_without_words():
    with pytest.raises(Unhandled, match="nothing handles message held by bot") as error:
        await Router(())(turn(Text(text="a secret")))
    assert "secret" not in str(error.value)


async def test_middleware_goes_around_in_order():
    seen = []

    def layer(name: str):
        async def around(inner: Next, turn: Turn) -> Outcome:
            seen.append(f"{name} before")
            outcome = await inner(turn)
            seen.append(f"{name} after")
            return outcome

        return around

    route = compose((layer("outer"), layer("inner")), says("done"))
    assert (await route(turn())).decision == "done"
    assert seen == ["outer before", "inner before", "inner after", "outer after"]
    assert (await compose((), says("bare"))(turn())).decision == "bare"


async def test_middleware_may_answer_itself():
    async def refuse(_inner: Next, turn: Turn) -> Outcome:
        return Outcome(conversation=turn.conversation, decision="refused")

    assert (await compose((refuse,), says("never"))(turn())).decision == "refused"


def test_filters_by_holder_and_kind():
    assert f.held_by("bot", "closed")(turn(holder="closed"))
    assert not f.held_by("bot")(turn(holder="waiting"))
    assert f.kind("joined", "receipt")(turn(kind="joined"))
    assert not f.kind("joined")(turn())


@pytest.mark.parametrize(
    ("value", "wanted", "matches"),
    [
        ("person", f.PERSON, True),
        ("personal", f.PERSON, False),
        ("article:a1", f.ARTICLE, True),
        ("article", f.ARTICLE, False),
        ("", f.CANCEL, False),
    ],
)
def test_filters_by_button(value: str, wanted: str, matches: bool):  # noqa: FBT001  a table
    assert f.presses(wanted)(turn(Pressed(value=value), kind="pressed")) is matches
    assert not f.presses(wanted)(turn(Text(text=value)))


def test_wordless_events():
    file = Media(url="u", mime="image/png", name="f.png")
    assert f.wordless(turn(file))
    assert f.wordless(turn(Text(text=" \n")))
    assert not f.wordless(turn(file, Text(text="look")))
    assert not f.wordless(turn(Pressed(value="none"), kind="pressed"))


def test_filters_join():
    assert f.both(f.always, f.held_by("bot"))(turn())
    assert not f.both(f.always, f.held_by("human"))(turn())
    assert f.either(f.held_by("human"), f.held_by("bot"))(turn())
    assert not f.either(f.held_by("human"), f.held_by("closed"))(turn())


@pytest.mark.parametrize(
    ("part", "kind", "starts"),
    [
        (Text(text="hi"), "message", True),
        (Pressed(value="person"), "pressed", True),
        (Pressed(value="cancel"), "pressed", False),
        (Pressed(value="end"), "pressed", False),
        (Text(text="hi"), "edited", False),
        (Text(text="hi"), "receipt", False),
    ],
)
def test_what_starts_a_talk(part: Part, kind: str, starts: bool):  # noqa: FBT001  a table
    assert f.starts_talk(turn(part, kind=kind).event) is starts
