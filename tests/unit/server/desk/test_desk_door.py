"""Signing in, cookies, what other sites may not do, and the headers of every answer."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest

from bot.domain.errors import TooMany
from bot.server.desk.attempts import SignInGuard
from tests.fakes.clock import FakeClock
from tests.unit.server.desk.house import ADA, HORSE, House

H1 = "/desk/api/handoffs/h1"
SESSION = "/desk/api/session"


async def test_a_link_works_once(house: House):
    desk = await house.visitor()
    token = await house.staff.link("ada", valid=timedelta(minutes=5))
    assert (await desk.head(f"/desk/login?token={token}")).status == 405
    first = await desk.get(f"/desk/login?token={token}", allow_redirects=False)
    assert (first.status, first.headers["Location"]) == (303, "/desk")
    who = await (await desk.get(SESSION)).json()
    assert who == {"id": "ada", "name": "Ada", "rights": ["handle", "operate"], "assist": True}
    again = await (await house.visitor()).get(f"/desk/login?token={token}")
    assert (again.status, again.content_type) == (401, "text/html")
    assert "careline staff link" in await again.text()


CHROME = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/142.0 Safari/537.36"}
OPENED = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "none"}


@pytest.mark.parametrize(
    "headers",
    [
        CHROME | OPENED | {"Sec-Purpose": "prefetch;prerender"},
        CHROME | {"Purpose": "prefetch"},
        CHROME | {"X-Moz": "prefetch"},
        CHROME | {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "empty"},
        CHROME | OPENED | {"Sec-Fetch-Dest": "iframe"},
        {"User-Agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"},
        {"User-Agent": "facebookexternalhit/1.1"},
        {"User-Agent": "WhatsApp/2.23.20.0"},
        {"User-Agent": "Twitterbot/1.0"},
        {"User-Agent": "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5"},
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
    ],
)
async def test_a_preview_of_a_link_leaves_it_unused(house: House, headers: dict[str, str]):
    token = await house.staff.link("ada", valid=timedelta(minutes=5))
    looked = await (await house.visitor()).get(f"/desk/login?token={token}", headers=headers)
    assert (looked.status, looked.content_type) == (200, "text/html")
    assert "Set-Cookie" not in looked.headers
    assert 'id="enter"' in await looked.text()
    person = await house.visitor()
    answer = await person.post(SESSION, json={"token": token})
    assert (answer.status, await answer.json()) == (200, {"name": "Ada"})
    assert (await person.get(SESSION)).status == 200
    again = await (await house.visitor()).post(SESSION, json={"token": token})
    assert (again.status, "careline staff link" in (await again.json())["error"]) == (401, True)


@pytest.mark.parametrize(
    "headers",
    [{}, {"User-Agent": "curl/8.16.0"}, CHROME | OPENED, CHROME, {"Sec-Fetch-Mode": "cors"}],
)
async def test_people_and_plain_clients_sign_in_by_following_a_link(
    house: House, headers: dict[str, str]
):
    token = await house.staff.link("ada", valid=timedelta(minutes=5))
    desk = await house.visitor()
    assert (await desk.get(f"/desk/login?token={token}", headers=headers)).status == 200
    assert (await desk.get(SESSION)).status == 200


@pytest.mark.parametrize(("headers", "signed_in"), [(CHROME, False), (CHROME | OPENED, True)])
async def test_by_https_a_browser_says_how_it_came_to_ask(headers, signed_in: bool):  # noqa: FBT001 - a table
    house = House(clock=FakeClock(), secure_cookies=True)
    async with house.stack:
        await house.open()
        token = await house.staff.link("ada", valid=timedelta(minutes=5))
        path = f"/desk/login?token={token}"
        answer = await (await house.visitor()).get(path, headers=headers, allow_redirects=False)
        assert ("careline_desk" in answer.cookies) is signed_in


@pytest.mark.parametrize("query", ["", "?token=", "?token=nonsense"])
async def test_a_wrong_link_says_how_to_get_one(house: House, query: str):
    answer = await (await house.visitor()).get(f"/desk/login{query}")
    assert answer.status == 401
    assert "careline staff link" in await answer.text()
    assert "Set-Cookie" not in answer.headers


async def test_a_password_signs_in_and_out(house: House):
    desk = await house.visitor()
    answer = await desk.post(SESSION, json={"login": "ada@example.org", "password": HORSE})
    assert (answer.status, await answer.json()) == (200, {"name": "Ada"})
    assert (await desk.get(SESSION)).status == 200
    held = desk.session.cookie_jar.filter_cookies(desk.make_url("/desk"))["careline_desk"].value
    assert (await desk.delete(SESSION)).status == 200
    assert (await desk.get(SESSION)).status == 401
    assert await house.staff.session(held) is None
    assert (await desk.delete(SESSION)).status == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"login": "ada", "password": "wrong"}, 401),
        ({"login": "nobody", "password": HORSE}, 401),
        ({"login": "ben", "password": HORSE}, 401),
        ({"login": "ada", "password": ""}, 400),
        ({"login": "ada"}, 400),
        ({"login": ["ada"], "password": HORSE}, 400),
        ({"login": "a" * 300, "password": HORSE}, 400),
        ({"login": "ada", "password": "x" * 2000}, 400),
        ({}, 400),
    ],
)
async def test_a_wrong_password_is_refused(house: House, body, status: int):
    answer = await (await house.visitor()).post(SESSION, json=body)
    assert answer.status == status
    assert (await answer.json())["error"]
    assert "Set-Cookie" not in answer.headers


async def test_guessing_one_password_takes_too_long(house: House):
    desk = await house.visitor()
    wrong = {"login": "ADA", "password": "wrong"}
    for _ in range(8):
        assert (await desk.post(SESSION, json=wrong)).status == 401
    stopped = await desk.post(SESSION, json={"login": "ada", "password": HORSE})
    assert (stopped.status, stopped.headers["Retry-After"]) == (429, "300")
    house.clock.advance(timedelta(minutes=5))
    assert (await desk.post(SESSION, json={"login": "ada", "password": HORSE})).status == 200


def guesses(guard: SignInGuard, remote: str, times: int) -> int:
    """How many wrong guesses at Ada's password are let through."""
    passed = 0
    for _ in range(times):
        with suppress(TooMany):
            guard.enter(remote, "Ada")
            passed += 1
    return passed


def test_guesses_elsewhere_keep_nobody_out():
    clock = FakeClock()
    guard = SignInGuard(clock)
    assert guesses(guard, "203.0.113.9", 20) == 8
    guard.enter("198.51.100.1", "ada")
    guard.succeeded("198.51.100.1", "ada")
    for n in range(100):  # many addresses, until the login itself is slow
        guesses(guard, f"192.0.2.{n}", 8)
    assert guesses(guard, "203.0.113.200", 8) == 0
    guard.enter("198.51.100.1", "ADA")  # where she signs in every day
    clock.advance(timedelta(hours=1))
    assert guesses(guard, "203.0.113.200", 8) == 8


async def test_guessing_from_one_address_takes_too_long(house: House):
    desk = await house.visitor()
    for n in range(20):
        body = {"login": f"somebody-{n}", "password": "wrong"}
        assert (await desk.post(SESSION, json=body)).status == 401
    stopped = await desk.post(SESSION, json={"login": "ada", "password": HORSE})
    assert (stopped.status, stopped.headers["Retry-After"]) == (429, "60")
    page = await desk.get("/desk/login?token=nonsense")
    assert (page.status, page.content_type) == (429, "text/html")
    house.clock.advance(timedelta(minutes=1))
    assert (await desk.post(SESSION, json={"login": "ada", "password": HORSE})).status == 200


async def test_many_guesses_at_once_gain_nothing(house: House):
    desk = await house.visitor()
    wrong = {"login": "ada", "password": "wrong"}
    answers = await asyncio.gather(*(desk.post(SESSION, json=wrong) for _ in range(15)))
    assert sorted(a.status for a in answers) == [401] * 8 + [429] * 7


async def test_signing_in_often_is_fine(house: House):
    desk = await house.visitor()
    for _ in range(30):
        answer = await desk.post(SESSION, json={"login": "ada", "password": HORSE})
        assert answer.status == 200


@pytest.mark.parametrize("secure", [False, True])
async def test_the_cookie_is_kept_from_scripts_and_sites(secure: bool):  # noqa: FBT001 - a table
    house = House(clock=FakeClock(), secure_cookies=secure)
    async with house.stack:
        await house.open()
        desk = await house.visitor()
        answer = await desk.post(SESSION, json={"login": "ada", "password": HORSE})
        cookie = answer.cookies["careline_desk"]
        assert cookie["httponly"]
        assert (cookie["samesite"], cookie["path"]) == ("Strict", "/desk")
        assert (bool(cookie["secure"]), cookie["max-age"]) == (secure, "43200")


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),
        ({"Origin": "http://{host}"}, True),
        ({"Origin": "http://{host}", "Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Origin": "https://desk.example.org"}, True),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "https://{host}.evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": ""}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": "http://{host}", "Sec-Fetch-Site": "cross-site"}, False),
        ({"Content-Type": "text/plain"}, False),
        ({"Content-Type": "application/x-www-form-urlencoded"}, False),
        ({"Content-Type": "application/json; charset=utf-8"}, True),
    ],
)
async def test_other_sites_change_nothing(headers: dict[str, str], allowed: bool):  # noqa: FBT001 - a table
    house = House(clock=FakeClock(), public_hosts=frozenset({"desk.example.org"}))
    async with house.stack:
        await house.open()
        house.waiting()
        desk = await house.at_desk()
        host = f"{desk.host}:{desk.port}"
        sent = {"Content-Type": "application/json"}
        sent |= {name: value.format(host=host) for name, value in headers.items()}
        answer = await desk.post(f"{H1}/claim", data=b"{}", headers=sent)
        assert answer.status == (200 if allowed else 403)
        if not allowed:
            assert (await desk.delete(SESSION, data=b"{}", headers=sent)).status == 403
            assert (await answer.json())["error"]
            assert (await (await desk.get(H1)).json())["claimed_by"] is None


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", SESSION),
        ("GET", "/desk/api/handoffs"),
        ("GET", H1),
        ("POST", f"{H1}/claim"),
        ("POST", f"{H1}/reply"),
        ("POST", f"{H1}/note"),
        ("GET", "/desk/api/lines"),
        ("POST", "/desk/api/lines/shop"),
        ("GET", "/desk/api/stream"),
    ],
)
async def test_nothing_without_a_session(house: House, method: str, path: str):
    house.waiting()
    for cookie in (None, "nonsense", "ada"):
        cookies = {"Cookie": f"careline_desk={cookie}"} if cookie else {}
        answer = await (await house.visitor()).request(method, path, headers=cookies)
        assert (answer.status, await answer.json()) == (401, {"error": "Sign in first."})


async def test_a_session_ends(house: House):
    desk = await house.at_desk()
    house.clock.advance(timedelta(hours=12))
    assert (await desk.get(SESSION)).status == 401
    assert 'id="sign-in"' in await (await desk.get("/desk")).text()


async def test_the_desk_is_for_those_who_signed_in(house: House):
    visitor, desk = await house.visitor(), await house.at_desk(ADA)
    for path in ("/desk", "/desk/"):
        assert 'id="sign-in"' in await (await visitor.get(path)).text()
        assert 'id="queue"' in await (await desk.get(path)).text()


@pytest.mark.parametrize(
    "path",
    [
        "/desk",
        "/desk/login?token=x",
        "/desk/assets/desk.css",
        "/desk/assets/nothing.js",
        SESSION,
        "/desk/api/handoffs",
        "/desk/api/stream",
        "/desk/api/nothing",
        "/desk/nothing",
    ],
)
async def test_every_answer_has_the_headers(house: House, path: str):
    for desk in (await house.visitor(), await house.at_desk()):
        answer = await desk.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        asset = path.endswith(".css")
        assert answer.headers["Cache-Control"] == ("no-cache" if asset else "no-store")
        answer.close()


async def test_a_click_in_another_site_goes_round_once(house: House):
    """The browser keeps the cookie back then, and sends it when our own page asks."""
    visitor = await house.visitor()
    first = await visitor.get("/desk", headers={"Sec-Fetch-Site": "cross-site"})
    assert "again.js" in await first.text()
    second = await visitor.get("/desk", headers={"Sec-Fetch-Site": "same-origin"})
    assert 'id="sign-in"' in await second.text()


async def test_a_link_while_the_database_is_away(house: House):
    house.staff.away = True
    answer = await (await house.visitor()).get("/desk/login?token=x")
    assert (answer.status, answer.content_type) == (503, "text/html")
