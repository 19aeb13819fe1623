"""What every keeper of proposals must do, decisions and all."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.errors import Conflict
from bot.domain.teaching import Lessons, Proposal, Proposals, Wording, approved, rejected, undone

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
SOON = NOW + timedelta(seconds=30)
MUCH_LATER = NOW + timedelta(minutes=10)


def proposal(name: str = "p1", *, kb: str = "shop", minutes: int = 0) -> Proposal:
    return Proposal(
        id=name,
        source=f"handoff:{name}",
        kb=kb,
        line="shop",
        kind="article",
        questions=(f"Do you sell {name}?", "got any?"),
        answer="In May.",
        conversation="c1",
        told_by="Ada",
        proposed_at=NOW + timedelta(minutes=minutes),
    )


def accepted(one: Proposal, at: datetime = NOW) -> Proposal:
    return approved(one, Wording(), by="ada", at=at)


class ProposalsSuite:
    """Subclass it and give it an empty keeper, and the lessons over it."""

    @pytest.fixture
    def proposals(self) -> Proposals:
        raise NotImplementedError

    @pytest.fixture
    def lessons(self) -> Lessons:
        raise NotImplementedError

    async def put(self, proposals: Proposals, *made: Proposal) -> None:
        for one in made:
            assert await proposals.propose(one.source, [one], at=NOW)

    async def test_a_source_is_learnt_from_once(self, proposals: Proposals):
        await self.put(proposals, proposal())
        again = replace(proposal(), id="p2")
        assert not await proposals.propose("handoff:p1", [again], at=NOW)
        assert await proposals.propose("handoff:empty", [], at=NOW)
        assert not await proposals.propose("handoff:empty", [again], at=NOW)
        assert await proposals.found() == (proposal(),)
        assert await proposals.get("p1") == proposal()
        assert await proposals.get("p2") is None

    async def test_open_ones_come_first_and_the_newest_of_them(self, proposals: Proposals):
        one, two, three = (proposal(f"p{n}", minutes=n) for n in (1, 2, 3))
        other = proposal("it", kb="it", minutes=9)
        await self.put(proposals, one, two, three, other)
        put_aside = rejected(three, by="ada", at=NOW)
        await proposals.decide(put_aside, was="open")
        assert await proposals.found() == (other, two, one, put_aside)
        assert await proposals.found("shop") == (two, one, put_aside)
        assert await proposals.found("shop", limit=1) == (two,)

    async def test_one_decision_wins(self, proposals: Proposals):
        await self.put(proposals, proposal())
        await proposals.decide(accepted(proposal()), was="open")
        with pytest.raises(Conflict):
            await proposals.decide(rejected(proposal(), by="ben", at=NOW), was="open")
        with pytest.raises(Conflict):
            await proposals.decide(proposal("nobody"), was="open")
        assert await proposals.get("p1") == accepted(proposal())

    async def test_what_is_decided_waits_until_it_is_live(
        self, proposals: Proposals, lessons: Lessons
    ):
        await self.put(proposals, proposal(), proposal("p2"), proposal("it", kb="it"))
        assert await lessons.take_waiting(NOW) == ()
        await proposals.decide(accepted(proposal("p2"), NOW), was="open")
        await proposals.decide(accepted(proposal(), SOON), was="open")
        decided = await lessons.decided("shop")
        assert [one.id for one in decided] == ["p2", "p1"]
        assert await lessons.decided("it") == ()
        await lessons.published(decided, 7)
        assert [(one.version, one.pending) for one in await lessons.decided("shop")] == [
            (7, False),
            (7, False),
        ]
        assert await lessons.take_waiting(MUCH_LATER) == ()

    async def test_what_is_undone_counts_until_it_is_out(
        self, proposals: Proposals, lessons: Lessons
    ):
        await self.put(proposals, proposal())
        await proposals.decide(accepted(proposal()), was="open")
        await lessons.published(await lessons.decided("shop"), 7)
        (held,) = await lessons.decided("shop")
        out = undone(held, by="ben", at=SOON)
        await proposals.decide(out, was="approved")
        assert await lessons.decided("shop") == (out,)
        await lessons.published([out], 8)
        assert await lessons.decided("shop") == ()
        kept = await proposals.get("p1")
        assert kept == out.settled(8)
        assert (kept.version, kept.undone_version, kept.pending) == (7, 8, False)

    async def test_a_decision_made_meanwhile_is_not_live(
        self, proposals: Proposals, lessons: Lessons
    ):
        await self.put(proposals, proposal())
        await proposals.decide(accepted(proposal()), was="open")
        seen = await lessons.decided("shop")
        out = undone(accepted(proposal()), by="ben", at=SOON)
        await proposals.decide(out, was="approved")
        await lessons.published(seen, 7)
        assert await proposals.get("p1") == out

    async def test_one_publishes_and_another_when_that_one_does_not_end(
        self, proposals: Proposals, lessons: Lessons
    ):
        await self.put(proposals, proposal(), proposal("p2"), proposal("it", kb="it"))
        for name in ("p1", "p2", "it"):
            held = await proposals.get(name)
            assert held is not None
            await proposals.decide(accepted(held), was="open", taken=name == "p2")
        assert await lessons.take_waiting(NOW) == ("it", "shop")
        assert await lessons.take_waiting(SOON) == ()
        assert await lessons.take_waiting(MUCH_LATER) == ("it", "shop")

    async def test_whoever_decides_may_publish(self, proposals: Proposals, lessons: Lessons):
        await self.put(proposals, proposal())
        await proposals.decide(accepted(proposal()), was="open", taken=True)
        assert await lessons.take_waiting(SOON) == ()
        assert await lessons.take_waiting(MUCH_LATER) == ("shop",)
