"""A process that opens a data folder, says where, and closes when it reads a line or its end."""

import asyncio
import json
import os
import pwd
import sys
from pathlib import Path

from bot.domain.errors import SettingsError
from bot.store.embedded import EmbeddedPostgres


def become(user: str) -> None:
    """Another user from now on; after all imports, since it may not be let in to Python itself."""
    asyncio.run(asyncio.to_thread(str))
    entry = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


def say(answer: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def main(data: Path, user: str) -> None:
    if user:
        become(user)
    try:
        server = asyncio.run(EmbeddedPostgres.open(data))
    except SettingsError as exc:
        say({"faults": exc.faults})
        return
    say({"url": server.url})
    sys.stdin.readline()
    asyncio.run(server.close())


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
