"""Microsoft's side on loopback: a token issuer with published keys, a login, and a connector."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs

import jwt
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric import rsa

ISSUER = "https://api.botframework.com"
APP, TENANT, PASSWORD = "app-1", "tenant-1", "a password of the tests"
LARGEST = 28 * 1024
"""Bytes of an activity that Teams takes."""
BOT = {"id": "28:app-1", "name": "Careline"}


class Signer:
    """One private key and its id."""

    def __init__(self, kid: str) -> None:
        self.kid = kid
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def published(self) -> dict[str, Any]:
        shown = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {**shown, "kid": self.kid, "use": "sig", "endorsements": ["msteams"]}

    def token(self, service_url: str | None, **changed: Any) -> str:
        now = int(time.time())  # noqa: TID251  a token is made for the real time
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "aud": APP,
            "iat": now,
            "nbf": now,
            "exp": now + 3600,
            "serviceurl": service_url,
        }
        claims |= changed
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(kept, self.key, algorithm="RS256", headers={"kid": self.kid})


class Microsoft:
    """What the doubles were asked, and how they answer next.

    `failing` are (status, Retry-After) of the next answers of the connector. A failing one takes
    nothing.
    """

    def __init__(self) -> None:
        self.signer = Signer("k1")
        self.keys = [self.signer.published()]
        self.keys_away = False
        self.key_fetches = 0
        self.logins: list[dict[str, str]] = []
        self.failing: list[tuple[int, str]] = []
        self.sent: list[dict[str, Any]] = []
        self.calls: list[tuple[str, str, dict[str, Any] | None]] = []
        self.met: list[dict[str, Any]] = []
        self.hanging: set[str] = set()
        self.freed = asyncio.Event()
        self.gone: set[str] = set()
        self.tokens: set[str] = set()
        self.url = ""

    @property
    def service_url(self) -> str:
        return f"{self.url}/connector"

    def shown(self, talk: str) -> list[str]:
        """The words that people in a conversation see."""
        return [str(one.get("text", "")) for one in self.sent if one["talk"] == talk]

    async def metadata(self, _request: web.Request) -> web.Response:
        self.key_fetches += 1
        if self.keys_away:
            return web.Response(status=503)
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.url}/keys"})

    async def published(self, _request: web.Request) -> web.Response:
        return web.json_response({"keys": self.keys})

    async def login(self, request: web.Request) -> web.Response:
        form = {name: found[0] for name, found in parse_qs(await request.text()).items()}
        self.logins.append(form)
        if form.get("client_secret") != PASSWORD:
            return web.json_response({"error": "invalid_client"}, status=401)
        token = f"outbound-{len(self.logins)}"
        self.tokens = {token}
        return web.json_response({"access_token": token, "expires_in": 3600})

    async def meet(self, request: web.Request) -> web.Response:
        """Opens the personal chat with somebody; the same one every time."""
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            return web.Response(status=401)
        body = await request.json()
        self.met.append(body)
        return web.json_response({"id": f"a:{body['members'][0]['id']}"}, status=201)

    async def connector(self, request: web.Request) -> web.Response:
        refused = self._refused(request)
        if refused is not None:
            return refused
        raw = await request.read()
        if len(raw) > LARGEST:
            return web.json_response({"error": {"code": "MessageSizeTooBig"}}, status=413)
        body = json.loads(raw) if raw else None
        talk, target = request.match_info["talk"], request.match_info.get("id")
        self.calls.append((request.method, talk, body))
        if request.method == "POST" and body is not None:
            return await self._take(talk, body)
        known = {one["id"]: one for one in self.sent}
        if target not in known:
            return web.Response(status=404)
        if request.method == "DELETE":
            self.sent.remove(known[target])
        else:
            known[target].update(body or {})
        return web.json_response({"id": target})

    def _refused(self, request: web.Request) -> web.Response | None:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if given not in self.tokens:
            return web.Response(status=401)
        if self.failing:
            status, after = self.failing.pop(0)
            return web.Response(status=status, headers={"Retry-After": after} if after else {})
        if request.match_info["talk"] in self.gone:
            return web.json_response({"error": {"code": "BotNotInConversationRoster"}}, status=403)
        return None

    async def _take(self, talk: str, body: dict[str, Any]) -> web.Response:
        if body["type"] != "message":
            return web.json_response({"id": "t"}, status=201)
        made = f"m{len(self.sent) + 1}"
        self.sent.append({**body, "talk": talk, "id": made})
        if talk in self.hanging:  # taken, and the answer is long in coming
            await self.freed.wait()
        return web.json_response({"id": made}, status=201)


@asynccontextmanager
async def microsoft() -> AsyncIterator[Microsoft]:
    double = Microsoft()
    application = web.Application()
    application.router.add_get("/openid", double.metadata)
    application.router.add_get("/keys", double.published)
    application.router.add_post("/login/{tenant}/oauth2/v2.0/token", double.login)
    base = "/connector/v3/conversations/{talk}/activities"
    application.router.add_post(base, double.connector)
    application.router.add_post("/connector/v3/conversations", double.meet)
    for method in ("PUT", "DELETE"):
        application.router.add_route(method, base + "/{id}", double.connector)
    async with TestServer(application) as server:
        double.url = str(server.make_url("")).rstrip("/")
        yield double
        double.freed.set()


def activity(service_url: str, *, talk: str, key: str, text: str, **more: Any) -> dict[str, Any]:
    """A message as Teams posts it."""
    return {
        "type": "message",
        "id": key,
        "timestamp": "2026-11-24T09:00:00.123Z",
        "serviceUrl": service_url,
        "channelId": "msteams",
        "from": {"id": "29:ada", "name": "Ada", "aadObjectId": "ada"},
        "recipient": BOT,
        "conversation": {"id": talk, "conversationType": "personal", "tenantId": TENANT},
        "text": text,
        "textFormat": "plain",
        "locale": "en-GB",
        "localTimezone": "Europe/London",
        "entities": [{"type": "clientInfo", "locale": "en-GB", "country": "GB"}],
        "channelData": {"tenant": {"id": TENANT}},
        **more,
    }


MENTION = {"type": "mention", "text": "<at>Careline</at>", "mentioned": BOT}
