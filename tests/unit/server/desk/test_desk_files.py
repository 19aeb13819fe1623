"""Files at the desk: seen by whoever may see the hand-off, sent as they are."""

import io
from typing import Any

import pytest

from bot.domain.conversation import Entry
from bot.domain.files import LARGEST, TOO_LARGE, checked_file, id_of
from bot.domain.message import Address
from tests.unit.server.desk.house import ADA, CLEO, Client, House

H1 = "/desk/api/handoffs/h1"
OCTETS = {"Content-Type": "application/octet-stream"}
PDF, PNG = b"%PDF-1.7", b"\x89PNG\r\n\x1a\n"
ROOM = Address(channel="web", account="shop", room="room-h1")


async def given(house: House, content: bytes, name: str, room: Address = ROOM) -> Any:
    """A customer's file in the transcript, as the desk gets it."""
    house.waiting()
    file = checked_file("k", room, name, content)
    await house.files.add(file)
    entry = Entry(
        key="k", kind="said", author="customer", parts=(file.media(),), at=house.clock.now()
    )
    house.board.add("c-h1", entry)
    desk = await house.at_desk()
    return (await (await desk.get(H1)).json())["transcript"][-1]["media"][0]


async def test_a_pdf_is_only_saved(house: House):
    media = await given(house, PDF, "bill.pdf")
    assert media == {
        "name": "bill.pdf",
        "mime": "application/pdf",
        "url": f"{H1}/files/{id_of('k')}",
        "size": 8,
        "shown": False,
    }
    answer = await (await house.at_desk()).get(media["url"])
    assert (answer.status, await answer.read()) == (200, PDF)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_picture_may_be_looked_at(house: House):
    media = await given(house, PNG, "me.png")
    answer = await (await house.at_desk()).get(media["url"])
    assert media["shown"] is True
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.content_type == "image/png"


async def test_only_those_with_rights_on_the_line_and_the_files_of_this_conversation(house: House):
    url = (await given(house, PDF, "bill.pdf"))["url"]
    assert (await (await house.at_desk(CLEO)).get(url)).status == 404
    assert (await (await house.visitor()).get(url)).status == 401
    elsewhere = checked_file("other", Address(channel="web", account="it", room="x"), "b.pdf", PDF)
    await house.files.add(elsewhere)
    answer = await (await house.at_desk()).get(f"{H1}/files/{elsewhere.id}")
    assert (answer.status, await answer.json()) == (
        404,
        {"error": "There is no such file any more."},
    )


async def send(desk: Client, content: bytes, headers: dict[str, str]) -> tuple[int, Any]:
    url = f"{H1}/files?name=label.pdf&key=k1"
    answer = await desk.post(url, data=io.BytesIO(content), headers=headers)
    return answer.status, await answer.json()


async def test_a_file_is_sent_as_it_is(house: House):
    house.waiting()
    assert await send(await house.at_desk(), PDF, OCTETS) == (200, {"ok": True, "kind": "reply"})
    assert house.filing.sent == [("h1", ADA.id, "label.pdf", PDF, "k1")]


async def test_what_is_too_large_is_said(house: House):
    house.waiting()
    desk = await house.at_desk()
    assert await send(desk, b"." * (LARGEST + 1), OCTETS) == (400, {"error": TOO_LARGE})
    assert house.filing.sent == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "application/json"}, 400),
        ({"Content-Type": "text/plain"}, 403),
        ({"Content-Type": "multipart/form-data; boundary=x"}, 403),
        (OCTETS | {"Origin": "https://evil.example"}, 403),
        (OCTETS | {"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
async def test_other_sites_send_none(house: House, headers: dict[str, str], status: int):
    house.waiting()
    assert (await send(await house.at_desk(), PDF, headers))[0] == status
    assert house.filing.sent == []


async def test_a_file_goes_when_its_message_is_taken_back(house: House):
    house.waiting()
    line = "1:reply:c-h1:ada:k1"
    file = checked_file(line, ROOM, "wrong.pdf", PDF)
    await house.files.add(file)
    entry = Entry(
        key=line, kind="said", author="staff", parts=(file.media(),), at=house.clock.now()
    )
    house.board.add("c-h1", entry)
    answer = await (await house.at_desk()).post(f"{H1}/delete", json={"line": line})
    assert answer.status == 200
    assert house.files.kept == {}
