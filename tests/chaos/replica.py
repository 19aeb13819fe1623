"""The program under test: `careline serve` with one channel more, and a loop that can be blocked.

Run as `python -m tests.chaos.replica DATA PLATFORM_URL SECRET`; settings come from CARELINE_*.
"""

import asyncio
import signal
import sys
import time
from functools import partial
from pathlib import Path

from bot.cli.context import run
from bot.cli.serve import main
from bot.platforms import Extra
from bot.settings import Settings, load
from bot.telemetry.logs import set_up_logs
from tests.doubles.http_channel import PATH, HttpChannel

BLOCKED_S = 6


async def serve(settings: Settings, url: str, secret: str) -> None:
    """Serve; SIGUSR1 blocks everything in this process for a while."""
    running = asyncio.get_running_loop()
    running.add_signal_handler(signal.SIGUSR1, time.sleep, BLOCKED_S)
    channel = HttpChannel(url, secret.encode())
    await main(settings, "serve", extras=(Extra(channel=channel, path=PATH),))


if __name__ == "__main__":
    folder, platform_url, shared_secret = sys.argv[1:]
    found = load(None, Path(folder))
    set_up_logs(found.log.level)
    run(partial(serve, found, platform_url, shared_secret))
