"""Hand-offs over HTTP: what is listed, and what each act answers."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.handoff import OpenRequest
from bot.domain.results import Rating
from bot.domain.transitions import advance
from tests.fakes.clock import START
from tests.unit.server.desk.house import ADA, BEN, CLEO, OPA, SCRIPT, House

H1 = "/desk/api/handoffs/h1"


async def test_the_list_tells_who_waits_for_what_and_how_long(house: House):
    house.waiting()
    desk = await house.at_desk()
    house.clock.advance(timedelta(minutes=3))
    answer = await desk.get("/desk/api/handoffs")
    assert (await answer.json())["handoffs"] == [
        {
            "id": "h1",
            "conversation": "c-h1",
            "line": "shop",
            "line_title": "Shop",
            "state": "waiting",
            "reason": "asked",
            "reason_text": "The customer asked for a person.",
            "rule": None,
            "priority": "normal",
            "opened_at": "2026-03-02T09:00:00+00:00",
            "waiting_seconds": 180,
            "claimed_by": None,
            "mine": False,
            "summary": "Wants help: Hello",
            "outcome": None,
        }
    ]


async def test_one_opened_has_what_was_said_and_tried(house: House):
    house.waiting(text=SCRIPT)
    desk = await house.at_desk()
    answer = await desk.get(H1)
    assert answer.content_type == "application/json"
    opened = await answer.json()
    assert opened["tried"] == ["Delivery times"]
    assert opened["rule"] is None
    asked, answered = opened["transcript"]
    assert (asked["seq"], asked["author"], asked["text"]) == (1, "customer", SCRIPT)
    assert asked["decision"] == "choices"
    assert answered["choices"] == ["Delivery"]
    assert answered["sources"] == [
        {"title": "Delivery times", "url": "https://example.org/faq"},
        {"title": "Odd", "url": None},
    ]


async def test_one_opened_has_what_the_customer_thought(house: House):
    house.waiting()
    desk = await house.at_desk()
    assert (await (await desk.get(H1)).json())["csat"] is None
    house.board.ratings["h1"] = Rating(
        handoff="h1", conversation="c-h1", line="shop", score=4, at=START, comment=SCRIPT
    )
    assert (await (await desk.get(H1)).json())["csat"] == {
        "score": 4,
        "comment": SCRIPT,
        "at": START.isoformat(),
    }


async def test_from_claim_to_resolve(house: House):
    house.waiting()
    desk = await house.at_desk()
    claimed = await (await desk.post(f"{H1}/claim", json={})).json()
    assert claimed["state"] == "human"
    assert claimed["claimed_by"] == {"id": "ada", "name": "Ada"}
    assert claimed["mine"] is True
    assert (await desk.post(f"{H1}/reply", json={"text": " On it. ", "key": "k1"})).status == 200
    assert (await desk.post(f"{H1}/note", json={"text": "A refund?"})).status == 200
    resolved = await desk.post(f"{H1}/resolve")
    assert resolved.status == 200
    assert (await resolved.json())["state"] == "ended"
    assert (await resolved.json())["outcome"] == "resolved"
    assert [r[2:] for r in house.press.replies] == [("On it.", "k1")]
    assert [n[2] for n in house.press.notes] == ["A refund?"]
    assert (await (await desk.get("/desk/api/handoffs")).json())["handoffs"] == []
    ended = (await (await desk.get("/desk/api/handoffs?ended=1")).json())["handoffs"]
    assert [row["outcome"] for row in ended] == ["resolved"]
    kinds = [e["kind"] for e in (await (await desk.get(H1)).json())["transcript"]]
    assert kinds == ["said", "said", "said", "note"]


@pytest.mark.parametrize("act", ["hand-back", "hand_back"])
async def test_handing_back_ends_it(house: House, act: str):
    house.waiting()
    desk = await house.at_desk()
    await desk.post(f"{H1}/claim")
    answer = await desk.post(f"{H1}/{act}")
    assert (answer.status, (await answer.json())["outcome"]) == (200, "handed_back")


async def test_releasing_lets_it_wait_again(house: House):
    house.waiting()
    desk = await house.at_desk()
    await desk.post(f"{H1}/claim")
    house.clock.advance(timedelta(minutes=5))
    answer = await (await desk.post(f"{H1}/release")).json()
    assert (answer["state"], answer["claimed_by"], answer["mine"]) == ("waiting", None, False)
    assert answer["waiting_seconds"] == 0


@pytest.mark.parametrize("act", ["take-over", "take_over"])
async def test_taking_over(house: House, act: str):
    house.waiting()
    first, second = await house.at_desk(ADA), await house.at_desk(BEN)
    await first.post(f"{H1}/claim")
    answer = await second.post(f"{H1}/{act}")
    assert (await answer.json())["claimed_by"]["id"] == "ben"
    late = await first.post(f"{H1}/resolve")
    assert late.status == 409
    assert await late.json() == {
        "error": "Ben has this hand-off. Take it over first.",
        "code": "not_yours",
        "holder": "Ben",
    }


async def test_two_desks_claim_at_once_and_the_loser_is_told_who_won(house: House):
    house.waiting()
    desks = [await house.at_desk(ADA), await house.at_desk(BEN)]
    answers = await asyncio.gather(*(desk.post(f"{H1}/claim") for desk in desks))
    assert sorted(a.status for a in answers) == [200, 409]
    won = await next(a for a in answers if a.status == 200).json()
    lost = await next(a for a in answers if a.status == 409).json()
    winner = won["claimed_by"]["name"]
    assert lost == {"error": f"{winner} has this hand-off.", "code": "taken", "holder": winner}


async def test_a_claim_pressed_twice_is_a_claim(house: House):
    house.waiting()
    desk = await house.at_desk()
    await desk.post(f"{H1}/claim")
    again = await desk.post(f"{H1}/claim")
    assert (again.status, (await again.json())["mine"]) == (200, True)


@pytest.mark.parametrize(
    ("act", "code"),
    [
        ("take-over", "not_claimed"),
        ("release", "not_claimed"),
        ("hand-back", "not_claimed"),
        ("resolve", "not_claimed"),
        ("reply", "not_claimed"),
    ],
)
async def test_what_nobody_claimed_refuses(house: House, act: str, code: str):
    house.waiting()
    desk = await house.at_desk()
    answer = await desk.post(f"{H1}/{act}", json={"text": "Hello"})
    told = await answer.json()
    assert (answer.status, told["code"], told["holder"]) == (409, code, None)
    assert told["error"] == "Nobody has this hand-off yet. Claim it first."


@pytest.mark.parametrize("act", ["claim", "release", "hand-back", "resolve", "reply"])
async def test_what_somebody_else_has_refuses(house: House, act: str):
    house.waiting()
    await (await house.at_desk(ADA)).post(f"{H1}/claim")
    answer = await (await house.at_desk(BEN)).post(f"{H1}/{act}", json={"text": "Hello"})
    told = await answer.json()
    assert (answer.status, told["holder"]) == (409, "Ada")
    assert told["code"] == ("taken" if act == "claim" else "not_yours")
    assert house.press.replies == []


async def test_taking_over_ones_own_refuses(house: House):
    house.waiting()
    desk = await house.at_desk()
    await desk.post(f"{H1}/claim")
    answer = await desk.post(f"{H1}/take-over")
    assert (answer.status, (await answer.json())["code"]) == (409, "already_yours")


async def test_what_is_closed_refuses(house: House):
    house.waiting()
    desk = await house.at_desk()
    await desk.post(f"{H1}/claim")
    await desk.post(f"{H1}/resolve")
    answer = await desk.post(f"{H1}/resolve")
    assert (answer.status, (await answer.json())["code"]) == (409, "closed")


@pytest.mark.parametrize("path", ["", "/claim", "/resolve", "/reply", "/note"])
async def test_what_is_unknown_is_404(house: House, path: str):
    desk = await house.at_desk()
    url = f"/desk/api/handoffs/nothing{path}"
    answer = await (desk.post(url, json={"text": "Hello"}) if path else desk.get(url))
    assert (answer.status, await answer.json()) == (404, {"error": "There is no such hand-off."})


@pytest.mark.parametrize("path", ["/dance", "/hand_over", "/fault"])
async def test_there_are_no_other_acts(house: House, path: str):
    house.waiting()
    answer = await (await house.at_desk()).post(f"{H1}{path}")
    assert answer.status == 404


@pytest.mark.parametrize("stranger", [CLEO, OPA])
async def test_another_line_does_not_exist(house: House, stranger):
    house.waiting("h1", line="shop")
    house.waiting("h2", line="it")
    desk = await house.at_desk(stranger)
    listed = (await (await desk.get("/desk/api/handoffs")).json())["handoffs"]
    assert [row["id"] for row in listed] == (["h2"] if stranger is CLEO else [])
    assert (await desk.get(H1)).status == 404
    for act in ("claim", "release", "reply", "note"):
        answer = await desk.post(f"{H1}/{act}", json={"text": "Hello"})
        assert answer.status == 404
    assert house.press.notes == []


async def test_a_reply_that_starts_as_a_note_stays_inside(house: House):
    house.waiting()
    desk = await house.at_desk()
    await desk.post(f"{H1}/claim")
    answer = await desk.post(f"{H1}/reply", json={"text": "// do not tell them"})
    assert (await answer.json())["kind"] == "note"
    assert house.press.replies == []
    assert house.press.notes[0][2] == "do not tell them"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": ""},
        {"text": "  "},
        {"text": 5},
        {"text": "x" * 4001},
        {"text": "a\0b"},
        {"text": "\ud800"},
        {"text": "//"},
        {"text": "x", "key": 7},
        {"text": "x", "key": "two words"},
        {"text": "x", "key": "k" * 101},
    ],
)
async def test_words_that_cannot_be_used_are_refused(house: House, body):
    house.waiting()
    desk = await house.at_desk()
    await desk.post(f"{H1}/claim")
    answer = await desk.post(f"{H1}/reply", json=body)
    assert answer.status == 400
    assert (await answer.json())["error"]


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"[" * 50_000, b"\xff"])
async def test_a_body_that_is_no_object_is_refused(house: House, body: bytes):
    house.waiting()
    desk = await house.at_desk()
    answer = await desk.post(f"{H1}/note", data=body, headers={"Content-Type": "application/json"})
    assert answer.status == 400


async def test_a_body_too_large_is_refused(house: House):
    house.waiting()
    answer = await (await house.at_desk()).post(f"{H1}/note", json={"text": "x" * 70_000})
    assert answer.status == 413
    assert "in parts of at most 4000 characters." in (await answer.json())["error"]


async def test_while_the_database_is_away(house: House):
    house.waiting()
    desk = await house.at_desk()
    house.press.away = True
    answer = await desk.post(f"{H1}/claim")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "2")
    house.board.away = house.staff.away = True
    for path in ("/desk/api/handoffs", H1, "/desk/api/session", "/desk/api/stream"):
        answer = await desk.get(path)
        assert answer.status == 503
        assert "database" in (await answer.json())["error"]
    page = await desk.get("/desk")
    assert (page.status, page.content_type) == (503, "text/html")


async def test_what_has_been_superseded_has_ended(house: House):
    house.waiting()
    desk = await house.at_desk()
    house.press.forgotten.add("h1")
    for act in ("claim", "reply", "note"):
        answer = await desk.post(f"{H1}/{act}", json={"text": "Hello"})
        assert answer.status == 409
        assert (await answer.json())["error"] == "This hand-off has ended."


async def test_what_nobody_came_for_stays_until_it_is_done(house: House):
    house.waiting()
    left = house.board.find("h1")
    assert left is not None
    assert left.handoff is not None
    now = house.clock.now()
    request = OpenRequest(kind="callback", number="12AB-34CD", opened_at=now, wish="at five")
    ended = advance(left, "exhaust", now=now)
    assert ended.handoff is not None
    house.board.put(replace(ended, handoff=replace(ended.handoff, request=request)))
    desk = await house.at_desk()
    opened = await (await desk.get(H1)).json()
    assert opened["state"] == "callback"
    assert opened["request"] == {"kind": "callback", "number": "12AB-34CD", "wish": "at five"}
    (row,) = (await (await desk.get("/desk/api/handoffs")).json())["handoffs"]
    assert (row["state"], row["waiting_seconds"]) == ("callback", 0)
    done = await desk.post(f"{H1}/done", json={})
    assert (done.status, (await done.json())["state"]) == (200, "ended")
    assert (await (await desk.get("/desk/api/handoffs")).json())["handoffs"] == []
    again = await desk.post(f"{H1}/done", json={})
    assert again.status == 409
    assert (await (await house.at_desk(CLEO)).post(f"{H1}/done", json={})).status == 404
