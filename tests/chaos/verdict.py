"""Comparing what was acknowledged with what was done and what arrived."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from tests.chaos.truth import Done, Marking, Truth
from tests.doubles.http_channel import event_key
from tests.doubles.platform import Arrival


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one scenario has shown."""

    scenario: str
    kills: int
    acked: int
    lost: int
    doubled_turns: int
    doubled_sends: int
    in_flight_at_kill: int
    order_kept: bool

    def line(self) -> dict[str, object]:
        return asdict(self)

    def faults(self, *, kills: int, acked: int) -> list[str]:
        """The goals that were missed, in words."""
        goals = {
            f"at least {kills} kills": self.kills >= kills,
            f"at least {acked} messages acknowledged": self.acked >= acked,
            "nothing lost": self.lost == 0,
            "no turn doubled": self.doubled_turns == 0,
            "no more doubled sends than were under way": (
                self.doubled_sends <= self.in_flight_at_kill
            ),
            "order kept": self.order_kept,
        }
        return [goal for goal, met in goals.items() if not met]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything a verdict is made from. `acked` holds each conversation's keys in order."""

    acked: Mapping[str, Sequence[str]]
    arrivals: Sequence[Arrival]
    done: Done
    marked: set[Marking]
    truth: Truth

    def verdict(self, scenario: str, kills: int) -> Verdict:
        return Verdict(
            scenario=scenario,
            kills=kills,
            acked=len(self._keys()),
            lost=len(self.lost()),
            doubled_turns=self._doubled_turns(),
            doubled_sends=sum(count - 1 for count in self._sends().values()),
            in_flight_at_kill=len(self.marked),
            order_kept=not self.disordered(),
        )

    def lost(self) -> list[str]:
        """Acknowledged messages that were not done once, or whose answer never arrived."""
        arrived = self._answers()
        return [key for key in self._keys() if key not in arrived or not self._done(key)]

    def disordered(self) -> list[str]:
        """Conversations whose answers first arrived in another order than they were asked."""
        return [
            room for room, keys in self.acked.items() if self._first_answers(room) != list(keys)
        ]

    def unexplained(self) -> list[str]:
        """What arrived more than once although it was not being sent at any blow."""
        at_risk = {marking.key for marking in self.marked}
        twice = (key for key, count in self._sends().items() if count > 1)
        return [key for key in twice if self.truth.digest(key) not in at_risk]

    def _keys(self) -> list[str]:
        return [key for keys in self.acked.values() for key in keys]

    def _done(self, key: str) -> bool:
        known = self.truth.digest(event_key(key))
        once = (self.done.events[known], self.done.heard[known], self.done.answers[key])
        return min(once) >= 1

    def _doubled_turns(self) -> int:
        heard = [self.done.heard[self.truth.digest(event_key(key))] for key in self._keys()]
        answers = [self.done.answers[key] for key in self._keys()]
        return self.done.gaps + sum(max(0, count - 1) for count in (*heard, *answers))

    def _sends(self) -> Counter[str]:
        return Counter(arrival.key for arrival in self.arrivals)

    def _answers(self) -> set[str]:
        return {arrival.event for arrival in self.arrivals if arrival.author == "bot"}

    def _first_answers(self, room: str) -> list[str]:
        answers = (a for a in self.arrivals if a.room == room and a.author == "bot")
        return list(dict.fromkeys(answer.event for answer in answers))
