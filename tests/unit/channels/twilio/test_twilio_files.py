"""Files of phones are fetched with our secret and kept; ours go out by a link that ends."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.connectors.scanning import UNCHECKED, UNSAFE, ScannedFiles
from bot.domain.errors import BadRequest
from bot.domain.files import LARGEST, checked_file, kept_id
from bot.domain.message import Address, Media, Outbound, Text
from bot.domain.ports import Received
from channels.twilio.channel import TwilioChannel
from channels.twilio.handing import Handing
from channels.twilio.missed import missed
from channels.twilio.posting import TwilioApi
from channels.twilio.section import TwilioConfig
from tests.contract.twilio.around import around
from tests.contract.twilio.double import TwilioDouble, twilio_double
from tests.contract.twilio.webhooks import ACCOUNT, OURS, PUBLIC, THEIRS, TOKEN, message, request
from tests.fakes.clock import FakeClock
from tests.fakes.files import FakeFiles

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
CARD = (
    b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Jo Marsh\r\n"
    b"item1.TEL;waid=1:+1 415 555\r\n  0190\r\nEND:VCARD"
)
ROOM = Address(channel="whatsapp", account=OURS, room=THEIRS)


@pytest.fixture
async def twilio() -> AsyncIterator[TwilioDouble]:
    async with twilio_double() as double:
        yield double


@pytest.fixture
def files() -> FakeFiles:
    return FakeFiles()


@pytest.fixture
async def channel(
    twilio: TwilioDouble, clock: FakeClock, files: FakeFiles
) -> AsyncIterator[TwilioChannel]:
    made = TwilioChannel("whatsapp", config(twilio), clock, around(files=files))
    yield made
    await made.close()


def config(twilio: TwilioDouble) -> TwilioConfig:
    return TwilioConfig(
        account_sid=ACCOUNT, auth_token=TOKEN, api_url=twilio.url, public_url=PUBLIC
    )


def with_file(url: str, mime: str, body: str = "") -> dict[str, str]:
    return message(body, whatsapp=True, NumMedia="1", MediaUrl0=url, MediaContentType0=mime)


async def parts_of(channel: TwilioChannel, fields: dict[str, str]):
    (event,) = (await channel.receive(request(fields))).events
    return event.parts


async def test_a_picture_is_kept_and_its_words_stay(
    channel: TwilioChannel, twilio: TwilioDouble, files: FakeFiles
):
    url = twilio.media_url("SM1", "ME1", PNG)
    words, picture = await parts_of(channel, with_file(url, "image/png", "look"))
    assert words == Text(text="look")
    assert isinstance(picture, Media)
    kept = await files.get(kept_id(picture) or "", ROOM)
    assert kept is not None
    assert (kept.content, kept.name) == (PNG, "file 1.png")


@pytest.mark.parametrize(
    ("mime", "content", "told"),
    [
        ("audio/ogg", b"OggS", "(a voice message, of a kind that is not kept)"),
        ("video/mp4", b"ftyp", "(a video, of a kind that is not kept)"),
        ("image/png", b"MZ", "(a picture, of a kind that is not kept)"),
        ("application/pdf", b"%PDF-" + b"0" * LARGEST, "(a file, too large to be kept)"),
        ("text/vcard", CARD, "(contact: Jo Marsh, +1 415 555 0190)"),
    ],
    ids=["voice", "video", "no picture", "large", "contact"],
)
async def test_what_cannot_be_kept_is_told_in_words(
    channel: TwilioChannel, twilio: TwilioDouble, mime: str, content: bytes, told: str
):
    url = twilio.media_url("SM1", "ME1", content)
    assert await parts_of(channel, with_file(url, mime)) == (Text(text=told),)


async def test_our_secret_goes_to_twilio_alone(channel: TwilioChannel, twilio: TwilioDouble):
    asked: list[str | None] = []

    async def elsewhere(request: web.Request) -> web.Response:
        asked.append(request.headers.get("Authorization"))
        return web.Response(body=PNG)

    app = web.Application()
    app.router.add_get("/x", elsewhere)
    async with TestServer(app, host="127.0.0.1") as server:
        url = str(server.make_url("/x"))
        (said,) = await parts_of(channel, with_file(url, "image/png"))
        assert isinstance(said, Text)
        twilio.elsewhere = url
        there = twilio.media_url("SM1", "ME1", PNG)
        (said,) = await parts_of(channel, with_file(there, "image/png"))
        assert isinstance(said, Text)
    assert asked == []


async def test_a_file_that_is_gone_is_told(channel: TwilioChannel, twilio: TwilioDouble):
    (said,) = await parts_of(channel, with_file(twilio.url + "/nothing", "image/png"))
    assert said == Text(text="(a picture, of a kind that is not kept)")


async def test_what_was_missed_has_its_files_too(twilio: TwilioDouble, clock: FakeClock):
    url = twilio.media_url("SM2", "ME1", PNG)
    late = with_file(url, "image/png", "look") | {"MessageSid": "SM2"}
    twilio.hear(message("old", sid="SM0"), clock.now() - timedelta(days=2))
    twilio.hear(message("hi", sid="SM1", MessagingServiceSid="MG1"), clock.now())
    twilio.hear(late, clock.now())
    api = TwilioApi(config(twilio))
    found = [one async for one in missed(api, clock.now() - timedelta(hours=1))]
    await api.close()
    assert [(told["MessageSid"], told["Body"]) for told, _ in found] == [
        ("SM1", "hi"),
        ("SM2", "look"),
    ]
    assert found[0][0]["MessagingServiceSid"] == "MG1"
    assert found[1][0]["MediaUrl0"] == url
    assert found[1][0]["From"] == f"whatsapp:{THEIRS}"


async def test_a_message_that_cannot_be_read_holds_up_no_other(
    twilio: TwilioDouble, clock: FakeClock
):
    twilio.hear(message("lost", sid="SM1") | {"From": ""}, clock.now())
    twilio.hear(message("found", sid="SM2"), clock.now())
    listening = TwilioChannel("sms", config(twilio), clock, around(kept_last=clock.now()))
    heard: asyncio.Queue[str] = asyncio.Queue()

    async def keep(received: Received) -> None:
        for event in received.events:
            await heard.put(event.text())

    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        task = group.create_task(listening.listen(keep))
        assert await heard.get() == "found"
        task.cancel()
    await listening.close()


async def test_a_file_of_ours_goes_out_by_its_link(channel: TwilioChannel, twilio: TwilioDouble):
    ours = checked_file("k", ROOM, "plan.pdf", b"%PDF-1").media()
    row = Outbound(
        key="k",
        address=ROOM,
        parts=(Text(text="Here:"), ours),
        author="staff",
        author_name="Ada",
        trace="t",
        holder_version=1,
    )
    await channel.send(row)
    (sent,) = twilio.messages
    assert sent["Body"] == "Ada: Here:"
    assert sent["MediaUrls"] == [f"https://care.example/twilio/files/{kept_id(ours)}"]


async def test_a_link_opens_for_an_hour_and_for_one_file(clock: FakeClock, files: FakeFiles):
    file = checked_file("k", ROOM, "plan.pdf", b"%PDF-1")
    await files.add(file)
    handing = Handing(files=files, clock=clock, secret=b"s" * 32, public_url=PUBLIC)
    app = web.Application()
    app.add_routes(handing.pages())
    path = handing.link(file.id).removeprefix(PUBLIC)
    async with TestClient(TestServer(app, host="127.0.0.1")) as client:
        opened = await client.get(path)
        assert (opened.status, await opened.read()) == (200, b"%PDF-1")
        assert opened.headers["Content-Type"] == "application/pdf"
        until = path.split("/")[-2]
        wrong = (
            path[:-1] + ("0" if path[-1] != "0" else "1"),
            path.replace(file.id, "b" * 32),
            path.replace(until, str(int(until) + 9)),
            path.replace(until, "9" * 30),
            path.replace(until, "\u0661"),
        )
        assert [(await client.get(one)).status for one in wrong] == [404] * 5
        files.away = True
        assert (await client.get(path)).status == 503
        files.away = False
        clock.advance(timedelta(minutes=61))
        assert (await client.get(path)).status == 404


@pytest.mark.parametrize(("status", "why"), [(200, None), (422, UNSAFE), (500, UNCHECKED)])
async def test_a_scanner_says_what_is_kept(files: FakeFiles, status: int, why: str | None):
    seen: list[bytes] = []

    async def scan(request: web.Request) -> web.Response:
        seen.append(await request.read())
        return web.Response(status=status)

    app = web.Application()
    app.router.add_post("/", scan)
    file = checked_file("k", ROOM, "a.png", PNG)
    async with TestServer(app, host="127.0.0.1") as server:
        scanned = ScannedFiles(files, str(server.make_url("/")))
        if why is None:
            await scanned.add(file)
        else:
            with pytest.raises(BadRequest, match=why):
                await scanned.add(file)
    assert seen == [PNG]
    assert (await scanned.find(file.id) is not None) is (why is None)


async def test_a_scanner_that_is_away_keeps_nothing(files: FakeFiles):
    with pytest.raises(BadRequest, match=UNCHECKED):
        await ScannedFiles(files, "http://127.0.0.1:9/").add(checked_file("k", ROOM, "a", PNG))
