"""Files of the web chat: kept for the visitor alone, and never run by a browser."""

import io

import pytest
from aiohttp import ClientResponse

from bot.domain.files import EMPTY, LARGEST, NOT_TAKEN, TOO_LARGE
from tests.unit.server.chat.house import House, Visit, soon

URL = "/chat/api/files"
PDF = b"%PDF-1.7 and so on"
PNG = b"\x89PNG\r\n\x1a\n...."


async def sends(
    visit: Visit, content: bytes = PDF, *, key: str = "k1", name: str = "bill.pdf"
) -> ClientResponse:
    query = {"key": key, "name": name}
    headers = visit.headers | {"Content-Type": "application/octet-stream"}
    return await soon(
        visit.browser.post(URL, params=query, data=io.BytesIO(content), headers=headers)
    )


async def test_a_file_is_a_message_with_a_way_to_fetch_it(house: House):
    visit = await house.visit()
    answer = await sends(visit)
    assert (answer.status, await answer.json()) == (202, {"duplicate": False})
    (shown,) = house.feed()
    (media,) = shown["media"]
    assert shown["author"] == "customer"
    assert (media["name"], media["mime"], media["size"]) == ("bill.pdf", "application/pdf", 18)
    fetched = await soon(visit.browser.get(media["url"], headers=visit.headers))
    assert await fetched.read() == PDF
    assert fetched.headers["Content-Disposition"].startswith('attachment; filename="bill.pdf"')
    assert fetched.headers["X-Content-Type-Options"] == "nosniff"
    assert fetched.headers["Content-Security-Policy"].startswith("sandbox")
    assert "no-store" in fetched.headers["Cache-Control"]


async def test_a_picture_is_saved_as_well(house: House):
    visit = await house.visit()
    await sends(visit, PNG, name="me.png")
    url = house.feed()[0]["media"][0]["url"]
    fetched = await soon(visit.browser.get(url, headers=visit.headers))
    assert fetched.headers["Content-Disposition"].startswith("attachment")
    assert fetched.content_type == "image/png"


async def test_the_same_file_again_is_one(house: House):
    visit = await house.visit()
    await sends(visit)
    assert await (await sends(visit)).json() == {"duplicate": True}
    assert len(house.feed()) == len(house.files.kept) == 1


async def test_nobody_else_fetches_it(house: House):
    visit, other = await house.visit(), await house.visit()
    await sends(visit)
    url = house.feed()[0]["media"][0]["url"]
    assert (await soon(other.browser.get(url, headers=other.headers))).status == 404
    assert (await soon(other.browser.get(url))).status == 401


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b"", 400, EMPTY),
        (b"<svg onload=alert(1)>", 400, NOT_TAKEN),
        (PDF + b"." * LARGEST, 413, TOO_LARGE),
    ],
)
async def test_what_is_not_taken_is_said(house: House, content: bytes, status: int, words: str):
    answer = await sends(await house.visit(), content)
    assert (answer.status, await answer.json()) == (status, {"error": words})
    assert house.feed() == []
    assert house.files.kept == {}


async def test_a_key_is_asked_for(house: House):
    answer = await sends(await house.visit(), key="")
    assert answer.status == 400
    assert "`key`" in (await answer.json())["error"]


async def test_a_flood_is_stopped(house: House):
    visit = await house.visit()
    answers = [(await sends(visit, key=f"k{n}")).status for n in range(9)]
    assert answers == [202] * 6 + [429] * 3
    assert len(house.files.kept) == 6


async def test_nothing_is_said_while_the_database_is_away(house: House):
    visit = await house.visit()
    house.files.away = True
    assert (await sends(visit)).status == 503
    assert house.feed() == []
