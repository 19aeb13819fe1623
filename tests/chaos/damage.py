"""Doing harm at random moments, and writing down what was being sent at each of them."""

import asyncio
import random
import signal
from collections.abc import Sequence
from typing import Literal, TypeAlias

from tests.chaos.replica import BLOCKED_S
from tests.chaos.replicas import Replica
from tests.chaos.server import Server
from tests.chaos.truth import Marking, Truth

Act: TypeAlias = Literal["kill", "freeze", "block", "restart fast", "restart immediate"]
FROZEN_S = 7
_SETTLE_S = 0.1
"""The server still finishes what a process sent it before it died."""
_EARLY = 0.2
"""The share of kills that come while a replica is still starting."""


class Damage:
    """Hurts replicas and their database. `marked` is every send that was under way at a blow."""

    def __init__(
        self, replicas: Sequence[Replica], truth: Truth, server: Server, dice: random.Random
    ) -> None:
        self.kills = 0
        self.marked: set[Marking] = set()
        self._replicas = replicas
        self._truth = truth
        self._server = server
        self._dice = dice

    async def act(self, act: Act) -> None:
        """Do one thing to one replica, or to the database."""
        victim = self._dice.choice(self._replicas)
        match act:
            case "kill":
                await self._kill(victim)
            case "freeze":
                await self._freeze(victim)
            case "block":
                await victim.ready()
                victim.send(signal.SIGUSR1)
                await self._note()
                await asyncio.sleep(BLOCKED_S)
                await self._note()
            case "restart fast":
                await self._restart("fast")
            case "restart immediate":
                await self._restart("immediate")

    async def _kill(self, victim: Replica) -> None:
        if self._dice.random() < _EARLY:
            await asyncio.sleep(self._dice.uniform(0.1, 2))
        else:
            await victim.ready()
            await asyncio.sleep(self._dice.uniform(0.1, 5))
        await victim.kill()
        self.kills += 1
        await self._note()
        await victim.start()

    async def _freeze(self, victim: Replica) -> None:
        await victim.ready()
        victim.send(signal.SIGSTOP)
        await self._note()
        await asyncio.sleep(FROZEN_S)
        victim.send(signal.SIGCONT)

    async def _restart(self, how: Literal["fast", "immediate"]) -> None:
        for replica in self._replicas:
            await replica.ready()
        await self._note()
        await self._server.restart(how)
        await self._note()

    async def _note(self) -> None:
        """Write down what is being sent, twice: commits under way may still come through."""
        self.marked |= await self._truth.sending()
        await asyncio.sleep(_SETTLE_S)
        self.marked |= await self._truth.sending()
