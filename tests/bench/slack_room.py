"""Twenty talks in one staff channel under Slack's rate: how long a customer's words take there.

The double takes about a message a second of a channel, in all its threads together, and a few at
once; what comes sooner is answered 429. https://docs.slack.dev/apis/web-api/rate-limits
"""

import asyncio
import json
import random
from time import perf_counter
from typing import Any

from tests.bench.figures import percentile
from tests.bench.harness import LINE, Bench
from tests.contract.slack import events
from tests.contract.slack.client import ByHttp, Member, buttons, words
from tests.contract.slack.double import TOKEN, SlackDouble, slack_double
from tests.support.program import Program

_TALKS, _FEW_TALKS = 20, 6
_SAID = 4
"""Messages of each customer."""
_EVERY_S = 30.0
"""Between two messages of one customer: together two thirds of what Slack takes."""
_CALL = "C0CALL"


async def measure(bench: Bench) -> None:
    talks = _FEW_TALKS if bench.quick else _TALKS
    async with slack_double() as slack:
        slack.per_s = 1.0
        async with bench.running(more=_environment(slack)) as program:
            staff = ("staff", "add", "ada", "--name", "Ada", "--address", "slack:T0CARE:U0ADA")
            await asyncio.to_thread(program.command, *staff)
            bench.report.say(f"{talks} talks through one Slack channel")
            await _measured(bench, slack, program, talks)


async def _measured(bench: Bench, slack: SlackDouble, program: Program, talks: int) -> None:
    way = ByHttp(f"{program.base}/slack/events")
    people = [Member(slack, way, f"U0C{number:03}") for number in range(talks)]
    threads = await asyncio.gather(*(_begun(slack, way, one) for one in people))
    before = slack.refused
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(_said(slack, one, thread, talks))
            for one, thread in zip(people, threads, strict=True)
        ]
    taken = [seconds for task in tasks for seconds in task.result()]
    report = bench.report
    what = f"{talks} talks in one Slack channel, customer to thread"
    report.add(f"{what} p50", percentile(taken, 50), "s")
    report.add(f"{what} p95", percentile(taken, 95), "s")
    report.add(f"{what} maximum", max(taken), "s")
    report.add(f"{what}, answered 429", slack.refused - before, "times")


async def _begun(slack: SlackDouble, way: ByHttp, one: Member) -> str:
    """A hand-off that Ada has claimed; its thread."""
    room = f"D{one.user[1:]}"
    await one.says(f"I want to talk to a person about case {one.user}", room)

    def carded(slack: SlackDouble) -> dict[str, Any] | None:
        cards = (m for m in slack.shown(_CALL) if buttons(m) and not m.get("thread_ts"))
        return next((m for m in cards if one.user in words(m)), None)

    card = await slack.until(carded, patience_s=120)
    await Member(slack, way, "U0ADA").presses("Claim", card)
    await slack.until(lambda _slack: any("joined" in words(m) for m in slack.shown(room)), 120)
    return str(card["ts"])


async def _said(slack: SlackDouble, one: Member, thread: str, talks: int) -> list[float]:
    """Seconds until each of somebody's messages stood in the thread."""
    taken = []
    chance = random.Random(one.user)  # noqa: S311  a schedule
    await asyncio.sleep(chance.uniform(0, _EVERY_S * talks / _TALKS))
    for number in range(_SAID):
        text = f"{one.user} says {number} and waits"
        began = perf_counter()
        await one.says(text, f"D{one.user[1:]}")

        def there(slack: SlackDouble, text: str = text) -> bool:
            return any(text in words(m) for m in slack.shown(_CALL, thread))

        await slack.until(there, patience_s=120)
        taken.append(perf_counter() - began)
        await asyncio.sleep(_EVERY_S * talks / _TALKS)
    return taken


def _environment(slack: SlackDouble) -> dict[str, str]:
    room = {"channel": "slack", "account": events.TEAM, "room": _CALL}
    line = {
        "title": "the shop",
        "kb": LINE,
        "addresses": [f"slack:{events.TEAM}"],
        "staff_room": room,
    }
    return {
        "CARELINE_LINES": json.dumps({LINE: line}),
        "CARELINE_CHANNELS": json.dumps({"slack": {"base_url": slack.url}}),
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_SIGNING_SECRET": events.SECRET,
    }
