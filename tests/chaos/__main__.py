"""`python -m tests.chaos`: kill it at random moments, and count what is lost or doubled.

The last lines are one JSON object for each scenario; the exit code is 1 when a goal is missed.
"""

import argparse
import asyncio
import json
import secrets
import sys
import time
from functools import partial

from tests.chaos.scenario import PLANS, run
from tests.chaos.traffic import Load
from tests.chaos.verdict import Verdict


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--scenario", choices=sorted(PLANS), help="only this one")
    parser.add_argument("--kills", type=int, default=20, help="kill -9, for each scenario")
    parser.add_argument("--messages", type=int, default=1000, help="at least so many")
    parser.add_argument("--conversations", type=int, default=30)
    parser.add_argument("--rate", type=float, default=25, help="messages a second while all is up")
    parser.add_argument("--seed", type=int, help="repeats the same customers and blows")
    return parser.parse_args()


def _say(began: float, scenario: str, words: str) -> None:
    sys.stdout.write(f"{time.monotonic() - began:6.1f} s  {scenario}: {words}\n")
    sys.stdout.flush()


def main() -> int:
    options = _options()
    seed = secrets.randbelow(2**31) if options.seed is None else options.seed
    load = Load(
        conversations=options.conversations, minimum=options.messages, per_second=options.rate
    )
    began = time.monotonic()
    verdicts: list[Verdict] = []
    for name in [options.scenario] if options.scenario else PLANS:
        say = partial(_say, began, name)
        say(f"seed {seed}")
        verdicts.append(asyncio.run(run(PLANS[name], load, options.kills, seed, say)))
        for fault in verdicts[-1].faults(kills=options.kills, acked=options.messages):
            say(f"missed: {fault}")
    for verdict in verdicts:
        sys.stdout.write(json.dumps(verdict.line()) + "\n")
    goals = {"kills": options.kills, "acked": options.messages}
    return int(any(verdict.faults(**goals) for verdict in verdicts))


if __name__ == "__main__":
    sys.exit(main())
