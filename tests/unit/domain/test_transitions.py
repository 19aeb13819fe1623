"""Every cell of the table: the listed lead where it says, all others are refusals with words."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import get_args

import pytest

from bot.domain.contact import Person
from bot.domain.conversation import Conversation, Holder
from bot.domain.errors import TransitionRefused
from bot.domain.handoff import Handoff, HandoffOutcome, Rung
from bot.domain.message import Address
from bot.domain.skill import PendingSkill
from bot.domain.transitions import OWNER_ONLY, TABLE, Act, advance
from tests.fakes.clock import START

NOW = START + timedelta(minutes=5)
ADA, BEN = Person(id="ada", name="Ada"), Person(id="ben", name="Ben")
HOLDERS: tuple[Holder, ...] = get_args(Holder)
ACTS: tuple[Act, ...] = get_args(Act)
CELLS = list(product(HOLDERS, ACTS))
CODES = {"bot": "not_waiting", "waiting": "not_claimed", "human": "taken", "closed": "closed"}
STAYS = {("waiting", "fault"), ("human", "fault")}
ENDS: dict[Act, HandoffOutcome] = {
    "exhaust": "exhausted",
    "cancel": "cancelled",
    "hand_back": "handed_back",
    "resolve": "resolved",
    "end": "customer_ended",
}
FRESH = Handoff(id="h2", reason="asked", opened_at=NOW)


def held_by(holder: Holder) -> Conversation:
    rung = Rung(team="support", means="room", wait=timedelta(minutes=15))
    handoff = Handoff(id="h1", reason="asked", opened_at=START, ladder=(rung, rung), rung=1)
    if holder == "human":
        handoff = replace(handoff, claimed_by="ada", claimed_name="Ada", claimed_at=START)
    if holder == "closed":
        handoff = replace(handoff, outcome="resolved", ended_at=START)
    return Conversation(
        id="c1",
        line="shop",
        address=Address(channel="web", account="shop", room="r1"),
        opened_at=START,
        holder=holder,
        version=7,
        revision=3,
        handoff=None if holder == "bot" else handoff,
        pending=PendingSkill(skill="order_status", asker="max"),
        unknowns=1,
        closed_at=START if holder == "closed" else None,
    )


def move(before: Conversation, act: Act, by: Person | None = None) -> Conversation:
    actor = by or (BEN if act == "take_over" else ADA)
    return advance(before, act, now=NOW, by=actor, handoff=FRESH)


def test_the_table_is_the_designed_one():
    assert dict(TABLE) == {
        ("bot", "hand_over"): "waiting",
        ("waiting", "claim"): "human",
        ("waiting", "exhaust"): "bot",
        ("waiting", "cancel"): "bot",
        ("human", "take_over"): "human",
        ("human", "release"): "waiting",
        ("human", "lapse"): "waiting",
        ("human", "hand_back"): "bot",
        ("human", "resolve"): "closed",
        ("human", "end"): "closed",
        ("bot", "close"): "closed",
        ("closed", "reopen"): "bot",
        ("bot", "fault"): "waiting",
        ("closed", "fault"): "waiting",
        ("waiting", "fault"): "waiting",
        ("human", "fault"): "human",
    }


@pytest.mark.parametrize(("holder", "act"), [cell for cell in CELLS if cell not in TABLE])
def test_a_cell_that_is_not_listed_is_refused(holder: Holder, act: Act):
    with pytest.raises(TransitionRefused) as refused:
        move(held_by(holder), act)
    assert refused.value.code == CODES[holder]
    assert refused.value.holder_name == ("Ada" if holder == "human" else None)


@pytest.mark.parametrize(("holder", "act"), list(TABLE))
def test_a_listed_cell_leads_where_the_table_says(holder: Holder, act: Act):
    before = held_by(holder)
    after = move(before, act)
    assert after.holder == TABLE[holder, act]
    if (holder, act) in STAYS:
        assert after == before
    else:
        assert after.version == before.version + 1
    same = {"id", "line", "address", "opened_at", "customers", "revision", "language", "mode"}
    assert all(getattr(after, name) == getattr(before, name) for name in same)


@pytest.mark.parametrize(("holder", "act"), [c for c in TABLE if c[1] in ENDS])
def test_an_end_draws_a_boundary(holder: Holder, act: Act):
    after = move(held_by(holder), act)
    assert after.handoff is not None
    assert (after.handoff.outcome, after.handoff.ended_at) == (ENDS[act], NOW)
    assert (after.boundary, after.unknowns, after.pending) == (NOW, 0, None)
    assert after.closed_at == (NOW if after.holder == "closed" else None)


@pytest.mark.parametrize(
    ("holder", "act"), [("bot", "hand_over"), ("bot", "fault"), ("closed", "fault")]
)
def test_opening_takes_the_new_handoff(holder: Holder, act: Act):
    after = move(held_by(holder), act)
    assert after.handoff == FRESH
    assert (after.closed_at, after.unknowns, after.pending) == (None, 0, None)
    assert after.escalated
    with pytest.raises(ValueError, match="needs the hand-off"):
        advance(held_by(holder), act, now=NOW)


def test_a_claim_names_the_claimer():
    after = move(held_by("waiting"), "claim")
    assert after.handoff is not None
    assert (after.handoff.claimed_by, after.handoff.claimed_name) == ("ada", "Ada")
    assert after.handoff.claimed_at == NOW
    assert after.handoff.outcome is None
    with pytest.raises(ValueError, match="needs a person"):
        advance(held_by("waiting"), "claim", now=NOW)


def test_taking_over_is_for_others():
    after = move(held_by("human"), "take_over", BEN)
    assert after.handoff is not None
    assert (after.handoff.claimed_by, after.handoff.claimed_name) == ("ben", "Ben")
    with pytest.raises(TransitionRefused) as refused:
        move(held_by("human"), "take_over", ADA)
    assert refused.value.code == "already_yours"


def test_a_release_starts_the_ladder_again():
    after = move(held_by("human"), "release")
    assert after.handoff is not None
    assert after.handoff.rung == 0
    assert (after.handoff.claimed_by, after.handoff.claimed_name) == (None, None)
    assert (after.handoff.claimed_at, after.handoff.outcome) == (None, None)


@pytest.mark.parametrize("act", sorted(OWNER_ONLY))
@pytest.mark.parametrize("by", [BEN, None])
def test_owners_acts_are_refused_to_others(act: Act, by: Person | None):
    with pytest.raises(TransitionRefused) as refused:
        advance(held_by("human"), act, now=NOW, by=by)
    assert (refused.value.code, refused.value.holder_name) == ("not_yours", "Ada")


def test_reopening_starts_the_context_after_the_end():
    after = move(held_by("closed"), "reopen")
    assert (after.boundary, after.closed_at, after.handoff, after.unknowns) == (
        START,
        None,
        None,
        0,
    )
    rated = replace(held_by("closed"), boundary=START + timedelta(minutes=1))
    assert move(rated, "reopen").boundary == rated.boundary
    never_dated = replace(held_by("closed"), closed_at=None)
    assert move(never_dated, "reopen").boundary == NOW


def test_a_silent_conversation_is_closed_behind_a_boundary():
    after = move(held_by("bot"), "close")
    assert (after.boundary, after.closed_at, after.unknowns, after.pending) == (NOW, NOW, 0, None)
    assert (after.handoff, after.escalated) == (None, False)
