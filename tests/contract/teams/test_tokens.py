"""Who may post to the bot: a table of tokens, of which one passes; keys that change and vanish."""

import asyncio
import base64
import json
import time

import jwt
import pytest

from bot.domain.errors import NotAuthentic
from channels.teams.channel import TeamsChannel
from tests.contract.teams.conftest import Post
from tests.doubles.teams import TENANT, Microsoft, Signer


def now() -> int:
    """Of the test, and not of its module: tokens are checked against the real time."""
    return int(time.time())  # noqa: TID251  as above


SHARED = "a secret of thirty-two characters"


def _none(there: Microsoft) -> str:
    head = base64.urlsafe_b64encode(b'{"alg":"none","kid":"k1"}').rstrip(b"=").decode()
    return f"{head}.{there.signer.token(there.service_url).split('.')[1]}."


def _confused(there: Microsoft) -> str:
    """Signed as HS256, with a secret."""
    claims = jwt.decode(there.signer.token(there.service_url), options={"verify_signature": False})
    return jwt.encode(claims, SHARED, algorithm="HS256", headers={"kid": "k1"})


BAD = {
    "none": lambda _: "",
    "garbage": lambda _: "garbage",
    "three garbages": lambda _: "a.b.c",
    "not ascii": lambda _: "ä.ö.ü",
    "very long": lambda _: "x" * 100_000,
    "alg none": _none,
    "alg HS256": _confused,
    "wrong audience": lambda t: t.signer.token(t.service_url, aud="another"),
    "no audience": lambda t: t.signer.token(t.service_url, aud=None),
    "wrong issuer": lambda t: t.signer.token(t.service_url, iss="https://evil.example"),
    "no issuer": lambda t: t.signer.token(t.service_url, iss=None),
    "expired beyond leeway": lambda t: t.signer.token(t.service_url, exp=now() - 330),
    "no expiry": lambda t: t.signer.token(t.service_url, exp=None),
    "not yet": lambda t: t.signer.token(t.service_url, nbf=now() + 900),
    "foreign key, known kid": lambda t: Signer("k1").token(t.service_url),
    "foreign key, unknown kid": lambda t: Signer("k9").token(t.service_url),
    "wrong serviceurl": lambda t: t.signer.token("https://evil.example"),
    "no serviceurl": lambda t: t.signer.token(None),
    "serviceurl of another kind": lambda t: t.signer.token(None, serviceurl=["x"]),
}


@pytest.mark.parametrize("made", BAD.values(), ids=BAD)
async def test_what_is_not_the_connectors_is_refused(
    channel: TeamsChannel, there: Microsoft, post: Post, made
):
    token = made(there)
    with pytest.raises(NotAuthentic):
        await channel.receive(post(token=token))


async def test_the_good_one_passes(channel: TeamsChannel, post: Post):
    assert len((await channel.receive(post())).events) == 1


async def test_an_expired_one_passes_within_the_leeway(
    channel: TeamsChannel, there: Microsoft, post: Post
):
    token = there.signer.token(there.service_url, exp=now() - 200)
    assert len((await channel.receive(post(token=token))).events) == 1


async def test_another_tenant_is_refused(channel: TeamsChannel, post: Post):
    talk = {"id": "a:1", "tenantId": "another"}
    with pytest.raises(NotAuthentic):
        await channel.receive(post(conversation=talk))


async def test_keys_are_fetched_once(channel: TeamsChannel, there: Microsoft, post: Post):
    for _ in range(3):
        await channel.receive(post())
    assert there.key_fetches == 1


async def test_tokens_of_others_fetch_no_keys(channel: TeamsChannel, there: Microsoft, post: Post):
    with pytest.raises(NotAuthentic):
        await channel.receive(post(token=Signer("k9").token(there.service_url, aud="another")))
    assert there.key_fetches == 0


async def test_a_new_key_is_fetched(
    channel: TeamsChannel, there: Microsoft, post: Post, monkeypatch: pytest.MonkeyPatch
):
    await channel.receive(post())
    there.signer = Signer("k2")
    there.keys = [there.signer.published()]
    late = time.monotonic() + 60
    monkeypatch.setattr(channel._gate._keys, "_now", lambda: late)
    assert len((await channel.receive(post())).events) == 1


async def test_keys_away_at_the_start(channel: TeamsChannel, there: Microsoft, post: Post):
    there.keys_away = True
    with pytest.raises(NotAuthentic):
        await channel.receive(post())
    there.keys_away = False
    assert len((await channel.receive(post())).events) == 1


async def test_keys_away_later(
    channel: TeamsChannel, there: Microsoft, post: Post, monkeypatch: pytest.MonkeyPatch
):
    await channel.receive(post())
    there.keys_away = True
    late = time.monotonic() + 48 * 3600
    monkeypatch.setattr(channel._gate._keys, "_now", lambda: late)
    assert len((await channel.receive(post())).events) == 1
    with pytest.raises(NotAuthentic):
        await channel.receive(post(token=Signer("k2").token(there.service_url)))


async def test_outbound_tokens_are_kept_and_renewed(
    channel: TeamsChannel, there: Microsoft, post: Post
):
    address = (await channel.receive(post())).events[0].address
    assert address.account == TENANT
    for _ in range(3):
        await channel.progress(address, "thinking")
    assert len(there.logins) == 1
    there.tokens = set()
    await channel.progress(address, "thinking")
    assert len(there.logins) == 2
    assert [json.dumps(body) for _, _, body in there.calls] == ['{"type": "typing"}'] * 4


async def test_many_at_once_wait_for_the_first_keys(
    channel: TeamsChannel, post: Post, there: Microsoft
):
    asked = [channel.receive(post(id=str(number))) for number in range(20)]
    assert all(received.events for received in await asyncio.gather(*asked))
    assert there.key_fetches == 1
