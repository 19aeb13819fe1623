"""`python -m tests.bench`: every figure as a JSON line, all of them from one run.

Exits with 1 when a goal is missed. Times hold for an otherwise idle machine only.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import uvloop

from tests.bench import (
    beside,
    claims,
    ingest,
    latency,
    scale,
    slack,
    slack_room,
    startup,
    teams,
    throughput,
    twilio,
    writer,
)
from tests.bench.figures import Report
from tests.bench.harness import LINE, Bench, prepared

PARTS: dict[str, Callable[[Bench], Coroutine[Any, Any, None]]] = {
    "ingest": ingest.measure,
    "startup": startup.measure,
    "latency": latency.measure,
    "throughput": throughput.measure,
    "writer": writer.measure,
    "slack": slack.measure,
    "slack-room": slack_room.measure,
    "twilio": twilio.measure,
    "teams": teams.measure,
    "claims": claims.measure,
    "timers": scale.timers,
    "stored": scale.stored,
    "articles": scale.articles,
    "documents": beside.documents,
    "many": beside.many,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", choices=list(PARTS), action="append", help="may be repeated")
    parser.add_argument("--quick", action="store_true", help="less of everything, for a look")
    parser.add_argument("--documents", type=Path, help="JSON lines to take in while serving")
    options = parser.parse_args()
    report = Report()
    with (
        prepared(report, quick=options.quick, documents=options.documents) as bench,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        report.say("taking the starter pack in")
        runner.run(bench.ingest(LINE))
        for part in options.only or PARTS:
            runner.run(PARTS[part](bench))
    for figure in report.missed:
        report.say(f"missed: {figure}")
    return int(bool(report.missed))


if __name__ == "__main__":
    sys.exit(main())
