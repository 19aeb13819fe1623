"""Each payload of `tests/payloads/slack` reads as a person would read it."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.domain.message import words_of
from channels.slack.inbound import Press, Said, Workspace, press_in, said_in
from channels.slack.reading import parts_of

FOLDER = Path(__file__).parents[3] / "payloads" / "slack"
ME = Workspace(team="T0CARE", user="U0BOT", bot="B0BOT")
FILES = sorted(FOLDER.glob("*.json"))


def said(payload: dict[str, Any], names: dict[str, str]) -> dict[str, Any] | None:
    found = said_in(payload["event"], ME)
    if found is None:
        return None
    assert isinstance(found, Said)
    gone = found.kind == "deleted"
    parts = () if gone else parts_of(found.message, names=names, own=ME.user)
    return {
        "kind": found.kind,
        "user": found.user,
        "room": found.address.room,
        "thread": found.address.thread,
        "addressed": found.addressed,
        "follows": found.follows,
        "text": words_of(parts),
    }


def pressed(payload: dict[str, Any]) -> dict[str, Any] | None:
    found = press_in(payload, ME)
    if found is None:
        return None
    assert isinstance(found, Press)
    return {
        "kind": "pressed",
        "user": found.user,
        "room": found.address.room,
        "thread": found.address.thread,
        "value": found.value,
        "label": found.label,
    }


def test_there_are_enough():
    assert len(FILES) >= 30


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_reads_as_a_person_would(path: Path):
    given = json.loads(path.read_text())
    payload = given["payload"]
    if payload["type"] == "block_actions":
        assert pressed(payload) == given["read"]
    else:
        assert said(payload, given["names"]) == given["read"]
