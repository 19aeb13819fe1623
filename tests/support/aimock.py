"""Aimock, a language model's service by others, with the answers that a test wants.

https://github.com/CopilotKit/aimock
"""

import json
import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / ".careline/npm/node_modules/@copilotkit/aimock/dist/cli.js"
_PATIENCE_S = 30


@contextmanager
def aimock(folder: Path, fixtures: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The service, answering by these fixtures; its origin."""
    file, log = folder / "fixtures.json", folder / "aimock.log"
    file.write_text(json.dumps({"fixtures": list(fixtures)}), encoding="utf-8")
    command = ["node", str(PROGRAM), "-p", "0", "-f", str(file), "--strict"]
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out)  # noqa: S603  our own
    try:
        yield _origin(process, log)
    finally:
        process.terminate()
        process.wait(_PATIENCE_S)


def _origin(process: "subprocess.Popen[bytes]", log: Path) -> str:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        if found := re.search(r"listening on (http://\S+)", log.read_text(encoding="utf-8")):
            return found[1]
        time.sleep(0.02)
    raise AssertionError(f"aimock did not start: {log.read_text(encoding='utf-8')}")
