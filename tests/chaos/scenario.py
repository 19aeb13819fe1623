"""One scenario: replicas, customers, damage, quiet, verdict."""

import asyncio
import json
import os
import random
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.store.keyring import keyring_file
from tests.chaos.damage import Act, Damage
from tests.chaos.replicas import Replica, ingest
from tests.chaos.server import open_server
from tests.chaos.traffic import Load, Traffic, article_files, questions
from tests.chaos.truth import Truth
from tests.chaos.verdict import Evidence, Verdict
from tests.doubles.http_channel import ACCOUNT, NAME
from tests.doubles.platform import Platform, open_platform
from tests.integration.knowledge.exported import exported
from tests.support.program import reachable_folder

Say = Callable[[str], None]

LINES = {
    "shop": {
        "title": "the shop",
        "kb": "shop",
        "addresses": [f"{NAME}:{ACCOUNT}"],
        "unknowns_before_handoff": 10,  # a person would answer instead of the bot
    }
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one scenario does. `own_server`: replicas share a server by its URL."""

    name: str
    replicas: int
    own_server: bool
    mixed_in: tuple[Act, ...] = ()


PLANS = {
    plan.name: plan
    for plan in (
        Plan(name="embedded", replicas=1, own_server=False),
        Plan(
            name="replicas",
            replicas=2,
            own_server=True,
            mixed_in=("freeze", "block", "restart fast", "freeze", "block", "restart immediate"),
        ),
    )
}


async def run(plan: Plan, load: Load, kills: int, seed: int, say: Say) -> Verdict:
    """Run one scenario to its verdict."""
    dice = random.Random(f"{seed} {plan.name}")  # noqa: S311  repeatable, not secret
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(reachable_folder())
        platform = await stack.enter_async_context(open_platform(seed))
        house = House(plan, folder, platform)
        server = await stack.enter_async_context(open_server(house.database))
        replicas = await stack.enter_async_context(house.open(server.url, say))
        truth = Truth(server.url, house.keys)
        traffic = Traffic(
            doors=[replica.base for replica in replicas],
            secret=house.secret.encode(),
            load=load,
            dice=dice,
            asked=questions(),
        )
        damage = Damage(replicas, truth, server, dice)
        async with asyncio.TaskGroup() as group:
            group.create_task(traffic.run())
            await _hurt(plan, damage, kills, dice, traffic, say)
            traffic.finish()
        say(f"{traffic.count} messages acknowledged, {traffic.redelivered} of them sent twice")
        if not await truth.quiet():
            say("\n".join(["work is left that nobody does:", *await truth.left()]))
        evidence = Evidence(
            acked=traffic.acked,
            arrivals=platform.arrivals,
            done=await truth.done(),
            marked=damage.marked,
            truth=truth,
        )
        _tell(evidence, say)
        return evidence.verdict(plan.name, damage.kills)


async def _hurt(
    plan: Plan, damage: Damage, kills: int, dice: random.Random, traffic: Traffic, say: Say
) -> None:
    kill: Act = "kill"
    acts = [*plan.mixed_in, *[kill] * kills]
    dice.shuffle(acts)
    for number, act in enumerate(acts, start=1):
        await damage.act(act)
        say(f"{number}/{len(acts)} {act}; {traffic.count} acknowledged")


def _tell(evidence: Evidence, say: Say) -> None:
    for fault, found in (
        ("lost", evidence.lost()),
        ("out of order", evidence.disordered()),
        ("sent twice without having been under way", evidence.unexplained()),
    ):
        if found:
            say(f"{fault}: {', '.join(found[:10])}")


class House:
    """The folders and settings of a scenario's replicas."""

    def __init__(self, plan: Plan, folder: Path, platform: Platform) -> None:
        self.secret = secrets.token_hex(16)
        keys = folder / "keys.json"
        keyring_file(keys)
        self.keys = keys.read_text()
        self._plan = plan
        self._folder = folder
        self._platform = platform
        self._data = [folder / f"data-{number}" for number in range(plan.replicas)]
        for data in self._data:
            data.mkdir()
            (data / "encoder").symlink_to(exported())

    @property
    def database(self) -> Path:
        """The data folder whose embedded server is used."""
        return self._folder / "server" if self._plan.own_server else self._data[0]

    @asynccontextmanager
    async def open(self, url: str, say: Say) -> AsyncIterator[Sequence[Replica]]:
        """Replicas that are ready, with something to answer from."""
        say("taking in the articles")
        await ingest(self._data[0], article_files(), self._env(self._data[0], url))
        replicas = [
            Replica(
                (str(data), self._platform.url, self.secret),
                self._env(data, url),
                data.with_suffix(".log"),
            )
            for data in self._data
        ]
        try:
            for replica in replicas:
                await replica.start()
                await replica.ready()
            say("ready")
            yield replicas
        finally:
            for replica in replicas:
                await replica.stop()

    def _env(self, data: Path, url: str) -> dict[str, str]:
        own = {"CARELINE_DATABASE__URL": url} if self._plan.own_server else {}
        return own | {
            "PATH": os.defpath,
            "HOME": str(data),
            "CARELINE_KEYS": self.keys,
            "CARELINE_LINES": json.dumps(LINES),
        }
