"""`python -m tests.bench.teams_echo LOGIN_AND_KEYS`: bare aiohttp with the same token check."""

import asyncio
import logging
import sys
import time

import aiohttp
import uvloop
from aiohttp import web

from channels.teams.activity import read
from channels.teams.connector import Connector
from channels.teams.section import TeamsConfig
from channels.teams.signature import Gate, Keys, check_service
from channels.teams.tokens import AppToken
from tests.doubles.teams import APP, ISSUER, PASSWORD, TENANT


async def serve(base: str) -> None:
    config = TeamsConfig(
        app_id=APP,
        tenant_id=TENANT,
        password=PASSWORD,
        openid_metadata_url=f"{base}/openid",
        issuer=ISSUER,
        token_url=f"{base}/login/{TENANT}/oauth2/v2.0/token",
        scope=f"{ISSUER}/.default",
        service_url=f"{base}/connector",
    )
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        gate = Gate(
            Keys(config.openid_metadata_url, lambda: session, time.monotonic),
            app_id=APP,
            issuer=ISSUER,
        )
        connector = Connector(AppToken(config, lambda: session, time.monotonic), lambda: session)

        async def echo(request: web.Request) -> web.Response:
            claims = await gate.claims(request.headers.get("Authorization", ""))
            said = read(await request.read())
            check_service(claims, said.service_url)
            words = {"type": "message", "text": said.text}
            await connector.say(said.service_url, said.conversation.id, words)
            return web.Response()

        app = web.Application()
        app.router.add_post("/teams/messages", echo)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
        sys.stdout.write(f"http://127.0.0.1:{runner.addresses[0][1]}/teams/messages\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    uvloop.run(serve(sys.argv[1]))
