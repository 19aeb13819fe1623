"""What fails is parked and told; and no word of anybody is found where it may not be."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import aiohttp
import httpx
import psycopg
import pytest
from psycopg import sql

from tests.support.desk import Desk, desk
from tests.support.house import House, open_house
from tests.support.program import Program
from tests.support.visitor import Visitor, visitor

pytestmark = pytest.mark.acceptance

CANARY = "zqkanari7f31"
"""Begins every planted word, and nothing else in the world."""
CONTROL = b"working days"
"""Stands in an approved article, which is nobody's secret: the search must find it."""


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with open_house() as opened:
        yield opened


@pytest.fixture(scope="module")
def fault(house: House) -> Path:
    """While this file exists, questions about delivery break the library."""
    return house.folder / "fault"


@pytest.fixture(scope="module")
def program(house: House, fault: Path) -> Program:
    made = house.program(
        env={"CARELINE_LOG__LEVEL": "debug"}, module=("tests.support.faulty", str(fault))
    )
    made.command(
        "staff", "add", "ada", "--name", f"{CANARY}name Ada", "--email", f"{CANARY}mail@example.org"
    )
    return made.start()


@pytest.fixture
def link(program: Program) -> str:
    token = program.command("staff", "link", "ada").stdout.split("token=")[1].strip()
    return f"{program.base}/desk/login?token={token}"


async def _parks(customer: Visitor, staff: Desk, fault: Path, question: str) -> str:
    """Ask what breaks; the hand-off that comes of it."""
    fault.touch()  # noqa: ASYNC240  a moment
    await customer.say(question)
    await customer.hears("Something went wrong on our side", author="system")
    fault.unlink()  # noqa: ASYNC240  a moment
    row = await staff.waiting(question)
    assert row["reason"] == "fault"
    return str(row["id"])


async def test_what_keeps_failing_is_parked_told_and_tried_again_by_command(
    program: Program, link: str, fault: Path
):
    question = "how long does delivery take?"
    async with visitor(program.base) as customer, desk(link) as staff:
        handoff = await _parks(customer, staff, fault, question)
        listed = program.command("parked", "list").stdout
        assert re.search(r"web +ValueError +tries=3 trace=[0-9a-f]{32}", listed)
        assert question not in listed
        event = listed.split()[0]
        await staff.act(handoff, "claim")
        await staff.act(handoff, "hand-back")
        assert program.command("parked", "retry", event).returncode == 0
        await customer.hears("working days", author="bot")
        told = [body for body in customer.shown if "went wrong" in body["text"]]
        assert len(told) == 1
        assert len([body for body in customer.shown if body["author"] == "customer"]) == 1
    assert program.command("parked", "list").stdout == "Nothing is parked.\n"
    again = program.command("parked", "retry", event)
    assert (again.returncode, f"no event {event} is parked" in again.stderr) == (1, True)


async def test_a_dropped_event_is_gone_and_its_hand_off_stays(
    program: Program, link: str, fault: Path
):
    async with visitor(program.base) as customer, desk(link) as staff:
        handoff = await _parks(customer, staff, fault, "delivery to the moon, please?")
        event = program.command("parked", "list").stdout.split()[0]
        assert program.command("parked", "drop", event).returncode == 0
        assert program.command("parked", "list").stdout == "Nothing is parked.\n"
        assert program.command("parked", "drop", event).returncode == 1
        line = await staff.reads(handoff, "delivery to the moon, please?")
        assert line["author"] == "customer"
        await staff.act(handoff, "claim")
        await staff.act(handoff, "resolve")
        await customer.hears("has closed this request")


async def test_no_word_of_a_conversation_is_anywhere_but_on_its_screens(
    house: House, program: Program, link: str, fault: Path
):
    planted = {kind: f"{CANARY}{kind}" for kind in ("asked", "reply", "note", "failed", "hidden")}
    async with (
        visitor(program.base) as customer,
        visitor(program.base) as other,
        desk(link) as staff,
    ):
        await customer.say(f"how much does shipping cost, {planted['asked']}?")
        await customer.until(lambda body: body["author"] == "bot")
        await customer.say("can I talk to someone")
        row = await staff.waiting(planted["asked"])
        handoff = str(row["id"])
        assert (await staff.act(handoff, "claim"))[0] == 200
        await staff.act(handoff, "reply", {"text": f"Dear {planted['reply']}"})
        await staff.act(handoff, "note", {"text": f"beware of {planted['note']}"})
        await customer.hears(planted["reply"], author="staff")
        for word in (planted["asked"], planted["reply"], planted["note"]):  # its screens
            await staff.reads(handoff, word)
        failed = await _parks(other, staff, fault, f"delivery of {planted['failed']}")
        await staff.reads(failed, planted["failed"])
        await _wrongly(program, other, planted["hidden"])
        await _refused_at_the_desk(staff, handoff, planted["hidden"])
        metrics = await _fetch(f"{program.base}/metrics")
        ready = await _fetch(f"{program.base}/readyz")
    listed = program.command("parked", "list")
    assert b"careline_events_parked 1.0" in metrics
    assert "event_failed" in program.said()  # the log speaks of it, without words
    for place, held in (
        ("/metrics", metrics),
        ("/readyz", ready),
        ("careline parked", (listed.stdout + listed.stderr).encode()),
        ("the dump", _dump(house.postgres.url)),
    ):
        assert not _finds(held), place
    assert program.stop() == 0
    house.postgres.close()  # which writes everything to its files
    try:
        _no_file_has_it(house.folder)
    finally:
        house.postgres.start()


async def _wrongly(program: Program, who: Visitor, word: str) -> None:
    """Send words in every way that is refused."""
    head = {"Authorization": f"Bearer {who.token}"}
    async with httpx.AsyncClient(base_url=program.base) as http:
        url = "/chat/api/messages"
        answers = [
            await http.post(url, content=f'{{"key": "k", "text": "{word}'.encode(), headers=head),
            await http.post(url, json={"key": "k", "text": [word]}, headers=head),
            await http.post(url, json={"key": "k", "text": word * 4000}, headers=head),
            await http.post(url, json={"text": word}, headers={"Authorization": f"Bearer {word}"}),
            await http.post("/chat/api/visitors", json={"line": word}),
            await http.get(f"/chat?line={word}"),
            await http.get(f"/{word}?{word}", headers={"X-Word": word, "User-Agent": word}),
            await http.get(f"/chat/api/stream?after={word}", headers=head),
            await http.post("/desk/api/session", json={"login": word, "password": word}),
            await http.get(f"/desk/login?token={word}"),
        ]
    assert all(400 <= answer.status_code < 500 for answer in answers)


async def _refused_at_the_desk(staff: Desk, handoff: str, word: str) -> None:
    for body in ({"text": [word]}, {"text": word * 400}, {"text": word, "key": f"{word} {word}"}):
        status, _ = await staff.act(handoff, "reply", body)
        assert status == 400
    with pytest.raises(aiohttp.ClientResponseError):
        await staff.get(f"/handoffs/{quote(word)}")


async def _fetch(url: str) -> bytes:
    async with httpx.AsyncClient() as http:
        return (await http.get(url)).content


def _dump(url: str) -> bytes:
    """Every column of every table that is not PostgreSQL's own, as text and as it is."""
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        assert {"procrastinate_jobs", "messages", "staff"} <= {name for _, name in tables}
        held = bytearray()
        for table in tables:
            rows = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(*table))
            with connection.cursor().copy(rows) as copy:
                for row in copy:
                    held += row
    text = bytes(held)
    in_hex = re.findall(rb"\\x([0-9a-f]*)", text)
    everything = b"\n".join((text, *(bytes.fromhex(found.decode()) for found in in_hex)))
    assert CONTROL in everything
    return everything


def _no_file_has_it(folder: Path) -> None:
    read: set[str] = set()
    found_control = False
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            held = path.read_bytes()
            assert not _finds(held), path
            found_control |= CONTROL in held
            read.update(path.relative_to(folder).parts)
    assert found_control
    assert {"database", "base", "pg_wal", "index", "program.log"} <= read


def _finds(held: bytes) -> bool:
    return any(needle in held for needle in NEEDLES)


def _needles(word: str) -> list[bytes]:
    """A word as itself, in two-byte letters, in hex, and in base64 wherever it may begin."""
    plain = word.encode()
    in_base64 = [base64.b64encode(b"x" * n + plain)[4 if n else 0 : -4] for n in range(3)]
    return [plain, word.encode("utf-16-le"), plain.hex().encode(), *in_base64]


NEEDLES = _needles(CANARY)


def test_the_search_finds_words_however_they_are_written():
    words = f"some words with {CANARY} inside"
    for start in range(3):
        assert _finds(base64.b64encode(words[start:].encode()))
    assert _finds(words.encode())
    assert _finds(words.encode("utf-16-le"))
    assert _finds(words.encode().hex().encode())
    assert not _finds(b"some words without it")
