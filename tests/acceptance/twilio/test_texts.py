"""Texts as people type them on phones: the right article, or an honest word, over the channel."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from knowledge.sources import pack_path, read_paths
from tests.acceptance.twilio.scene import Phone, Scene, open_scene
from tests.support.house import House, open_house

pytestmark = pytest.mark.acceptance

Json: TypeAlias = dict[str, Any]
TEXTS = [
    json.loads(line)
    for line in Path(__file__).with_name("texts.jsonl").read_text(encoding="utf-8").splitlines()
]
ARTICLES = {article.id: article for article in read_paths([pack_path("shop")])[0]}
AT_ONCE = 60
RIGHT, WRONG = 0.85, 0.05
"""At least so many of the English ones that an article answers; at most so many of all.

The encoder that comes along reads English: in other languages little is found, and that is said.
"""


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with open_house(stocked=False) as opened:
        opened.stock(list(ARTICLES.values()))
        yield opened


@pytest.fixture
async def scene(house: House) -> AsyncIterator[Scene]:
    async with open_scene(house, "texts") as opened:
        yield opened


def judged(text: Json, told: list[Json]) -> str:
    """`right`, `honest` or `wrong`, by what the phone was told."""
    said = "\n".join(one["Body"] for one in told)
    cited = {name for name, article in ARTICLES.items() if article.url and article.url in said}
    if cited:
        return "right" if cited & set(text["articles"]) else "wrong"
    offered = {value for one in told for _, value in one.get("options", ())}
    menu = {value.removeprefix("article:") for value in offered if value.startswith("article:")}
    if menu & set(text["articles"]):
        return "offered"
    return "honest"


async def told(phone: Phone, text: Json) -> list[Json]:
    for message in text["messages"]:
        await phone.writes(message)
    return await phone.settled(2)


async def test_texts_as_people_type_them(scene: Scene):
    verdicts: list[tuple[str, Json]] = []
    few = asyncio.Semaphore(AT_ONCE)

    async def one(number: int, text: Json) -> None:
        async with few:
            phone = scene.phone(f"+1415556{number:04}", whatsapp=True)
            verdicts.append((judged(text, await told(phone, text)), text))

    async with asyncio.TaskGroup() as group:
        for number, text in enumerate(TEXTS):
            group.create_task(one(number, text))
    told_of = Counter((text["language"], bool(text["articles"]), v) for v, text in verdicts)
    wrong = [" / ".join(text["messages"]) for v, text in verdicts if v == "wrong"]
    counts = Counter(v for v, text in verdicts if text["articles"])
    figures = f"{sorted(told_of.items())}\n{counts}\nwrong: {wrong}"
    assert len(TEXTS) >= 100
    english = Counter(v for v, text in verdicts if text["articles"] and text["language"] == "en")
    assert english["right"] + english["offered"] >= RIGHT * english.total(), figures
    assert len(wrong) <= WRONG * len(TEXTS), figures
