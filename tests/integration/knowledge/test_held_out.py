"""The heads that ship read held-out texts as well as their card says."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from knowledge.encoder import Encoder
from knowledge.heads.examples import Example, read
from knowledge.readings import EncoderReader

pytestmark = pytest.mark.integration

HELD_OUT = Path(__file__).parents[2] / "unit" / "knowledge" / "heads" / "heldout.txt"
RECALL = {
    "wants_human": 0.95,
    "self_harm": 0.95,
    "distress": 0.75,
    "anger": 0.8,
    "complaint": 0.8,
    "billing_dispute": 0.8,
    "fraud": 0.9,
    "legal_threat": 0.9,
    "privacy_request": 0.9,
    "harassment": 0.9,
    "safety": 0.85,
}
FALSE_ALARMS = 0.03


@pytest.fixture
def reader(encoder: Encoder, thread: ThreadPoolExecutor) -> EncoderReader:
    return EncoderReader.multilingual(encoder, thread)


@pytest.mark.parametrize("name", RECALL)
async def test_signals_are_heard_and_no_others(reader: EncoderReader, name: str):
    held = read(HELD_OUT)
    shown = [one for one in held if name in one.shows]
    calm = [one for one in held if name not in one.shows | one.open]
    assert await counted(reader, shown, name) >= RECALL[name] * len(shown)
    assert await counted(reader, calm, name) <= FALSE_ALARMS * len(calm)


async def counted(reader: EncoderReader, examples: list[Example], name: str) -> int:
    readings = [await reader.read(one.text, feelings=True) for one in examples]
    return sum(getattr(reading, name) >= 0.5 for reading in readings)


async def test_sentiment_has_a_sign(reader: EncoderReader):
    assert (await reader.read("thank you, wonderful", feelings=True)).sentiment > 0.5
    assert (await reader.read("this is awful, I hate it", feelings=True)).sentiment < -0.5
    assert abs((await reader.read("where is the lamp", feelings=True)).sentiment) < 0.3


async def test_a_help_desk_speaks_of_people_all_day(reader: EncoderReader):
    for text in (
        "people outside the organisation can't be added to this site",
        "request an iphone for a new colleague",
        "give control to someone else in a meeting",
    ):
        assert (await reader.read(text)).wants_human < 0.5
