"""`python -m tests.bench.twilio_bare PUBLIC_URL TOKEN`: aiohttp, the signature check, an answer."""

import asyncio
import logging
import sys

import uvloop
from aiohttp import web
from twilio.request_validator import RequestValidator

PATH = "/twilio/messages"
_EMPTY = "<Response/>"


async def serve(public_url: str, token: str) -> None:
    validator = RequestValidator(token)

    async def receive(request: web.Request) -> web.Response:
        form = await request.post()
        signature = request.headers.get("X-Twilio-Signature", "")
        if not validator.validate(public_url + request.path_qs, form, signature):
            return web.Response(status=401)
        return web.Response(text=_EMPTY, content_type="text/xml")

    app = web.Application()
    app.router.add_post(PATH, receive)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    sys.stdout.write(f"http://127.0.0.1:{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    uvloop.run(serve(*sys.argv[1:3]))
