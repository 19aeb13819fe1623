"""Input that nobody should send: each is refused in words or taken as it is, and others go on."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from bot.domain.knowledge import Article
from tests.support.desk import desk
from tests.support.house import House, known_articles, open_house
from tests.support.program import Program
from tests.support.visitor import visitor

pytestmark = pytest.mark.acceptance

QUESTION = "how long does delivery take?"
SCRIPT = "<script>alert('x')</script><img src=x onerror=alert(1)>"
ARABIC = "كم من الوقت يستغرق التوصيل؟ \u202eabc\u202c"
MARKED = Article(
    id="marked-up",
    question=f"Is {SCRIPT} allowed in the zebra catalogue?",
    answer=f"The zebra catalogue says {SCRIPT} and <b>no</b>.",
    variants=("zebra catalogue", "what does the zebra catalogue say", "zebra catalogue markup"),
)
FLOODED = {
    "CARELINE_CHAT__RATES__VISITOR_BURST": "30",
    "CARELINE_CHAT__RATES__VISITOR_PER_SECOND": "0.2",
    "CARELINE_CHAT__RATES__NEWCOMER_BURST": "100",
    "CARELINE_CHAT__RATES__NEWCOMER_PER_SECOND": "0.2",
    "CARELINE_SERVER__TRUSTED_PROXIES": '["127.0.0.0/8"]',
}


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with open_house() as opened:
        opened.stock([*known_articles(), MARKED])
        yield opened


@pytest.fixture(scope="module")
def program(house: House) -> Program:
    return house.program(env=FLOODED).start()


@pytest.fixture(scope="module")
def signed_in(program: Program) -> str:
    program.command("staff", "add", "ada", "--name", SCRIPT)
    token = program.command("staff", "link", "ada").stdout.split("token=")[1].strip()
    return f"{program.base}/desk/login?token={token}"


@pytest.fixture
async def api(program: Program) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"{program.base}/chat/api", timeout=30) as http:
        token = (await http.post("/visitors", json={})).json()["token"]
        http.headers["Authorization"] = f"Bearer {token}"
        yield http


async def _answers(program: Program) -> None:
    """Somebody else is still answered."""
    async with visitor(program.base) as other:
        await other.say(QUESTION)
        await other.hears("working days", author="bot")


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (json.dumps({"key": "k", "text": "x" * 1_000_000}).encode(), 413, "over 64 KiB"),
        (b'{"key": "k", "text": ""}', 400, "empty"),
        (b'{"key": "k", "text": " \\n\\u200b "}', 400, "empty"),
        (json.dumps({"key": "k", "text": "🙂" * 10_000}, ensure_ascii=False).encode(), 400, "4000"),
        (json.dumps({"key": "k", "text": "🙂" * 10_000}).encode(), 413, "over 64 KiB"),
        (b'{"key": "k", "text": "\xff\xfe\xed\xa0\x80"}', 400, "UTF-8"),
        (b'{"key": "k", "text": "\\ud83d"}', 400, "surrogate"),
        (b'{"key": "k", "text": ', 400, "JSON"),
        (b"[" * 50_000, 400, "JSON"),
        (b'["k", "text"]', 400, "object"),
        (b"", 400, "JSON"),
        (b'{"key": "k"}', 400, "exactly one"),
        (b'{"key": "k", "text": 7}', 400, "string"),
        (b'{"key": "", "text": "hello"}', 400, "`key`"),
        (b'{"key": "k", "text": "a", "pressed": "b"}', 400, "exactly one"),
        (b'{"key": "k", "text": NaN}', 400, "string"),
    ],
)  # fmt: skip
async def test_what_cannot_be_used_is_refused_in_words(
    api: httpx.AsyncClient, body: bytes, status: int, words: str
):
    answer = await api.post("/messages", content=body)
    assert answer.status_code == status
    assert words in answer.json()["error"]
    assert "application/json" in answer.headers["Content-Type"]


async def test_a_body_without_a_length_is_cut_off_at_the_limit(api: httpx.AsyncClient):
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(10_000):
            yield b"x" * 1024

    try:
        answer = await api.post("/messages", content=endless())
    except httpx.TransportError:
        return  # it has hung up on us, as it may
    assert answer.status_code == 413


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer x", "Bearer " + "é" * 10, "Basic YTpi"])
async def test_a_wrong_token_is_refused_before_the_body_is_read(program: Program, token: str):
    head = {b"Authorization": token.encode()} if token else None
    async with httpx.AsyncClient() as http:
        url = f"{program.base}/chat/api/messages"
        answer = await http.post(url, content=b"not even JSON", headers=head)
    assert (answer.status_code, "error" in answer.json()) == (401, True)


@pytest.mark.parametrize("text", ["🙂" * 4000, ARABIC, SCRIPT, "\u202e" + "x" * 50, "' OR 1=1 --"])
async def test_odd_words_are_kept_as_they_are_and_answered(program: Program, text: str):
    async with visitor(program.base) as customer:
        assert (await customer.say(text)).status == 202
        echo = await customer.until(lambda body: body["author"] == "customer")
        assert echo["text"] == text
        await customer.until(lambda body: body["author"] == "bot")


async def test_markup_in_an_article_reaches_the_page_as_text(program: Program):
    async with visitor(program.base) as customer:
        await customer.say("what does the zebra catalogue say")
        answer = await customer.hears("zebra catalogue says", author="bot")
    assert SCRIPT in answer["text"]
    assert SCRIPT in answer["sources"][0]["title"]


async def test_markup_at_the_desk_is_json_and_its_page_runs_nothing_of_it(
    program: Program, signed_in: str
):
    async with visitor(program.base) as customer, desk(signed_in) as staff:
        await customer.say(f"{SCRIPT} lilac")
        await customer.until(lambda body: body["author"] == "bot")
        await customer.say("can I talk to someone")
        row = await staff.waiting("lilac")
        assert SCRIPT in row["summary"]
        assert (await staff.act(str(row["id"]), "claim"))[0] == 200
        joined = await customer.hears("has joined")
        assert SCRIPT in joined["text"]
        assert (await staff.act(str(row["id"]), "resolve"))[0] == 200
        for path, kind in (("/desk", "text/html"), (f"/desk/api/handoffs/{row['id']}", "json")):
            answer = await staff.raw(path)
            assert kind in answer.headers["Content-Type"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert "lilac" not in (await answer.text() if kind == "text/html" else "")


@pytest.mark.parametrize("path", ["/chat?line=<script>x", "/<script>x", "/desk/<script>x"])
async def test_no_page_repeats_what_it_was_asked_for(program: Program, path: str):
    async with httpx.AsyncClient() as http:
        answer = await http.get(f"{program.base}{path}")
    assert answer.status_code in (401, 404)
    assert "<script>x" not in answer.text


async def test_a_flood_of_one_visitor_stops_nobody_else(program: Program, api: httpx.AsyncClient):
    flood = [api.post("/messages", json={"key": f"f{n}", "text": "hello"}) for n in range(45)]
    answers = await asyncio.gather(*flood)
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(202) in (29, 30, 31)  # the bucket refills a little meanwhile
    late = [answer for answer in answers if answer.status_code == 429]
    assert len(late) == 45 - statuses.count(202)
    assert all(1 <= int(answer.headers["Retry-After"]) <= 5 for answer in late)
    await _answers(program)


async def test_a_flood_from_one_address_stops_nobody_elsewhere(program: Program):
    async with httpx.AsyncClient(base_url=f"{program.base}/chat/api", timeout=30) as http:
        here, there = ({"X-Forwarded-For": ip} for ip in ("203.0.113.7", "198.51.100.9"))
        flood = [http.post("/visitors", json={}, headers=here) for _ in range(140)]
        statuses = [answer.status_code for answer in await asyncio.gather(*flood)]
        refused = await http.post("/visitors", json={}, headers=here)
        assert statuses.count(200) < 110
        assert (refused.status_code, int(refused.headers["Retry-After"]) >= 1) == (429, True)
        assert (await http.post("/visitors", json={}, headers=there)).status_code == 200


async def test_one_visitors_flood_leaves_their_neighbours_their_share(program: Program):
    """Behind one address, whoever is told to wait uses nothing of what the others may send."""
    async with httpx.AsyncClient(base_url=f"{program.base}/chat/api", timeout=30) as http:
        http.headers["X-Forwarded-For"] = "192.0.2.50"
        tokens = [(await http.post("/visitors", json={})).json()["token"] for _ in range(2)]
        one, two = ({"Authorization": f"Bearer {token}"} for token in tokens)
        for n in range(60):
            body = {"key": f"n{n}", "text": "hello"}
            last = await http.post("/messages", json=body, headers=one)
        assert last.status_code == 429
        kept = await http.post("/messages", json={"key": "k", "text": "hello"}, headers=two)
        assert kept.status_code == 202
