"""Each payload of `tests/payloads/teams` reads as a person would read it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.domain.message import Media, Pressed
from channels.teams.activity import read
from channels.teams.inbound import parse

FOLDER = Path(__file__).parents[3] / "payloads" / "teams"
FILES = sorted(FOLDER.glob("*.json"))
NOW = datetime(2026, 3, 2, tzinfo=UTC)


def as_read(payload: dict[str, Any]) -> dict[str, Any] | None:
    event = parse(read(json.dumps(payload).encode()), "tenant-1", now=NOW)
    if event is None:
        return None
    pressed = [part.value for part in event.parts if isinstance(part, Pressed)]
    return {
        "kind": event.kind,
        "room": event.address.room,
        "thread": event.address.thread,
        "text": event.text(),
        "files": [part.name for part in event.parts if isinstance(part, Media)],
        "pressed": pressed[0] if pressed else None,
    }


def test_there_are_enough():
    assert len(FILES) >= 40


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_reads_as_a_person_would(path: Path):
    given = json.loads(path.read_text(encoding="utf-8"))
    assert as_read(given["payload"]) == given["read"]
