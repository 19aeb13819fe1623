"""Each payload of `tests/payloads/twilio` reads as a person would read it."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.domain.message import Media, Pressed, words_of
from channels.twilio.inbound import Said, read

FOLDER = Path(__file__).parents[3] / "payloads" / "twilio"
FILES = sorted(FOLDER.glob("*.json"))


def as_read(payload: dict[str, str]) -> dict[str, Any] | None:
    found = read(payload, payload.get("MessagingServiceSid"))
    assert isinstance(found, Said)
    if found.consent is None and (found.answered or not found.parts):
        return None
    pressed = next((part for part in found.parts if isinstance(part, Pressed)), None)
    return {
        "kind": found.consent or ("pressed" if pressed else "message"),
        "channel": found.address.channel,
        "account": found.address.account,
        "room": found.address.room,
        "name": found.sender.name,
        "text": words_of(found.parts),
        "media": [part.mime for part in found.parts if isinstance(part, Media)],
        "value": pressed and pressed.value,
    }


def test_there_are_enough():
    assert len(FILES) >= 40


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_reads_as_a_person_would(path: Path):
    given = json.loads(path.read_text())
    if given["read"] == "bad":
        with pytest.raises((KeyError, ValueError)):
            as_read(given["payload"])
    else:
        assert as_read(given["payload"]) == given["read"]
